"""Constellation: the melody's notes as stars around a centre, time as angle, pitch as distance."""

import numpy as np
from PIL import Image, ImageDraw

from descant.media.artwork import brushes
from descant.media.artwork.palette import Palette, mixed
from descant.media.artwork.subject import SIZE, Subject

_FINE = 2


def _stars(subject: Subject) -> tuple[np.ndarray, np.ndarray]:
    """Return the places of the notes in pixels and where a line to the next note is drawn."""
    times = subject.times - subject.times[0]
    angle = 2 * np.pi * 0.96 * times / max(times[-1], 1e-9) - np.pi / 2
    radius = SIZE * (0.27 + 0.145 * subject.heights)
    places = np.stack([SIZE * 0.5 + radius * np.cos(angle), SIZE * 0.455 + radius * np.sin(angle)], axis=1)
    joined = np.diff(subject.beats) < 1.6
    return places, joined


def paint(subject: Subject, palette: Palette, draw: np.random.Generator) -> brushes.Picture:
    """Paint the song as a ring of stars."""
    night = palette.paper if palette.dark else palette.ink
    light = palette.ink if palette.dark else palette.paper
    picture = brushes.sky(night * 0.75, mixed(night, palette.deep, 0.8), 1.3)
    for colour, spread in ((palette.main, 0.55), (palette.second, 0.30), (palette.accent, 0.18)):
        x, y = SIZE * (0.5 + draw.normal(0, 0.13)), SIZE * (0.455 + draw.normal(0, 0.13))
        brushes.cover(picture, colour, 0.42 * brushes.glow(x, y, SIZE * spread * draw.uniform(0.8, 1.3)))
    places, joined = _stars(subject)
    mask = Image.new("L", (SIZE * _FINE, SIZE * _FINE), 0)
    pen = ImageDraw.Draw(mask)
    for k in np.flatnonzero(joined):
        pen.line([tuple(places[k] * _FINE), tuple(places[k + 1] * _FINE)], fill=120, width=4)
    for (x, y), loud in zip(places * _FINE, subject.loudness, strict=True):
        size = _FINE * (2.6 + 9.0 * max(loud - 0.4, 0.0))
        pen.ellipse([x - size, y - size, x + size, y + size], fill=255)
    for x, y, size in zip(*draw.uniform(0, SIZE * _FINE, (2, 260)), draw.exponential(0.8, 260) + 0.6, strict=True):
        pen.ellipse([x - size, y - size, x + size, y + size], fill=int(90 + 40 * min(size, 3)))
    for share in (0.125, 0.415):
        box = [SIZE * _FINE * (0.5 - share), SIZE * _FINE * (0.455 - share)]
        pen.ellipse([*box, box[0] + 2 * share * SIZE * _FINE, box[1] + 2 * share * SIZE * _FINE], outline=60, width=2)
    sharp = np.asarray(mask.reduce(_FINE), np.float32) / 255
    halo = np.asarray(mask.reduce(8 * _FINE), np.float32) / 255
    soft = np.asarray(Image.fromarray(halo, mode="F").resize((SIZE, SIZE), Image.Resampling.BICUBIC), np.float32)
    brushes.cover(picture, palette.accent, np.clip(soft * 0.8, 0, 1))
    brushes.cover(picture, light, sharp)
    brushes.grain(picture, 0.018, draw)
    return picture
