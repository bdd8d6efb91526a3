"""Rings: the form as a cut through a tree, a ring group a section, bent by its melody."""

import numpy as np

from descant.media.artwork import brushes
from descant.media.artwork.palette import Palette, mixed
from descant.media.artwork.subject import SIZE, Subject

_TABLE = 4096


def _bands(subject: Subject, palette: Palette, draw: np.random.Generator) -> np.ndarray:
    """Return the colour at each distance from the centre, float32 (_TABLE, 3)."""
    colours = palette.ramp(5)
    table = np.empty((_TABLE, 3), np.float32)
    at = 0
    last = -1
    for start, stop, energy in subject.sections:
        until = _TABLE if stop >= 1 else round(stop * _TABLE)
        lines = 2 + int(6 * energy)
        edges = np.sort(draw.uniform(0.1, 0.9, lines - 1)) if lines > 1 else np.array([])
        edges = at + (until - at) * (0.6 * np.linspace(0, 1, lines + 1)[1:-1] + 0.4 * edges)
        for left, right in zip([at, *edges.astype(int)], [*edges.astype(int), until], strict=True):
            pick = int(np.clip(round(energy * 4 + draw.normal(0, 1.1)), 0, 4))
            pick = pick if pick != last else (pick + 1) % 5
            last = pick
            table[left:right] = colours[pick]
        table[at : at + max(6, int((stop - start) * 60))] = palette.ink if palette.dark else palette.paper
        at = until
    window = np.hanning(9)[1:-1]
    for channel in range(3):
        padded = np.pad(table[:, channel], 3, mode="edge")
        table[:, channel] = np.convolve(padded, window / window.sum(), mode="valid")
    return table


def paint(subject: Subject, palette: Palette, draw: np.random.Generator) -> brushes.Picture:
    """Paint the song as rings."""
    x, y = SIZE * draw.uniform(0.3, 0.7), SIZE * draw.uniform(0.30, 0.55)
    dx, dy = brushes.COLUMNS - x, brushes.ROWS - y
    distance = np.sqrt(dx * dx + dy * dy)
    half = subject.contour(0.0, 1.0, 361, 0.05)
    turn = np.concatenate([half[:-1], half[::-1]])[:720]  # there and back, so that the circle closes
    angle = np.arctan2(dy, dx)
    angle += np.float32(np.pi)
    angle *= np.float32(719 / (2 * np.pi))
    bent = (turn * draw.uniform(0.035, 0.075)).astype(np.float32)[angle.astype(np.int16)]
    reach = np.float32(SIZE * draw.uniform(0.72, 0.95))
    radius = distance / reach
    radius *= 1 + bent * np.minimum(radius * 4, 1)
    index = np.clip(radius * (_TABLE - 1), 0, _TABLE - 1).astype(np.int16)
    picture: brushes.Picture = _bands(subject, palette, draw)[index]
    shade = np.clip(distance / (SIZE * 1.1), 0, 1) ** 2 * (0.45 if palette.dark else 0.12)
    picture *= (1 - shade)[:, :, None]
    brushes.cover(picture, mixed(palette.accent, palette.paper, 0.3), 0.25 * brushes.glow(x, y, SIZE * 0.35))
    brushes.grain(picture, 0.025, draw)
    return picture
