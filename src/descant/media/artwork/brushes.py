"""Brushes the schemes share: gradients, fields, grain, antialiased areas."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from descant.media.artwork.palette import Colour, mixed
from descant.media.artwork.subject import SIZE

Picture = NDArray[np.float32]
"""sRGB values 0–1, shape (SIZE, SIZE, 3)."""

Field = NDArray[np.float32]
"""One value a pixel, shape (SIZE, SIZE)."""

ROWS = np.arange(SIZE, dtype=np.float32)[:, None]
COLUMNS = np.arange(SIZE, dtype=np.float32)[None, :]


def sky(top: Colour, bottom: Colour, bend: float = 1.0) -> Picture:
    """Return a vertical gradient; ``bend`` above 1 keeps the top longer."""
    column = mixed(top, bottom, np.linspace(0, 1, SIZE) ** bend)
    return np.repeat(column[:, None, :], SIZE, axis=1)


def cover(picture: Picture, colour: NDArray[np.float32], alpha: NDArray[Any], top: int = 0) -> None:
    """Lay ``colour`` ((3,) or one row each (rows, 1, 3)) over the rows from ``top`` on, where ``alpha`` is above 0."""
    part = picture[top : top + len(alpha)]
    part += alpha[:, :, None] * (colour - part)


def glow(x: float, y: float, radius: float) -> Field:
    """Return a soft round light, 1 in its centre, drawn small and enlarged."""
    small = SIZE // 8
    grid = (np.arange(small, dtype=np.float32) + 0.5) * 8
    distance = np.hypot(grid[None, :] - x, grid[:, None] - y) / radius
    return enlarged(np.exp(-(distance**2) * 1.5).astype(np.float32))


def disc(x: float, y: float, radius: float) -> Field:
    """Return a filled circle with a one-pixel edge."""
    across, down = COLUMNS - np.float32(x), ROWS - np.float32(y)
    return np.asarray(np.clip(np.float32(radius + 0.5) - np.sqrt(across * across + down * down), 0.0, 1.0))


def enlarged(small: Field) -> Field:
    """Return a small field at full size, smoothly interpolated."""
    image = Image.fromarray(small, mode="F").resize((SIZE, SIZE), Image.Resampling.BICUBIC)
    return np.asarray(image, np.float32)


def grain(picture: Picture, amount: float, draw: np.random.Generator) -> None:
    """Add fine paper grain, equal in all colours."""
    tile = draw.normal(0.0, amount, (700, 700)).astype(np.float32)
    for i in range(2):
        for k in range(2):
            quarter = tile[:: 1 - 2 * i, :: 1 - 2 * k]
            picture[i * 700 : (i + 1) * 700, k * 700 : (k + 1) * 700] += quarter[:, :, None]


def waves(draw: np.random.Generator, points: int, octaves: int = 4) -> NDArray[np.float64]:
    """Return a smooth random line of ``points`` values around 0 with a spread near 1."""
    x = np.linspace(0, 1, points)
    line = np.zeros(points)
    for octave in range(octaves):
        frequency = 1.3 * 2**octave
        line += np.sin(2 * np.pi * (frequency * x + draw.uniform())) / 1.9**octave
    return np.asarray(line / 1.3)
