"""The sixteenth-note grid of a metre: how strong each slot of a bar is.

A *slot* is a sixteenth note (0.25 beats). Levels follow research on metrical placement of syllables: 0 bar line,
1 half bar, 2 beat, 3 off-beat eighth, 4 off-beat sixteenth.
"""

from functools import cached_property

import msgspec
import numpy as np
from numpy.typing import NDArray

from descant.song.tempo import Metre

SLOT = 0.25
"""Length of a slot in beats."""

BAR, HALF, BEAT, EIGHTH, SIXTEENTH = range(5)


class Grid(msgspec.Struct, frozen=True, dict=True):
    """The slots of one bar of ``metre``."""

    metre: Metre

    @cached_property
    def slots(self) -> int:
        """Number of slots in a bar."""
        return round(self.metre.bar_length / SLOT)

    @property
    def beat_slots(self) -> int:
        """Slots between felt beats: 4 in simple time, 6 in compound time."""
        compound = self.metre.unit == 8 and self.metre.beats % 3 == 0
        return 6 if compound else 4

    @cached_property
    def bar_levels(self) -> NDArray[np.int64]:
        """Level of every slot of one bar."""
        levels = np.full(self.slots, SIXTEENTH)
        levels[::2] = EIGHTH
        levels[:: self.beat_slots] = BEAT
        beats = self.slots // self.beat_slots
        if beats >= 4 or (beats == 2 and self.beat_slots == 6):
            levels[(beats + 1) // 2 * self.beat_slots] = HALF
        levels[0] = BAR
        return levels

    def levels(self, slots: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the level of each slot, counted from any bar line; negative slots lie before it."""
        return self.bar_levels[slots % self.slots]
