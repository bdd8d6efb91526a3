"""Changing the rate of a sound part by part: the same samples as of the whole, in little memory.

The filter is that of ``scipy.signal.resample_poly``, which reaches ten periods of the lower rate to either side.
"""

from dataclasses import dataclass
from math import gcd

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

Audio = NDArray[np.float32]
_REACH = 10


@dataclass(frozen=True)
class Ratio:
    """``up`` samples out of ``down`` samples in, in lowest terms."""

    up: int
    down: int

    @classmethod
    def between(cls, rate: int, other: int) -> "Ratio":
        """Return the ratio that brings sound of one rate to another."""
        common = gcd(rate, other)
        return cls(other // common, rate // common)

    @property
    def margin(self) -> int:
        """Groups of ``down`` samples that lie within the reach of the filter, one more for what is cut."""
        return -(-_REACH * max(self.up, self.down) // (self.up * self.down)) + 1

    def length(self, samples: int) -> int:
        """Return how many samples come of so many."""
        return -(-samples * self.up // self.down)


def resampled_part(sound: Audio, ratio: Ratio, first: int, last: int, begin: int = 0) -> Audio:
    """Return samples ``first`` to ``last`` (samples, 2) of a sound at its other rate, silence where there is none.

    ``begin`` is the place of the first sample of ``sound`` in the whole of which it is a part, a multiple of
    ``ratio.down``.
    """
    group = first // ratio.up - ratio.margin
    low, high = group * ratio.down, (-(-last // ratio.up) + ratio.margin) * ratio.down
    seen = np.zeros((high - low, 2), np.float32)
    inside = sound[max(low - begin, 0) : max(high - begin, 0)]
    at = max(begin - low, 0)
    seen[at : at + len(inside)] = inside
    offset = first - group * ratio.up
    return np.asarray(resample_poly(seen, ratio.up, ratio.down, axis=0)[offset : offset + last - first], np.float32)


class Stretching:
    """A sound of ``samples`` samples that is made of stretches at another rate as these come."""

    def __init__(self, samples: int, ratio: Ratio) -> None:
        self._audio = np.zeros((samples, 2), np.float32)
        self._ratio = ratio
        self._held, self._begin = np.zeros((0, 2), np.float32), 0
        self._written = 0

    def take(self, stretch: Audio) -> None:
        """Take the next samples (samples, 2)."""
        self._held = np.concatenate([self._held, stretch])
        groups = (self._begin + len(self._held)) // self._ratio.down - self._ratio.margin
        self._write(min(groups * self._ratio.up, len(self._audio)))
        keep = (self._written // self._ratio.up - self._ratio.margin) * self._ratio.down
        if keep > self._begin:
            self._held, self._begin = self._held[keep - self._begin :], keep

    def whole(self) -> Audio:
        """Return the sound, float32 (samples, 2), when all stretches were taken."""
        self._write(len(self._audio))
        return self._audio

    def _write(self, last: int) -> None:
        if last > self._written:
            part = resampled_part(self._held, self._ratio, self._written, last, self._begin)
            self._audio[self._written : last] = part
            self._written = last
