"""Decibels, the sample rate and the control rate that every processor of this room shares."""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

RATE = 48_000
"""Samples a second."""

CONTROL = 16
"""Samples a control period: gains are computed once a period (0.33 ms) and joined linearly."""

Audio = NDArray[np.float32]
"""Samples, shape (samples, channels)."""

Curve = NDArray[np.float32]
"""One value a control period, or one value a sample, as the name says."""


def gain(decibels: float) -> float:
    """Return the amplitude factor of a level change in dB."""
    return float(10.0 ** (decibels / 20.0))


def decibels(amplitude: float) -> float:
    """Return the level in dB of an amplitude; silence gives −200 dB."""
    return float(20.0 * np.log10(max(abs(amplitude), 1e-10)))


def decibel_curve(amplitudes: NDArray[Any]) -> NDArray[np.float32]:
    """Return levels in dB of non-negative amplitudes; silence gives −200 dB."""
    return np.asarray(20.0 * np.log10(np.maximum(amplitudes, 1e-10)), np.float32)


def periods(samples: int) -> int:
    """Return how many control periods cover ``samples``."""
    return -(-samples // CONTROL)


def smoothing(seconds: float, rate: float = RATE / CONTROL) -> float:
    """Return the one-pole coefficient that covers 63 % of a step in ``seconds`` at ``rate`` steps a second."""
    return 0.0 if seconds <= 0 else float(np.exp(-1.0 / (seconds * rate)))


def apply_curve(audio: Audio, curve: Curve, before: float) -> float:
    """Multiply ``audio`` in place by a gain curve at control rate and return the curve's last value.

    Each period glides from the value before it, the first one from ``before``.
    """
    return float(_glide(audio, curve, np.float32(before)))


@njit(cache=True, fastmath=False, nogil=True)
def _glide(audio, curve, before):  # type: ignore[no-untyped-def]
    samples, channels = audio.shape
    last = before
    for period in range(curve.shape[0]):
        start = period * CONTROL
        stop = min(start + CONTROL, samples)
        target = curve[period]
        step = (target - last) / np.float32(CONTROL)
        value = last
        for i in range(start, stop):
            value += step
            for c in range(channels):
                audio[i, c] *= value
        last = target
    return last


@njit(cache=True, fastmath=False, nogil=True)
def peak_levels(audio):  # type: ignore[no-untyped-def]
    """Return the largest absolute sample of any channel in each control period, float32 (periods,)."""
    samples, channels = audio.shape
    count = (samples + CONTROL - 1) // CONTROL
    out = np.zeros(count, np.float32)
    for period in range(count):
        top = np.float32(0.0)
        for i in range(period * CONTROL, min((period + 1) * CONTROL, samples)):
            for c in range(channels):
                value = abs(audio[i, c])
                if value > top:
                    top = value
        out[period] = top
    return out


@njit(cache=True, fastmath=False, nogil=True)
def mean_squares(audio, hop):  # type: ignore[no-untyped-def]
    """Return the mean over ``hop`` samples of the squares summed over channels, float64 (ceil(samples / hop),)."""
    samples, channels = audio.shape
    count = (samples + hop - 1) // hop
    out = np.zeros(count)
    for k in range(count):
        total = 0.0
        for i in range(k * hop, min((k + 1) * hop, samples)):
            for c in range(channels):
                total += audio[i, c] * audio[i, c]
        out[k] = total / hop
    return out
