"""Riso: large soft shapes printed over one another in few inks, with the grain of the drum."""

import numpy as np

from descant.media.artwork import brushes
from descant.media.artwork.palette import Palette
from descant.media.artwork.subject import SIZE, Subject


def _print(picture: brushes.Picture, ink: np.ndarray, cover: brushes.Field, light: bool) -> None:
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
        along = (brushes.COLUMNS - np.float32(x)) * np.float32(np.cos(facing) / (2 * radius))
        slope = along + (brushes.ROWS - np.float32(y)) * np.float32(np.sin(facing) / (2 * radius)) + np.float32(0.5)
        tint = np.clip(slope * 1.15, 0.0, 1.0) ** np.float32(1.4)
        dots = np.clip((tint * 1.08 - speckle) * 5.0 + 0.5, 0.0, 1.0)
        _print(picture, inks[k % len(inks)], brushes.disc(x, y, radius) * (0.35 * tint + 0.65 * dots), palette.dark)
        speckle = speckle[::-1, :] if k % 2 else speckle[:, ::-1]
    brushes.grain(picture, 0.02, draw)
    return picture
