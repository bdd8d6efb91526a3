"""Mosaic: the chords as a wall of quarter circles, turned and coloured by root."""

import numpy as np
from PIL import Image, ImageDraw

from descant.media.artwork import brushes
from descant.media.artwork.palette import Palette
from descant.media.artwork.subject import SIZE, Subject

_FINE = 2


def _rgb(colour: np.ndarray) -> tuple[int, int, int]:
    red, green, blue = (round(255 * float(value)) for value in colour)
    return red, green, blue


def _tile(
    pen: ImageDraw.ImageDraw, x: int, y: int, side: int, shape: int, turn: int, colour: tuple[int, int, int]
) -> None:
    corner = ((x, y), (x + side, y), (x + side, y + side), (x, y + side))[turn % 4]
    if shape == 0:
        box = [corner[0] - side, corner[1] - side, corner[0] + side, corner[1] + side]
        pen.pieslice(box, 90 * turn, 90 * turn + 90, fill=colour)
    elif shape == 1:
        pen.ellipse([x + side * 0.14, y + side * 0.14, x + side * 0.86, y + side * 0.86], fill=colour)
    elif shape == 2:
        turned = [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
        pen.polygon([turned[(turn + k) % 4] for k in range(3)], fill=colour)
    else:
        half = side // 2
        top = [(x, y, x + side, y + half), (x + half, y, x + side, y + side)][turn % 2]
        pen.rectangle(top, fill=colour)


def paint(subject: Subject, palette: Palette, draw: np.random.Generator) -> brushes.Picture:
    """Paint the song as a wall of tiles, read like a page: the first chord top left."""
    across = int(draw.integers(4, 7))
    side = SIZE * _FINE // across
    image = Image.new("RGB", (SIZE * _FINE, SIZE * _FINE), _rgb(palette.paper))
    pen = ImageDraw.Draw(image)
    colours = [_rgb(colour) for colour in (palette.deep, palette.main, palette.second, palette.accent, palette.ink)]
    heights = subject.contour(0.0, 1.0, across * across, 0.03)
    kinds = draw.permutation(4)[:3]
    for k in range(across * across):
        root = subject.roots[k * len(subject.roots) // (across * across)]
        x, y = k % across * side, k // across * side
        ground = colours[(root * 7 + k // across) % 4] if draw.random() < 0.72 else _rgb(palette.paper)
        pen.rectangle([x, y, x + side, y + side], fill=ground)
        level = int((heights[k] + 1) * 1.99)
        colour = colours[(root * 7 + level + 1 + k // across) % 5]
        if colour == ground:
            colour = _rgb(palette.paper)
        shape = int(kinds[level % 3])
        _tile(pen, x, y, side, shape, (root + k + level) % 4, colour)
        if shape == 0 and draw.random() < 0.4:
            _tile(pen, x, y, side // 2, 0, (root + k + level) % 4, ground) if (root + k + level) % 4 == 0 else None
    picture = np.asarray(image.reduce(_FINE), np.float32) / np.float32(255)
    brushes.grain(picture, 0.028, draw)
    return picture
