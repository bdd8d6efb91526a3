"""What stands in the middle of the stereo picture, where leads are put.

Task: extraction of a source that both channels share. Each bin keeps the share of its energy that is alike, in level
and in phase, on both sides (after Avendano, "Frequency-domain source identification and manipulation in stereo mixes",
WASPAA 2003). A recording with one channel, or with two that are the same, is all middle.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter

from descant.listen import fourier

SHARPNESS = 4.0
"""Power of the likeness of both channels: how strictly what stands beside the middle is taken away."""

SMOOTHED = (3, 3)
"""Frames and bins over which likeness is averaged."""


def likeness(left: NDArray[np.complex64], right: NDArray[np.complex64]) -> NDArray[np.float32]:
    """Return how alike, 0–1, two channels' spectra are in each bin: 1 in the middle, 0 at one side or out of phase."""
    cross = uniform_filter((left * right.conj()).real, SMOOTHED)
    power = uniform_filter(0.5 * (np.abs(left) ** 2 + np.abs(right) ** 2), SMOOTHED)
    return np.clip(cross / (power + 1e-12), 0.0, 1.0).astype(np.float32)


def centre(audio: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the middle (samples,) of a recording, float32 (samples, 2) at 48 kHz."""
    middle = fourier.Resynthesis(len(audio), channels=1)
    for seen, own in fourier.stretches(fourier.frames(len(audio)), SMOOTHED[0] // 2):
        left, right = fourier.spectrum(audio[:, 0], seen), fourier.spectrum(audio[:, 1], seen)
        kept = np.float32(0.5) * (left + right) * likeness(left, right) ** np.float32(SHARPNESS)
        middle.add(seen.start + own.start, 0, kept[own].astype(np.complex64))
    return middle.sound()[:, 0]
