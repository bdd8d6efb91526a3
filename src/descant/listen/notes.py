"""All pitched notes of a recording, chords too.

Task: polyphonic transcription, for any instruments together. Notes are read key by key from the posteriors of
:mod:`~descant.listen.posteriors`: a note begins where its key is struck and ends where the posterior has fallen below a
floor for a while, or where the key is struck again.
"""

import numpy as np
from numpy.typing import NDArray

from descant.listen.posteriors import FRAMES_PER_SECOND, LATENESS, LOWEST, Posteriors, posteriors
from descant.song.transcription import Evidence, HeardNote

METHOD = "basic-pitch posteriors, notes decoded by key"

STRUCK = 0.5
"""Onset posterior from which a key counts as struck."""

SOUNDING = 0.3
"""Note posterior from which a key counts as sounding."""

GAP = 11
"""Frames a posterior may stay below ``SOUNDING`` inside a note (0.13 s)."""

SHORTEST = 5
"""Frames of the shortest note (0.06 s)."""


def notes(audio: NDArray[np.float32], heard: Posteriors | None = None) -> tuple[HeardNote, ...]:
    """Return all pitched notes of a recording by start, then pitch.

    Parameters
    ----------
    audio : float32 (samples, 2) at 48 kHz.
    heard : its posteriors, when they are known already.

    Raises
    ------
    ModelMissing : see :func:`~descant.listen.posteriors.model_path`.
    """
    heard = posteriors(audio) if heard is None else heard
    found = [note for key in range(heard.note.shape[1]) for note in _notes_of(key, heard)]
    return tuple(sorted(found, key=lambda note: (note.start, note.pitch)))


def evidence(found: tuple[HeardNote, ...]) -> Evidence:
    """Return how notes were found and how sure they are on the whole."""
    return Evidence(METHOD, round(float(np.mean([note.confidence for note in found])), 3) if found else 0.0)


def _notes_of(key: int, heard: Posteriors) -> list[HeardNote]:
    """Return the notes of one key."""
    onset, sounding = heard.onset[:, key], heard.note[:, key]
    strikes = _strikes(onset)
    found = []
    for i, first in enumerate(strikes):
        limit = strikes[i + 1] if i + 1 < len(strikes) else len(sounding)
        last = _end(sounding, first, limit)
        if last - first >= SHORTEST:
            found.append(_note(key, first, last, onset[first], sounding[first:last]))
    return found


def _strikes(onset: NDArray[np.float32]) -> list[int]:
    inner = onset[1:-1]
    peaks = (inner >= STRUCK) & (inner > onset[:-2]) & (inner >= onset[2:])
    return [int(i) + 1 for i in np.flatnonzero(peaks)]


def _end(sounding: NDArray[np.float32], first: int, limit: int) -> int:
    """Return the frame after the last at which a note that began at ``first`` sounds."""
    above = np.flatnonzero(sounding[first + 1 : limit] >= SOUNDING) + first + 1
    if not above.size:
        return first + 1
    breaks = np.flatnonzero(np.diff(above, prepend=first) > GAP)
    return int(above[breaks[0] - 1] if breaks.size and breaks[0] > 0 else first if breaks.size else above[-1]) + 1


def _note(key: int, first: int, last: int, onset: float, sounding: NDArray[np.float32]) -> HeardNote:
    level = float(sounding.mean())
    return HeardNote(
        start=round(max(0.0, first / FRAMES_PER_SECOND - LATENESS), 4),
        stop=round(last / FRAMES_PER_SECOND, 4),
        pitch=float(key + LOWEST),
        velocity=int(np.clip(round(30 + 90 * level), 1, 127)),
        confidence=round(min(1.0, 0.5 * (level + float(onset))), 3),
    )
