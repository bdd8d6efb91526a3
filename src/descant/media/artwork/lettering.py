"""Lettering: the title, set so that it can be read at the size of a thumbnail."""

import unicodedata
from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from descant.media.artwork.brushes import Picture
from descant.media.artwork.palette import Palette, luminance
from descant.media.artwork.subject import SIZE

_MARGIN = 92
_SIZES = (168, 150, 132, 116, 102, 90, 78, 68)
_LINES = 3


_SYSTEM_FONTS = ("NotoSans-Medium.ttf", "NotoSansCJK-Medium.ttc", "DejaVuSans.ttf", "LiberationSans-Regular.ttf")
"""Fonts looked for on the system when the title has letters that Pillow's own font lacks."""


@cache
def _font(size: int, name: str = "") -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(name, size) if name else ImageFont.load_default(size)  # Aileron, which Pillow carries
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise RuntimeError("Pillow was built without FreeType; install the wheel from the package index")
    return font


@cache
def _knows(name: str, letter: str) -> bool:
    """Return whether a font has a letter: what it lacks, it draws as it draws an unassigned code point."""
    font = _font(40, name)
    return bytes(font.getmask(letter)) != bytes(font.getmask("\U000e0fff"))


def _typeface(title: str) -> tuple[str, str]:
    """Return the font that has all letters of a title, and the title, without its accents if no font has them."""
    letters = sorted(set(title) - {" "})
    for name in ("", *_SYSTEM_FONTS):
        try:
            if all(_knows(name, letter) for letter in letters):
                return name, title
        except OSError:  # this font is not installed
            continue
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return "", " ".join(plain.split())


@cache
def set_in(text: str, size: int) -> tuple[ImageFont.FreeTypeFont, str]:
    """Return a font of ``size`` pixels that has the letters of ``text``, and the text as that font can show it."""
    name, shown = _typeface(text)
    return _font(size, name), shown


def _wrapped(words: list[str], font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    lines = [""]
    for word in words:
        joined = f"{lines[-1]} {word}".strip()
        if font.getlength(joined) <= width or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def _set(title: str) -> tuple[list[str], ImageFont.FreeTypeFont]:
    """Return the title in lines and the largest type in which it takes few of them."""
    name, title = _typeface(title)
    words = title.split() or ["Untitled"]
    width = SIZE - 2 * _MARGIN
    for size in _SIZES:
        font = _font(size, name)
        lines = _wrapped(words, font, width)
        allowed = 1 if size > 140 else 2 if size > 90 else _LINES
        if len(lines) <= allowed and max(font.getlength(line) for line in lines) <= width:
            return lines, font
    font = _font(_SIZES[-1], name)
    lines = _wrapped(words, font, width)[:_LINES]
    while font.getlength(lines[-1] + "…") > width and len(lines[-1]) > 1:
        lines[-1] = lines[-1][:-1].rstrip()
    return [*lines[:-1], lines[-1] + "…"], font


def letter(picture: Picture, title: str, palette: Palette) -> None:
    """Write the title into the lower left of ``picture`` in place, over a shade that gives it contrast."""
    lines, font = _set(title)
    leading = int(font.size * 1.06)
    height = leading * len(lines)
    top = SIZE - _MARGIN - height
    mask = Image.new("L", (SIZE, SIZE - top + leading), 0)
    pen = ImageDraw.Draw(mask)
    for k, line in enumerate(lines):
        pen.text((_MARGIN - font.size * 0.05, k * leading), line, font=font, fill=255, stroke_width=font.size * 0.012)
    alpha = np.asarray(mask, np.float32)[: SIZE - top] / 255
    ground = luminance(picture[top:, _MARGIN : SIZE - _MARGIN])
    light, dark = (palette.ink, palette.paper * 0.6) if palette.dark else (palette.paper, palette.ink)
    bright = ground < 0.52
    colour, shade = (light, dark) if bright else (dark, light)
    start = max(0, top - 170)
    veil = np.clip((np.arange(start, SIZE, dtype=np.float32) - start) / (SIZE - start), 0, 1) ** 0.8
    part = picture[start:]
    part += (veil * (0.55 if bright else 0.6))[:, None, None] * (shade - part)
    picture[top:] += alpha[:, :, None] * (colour - picture[top:])
