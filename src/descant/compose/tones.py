"""Melody that agrees with the tones of the words.

The way from one syllable's tone to the next wants a melody that goes the same way: up from a low tone
to a high one, down from a high to a low; Mandarin song keeps to it loosely, Cantonese strictly (Schellenberg 2012,
"Does language determine music in tone languages?"). A tone's height here is the mean of its course on Chao's five
levels. A syllable sung on several notes follows the course of its own tone.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

HEIGHTS = {1: 5.0, 2: 3.8, 3: 1.6, 4: 3.2, 5: 2.2}
"""Mean height of each tone on Chao's scale (1 low, 5 high): 55, 35 (its end counts more), 21(4), 51, neutral."""

COURSES = {2: 1, 3: -1, 4: -1}
"""Which way a tone moves when its syllable is held over several notes."""

TELLING = 1.0
"""Steps on Chao's scale from which two tones say which way to go."""

WEIGHT = 0.9
"""Cost of a motion against the tones, in the unit of the interval table (nats)."""

_REPEATED = 0.5
"""Share of that cost for a repeated pitch where the tones move."""


def directions(tones: Sequence[int], melisma: Sequence[bool]) -> tuple[int, ...]:
    """Return which way (−1, 0 for either, 1) each note after the first wants to be reached.

    Parameters
    ----------
    tones : tone of each note's syllable, 0 for none. melisma : whether a note goes on with the syllable before.
    """
    found = []
    for n in range(1, len(tones)):
        before, after = tones[n - 1], tones[n]
        if melisma[n]:
            found.append(COURSES.get(after, 0))
        elif before in HEIGHTS and after in HEIGHTS:
            step = HEIGHTS[after] - HEIGHTS[before]
            found.append(int(np.sign(step)) if abs(step) >= TELLING else 0)
        else:
            found.append(0)
    return tuple(found)


def cost(direction: int, interval: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the cost of each interval (semitones) where the tones want ``direction``."""
    if not direction:
        return np.zeros(interval.shape)
    way = direction * np.sign(interval)
    return np.asarray(WEIGHT * np.where(way < 0, 1.0, np.where(way == 0, _REPEATED, 0.0)))
