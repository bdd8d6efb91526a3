"""A look-ahead true-peak limiter that gives a gain curve instead of touching the signal.

The curve is found from the 4× oversampled peaks of the whole mix and can then be applied to the mix and to each of
its stems alike. Shape: the least gain each period needs, held over the look-ahead, released exponentially, then
averaged over the look-ahead, so that the gain has arrived where a peak is and never jumps.
"""

import numpy as np
from numba import njit

from descant.mix.levels import CONTROL, RATE, Curve, smoothing

LOOK_AHEAD = 0.004
"""Seconds over which the gain falls before a peak."""

AHEAD = max(2, int(LOOK_AHEAD * RATE / CONTROL))
"""The same in control periods."""


@njit(cache=True, fastmath=False, nogil=True)
def _release(wanted, coefficient, value):  # type: ignore[no-untyped-def]
    out = np.empty_like(wanted)
    for i in range(wanted.shape[0]):
        value = min(wanted[i], np.float32(1.0 - coefficient * (1.0 - value)))
        out[i] = value
    return out


class Limiter:
    """Gives the gain for peaks that come in stretches.

    Parameters
    ----------
    ceiling : the amplitude that no peak may pass.
    release : seconds for 63 % of the gain to come back.
    """

    def __init__(self, ceiling: float, release: float = 0.08) -> None:
        self.ceiling, self._coefficient = ceiling, smoothing(release)
        self._past = np.empty(0, np.float32)
        weights = np.hanning(AHEAD + 2)[1:-1]
        self._weights = weights / weights.sum()

    def gains(self, peaks: Curve) -> Curve:
        """Return the gain (amplitude factors ≤ 1) of all but the last :data:`AHEAD` of some control periods.

        Parameters
        ----------
        peaks : true peaks a control period (:func:`descant.mix.loudness.true_peak_curve`), from the first that has
            no gain yet on. A whole signal is followed by :data:`AHEAD` periods of silence.
        """
        needed = np.minimum(1.0, self.ceiling / np.maximum(peaks, 1e-9)).astype(np.float32)
        count = len(needed) - AHEAD
        # A period glides from the value before it to its own, so both must be low enough: the hold reaches one further.
        held = needed[:count].copy()
        for ahead in range(1, AHEAD + 1):
            np.minimum(held, needed[ahead : ahead + count], out=held)
        before = np.float32(self._past[-1]) if len(self._past) else np.float32(1.0)
        released = _release(held, self._coefficient, before)
        if not len(self._past):
            self._past = np.full(AHEAD - 1, released[0] if count else 1.0, np.float32)
        joined = np.concatenate([self._past, released])
        self._past = joined[len(joined) - AHEAD + 1 :]
        return np.convolve(joined, self._weights, mode="valid").astype(np.float32)


def limiting_gain(peaks: Curve, ceiling: float, release: float = 0.08) -> Curve:
    """Return the gain curve (amplitude factors ≤ 1 at control rate) that keeps ``peaks`` under a ceiling.

    Parameters are those of :class:`Limiter` and :meth:`Limiter.gains`, for a whole signal.
    """
    return Limiter(ceiling, release).gains(np.concatenate([peaks, np.zeros(AHEAD, np.float32)]))
