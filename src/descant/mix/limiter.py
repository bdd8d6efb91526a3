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


@njit(cache=True, fastmath=False, nogil=True)
def _release(wanted, coefficient):  # type: ignore[no-untyped-def]
    out = np.empty_like(wanted)
    value = np.float32(1.0)
    for i in range(wanted.shape[0]):
        value = min(wanted[i], np.float32(1.0 - coefficient * (1.0 - value)))
        out[i] = value
    return out


def limiting_gain(peaks: Curve, ceiling: float, release: float = 0.08) -> Curve:
    """Return the gain curve (amplitude factors ≤ 1 at control rate) that keeps ``peaks`` under a ceiling.

    Parameters
    ----------
    peaks : true peaks a control period, from :func:`descant.mix.loudness.true_peak_curve`.
    ceiling : the amplitude that no peak may pass.
    release : seconds for 63 % of the gain to come back.
    """
    window = max(2, int(LOOK_AHEAD * RATE / CONTROL))
    needed = np.minimum(1.0, ceiling / np.maximum(peaks, 1e-9)).astype(np.float32)
    # A period glides from the value before it to its own, so both must be low enough: the hold reaches one further.
    padded = np.concatenate([needed, np.ones(window, np.float32)])
    held = needed.copy()
    for ahead in range(1, window + 1):
        np.minimum(held, padded[ahead : ahead + len(needed)], out=held)
    released = _release(held, smoothing(release))
    weights = np.hanning(window + 2)[1:-1]
    weights /= weights.sum()
    before = np.full(window - 1, released[0] if len(released) else 1.0, np.float32)
    return np.convolve(np.concatenate([before, released]), weights, mode="valid").astype(np.float32)
