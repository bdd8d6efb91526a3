"""A ping-pong echo in time with the song."""

import numpy as np
from numba import njit

from descant.mix.filters import Filter, high_pass, low_pass
from descant.mix.levels import RATE, Audio


@njit(cache=True, fastmath=False, nogil=True)
def _bounce(send, out, left, right, feedback, damping, low, clock):  # type: ignore[no-untyped-def]
    size = left.shape[0]
    held = low[0]
    for i in range(send.shape[0]):
        at = clock % size
        a, b = left[at], right[at]
        out[i, 0] = a
        out[i, 1] = b
        held = b + damping * (held - b) + np.float32(1e-20)
        left[at] = send[i] + feedback * held
        right[at] = a
        clock += 1
    low[0] = held
    return clock


class PingPong:
    """Echoes that start left, answer right, and lose treble each round.

    Parameters
    ----------
    seconds : time from one echo to the next.
    feedback : amplitude of the third echo against the first, 0–0.9.
    low_cut, high_cut : Hz, band of what is echoed.
    """

    def __init__(
        self, seconds: float, feedback: float = 0.35, low_cut: float = 300.0, high_cut: float = 5000.0
    ) -> None:
        if seconds <= 0 or not 0 <= feedback <= 0.9:
            raise ValueError(f"no such echo: {seconds} s, feedback {feedback}")
        size = max(1, round(seconds * RATE))
        self._left, self._right = np.zeros(size, np.float32), np.zeros(size, np.float32)
        self._filter = Filter([high_pass(low_cut), low_pass(high_cut)], channels=1)
        self._feedback = np.float32(feedback)
        self._low = np.zeros(1, np.float32)
        self._clock = 0

    def process(self, send: Audio) -> Audio:
        """Return the echoes of ``send`` (samples, 1), which is filtered in place, as (samples, 2)."""
        send = self._filter.process(send)
        out = np.empty((len(send), 2), np.float32)
        self._clock = _bounce(
            send[:, 0], out, self._left, self._right, self._feedback, np.float32(0.35), self._low, self._clock
        )
        return out
