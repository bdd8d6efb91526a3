"""Cover art drawn from the song itself: colours from key and mood, shapes from melody, form and harmony."""

import io
from collections.abc import Callable

import numpy as np
from PIL import Image

from descant.media.artwork import constellation, lettering, mosaic, ribbons, ridges, rings, riso
from descant.media.artwork.brushes import Picture
from descant.media.artwork.palette import Palette, palette
from descant.media.artwork.subject import Subject, subject
from descant.song.plan import Plan
from descant.song.score import Score
from descant.song.streams import stream

Scheme = Callable[[Subject, Palette, np.random.Generator], Picture]

SCHEMES: dict[str, Scheme] = {
    "ridges": ridges.paint,
    "rings": rings.paint,
    "riso": riso.paint,
    "constellation": constellation.paint,
    "ribbons": ribbons.paint,
    "mosaic": mosaic.paint,
}
"""Ways to compose a cover; the song's seed chooses one."""

LIMIT = 300_000
"""Largest file in bytes: covers travel inside every MP3."""


def draw(title: str, plan: Plan, score: Score) -> bytes:
    """Return the song's cover as a JPEG of 1400 × 1400 pixels, under :data:`LIMIT` bytes.

    Parameters
    ----------
    title : set into the picture.
    plan : its seed chooses the scheme and every chance in it; its key, mood and genre the colours.
    score : its melody, form and chords give the shapes.
    """
    choice = stream(plan.seed, "cover.scheme")
    names = tuple(SCHEMES)
    return paint(names[int(choice.integers(len(names)))], title, plan, score)


def paint(scheme: str, title: str, plan: Plan, score: Score) -> bytes:
    """Return the cover in a given scheme, a key of :data:`SCHEMES`; see :func:`draw`."""
    chance = stream(plan.seed, f"cover.{scheme}")
    shown = subject(score)
    energy = float(np.average([e for _, _, e in shown.sections], weights=[b - a for a, b, _ in shown.sections]))
    colours = palette(plan, energy, stream(plan.seed, "cover.palette"))
    picture = SCHEMES[scheme](shown, colours, chance)
    lettering.letter(picture, title, colours)
    return _jpeg(picture)


def _jpeg(picture: Picture) -> bytes:
    image = Image.fromarray(np.clip(picture * 255 + 0.5, 0, 255).astype(np.uint8), mode="RGB")
    for quality in (86, 78, 70, 60, 50, 40, 30):
        file = io.BytesIO()
        image.save(file, "JPEG", quality=quality, subsampling=0 if quality > 80 else 2)
        if file.tell() <= LIMIT:
            break
    return file.getvalue()
