"""Ridges: the melody of each section as a range of hills, the last one nearest, under a low sun."""

import numpy as np

from descant.media.artwork import brushes
from descant.media.artwork.palette import Palette, mixed
from descant.media.artwork.subject import SIZE, Subject


def paint(subject: Subject, palette: Palette, draw: np.random.Generator) -> brushes.Picture:
    """Paint the song as hills."""
    far = palette.accent if palette.dark else palette.second
    horizon = mixed(palette.paper, far, 0.55 if palette.dark else 0.75)
    picture = brushes.sky(palette.paper, horizon, draw.uniform(0.9, 1.8))
    x, y = SIZE * draw.uniform(0.25, 0.75), SIZE * draw.uniform(0.26, 0.42)
    radius = SIZE * draw.uniform(0.10, 0.19)
    brushes.cover(picture, far, 0.35 * brushes.glow(x, y, radius * 2.6))
    brushes.cover(picture, mixed(far, palette.ink if palette.dark else palette.paper, 0.35), brushes.disc(x, y, radius))
    sections = subject.sections[:9] if len(subject.sections) >= 5 else subject.sections * 2
    count = len(sections)
    near = palette.paper * 0.55 if palette.dark else palette.ink
    for k, (start, stop, energy) in enumerate(sections):
        depth = (k + 1) / count
        base = SIZE * (0.40 + 0.50 * depth**1.15)
        melody = subject.contour(start, stop, SIZE, 0.05 + 0.05 * depth)
        rough = brushes.waves(draw, SIZE, 7)
        height = SIZE * (0.035 + 0.075 * energy) * (0.7 + 0.6 * depth)
        line = (base - height * (melody * 0.9 + 0.45 * rough)).astype(np.float32)
        top = max(0, int(line.min()) - 1)
        alpha = np.clip(brushes.ROWS[top:] - line[None, :], 0.0, 1.0)
        tone = mixed(mixed(horizon, palette.main, 0.35), near, depth**1.2) if depth < 1 else near
        lit = mixed(tone, horizon, 0.42 * (1 - depth))
        fall = np.clip((brushes.ROWS[top:, 0] - top) / (SIZE * 0.28), 0, 1)
        brushes.cover(picture, mixed(tone, lit, fall)[:, None, :], alpha, top)
    brushes.grain(picture, 0.022, draw)
    return picture
