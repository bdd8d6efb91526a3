"""Chorus: two slowly moving copies that make one player wide."""

import numpy as np
from numba import njit

from descant.mix.levels import CONTROL, RATE, Audio

_SIZE = 4096


@njit(cache=True, fastmath=False, nogil=True)
def _sweep(mono, out, ring, centre, depth, rate, mix, clock):  # type: ignore[no-untyped-def]
    step = 2.0 * np.pi * rate / RATE
    for i in range(mono.shape[0]):
        ring[clock % _SIZE] = mono[i]
        if clock % CONTROL == 0:
            swing = np.sin(step * clock)
            slope = (np.sin(step * (clock + CONTROL)) - swing) / CONTROL
        phase = clock % CONTROL
        for c in range(2):
            offset = centre + depth * (swing + slope * phase) * (1.0 if c == 0 else -1.0) + 97.0 * c
            whole = int(offset)
            part = np.float32(offset - whole)
            a = ring[(clock - whole) % _SIZE]
            b = ring[(clock - whole - 1) % _SIZE]
            out[i, c] += mix * (a + part * (b - a))
        clock += 1
    return clock


class Chorus:
    """Two delayed copies, one a side, whose delays sway in opposite directions.

    Parameters
    ----------
    mix : level of the copies against the dry signal, amplitude.
    rate : sways a second. depth : seconds of sway to either side. centre : mean delay in seconds.
    clock : the sample of the song with which the signal begins, a multiple of the control period.
    """

    def __init__(
        self, mix: float = 0.5, rate: float = 0.6, depth: float = 0.0022, centre: float = 0.012, clock: int = 0
    ) -> None:
        if not 0 < depth < centre < 0.03:
            raise ValueError(f"a chorus of depth {depth} s around {centre} s does not fit; 0 < depth < centre < 0.03")
        self._settings = (centre * RATE, depth * RATE, rate, np.float32(mix))
        self._ring = np.zeros(_SIZE, np.float32)
        self._clock = clock

    def process(self, audio: Audio) -> Audio:
        """Add the copies of the mono sum to ``audio`` (samples, 2) in place, at the same total power."""
        mono = (audio[:, 0] + audio[:, 1]) * np.float32(0.5)
        self._clock = _sweep(mono, audio, self._ring, *self._settings, self._clock)
        audio *= np.float32(1 / np.sqrt(1 + float(self._settings[3]) ** 2))
        return audio
