"""The lead melody of a recording, as notes.

Task: predominant melody. The pitch tracker listens to the middle of the stereo picture, where leads stand, and what it
tells becomes notes in :mod:`~descant.listen.segmenting`.
"""

import numpy as np
from numpy.typing import NDArray

from descant.listen import pitch
from descant.listen.sampling import mid
from descant.listen.segmenting import segment
from descant.song.transcription import Evidence, HeardNote

METHOD = "swift-f0 on the middle of the stereo picture"
VOICED = 0.5


def melody(audio: NDArray[np.float32]) -> tuple[HeardNote, ...]:
    """Return the lead melody of a recording, float32 (samples, 2) at 48 kHz: one voice, by start."""
    heard = pitch.track(mid(audio))
    return segment(heard.pitch, heard.confidence >= VOICED, heard.confidence, heard.level, pitch.FRAME_SECONDS)


def evidence(found: tuple[HeardNote, ...]) -> Evidence:
    """Return how the melody was found and how sure it is on the whole."""
    return Evidence(METHOD, round(float(np.mean([note.confidence for note in found])), 3) if found else 0.0)
