"""Which chord lies under a note."""

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np

from descant.compose.grid import EIGHTH, SLOT, Grid
from descant.compose.lines import LineTask
from descant.song.score import ChordSpan


class Underlay:
    """Answers which chord of the song a note belongs to.

    Parameters
    ----------
    spans : the song's chords, rising in time without gaps.
    """

    def __init__(self, spans: Sequence[ChordSpan]) -> None:
        self._starts = [round(span.start / SLOT) for span in spans]
        self._tones = [span.chord.pitch_classes for span in spans]

    def under(self, slot: int, length: int, levels: Grid) -> tuple[int, ...]:
        """Return the pitch classes under a note; an anticipation belongs to the chord it leads into."""
        i = max(0, bisect_right(self._starts, slot) - 1)
        following = self._starts[i + 1] if i + 1 < len(self._starts) else None
        ahead = following is not None and 0 < following - slot <= 2 and slot + length > following
        if ahead and levels.levels(np.array([slot]))[0] >= EIGHTH:
            return self._tones[i + 1]
        return self._tones[i]

    def window(self, task: LineTask) -> tuple[tuple[int, ...], ...]:
        """Return the chords under a window bar by beat, lowered to the song's key."""
        return tuple(
            tuple(
                (pc - task.lift) % 12 for pc in self._tones[max(0, bisect_right(self._starts, task.start + slot) - 1)]
            )
            for slot in range(0, task.slots, 4)
        )
