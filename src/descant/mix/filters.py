"""Second-order filters: shelves, peaks, high-pass and low-pass.

Coefficients follow R. Bristow-Johnson's *Audio EQ Cookbook* (W3C note, 2021); sections run in transposed direct
form II with float64 state. Two sections run over the whole block before the next two start: with the state in local
variables that is ten times faster than a loop over sections inside the sample loop, and a pair hides its own latency.
"""

from collections.abc import Sequence

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from descant.mix.levels import CONTROL, RATE, Audio, Curve, interleaved, still

Section = NDArray[np.float64]
"""One section: b0, b1, b2, a1, a2 with a0 = 1."""

_REST = 1e-10
"""State below which a filter that is fed silence is silent: periods of rests cost nothing."""

BUTTERWORTH = 2.0**-0.5
"""The quality of a maximally flat second-order filter."""


def _section(b: tuple[float, float, float], a: tuple[float, float, float]) -> Section:
    return np.array([b[0] / a[0], b[1] / a[0], b[2] / a[0], a[1] / a[0], a[2] / a[0]])


def _angle(frequency: float, quality: float) -> tuple[float, float]:
    if not 0 < frequency < RATE / 2:
        raise ValueError(f"a filter at {frequency} Hz is outside 0–{RATE / 2:.0f} Hz")
    omega = 2 * np.pi * frequency / RATE
    return float(np.cos(omega)), float(np.sin(omega) / (2 * quality))


def high_pass(frequency: float, quality: float = BUTTERWORTH) -> Section:
    """Return a 12 dB/octave high-pass with its corner at ``frequency`` Hz."""
    c, alpha = _angle(frequency, quality)
    return _section(((1 + c) / 2, -(1 + c), (1 + c) / 2), (1 + alpha, -2 * c, 1 - alpha))


def low_pass(frequency: float, quality: float = BUTTERWORTH) -> Section:
    """Return a 12 dB/octave low-pass with its corner at ``frequency`` Hz."""
    c, alpha = _angle(frequency, quality)
    return _section(((1 - c) / 2, 1 - c, (1 - c) / 2), (1 + alpha, -2 * c, 1 - alpha))


def band_pass(frequency: float, quality: float) -> Section:
    """Return a band-pass with 0 dB at ``frequency`` Hz."""
    c, alpha = _angle(frequency, quality)
    return _section((alpha, 0.0, -alpha), (1 + alpha, -2 * c, 1 - alpha))


def all_pass(frequency: float, quality: float = BUTTERWORTH) -> Section:
    """Return a filter that turns the phase by 180° at ``frequency`` Hz and keeps every level."""
    c, alpha = _angle(frequency, quality)
    return _section((1 - alpha, -2 * c, 1 + alpha), (1 + alpha, -2 * c, 1 - alpha))


def peak(frequency: float, decibels: float, quality: float = 1.0) -> Section:
    """Return a bell of ``decibels`` at ``frequency`` Hz."""
    c, alpha = _angle(frequency, quality)
    a = 10 ** (decibels / 40)
    return _section((1 + alpha * a, -2 * c, 1 - alpha * a), (1 + alpha / a, -2 * c, 1 - alpha / a))


def low_shelf(frequency: float, decibels: float, quality: float = BUTTERWORTH) -> Section:
    """Return a shelf of ``decibels`` below ``frequency`` Hz (half of it at ``frequency``)."""
    c, alpha = _angle(frequency, quality)
    a = 10 ** (decibels / 40)
    slope = 2 * np.sqrt(a) * alpha
    return _section(
        (a * (a + 1 - (a - 1) * c + slope), 2 * a * (a - 1 - (a + 1) * c), a * (a + 1 - (a - 1) * c - slope)),
        (a + 1 + (a - 1) * c + slope, -2 * (a - 1 + (a + 1) * c), a + 1 + (a - 1) * c - slope),
    )


def high_shelf(frequency: float, decibels: float, quality: float = BUTTERWORTH) -> Section:
    """Return a shelf of ``decibels`` above ``frequency`` Hz (half of it at ``frequency``)."""
    c, alpha = _angle(frequency, quality)
    a = 10 ** (decibels / 40)
    slope = 2 * np.sqrt(a) * alpha
    return _section(
        (a * (a + 1 + (a - 1) * c + slope), -2 * a * (a - 1 + (a + 1) * c), a * (a + 1 + (a - 1) * c - slope)),
        (a + 1 - (a - 1) * c + slope, 2 * (a - 1 - (a + 1) * c), a + 1 - (a - 1) * c - slope),
    )


def response(sections: Sequence[Section], frequencies: ArrayLike) -> NDArray[np.float64]:
    """Return the level in dB that ``sections`` in series give at ``frequencies`` (Hz)."""
    z = np.exp(-2j * np.pi * np.asarray(frequencies, dtype=np.float64) / RATE)
    total = np.zeros(z.shape)
    for b0, b1, b2, a1, a2 in sections:
        total += 20 * np.log10(np.abs((b0 + b1 * z + b2 * z * z) / (1 + a1 * z + a2 * z * z)) + 1e-12)
    return total


