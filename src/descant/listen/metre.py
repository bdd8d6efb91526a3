"""Metre: how beats group into bars, and where bars begin.

Task: downbeat tracking. Source: bars begin where harmony and bass change and where players accent (Davies & Plumbley,
"A spectral difference approach to downbeat extraction in musical audio", EUSIPCO 2006; Goto, "An audio-based real-time
beat tracking system", JNMR 2001).
"""

import numpy as np
from numpy.typing import NDArray

from descant.song.tempo import Metre

METRES = {4: Metre(4, 4), 3: Metre(3, 4)}
"""Bars that are told apart, by their beats."""

USUAL = {4: 0.12, 3: 0.0}
"""How much likelier each is before anything is heard."""


def bars(accents: NDArray[np.float64]) -> tuple[Metre, int, float]:
    """Return the metre, the first downbeat's index and how sure it is, 0–1.

    Parameters
    ----------
    accents : (beats,) how much each beat sounds like the first of a bar, of mean 0 and deviation 1.
    """
    scores = {
        (length, first): float(accents[first::length].mean() - np.delete(accents, np.s_[first::length]).mean())
        + USUAL[length]
        for length in METRES
        for first in range(length)
        if len(accents) >= 2 * length
    }
    if not scores:
        return METRES[4], 0, 0.0
    ranked = sorted(scores, key=lambda k: -scores[k])
    length, first = ranked[0]
    margin = scores[ranked[0]] - scores[ranked[1]]
    return METRES[length], first, round(float(np.clip(margin, 0, 1)), 3)
