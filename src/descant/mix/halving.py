"""Half the sample rate and back: what has no treble need not be computed at 48 kHz.

A half-band filter (Kaiser window, 55 dB): 0–9.5 kHz pass unchanged, and there and back delays by :data:`LATENCY`.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from descant.mix.levels import RATE, Audio

HALF_RATE = RATE // 2
"""Samples a second after :class:`Halver`."""

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
    evens = line[::2].copy()
    middle = line[1::2].copy()
    centre = taps.shape[0] // 2 - 1
    for i in range(out.shape[0]):
        out[i] = np.float32(0.5) * middle[i + centre]
    for k in range(taps.shape[0]):
        tap = taps[k]
        for i in range(out.shape[0]):
            out[i] += tap * evens[i + k]


@njit(cache=True, fastmath=False, nogil=True)
def _double(line, out, taps, channel):  # type: ignore[no-untyped-def]
    count = out.shape[0] // 2
    odd = np.zeros(count, np.float32)
    for k in range(taps.shape[0]):
        tap = np.float32(2.0) * taps[k]
        for i in range(count):
            odd[i] += tap * line[i + k]
    centre = taps.shape[0] // 2
    for i in range(count):
        out[2 * i, channel] = odd[i]
        out[2 * i + 1, channel] = line[i + centre]


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
        for channel in range(2):
            _double(line[channel], out, _TAPS, channel)
        self._past = line[:, audio.shape[1] :].copy()
        return out
