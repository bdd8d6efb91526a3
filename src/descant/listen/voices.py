"""Where somebody sings.

Task: vocal activity. A stretch counts as sung when the middle of the stereo picture has a clear pitch most of the time.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from descant.listen import pitch
from descant.listen.sampling import mid
from descant.song.transcription import Evidence, HeardVoice

METHOD = "steadiness of a pitch in the middle of the stereo picture"
SPAN_SECONDS = 2.0


def voices(audio: NDArray[np.float32]) -> tuple[HeardVoice, ...]:
    """Return where somebody sings in a recording, float32 (samples, 2) at 48 kHz, by start."""
    heard = pitch.track(mid(audio))
    certainty = uniform_filter1d(heard.confidence, round(SPAN_SECONDS / pitch.FRAME_SECONDS))
    edges = np.flatnonzero(np.diff(certainty >= 0.5, prepend=False, append=False))
    return tuple(
        HeardVoice(
            round(float(first * pitch.FRAME_SECONDS), 3),
            round(float(last * pitch.FRAME_SECONDS), 3),
            round(float(certainty[first:last].mean()), 3),
        )
        for first, last in zip(edges[::2], edges[1::2], strict=True)
    )


def evidence(found: tuple[HeardVoice, ...]) -> Evidence:
    """Return how voices were found and how sure they are on the whole."""
    return Evidence(METHOD, round(float(np.mean([voice.confidence for voice in found])), 3) if found else 0.0)
