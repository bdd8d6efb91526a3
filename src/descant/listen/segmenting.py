"""Notes from the pitch of one voice.

Task: note segmentation of a monophonic pitch track. A voiced stretch is cut where the pitch leaves the semitone it had
settled on, with hysteresis so that vibrato does not cut it, and where a strong attack is heard on the same pitch.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter

from descant.song.transcription import HeardNote

SHORTEST_SECONDS = 0.09
SMOOTHED_SECONDS = 0.08
"""Length of the median that the pitch goes through first."""

HYSTERESIS = 0.7
"""Semitones by which the pitch must leave a note's mean to be another one."""

MEMORY = 24
"""Frames over which that mean forgets."""

STRUCK = 0.7
"""Attack probability from which a note is struck again."""


def segment(
    pitch: NDArray[np.float64],
    voiced: NDArray[np.bool_],
    confidence: NDArray[np.float64],
    level: NDArray[np.float64],
    frame_seconds: float,
    attacks: NDArray[np.float32] | None = None,
) -> tuple[HeardNote, ...]:
    """Return the notes of a voice, by start and never overlapping.

    Parameters
    ----------
    pitch : MIDI numbers of the frames; ``confidence`` 0–1 and ``level`` in dB beside it.
    voiced : frames in which the voice sounds.
    frame_seconds : the distance of frames.
    attacks : how likely the voice's own pitch begins at each frame, 0–1, when that is known.
    """
    smooth = median_filter(pitch, 2 * round(0.5 * SMOOTHED_SECONDS / frame_seconds) + 1)
    settled = _settled(smooth, voiced)
    shortest = round(SHORTEST_SECONDS / frame_seconds)
    bounds = [0, *(int(e) for e in np.flatnonzero(np.diff(settled)) + 1), len(settled)]
    top = float(level[voiced].max()) if voiced.any() else 0.0
    found = []
    for first, last in pairwise(bounds):
        if settled[first] < 0:
            continue
        cuts = [first, *_struck(attacks, first, last, shortest), last]
        for start, stop in pairwise(cuts):
            if stop - start < shortest:
                continue
            loudness = float(level[start:stop].max()) - top
            found.append(
                HeardNote(
                    start=round(start * frame_seconds, 4),
                    stop=round(stop * frame_seconds, 4),
                    pitch=round(float(np.median(pitch[start:stop])), 3),
                    velocity=int(np.clip(round(110 + 2 * loudness), 20, 127)),
                    confidence=round(min(1.0, float(np.mean(confidence[start:stop]))), 3),
                )
            )
    return tuple(found)


def _settled(pitch: NDArray[np.float64], voiced: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return which note, counted from 0, each frame belongs to; −1 where there is none."""
    notes, note, centre, length = np.full(len(pitch), -1), -1, 0.0, 0
    for frame in range(len(pitch)):
        if not voiced[frame]:
            length = 0
            continue
        if length == 0 or abs(pitch[frame] - centre) > HYSTERESIS:
            note, centre, length = note + 1, float(pitch[frame]), 0
        length += 1
        centre += (float(pitch[frame]) - centre) / min(length, MEMORY)
        notes[frame] = note
    return notes


def _struck(attacks: NDArray[np.float32] | None, first: int, last: int, shortest: int) -> list[int]:
    """Return the frames inside a stretch at which it is struck again, far enough from each other and its ends."""
    if attacks is None:
        return []
    cuts: list[int] = []
    for frame in range(first + shortest, last - shortest):
        peak = attacks[frame] >= STRUCK and attacks[frame] > attacks[frame - 1] and attacks[frame] >= attacks[frame + 1]
        if peak and (not cuts or frame - cuts[-1] >= shortest):
            cuts.append(frame)
    return cuts
