"""Ribbons: the melody's phrases as woven bands that widen with the energy of their section."""

import numpy as np

from descant.media.artwork import brushes
from descant.media.artwork.palette import Palette, mixed
from descant.media.artwork.subject import SIZE, Subject


def paint(subject: Subject, palette: Palette, draw: np.random.Generator) -> brushes.Picture:
    """Paint the song as ribbons."""
    picture = brushes.sky(palette.paper, mixed(palette.paper, palette.deep, 0.22 if palette.dark else 0.12))
    count = int(draw.integers(6, 10))
    colours = palette.ramp(count)
    order = draw.permutation(count)
    energies = np.interp(np.linspace(0, 1, SIZE), [s[0] for s in subject.sections], [s[2] for s in subject.sections])
    smooth = np.convolve(np.pad(energies, 150, mode="edge"), np.hanning(301) / np.hanning(301).sum(), mode="valid")
    for k in range(count):
        span = draw.uniform(0.25, 0.6)
        start = draw.uniform(0, 1 - span)
        melody = subject.contour(start, start + span, SIZE, 0.10)
        sway = brushes.waves(draw, SIZE, 2)
        middle = SIZE * (0.17 + 0.60 * k / max(count - 1, 1)) + SIZE * (0.085 * melody + 0.075 * sway)
        slope = np.gradient(middle)
        half = SIZE * (0.014 + 0.030 * smooth) * draw.uniform(0.6, 1.35) * np.sqrt(1 + slope**2)
        top = max(0, int((middle - half).min()) - 60)
        bottom = min(SIZE, int((middle + half).max()) + 60)
        rows = brushes.ROWS[top:bottom]
        across = (rows - middle[None, :].astype(np.float32)) / half[None, :].astype(np.float32)
        shadow = np.clip(1.55 - np.abs(across - 0.35), 0, 1) ** 2 * (0.5 if palette.dark else 0.22)
        brushes.cover(picture, palette.paper * 0.25, shadow, top)
        alpha = np.clip((1 - np.abs(across)) * half[None, :].astype(np.float32) + 0.5, 0, 1)
        colour = colours[order[k]]
        light = np.clip(0.5 - 0.5 * across + 0.35 * np.tanh(slope)[None, :].astype(np.float32), 0, 1)
        tone = picture[top:bottom]
        tone += alpha[:, :, None] * (colour * 0.62 - tone)
        tone += (alpha * light * 0.62)[:, :, None] * colour
    np.clip(picture, 0, 1, out=picture)
    brushes.grain(picture, 0.02, draw)
    return picture
