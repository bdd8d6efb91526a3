"""Whether beats divide in two or in three: simple metre or compound.

Task: telling six eight and twelve eight from three four and four four, of which they have as many eighths in a bar or
the same beats. In bars of three the middle of the bar is an off-beat and weaker than the second and third beat; in six
eight it is the second beat, and stronger than what a waltz would call its beats. In bars of four, beats are dotted
where both thirds sound and the halves hardly do: a shuffle leaves out the first third.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from descant.listen.features import BANDS_PER_SECOND, Bands

MIDDLE = 1.35
"""How many times stronger the middle of a bar of three must be: 0.5 to 1.0 in three four, 1.8 to 2.3 in six eight."""

THIRDS = 0.15
"""Strength of either third, as a share of the beats', from which both count as sounding."""

HALVES = 0.8
"""Share of the weaker third below which halves hardly sound."""

SLOWEST, FASTEST = 42.0, 100.0
"""Dotted quarters a minute."""

RISE = 2
"""Frames over which a rise is measured: 20 ms."""

NEAR = 2
"""Frames around a moment that belong to it."""


def dotted_beats(bands: Bands, times: NDArray[np.float64], place: NDArray[np.int64], bar: int) -> float | None:
    """Return how many dotted quarters a minute there are, or None where beats divide in two.

    Parameters
    ----------
    times : beats in seconds; ``place``: of each in its bar, 0 for the first; ``bar``: beats of a bar, 3 or 4.
    """
    spans = times[place == 0] if bar == 3 else times
    if len(spans) < 5:
        return None
    flux = _flux(bands)
    bpm = 60.0 / float(np.median(np.diff(spans))) * (2 if bar == 3 else 1)
    first, third, half, two_thirds = (_strength(flux, spans, share) for share in (0.0, 1 / 3, 1 / 2, 2 / 3))
    if bar == 3:
        in_three = half > MIDDLE * 0.5 * (third + two_thirds)
    else:
        weaker = min(third, two_thirds)
        in_three = weaker > THIRDS * first and half < HALVES * weaker
    return bpm if in_three and SLOWEST < bpm < FASTEST else None


def _flux(bands: Bands) -> NDArray[np.float64]:
    """Return how much rises in each frame, blind to vibrato (Böck & Widmer, DAFx 2013)."""
    level = bands.level
    before = np.vstack([level[:1]] * RISE + [level[:-RISE]])
    rise = np.maximum(0, level - maximum_filter1d(before, 3, axis=1))
    return np.asarray(rise.mean(axis=1), np.float64)


def _strength(flux: NDArray[np.float64], times: NDArray[np.float64], share: float) -> float:
    """Return the mean of the greatest rise near a share of the way from each of ``times`` to the next."""
    frames = np.round((times[:-1] + share * np.diff(times)) * BANDS_PER_SECOND).astype(int)
    around = np.clip(frames[:, None] + np.arange(-NEAR, NEAR + 1), 0, len(flux) - 1)
    return float(flux[around].max(axis=1).mean())
