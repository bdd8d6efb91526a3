"""Riso: large soft shapes printed over one another in few inks, with the grain of the drum."""

import numpy as np

from descant.media.artwork import brushes
from descant.media.artwork.palette import Palette
from descant.media.artwork.subject import SIZE, Subject


def _print(picture: brushes.Picture, ink: np.ndarray, cover: brushes.Field, light: bool) -> None:  # type: ignore[type-arg]
    """Print an ink: on dark paper it adds light, on light paper it takes it away."""
    amount = cover[:, :, None]
    if light:
        picture += amount * ink * (1 - picture) * 0.95
    else:
        picture *= 1 - amount * (1 - ink)


def paint(subject: Subject, palette: Palette, draw: np.random.Generator) -> brushes.Picture:
    """Paint the song as overprinted shapes: a circle a section, sized by its energy, placed by its melody."""
    picture = np.empty((SIZE, SIZE, 3), np.float32)
    picture[:] = palette.paper
    speckle = draw.random((SIZE, SIZE), np.float32)
    inks = [palette.main, palette.accent, palette.second, palette.deep]
    chosen = sorted(subject.sections, key=lambda section: -section[2] * (section[1] - section[0]))[:4]
    turn = draw.uniform(0, 2 * np.pi)
    for k, (start, stop, energy) in enumerate(chosen):
        mean = float(np.mean(subject.contour(start, stop, 32)))
        angle = turn + 2 * np.pi * k / len(chosen) + 0.6 * mean
        away = SIZE * (0.10 + 0.14 * draw.random())
        x, y = SIZE * 0.5 + away * np.cos(angle), SIZE * 0.46 + away * np.sin(angle)
        radius = SIZE * (0.20 + 0.15 * energy)
        facing = draw.uniform(0, 2 * np.pi)
        slope = ((brushes.COLUMNS - x) * np.cos(facing) + (brushes.ROWS - y) * np.sin(facing)) / (2 * radius) + 0.5
        tint = np.clip(slope * 1.15, 0.0, 1.0) ** 1.4
        dots = np.clip((tint * 1.08 - speckle) * 5.0 + 0.5, 0.0, 1.0)
        _print(picture, inks[k % len(inks)], brushes.disc(x, y, radius) * (0.35 * tint + 0.65 * dots), palette.dark)
        speckle = speckle[::-1, :] if k % 2 else speckle[:, ::-1]
    line = subject.contour(0.0, 1.0, SIZE, 0.03) * SIZE * 0.06 + SIZE * 0.80
    thin = np.clip(2.6 - np.abs(brushes.ROWS - line[None, :].astype(np.float32)), 0.0, 1.0)
    brushes.cover(picture, palette.ink, thin * (np.abs(brushes.COLUMNS - SIZE / 2) < SIZE * 0.42))
    brushes.grain(picture, 0.02, draw)
    return picture
