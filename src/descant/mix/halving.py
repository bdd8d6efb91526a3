"""Half the sample rate and back: what has no treble need not be computed at 48 kHz.

A half-band filter (Kaiser window, 55 dB): 0–9.5 kHz pass unchanged, and there and back delays by :data:`LATENCY`.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from descant.mix.levels import RATE, Audio, interleaved

HALF_RATE = RATE // 2
"""Samples a second after :class:`Halver`."""

_STRETCH = 1024
_REACH = 16
_LENGTH = 2 * _REACH - 1
LATENCY = _LENGTH - 1
"""Samples at 48 kHz from the input of a halver to the output of a doubler behind it."""


def _odd_taps() -> NDArray[np.float32]:
    """Return the taps of a half-band filter an odd distance from its centre; every other but the centre is 0."""
    distance = np.arange(_LENGTH) - (_REACH - 1)
    taps = np.sinc(distance / 2) * np.kaiser(_LENGTH, 5.0) / 2
    odd = taps[distance % 2 != 0]
    return np.asarray(odd / odd.sum() / 2, np.float32)


_TAPS = _odd_taps()


@njit(cache=True, fastmath=False, nogil=True)
def _halve(line, out, taps):  # type: ignore[no-untyped-def]
    # Taps outside, samples inside, over stretches that stay in the cache: the inner loop vectorises.
    width = taps.shape[0]
    centre = width // 2 - 1
    evens = np.empty(_STRETCH + width, np.float32)
    for start in range(0, out.shape[0], _STRETCH):
        part = out[start : start + _STRETCH]
        count = part.shape[0]
        source = line[2 * start : 2 * (start + count + width)]
        for i in range(min(count + width, source.shape[0] // 2)):
            evens[i] = source[2 * i]
        for i in range(count):
            part[i] = np.float32(0.5) * source[2 * (i + centre) + 1]
        for k in range(width):
            tap = taps[k]
            for i in range(count):
                part[i] += tap * evens[i + k]


@njit(cache=True, fastmath=False, nogil=True)
def _double(left, right, out, taps):  # type: ignore[no-untyped-def]
    width = taps.shape[0]
    centre = width // 2
    between = np.empty((2, _STRETCH), np.float32)
    for start in range(0, out.shape[0] // 4, _STRETCH):
        part = out[4 * start : 4 * (start + _STRETCH)]
        count = part.shape[0] // 4
        a, b = left[start : start + count + width], right[start : start + count + width]
        u, v = between[0], between[1]
        u[:count] = np.float32(0.0)
        v[:count] = np.float32(0.0)
        for k in range(width):
            tap = np.float32(2.0) * taps[k]
            for i in range(count):
                u[i] += tap * a[i + k]
            for i in range(count):
                v[i] += tap * b[i + k]
        for i in range(count):
            part[4 * i] = u[i]
            part[4 * i + 1] = v[i]
            part[4 * i + 2] = a[i + centre]
            part[4 * i + 3] = b[i + centre]


class Halver:
    """Takes a mono signal to half its rate; blocks of even length, but for the last."""

    def __init__(self) -> None:
        self._past = np.zeros(_LENGTH - 1, np.float32)

    def process(self, audio: Audio) -> Audio:
        """Return ``audio`` (samples, 1) as (⌈samples / 2⌉, 1) at :data:`HALF_RATE`."""
        count = -(-len(audio) // 2)
        line = np.zeros(len(self._past) + 2 * count, np.float32)
        line[: len(self._past)] = self._past
        line[len(self._past) : len(self._past) + len(audio)] = audio[:, 0]
        out = np.empty((count, 1), np.float32)
        _halve(line, out[:, 0], _TAPS)
        self._past = line[2 * count :].copy()
        return out


class Doubler:
    """Takes a stereo signal at half rate back to :data:`descant.mix.levels.RATE`."""

    def __init__(self) -> None:
        self._past = np.zeros((2, len(_TAPS) - 1), np.float32)

    def process(self, audio: Audio) -> Audio:
        """Return ``audio``, (2, samples) at half rate, as (2 × samples, 2)."""
        line = np.concatenate([self._past, audio], axis=1)
        out = np.empty((2 * audio.shape[1], 2), np.float32)
        _double(line[0], line[1], interleaved(out), _TAPS)
        self._past = line[:, audio.shape[1] :].copy()
        return out