@njit(cache=True, fastmath=False, nogil=True)
def _run_mono(audio, first, second, state, other):  # type: ignore[no-untyped-def]
    b0, b1, b2, a1, a2 = first
    d0, d1, d2, c1, c2 = second
    s, t = state[0]
    u, v = other[0]
    for start in range(0, audio.shape[0], CONTROL):
        block = audio[start : start + CONTROL]
        if abs(s) + abs(t) + abs(u) + abs(v) < _REST and still(block):
            s, t, u, v = 0.0, 0.0, 0.0, 0.0
            continue
        for i in range(block.shape[0]):
            x = block[i] + 1e-18  # keeps a decaying filter out of denormals, which cost a hundred times more
            y = b0 * x + s
            s = b1 * x - a1 * y + t
            t = b2 * x - a2 * y
            z = d0 * y + u
            u = d1 * y - c1 * z + v
            v = d2 * y - c2 * z
            block[i] = z
    state[0, 0], state[0, 1] = s, t
    other[0, 0], other[0, 1] = u, v


@njit(cache=True, fastmath=False, nogil=True)
def _run_stereo(audio, first, second, state, other):  # type: ignore[no-untyped-def]
    # ``audio`` is interleaved.
    b0, b1, b2, a1, a2 = first
    d0, d1, d2, c1, c2 = second
    s, t = state[0]
    u, v = state[1]
    p, q = other[0]
    g, h = other[1]
    for start in range(0, audio.shape[0], 2 * CONTROL):
        block = audio[start : start + 2 * CONTROL]
        held = abs(s) + abs(t) + abs(u) + abs(v) + abs(p) + abs(q) + abs(g) + abs(h)
        if held < _REST and still(block):
            s, t, u, v, p, q, g, h = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
            continue
        for i in range(0, block.shape[0], 2):
            x = block[i] + 1e-18
            w = block[i + 1] + 1e-18
            y = b0 * x + s
            z = b0 * w + u
            s = b1 * x - a1 * y + t
            u = b1 * w - a1 * z + v
            t = b2 * x - a2 * y
            v = b2 * w - a2 * z
            x = d0 * y + p
            w = d0 * z + g
            p = d1 * y - c1 * x + q
            g = d1 * z - c1 * w + h
            q = d2 * y - c2 * x
            h = d2 * z - c2 * w
            block[i] = x
            block[i + 1] = w
    state[0, 0], state[0, 1], state[1, 0], state[1, 1] = s, t, u, v
    other[0, 0], other[0, 1], other[1, 0], other[1, 1] = p, q, g, h


_OPEN = np.array([1.0, 0.0, 0.0, 0.0, 0.0])
"""A section that changes nothing: completes the last pair."""


class Filter:
    """Sections in series with their state.

    Parameters
    ----------
    sections : from the designs of this module; none leaves the signal alone.
    channels : 1 or 2.
    """

    def __init__(self, sections: Sequence[Section], channels: int = 2) -> None:
        self.sections = tuple(sections)
        pairs = [*self.sections, _OPEN] if len(self.sections) % 2 else self.sections
        self._pairs = tuple(zip(pairs[::2], pairs[1::2], strict=True))
        self._state = np.zeros((len(self._pairs), 2, channels, 2))
        self._run = _run_stereo if channels == 2 else _run_mono

    def process(self, audio: Audio) -> Audio:
        """Filter ``audio`` (samples, channels) in place and return it."""
        line = interleaved(audio)
        for (first, second), state in zip(self._pairs, self._state, strict=True):
            self._run(line, first, second, state[0], state[1])
        return audio


@njit(cache=True, fastmath=False, nogil=True)
def _run_sweep(audio, slopes, state):  # type: ignore[no-untyped-def]
    # Trapezoidal state-variable filter: Simper, "Linear Trapezoidal Integrated SVF", Cytomic, 2013.
    k = np.sqrt(2.0)
    for period in range(slopes.shape[0]):
        g = slopes[period]
        block = audio[2 * CONTROL * period : 2 * CONTROL * (period + 1)]
        if g == 0.0:
            state[:] = 0.0
            continue
        a = 1.0 / (1.0 + g * (g + k))
        for c in range(2):
            s, t = state[c, 0], state[c, 1]
            for i in range(c, block.shape[0], 2):
                v = block[i] - t
                band = a * (s + g * v)
                low = t + g * band
                s, t = 2.0 * band - s, 2.0 * low - t
                block[i] = block[i] - k * band - low
            state[c, 0], state[c, 1] = s, t


class Sweep:
    """A 12 dB/octave high-pass whose corner moves; where the corner is 0 the signal passes as it is."""

    def __init__(self) -> None:
        self._state = np.zeros((2, 2))

    def process(self, audio: Audio, corner: Curve) -> Audio:
        """Filter ``audio`` (samples, 2) in place at ``corner`` Hz, one value a control period."""
        _run_sweep(interleaved(audio), np.tan(np.pi * np.asarray(corner, np.float64) / RATE), self._state)
        return audio
