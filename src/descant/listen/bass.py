"""The bass line of a recording, as notes.

Task: the lowest voice. Everything above the bass is filtered away and the rest is given to the pitch tracker an octave
up (at half its rate), as its network knows no pitch below 47 Hz.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

from descant.listen import pitch
from descant.listen.sampling import mid, resampled
from descant.listen.segmenting import segment
from descant.song.transcription import Evidence, HeardNote

METHOD = "swift-f0 an octave up on what is below 300 Hz"
HIGHEST_HZ = 300.0
VOICED = 0.5


def bass(audio: NDArray[np.float32]) -> tuple[HeardNote, ...]:
    """Return the bass line of a recording, float32 (samples, 2) at 48 kHz: one voice, by start."""
    rate = pitch.MODEL_RATE // 2
    low = butter(4, HIGHEST_HZ, fs=rate, output="sos")
    sound = sosfiltfilt(low, resampled(mid(audio), rate)).astype(np.float32)
    heard = pitch.track_at_model_rate(sound, 2 * 28.0, 2 * HIGHEST_HZ)
    voiced = heard.confidence >= VOICED
    return segment(heard.pitch - 12.0, voiced, heard.confidence, heard.level, 2 * pitch.FRAME_SECONDS)


def evidence(found: tuple[HeardNote, ...]) -> Evidence:
    """Return how the bass line was found and how sure it is on the whole."""
    return Evidence(METHOD, round(float(np.mean([note.confidence for note in found])), 3) if found else 0.0)
