"""What is struck and what is held: harmonic–percussive separation.

Task: soft masks for percussive and harmonic sound. Source: Fitzgerald, "Harmonic/Percussive Separation using Median
Filtering" (DAFx 2010): held sound is smooth along time, struck sound along frequency.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter

ALONG_TIME = 17
"""Frames of the median along time: 0.36 s."""

ALONG_FREQUENCY = 17
"""Bins of the median along frequency: 200 Hz."""


def percussive_mask(magnitude: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the share 0–1 of each bin (frames, bins) that is struck; the rest is held."""
    held = median_filter(magnitude, (ALONG_TIME, 1)) ** 2
    struck = median_filter(magnitude, (1, ALONG_FREQUENCY)) ** 2
    return np.asarray(struck / (struck + held + 1e-12), np.float32)
