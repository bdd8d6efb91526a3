"""The one place where beats become seconds."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

import msgspec


class TempoChange(msgspec.Struct, frozen=True):
    """From ``beat`` on, the song runs at ``bpm`` quarter notes a minute."""

    beat: float
    bpm: float


class Metre(msgspec.Struct, frozen=True):
    """A time signature: ``beats`` notes of value 1/``unit`` in a bar."""

    beats: int = 4
    unit: int = 4

    @property
    def bar_length(self) -> float:
        """Length of a bar in quarter notes."""
        return self.beats * 4 / self.unit


class TempoMap:
    """Converts between beats (quarter notes) and seconds for a piecewise-constant tempo.

    Parameters
    ----------
    changes : at least one; the first at beat 0, beats strictly rising, each bpm > 0.
    """

    def __init__(self, changes: Sequence[TempoChange]) -> None:
        if not changes or changes[0].beat != 0:
            raise ValueError("a tempo map starts with a tempo at beat 0")
        self._beats = [change.beat for change in changes]
        self._spb = [60.0 / change.bpm for change in changes]
        self._seconds = [0.0]
        for (left, right), spb in zip(pairwise(self._beats), self._spb, strict=False):
            if right <= left:
                raise ValueError(f"tempo changes must rise in time; beat {right} follows beat {left}")
            self._seconds.append(self._seconds[-1] + (right - left) * spb)

    def seconds(self, beat: float) -> float:
        """Return the time in seconds of ``beat``; beats before 0 (pickups) extend the first tempo backwards."""
        i = max(0, bisect_right(self._beats, beat) - 1)
        return self._seconds[i] + (beat - self._beats[i]) * self._spb[i]

    def beat(self, seconds: float) -> float:
        """Return the beat at a time in seconds: the inverse of :meth:`seconds`."""
        i = max(0, bisect_right(self._seconds, seconds) - 1)
        return self._beats[i] + (seconds - self._seconds[i]) / self._spb[i]

    def bpm(self, beat: float) -> float:
        """Return the tempo in force at ``beat``."""
        return 60.0 / self._spb[max(0, bisect_right(self._beats, beat) - 1)]
