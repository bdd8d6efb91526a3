"""Bringing sound to the rates at which it is listened to.

A polyphase filter (``scipy.signal.resample_poly``): linear phase, so that no onset moves.
"""

from math import gcd

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

RATE = 48_000
"""Samples a second of all sound that comes in."""


def mid(audio: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the mean of both channels: (samples, 2) to (samples,)."""
    mean = audio[:, 0] + audio[:, 1]
    mean *= np.float32(0.5)
    return mean


def resampled(sound: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """Return sound at 48 kHz, one channel, at ``rate`` samples a second."""
    factor = gcd(rate, RATE)
    return np.asarray(resample_poly(sound, rate // factor, RATE // factor), np.float32)
