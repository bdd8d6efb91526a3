"""Taking a recording apart without trained weights.

Task: estimates of the drums, the bass, the voice and what accompanies it. What such methods cannot isolate is not
given: a stem that is further from the truth than silence is None.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

from descant.listen import fourier
from descant.listen.percussion import percussive_mask
from descant.listen.sampling import RATE
from descant.song.score import Role


@dataclass(frozen=True)
class Stem:
    """A source by itself: ``audio`` float32 (samples, 2), the ``method`` that made it and how good it is, 0–1.

    ``quality`` is the signal-to-distortion ratio that is expected of it, in dB.
    """

    audio: NDArray[np.float32]
    method: str
    confidence: float
    quality: float


@dataclass(frozen=True)
class Separation:
    """The sources of a recording by role; None for what cannot be isolated better than by silence.

    ``accompaniment`` is the recording without its voice, None when the voice is.
    """

    stems: dict[Role, Stem | None] = field(default_factory=dict)
    accompaniment: Stem | None = None


def separate(audio: NDArray[np.float32]) -> Separation:
    """Return what can be isolated of a recording, float32 (samples, 2) at 48 kHz."""
    drums = np.zeros_like(audio)
    for side in (0, 1):
        found = fourier.spectrum(audio[:, side])
        drums[:, side] = fourier.sound(found * percussive_mask(np.abs(found)), len(audio))
    low = sosfiltfilt(butter(4, 220.0, fs=RATE, output="sos"), audio - drums, axis=0).astype(np.float32)
    stems: dict[Role, Stem | None] = {
        Role.DRUMS: Stem(drums, "harmonic–percussive medians", 0.5, 2.4),
        Role.BASS: Stem(low, "what is held below 220 Hz", 0.5, 2.0),
        Role.LEAD_VOCAL: None,
    }
    return Separation(stems)
