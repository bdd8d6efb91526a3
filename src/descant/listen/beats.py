"""When exactly beats are, once it is known about when.

Task: the last step of beat tracking. A network's probabilities, every 20 ms, tell by their heights where between frames
a beat lies; beats of music to a click are put on the straight line that they lie near.
"""

import numpy as np
from numpy.typing import NDArray

STEADY = 0.012
"""Seconds: beats that lie this near a straight line, root mean square, are taken to lie on it."""


def exact(likely: NDArray[np.floating], frames: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return where between frames beats lie, in frames: the centre of what is likely about each of ``frames``."""
    if not len(frames):
        return np.zeros(0)
    near = np.clip(frames[:, None] + np.arange(-2, 3), 0, len(likely) - 1)
    tops = near[np.arange(len(frames)), likely[near].argmax(axis=1)]
    around = np.clip(tops[:, None] + np.arange(-1, 2), 0, len(likely) - 1)
    weight = likely[around] + 1e-6
    return np.asarray((around * weight).sum(axis=1) / weight.sum(axis=1), np.float64)


def straightened(times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return beats (seconds) on a straight line when they nearly lie on one, as music to a click does."""
    if len(times) < 8:
        return times
    numbers = np.arange(len(times))
    used = np.ones(len(times), bool)
    line = times
    for _ in range(3):  # beats that are far off, before the music and in breaks, do not bend the line
        line = np.asarray(np.polyval(np.polyfit(numbers[used], times[used], 1), numbers), np.float64)
        used = np.abs(times - line) < 3 * STEADY
        if used.sum() < 0.8 * len(times):
            return times
    return line if np.sqrt(np.mean((times - line)[used] ** 2)) < STEADY else times
