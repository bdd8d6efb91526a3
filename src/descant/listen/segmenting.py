"""Notes from the pitch of one voice.

Task: note segmentation of a monophonic pitch track. Frames that are voiced are cut where the pitch settles on another
semitone, and where the level dips and rises again.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter

from descant.song.transcription import HeardNote

SHORTEST_SECONDS = 0.08


def segment(
    pitch: NDArray[np.float64],
    voiced: NDArray[np.bool_],
    confidence: NDArray[np.float64],
    level: NDArray[np.float64],
    frame_seconds: float,
) -> tuple[HeardNote, ...]:
    """Return the notes of a voice, by start and never overlapping.

    Parameters
    ----------
    pitch : MIDI numbers of the frames; ``confidence`` 0–1 and ``level`` in dB beside it.
    voiced : frames in which the voice sounds.
    frame_seconds : the distance of frames.
    """
    smooth = median_filter(pitch, 7)
    keys = np.where(voiced, np.round(smooth), -1.0)
    edges = np.flatnonzero(np.diff(keys)) + 1
    bounds = [0, *(int(e) for e in edges), len(keys)]
    top = float(level[voiced].max()) if voiced.any() else 0.0
    found = []
    for first, last in pairwise(bounds):
        if keys[first] < 0 or (last - first) * frame_seconds < SHORTEST_SECONDS:
            continue
        loudness = float(level[first:last].max()) - top
        found.append(
            HeardNote(
                start=round(first * frame_seconds, 4),
                stop=round(last * frame_seconds, 4),
                pitch=round(float(np.median(pitch[first:last])), 3),
                velocity=int(np.clip(round(110 + 2 * loudness), 20, 127)),
                confidence=round(float(np.mean(confidence[first:last])), 3),
            )
        )
    return tuple(found)
