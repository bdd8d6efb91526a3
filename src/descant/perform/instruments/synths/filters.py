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
_PHASE_TAPS = 24  # taps of the oversampling filter an input sample
_PASS = 0.41  # of the sampling rate: −6 dB; at half of it 60 dB are gone
_ALIAS_FILTER = (
    firwin(_PHASE_TAPS * OVERSAMPLING, 2 * _PASS / OVERSAMPLING, window=("kaiser", 6.5))
    .astype(np.float32)
    .reshape(_PHASE_TAPS, OVERSAMPLING)
)
LATENCY = _PHASE_TAPS - 1
"""Whole samples by which saturation delays: both filters' halves, less the three quarters lost between them."""


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
    peak = resonance / FLAT
    damping, damping2 = (1.0 / _FIRST_STAGE, 1.0 / (_SECOND_STAGE * peak)) if slope == 24 else (1.0 / resonance, 0.0)
    _run(channels, coefficients(cutoffs), _mixture(mode, damping), _mixture(mode, damping2), damping, damping2)


def _mixture(mode: int, damping: float) -> tuple[float, float, float]:
    """Return how much of the low-pass, the band-pass and the input is heard of a stage."""
    return {LOW: (1.0, 0.0, 0.0), BAND: (0.0, damping, 0.0), HIGH: (-1.0, -damping, 1.0)}[mode]


@njit(cache=True, fastmath=False, nogil=True)
def _stage(
    x: float, low: float, band: float, g: float, scale: float, mixture: tuple[float, float, float]
) -> tuple[float, float, float]:
    """Return one sample of a two-pole filter and its two new states."""
    v1 = (band + g * (x - low)) * scale
    v2 = low + g * v1
    return mixture[0] * v2 + mixture[1] * v1 + mixture[2] * x, 2.0 * v2 - low, 2.0 * v1 - band


@njit(cache=True, fastmath=False, nogil=True)
def _run(
    channels: Samples,
    coefficient: Control,
    mixture: tuple[float, float, float],
    mixture2: tuple[float, float, float],
    damping: float,
    damping2: float,
) -> None:
    """Filter one or two channels side by side, through a second stage where ``damping2`` is not 0."""
    left, right = channels[0], channels[channels.shape[0] - 1]
    stereo, twice = channels.shape[0] == 2, damping2 != 0.0
    a, b, c, d = 0.0, 0.0, 0.0, 0.0  # states of the left channel: low and band of each stage
    e, f, h, k = 0.0, 0.0, 0.0, 0.0  # and of the right
    for block in range((left.size + BLOCK - 1) // BLOCK):
        g = coefficient[block]
        slope = (coefficient[block + 1] - g) / BLOCK
        for i in range(block * BLOCK, min((block + 1) * BLOCK, left.size)):
            scale = 1.0 / (1.0 + g * (g + damping))
            scale2 = 1.0 / (1.0 + g * (g + damping2))
            y, a, b = _stage(float(left[i]), a, b, g, scale, mixture)
            if twice:
                y, c, d = _stage(y, c, d, g, scale2, mixture2)
            left[i] = y
            if stereo:
                y, e, f = _stage(float(right[i]), e, f, g, scale, mixture)
                if twice:
                    y, h, k = _stage(y, h, k, g, scale2, mixture2)
                right[i] = y
            g += slope
        if abs(a) + abs(b) + abs(c) + abs(d) + abs(e) + abs(f) + abs(h) + abs(k) < 1e-15:  # keep denormals out
            a, b, c, d = 0.0, 0.0, 0.0, 0.0
            e, f, h, k = 0.0, 0.0, 0.0, 0.0


def saturate(samples: Samples, drive: float) -> Samples:
    """Return samples driven ``drive`` dB into a tanh that passes full scale at its own level.

    The result is ``LATENCY`` samples shorter: the delay of the filters is cut off.
    """
    gain = 10.0 ** (drive / 20.0)
    return _saturate(samples, _ALIAS_FILTER, gain, 1.0 / math.tanh(gain))[LATENCY:]


@njit(cache=True, fastmath=False, nogil=True)
def _saturate(samples: Samples, taps: Samples, gain: float, makeup: float) -> Samples:
    """Return ``samples`` through tanh at four times the rate, delayed by the filters.

    tanh is Lambert's continued fraction of seven terms, within 1e-4 as far as it is used.
    """
    width, phases = taps.shape
    size = samples.size
    out = np.zeros(size, np.float32)
    for phase in range(phases):
        fast = np.zeros(size, np.float32)
        for tap in range(width):
            weight = taps[tap, phase] * np.float32(gain * phases)
            for i in range(size - tap):
                fast[i + tap] += samples[i] * weight
        for i in range(size):
            x = min(max(fast[i], np.float32(-4.97)), np.float32(4.97))
            s = x * x
            above = x * (np.float32(135135.0) + s * (np.float32(17325.0) + s * (np.float32(378.0) + s)))
            below = np.float32(135135.0) + s * (np.float32(62370.0) + s * (np.float32(3150.0) + s * np.float32(28.0)))
            fast[i] = above / below
        for tap in range(width):
            weight = taps[tap, phases - 1 - phase] * np.float32(makeup)
            for i in range(size - tap):
                out[i + tap] += fast[i] * weight
    return out
