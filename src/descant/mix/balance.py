"""Tonal balance: the mix's third-octave spectrum against a profile's curve, and the filter that mends it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from descant.mix.filters import Section, high_shelf, low_shelf, peak, response
from descant.mix.levels import RATE, Audio

CENTRES = 1000.0 * 2.0 ** (np.arange(-15, 13) / 3)
"""Third-octave centres from 31 Hz to 16 kHz (IEC 61260-1)."""

_FRAME = 8192
_STEP = RATE // 4


def third_octaves(audio: Audio) -> NDArray[np.float64]:
    """Return the third-octave powers of ``audio`` (samples, 2), channels summed, on a scale of their own.

    Averages frames a quarter of a second apart, leaving out those 20 dB under the loudest.
    """
    window = np.hanning(_FRAME)[:, None]
    starts = range(0, max(1, len(audio) - _FRAME), _STEP)
    borders = (np.arange(_FRAME // 2 + 2) - 0.5) * RATE / _FRAME
    edges = np.append(CENTRES / 2 ** (1 / 6), CENTRES[-1] * 2 ** (1 / 6))
    rows = []
    for start in starts:
        frame = audio[start : start + _FRAME]
        power = (np.abs(np.fft.rfft(frame * window[: len(frame)], _FRAME, axis=0)) ** 2).sum(axis=1)
        rows.append(np.diff(np.interp(edges, borders, np.concatenate([[0.0], np.cumsum(power)]))))
    found = np.array(rows)
    total = found.sum(axis=1)
    return np.asarray(found[total >= total.max() * 0.01].mean(axis=0))


def spectrum(audio: Audio) -> NDArray[np.float64]:
    """Return the third-octave levels in dB of ``audio`` (samples, 2), 0 dB the mean of 200 Hz–4 kHz."""
    return relative(third_octaves(audio))


def relative(powers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return third-octave powers as levels in dB, 0 dB the mean of 200 Hz–4 kHz."""
    levels = 10 * np.log10(powers + 1e-15)
    middle = (CENTRES > 190) & (CENTRES < 4100)
    return np.asarray(levels - levels[middle].mean())


def target(points: Sequence[tuple[float, float]]) -> NDArray[np.float64]:
    """Return a profile's curve at :data:`CENTRES`, 0 dB the mean of 200 Hz–4 kHz."""
    curve = np.interp(np.log(CENTRES), np.log([f for f, _ in points]), [level for _, level in points])
    middle = (CENTRES > 190) & (CENTRES < 4100)
    return np.asarray(curve - curve[middle].mean())


BANDS = ("low", "warm", "body", "middle", "bite", "air")
"""The bands of the correction, from the lows up."""


def designs(gains: Sequence[float]) -> list[Section]:
    """Return the filter with these gains in dB, one a band of :data:`BANDS`."""
    low, warm, body, middle, bite, air = gains
    return [
        low_shelf(60.0, low),
        peak(105.0, warm, 0.8),
        peak(300.0, body, 0.7),
        peak(1000.0, middle, 0.7),
        peak(3200.0, bite, 0.8),
        high_shelf(8000.0, air),
    ]


def sections(gains: Sequence[float]) -> list[Section]:
    """Return the filter with these gains without the bands that would hardly be heard (under half a dB)."""
    return [section for section, amount in zip(designs(gains), gains, strict=True) if abs(amount) >= 0.5]


def correction(
    measured: NDArray[np.float64], wanted: NDArray[np.float64], most: float, corridor: float
) -> tuple[float, ...]:
    """Return the gains in dB, one a band, that move ``measured`` towards ``wanted``, both in dB at :data:`CENTRES`.

    Parameters
    ----------
    most : largest gain of a band in dB. corridor : distance in dB that is left as it is.
    """
    off = wanted - measured
    off = np.sign(off) * np.maximum(np.abs(off) - corridor, 0.0)
    shapes = np.stack([response(designs(np.eye(6)[k].tolist()), CENTRES) for k in range(6)], axis=1)
    weight = np.where((CENTRES > 45) & (CENTRES < 13000), 1.0, 0.3)[:, None]
    ridge = 0.05 * np.eye(6)
    shapes, off = shapes * weight, np.clip(off, -6, 6) * weight[:, 0]
    gains = np.clip(np.linalg.solve(shapes.T @ shapes + ridge, shapes.T @ off), -most, most)
    return tuple(gains.tolist())
