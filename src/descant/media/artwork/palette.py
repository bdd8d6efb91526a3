"""Colours from key, mode, mood and genre, mixed in OKLCH, where equal steps look equal (B. Ottosson, 2020)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from descant.song.plan import Plan

Colour = NDArray[np.float32]
"""sRGB, 0–1, shape (3,)."""

_FIFTHS_HUE = 30.0
_FROM_OKLAB = np.array(
    [[1.0, 0.3963377774, 0.2158037573], [1.0, -0.1055613458, -0.0638541728], [1.0, -0.0894841775, -1.2914855480]]
)
_FROM_LMS = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)


def oklch(lightness: float, chroma: float, hue: float) -> Colour:
    """Return the sRGB colour of OKLCH ``lightness`` 0–1, ``chroma`` 0–0.3, ``hue`` degrees; chroma shrinks to fit."""
    angle = np.deg2rad(hue)
    for shrink in np.linspace(1.0, 0.0, 21):
        lab = np.array([lightness, chroma * shrink * np.cos(angle), chroma * shrink * np.sin(angle)])
        linear = _FROM_LMS @ (_FROM_OKLAB @ lab) ** 3
        if linear.min() >= -1e-4 and linear.max() <= 1.0001:
            break
    linear = np.clip(linear, 0.0, 1.0)
    srgb = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(srgb, np.float32)


def mixed(first: Colour, second: Colour, share: ArrayLike) -> NDArray[np.float32]:
    """Return colours between two, ``share`` of the second; mixed in squared values, which keeps the middle bright."""
    t = np.asarray(share, np.float32)[..., None]
    return np.sqrt(first**2 * (1 - t) + second**2 * t).astype(np.float32)


def luminance(colour: NDArray[np.float32]) -> float:
    """Return the mean perceived brightness 0–1 of sRGB values."""
    return float(np.mean(colour @ np.array([0.299, 0.587, 0.114], np.float32)))


@dataclass(frozen=True)
class Palette:
    """Five colours that go together.

    ``paper`` is the ground and ``ink`` stands out on it; ``deep``, ``main`` and ``accent`` are the picture's own.
    ``dark`` says which way round the ground is.
    """

    paper: Colour
    ink: Colour
    deep: Colour
    main: Colour
    second: Colour
    accent: Colour
    dark: bool

    def ramp(self, count: int) -> list[Colour]:
        """Return ``count`` colours from deep over main and second to accent."""
        stops = [self.deep, self.main, self.second, self.accent]
        places = np.linspace(0, len(stops) - 1, count)
        return [mixed(stops[min(int(p), 2)], stops[min(int(p), 2) + 1], p - min(int(p), 2)) for p in places]


def _clear(hue: float) -> float:
    """Return a hue for dark grounds: yellows and greens, which turn to mud there, move on to teal or back to wine."""
    hue %= 360
    if 45 <= hue < 100:
        return hue - 75
    if 100 <= hue < 165:
        return hue + 75
    return hue


def palette(plan: Plan, energy: float, draw: np.random.Generator) -> Palette:
    """Return the song's colours.

    The tonic's place on the circle of fifths gives the hue, so that near keys look near; minor keys, low energy and
    low brightness go dark and cool; energy gives chroma.
    """
    minor = plan.key.is_minor
    hue = plan.key.tonic * 7 % 12 * _FIFTHS_HUE + (215.0 if minor else 25.0) + draw.uniform(-25, 25)
    light = (0.35 if minor else 0.62) + 0.25 * plan.mood.brightness + draw.uniform(-0.15, 0.2)
    dark = light < 0.5
    chroma = 0.09 + 0.09 * energy + draw.uniform(-0.015, 0.02)
    scheme = draw.choice([38.0, 60.0, 110.0, 150.0, 180.0, -42.0, -75.0])
    far = hue + scheme
    accent = far + draw.choice([25.0, -25.0, 150.0])
    if dark:
        hue = _clear(hue)
        far = hue + scheme
        return Palette(
            paper=oklch(0.17 + draw.uniform(0, 0.05), 0.035, hue),
            ink=oklch(0.95, 0.03, far),
            deep=oklch(0.30, chroma * 0.8, hue),
            main=oklch(0.52, chroma, hue + scheme * 0.25),
            second=oklch(0.70, chroma, far),
            accent=oklch(0.84, chroma * 0.95, accent),
            dark=True,
        )
    return Palette(
        paper=oklch(0.95, 0.025, far),
        ink=oklch(0.22, 0.05, hue),
        deep=oklch(0.38, chroma, hue),
        main=oklch(0.60, chroma * 1.1, hue + scheme * 0.25),
        second=oklch(0.74, chroma * 1.05, far),
        accent=oklch(0.80, chroma * 1.1, accent),
        dark=False,
    )
