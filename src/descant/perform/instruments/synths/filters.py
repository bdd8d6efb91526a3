"""Filters and saturation of the synthesizers.

Sources: the trapezoidal state-variable filter of V. Zavalishin, *The Art of VA Filter Design* (2012); here its
coefficient moves every sample, so that fast sweeps do not step. Saturation runs at four times the rate between
two linear-phase filters, because tanh makes partials without end.
"""

import math

import numpy as np
from numba import njit
from scipy.signal import firwin

from descant.perform.instruments.kernels import BLOCK, Control, Samples
from descant.perform.instruments.voice import RATE

LOW, BAND, HIGH = 0, 1, 2
"""Outputs of a filter."""

MODES = {"low": LOW, "band": BAND, "high": HIGH}

FLAT = math.sqrt(0.5)
"""Q of a two-pole filter without a peak."""

OVERSAMPLING = 4
"""Times the sampling rate at which saturation runs."""

_HIGHEST = 0.45  # of the sampling rate; above it the tangent runs away
_FIRST_STAGE, _SECOND_STAGE = 0.5412, 1.3066  # Q of the two stages of a flat four-pole filter
_PHASE_TAPS = 16  # taps of the oversampling filter an input sample
_ALIAS_FILTER = (
    (firwin(_PHASE_TAPS * OVERSAMPLING, 0.92 / OVERSAMPLING, window=("kaiser", 7.0)) * OVERSAMPLING)
    .astype(np.float32)
    .reshape(_PHASE_TAPS, OVERSAMPLING)
)
LATENCY = _PHASE_TAPS - 1
"""Whole samples by which saturation delays (63 taps' half, up and down, in samples of four)."""


def coefficients(cutoffs: Control) -> Control:
    """Return the filter's coefficient for cutoffs in Hz."""
    return np.tan(np.pi * np.clip(cutoffs / RATE, 5.0 / RATE, _HIGHEST))


def run(channels: Samples, cutoffs: Control, mode: int, slope: int, resonance: float) -> None:
    """Filter in place.

    Parameters
    ----------
    channels : float32 (channels, samples).
    cutoffs : Hz, at the beginnings of the blocks and one beyond the last.
    mode : :data:`LOW`, :data:`BAND` or :data:`HIGH`; ``slope`` 12 or 24 dB an octave; ``resonance`` the Q.
    """
    g = coefficients(cutoffs)
    peak = resonance / FLAT
    for channel in channels:
        if slope == 24:
            _two_stages(channel, g, mode, 1.0 / _FIRST_STAGE, 1.0 / (_SECOND_STAGE * peak))
        else:
            _one_stage(channel, g, mode, 1.0 / resonance)


@njit(cache=True, fastmath=False, nogil=True)
def _one_stage(samples: Samples, coefficient: Control, mode: int, damping: float) -> None:
    low = 0.0
    band = 0.0
    for block in range((samples.size + BLOCK - 1) // BLOCK):
        g = coefficient[block]
        slope = (coefficient[block + 1] - g) / BLOCK
        for i in range(block * BLOCK, min((block + 1) * BLOCK, samples.size)):
            x = float(samples[i])
            a1 = 1.0 / (1.0 + g * (g + damping))
            v1 = a1 * (band + g * (x - low))
            v2 = low + g * v1
            band = 2.0 * v1 - band
            low = 2.0 * v2 - low
            samples[i] = v2 if mode == 0 else (v1 * damping if mode == 1 else x - damping * v1 - v2)
            g += slope
        if abs(low) < 1e-15 and abs(band) < 1e-15:  # keep denormals out of the loop
            low = 0.0
            band = 0.0


@njit(cache=True, fastmath=False, nogil=True)
def _two_stages(samples: Samples, coefficient: Control, mode: int, damping: float, damping2: float) -> None:
    low = 0.0
    band = 0.0
    low2 = 0.0
    band2 = 0.0
    for block in range((samples.size + BLOCK - 1) // BLOCK):
        g = coefficient[block]
        slope = (coefficient[block + 1] - g) / BLOCK
        for i in range(block * BLOCK, min((block + 1) * BLOCK, samples.size)):
            x = float(samples[i])
            v1 = (band + g * (x - low)) / (1.0 + g * (g + damping))
            v2 = low + g * v1
            band = 2.0 * v1 - band
            low = 2.0 * v2 - low
            y = v2 if mode == 0 else (v1 * damping if mode == 1 else x - damping * v1 - v2)
            w1 = (band2 + g * (y - low2)) / (1.0 + g * (g + damping2))
            w2 = low2 + g * w1
            band2 = 2.0 * w1 - band2
            low2 = 2.0 * w2 - low2
            samples[i] = w2 if mode == 0 else (w1 * damping2 if mode == 1 else y - damping2 * w1 - w2)
            g += slope
        if abs(low2) < 1e-15 and abs(band2) < 1e-15 and abs(low) < 1e-15:
            low, band, low2, band2 = 0.0, 0.0, 0.0, 0.0


def saturate(samples: Samples, drive: float) -> Samples:
    """Return samples driven ``drive`` dB into a tanh that passes full scale at its own level.

    The result is ``LATENCY`` samples shorter: the delay of the filters is cut off.
    """
    gain = 10.0 ** (drive / 20.0)
    return _saturate(samples, _ALIAS_FILTER, gain, 1.0 / math.tanh(gain))[LATENCY:]


@njit(cache=True, fastmath=False, nogil=True)
def _saturate(samples: Samples, taps: Samples, gain: float, makeup: float) -> Samples:
    """Return ``samples`` through tanh at four times the rate, delayed by the filters."""
    width, phases = taps.shape
    fast = np.zeros((samples.size + width, phases), np.float32)
    for tap in range(width):
        for i in range(samples.size):
            for phase in range(phases):
                fast[i + tap, phase] += samples[i] * taps[tap, phase]
    flat = fast[: samples.size].copy()
    for i in range(samples.size):
        for phase in range(phases):
            flat[i, phase] = np.tanh(flat[i, phase] * np.float32(gain)) * np.float32(makeup / phases)
    out = np.zeros(samples.size, np.float32)
    for tap in range(width):
        for i in range(samples.size - tap):
            value = np.float32(0.0)
            for phase in range(phases):
                value += flat[i, phases - 1 - phase] * taps[tap, phase]
            out[i + tap] += value
    return out
