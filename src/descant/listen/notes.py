"""All pitched notes of a recording, chords too.

Task: polyphonic transcription, for any instruments together. A small network that learned from renders of our own songs
(``training/notes.py``) reads the posteriors of basic-pitch and the spectrum around each key and says where it is struck
and where it sounds; slow attacks, overtones taken for notes and ends of notes are where it betters what it reads. Notes
begin where a key's chance of being struck peaks, and end where it has not sounded for a while or is struck again.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from descant.listen import keyboard, networks
from descant.listen.posteriors import FRAMES_PER_SECOND, LOWEST, MODEL_RATE, Posteriors, posteriors
from descant.listen.sampling import mid, resampled
from descant.song.transcription import Evidence, HeardNote

METHOD = "basic-pitch posteriors and spectrum, read by own note network"

STRUCK = 0.3
"""Chance of being struck from which a peak is a note."""

SOUNDING = 0.4
"""Chance of sounding below which a key is silent."""

GAP = 4
"""Frames a note may be silent and go on (46 ms)."""

SHORTEST = 4
"""Frames of the shortest note (46 ms); also how far apart strikes on one key are at least."""

_STEP = 256


@dataclass(frozen=True)
class Keys:
    """How likely each key is ``struck`` and is ``sounding``, both (frames, 88), in the frames of the posteriors."""

    struck: NDArray[np.float32]
    sounding: NDArray[np.float32]
    level: NDArray[np.float32]
    """The level of each semitone (frames, bands), see :func:`descant.listen.keyboard.levels`."""


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
    return read(keys(audio, heard))


def evidence(found: tuple[HeardNote, ...]) -> Evidence:
    """Return how notes were found and how sure they are on the whole."""
    return Evidence(METHOD, round(float(np.mean([note.confidence for note in found])), 3) if found else 0.0)


def keys(audio: NDArray[np.float32], heard: Posteriors | None = None) -> Keys:
    """Return what is likely of each key; parameters and errors are those of :func:`notes`."""
    heard = posteriors(audio) if heard is None else heard
    frames, network = len(heard.note), networks.load("note_network")
    level = keyboard.levels(resampled(mid(audio), MODEL_RATE), frames)
    steps = [(first, min(first + _STEP, frames)) for first in range(0, frames, _STEP)]
    found = [network(keyboard.inputs(heard, level, first, last)) for first, last in steps]
    chances = np.concatenate(found).reshape(frames, keyboard.KEYS, 2)
    return Keys(chances[..., 0], chances[..., 1], level)


def read(likely: Keys) -> tuple[HeardNote, ...]:
    """Return the notes by start, then pitch."""
    found = [note for key in range(keyboard.KEYS) for note in _notes_of(key, likely)]
    return tuple(sorted(found, key=lambda note: (note.start, note.pitch)))


def _notes_of(key: int, likely: Keys) -> list[HeardNote]:
    struck, sounding = likely.struck[:, key], likely.sounding[:, key]
    strikes = _strikes(struck)
    found = []
    for first, limit in pairwise([*strikes, len(sounding)]):
        last = max(_end(sounding, first, limit), first + SHORTEST)
        if last - first == SHORTEST and sounding[first : first + SHORTEST + 2].max() < SOUNDING:
            continue  # struck, but nothing is heard of it
        level = float(likely.level[first : first + 8, key].max())
        found.append(
            HeardNote(
                start=round(first / FRAMES_PER_SECOND, 4),
                stop=round(last / FRAMES_PER_SECOND, 4),
                pitch=float(key + LOWEST),
                velocity=int(np.clip(round(30.0 * level - 40.0), 15, 120)),
                confidence=round(float(0.5 * (struck[first] + sounding[first:last].mean())), 3),
            )
        )
    return found


def _strikes(struck: NDArray[np.float32]) -> list[int]:
    """Return the frames of the peaks, of those too near each other the highest."""
    inner = struck[1:-1]
    peaks = np.flatnonzero((inner >= STRUCK) & (inner > struck[:-2]) & (inner >= struck[2:])) + 1
    kept: list[int] = []
    for peak in map(int, peaks):
        if kept and peak - kept[-1] <= SHORTEST:
            kept[-1] = peak if struck[peak] > struck[kept[-1]] else kept[-1]
        else:
            kept.append(peak)
    return kept


def _end(sounding: NDArray[np.float32], first: int, limit: int) -> int:
    """Return the frame after the last at which a note that was struck at ``first`` sounds."""
    silent = np.flatnonzero(sounding[first + 1 : limit] < SOUNDING) + first + 1
    for frame in silent:
        if (sounding[frame : min(frame + GAP + 1, limit)] < SOUNDING).all():
            return int(frame)
    return limit
