"""Key: which tonic, major or minor.

Task: key finding. Sources: correlation of a recording's pitch classes with key profiles (Krumhansl, *Cognitive
Foundations of Musical Pitch*, 1990; profiles of Albrecht & Shanahan, "The use of large corpora to train a new type of
key-finding algorithm", Music Perception 2013); relative keys, which share their notes, told apart by the chords.
"""

from math import floor

import numpy as np
from numpy.typing import NDArray

from descant.song.theory import Key
from descant.song.transcription import HeardChord, HeardKey

MAJOR = np.array([0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081])
MINOR = np.array([0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052])
"""How much of the music each degree in semitones above the tonic takes (Albrecht & Shanahan 2013)."""

CHORD_WEIGHT = 0.25
"""How much the chords say beside the notes."""

SHARPNESS = 14.0
"""How much surer a key is for what it scores more."""

LIKELY = 4
"""Keys that are given."""

SHORTEST_HOME = 0.4
"""Seconds that a chord must last to count as the first or the last."""


def find(treble: NDArray[np.float64], chords: tuple[HeardChord, ...]) -> tuple[HeardKey, ...]:
    """Return the likeliest keys, surest first, with certainties that sum to at most 1.

    Parameters
    ----------
    treble : (spans, 12) chroma.
    chords : those of the same recording.
    """
    keys = [Key(tonic, mode) for mode in ("major", "minor") for tonic in range(12)]
    notes = treble.sum(axis=0)
    scores = np.array([_likeness(notes, key) + CHORD_WEIGHT * _home(chords, key) for key in keys])
    share = np.exp(SHARPNESS * (scores - scores.max()))
    share /= share.sum()
    ranked = sorted(range(24), key=lambda i: -share[i])
    return tuple(HeardKey(keys[i], floor(1000 * share[i]) / 1000) for i in ranked[:LIKELY])


def _likeness(notes: NDArray[np.float64], key: Key) -> float:
    if notes.std() < 1e-9:
        return 0.0
    profile = np.roll(MINOR if key.is_minor else MAJOR, key.tonic)
    return float(np.corrcoef(notes, profile)[0, 1])


def _home(chords: tuple[HeardChord, ...], key: Key) -> float:
    """Return 0–1: how much of the time the tonic chord sounds, and whether the music begins and ends on it."""
    third = 3 if key.is_minor else 4
    total = sum(c.stop - c.start for c in chords) or 1.0

    def is_tonic(heard: HeardChord) -> bool:
        if heard.chord is None or heard.chord.root != key.tonic:
            return False
        return (key.tonic + third) % 12 in heard.chord.pitch_classes

    sounding = [c for c in chords if c.chord is not None and c.stop - c.start > SHORTEST_HOME]
    ends = 0.5 * (is_tonic(sounding[0]) + is_tonic(sounding[-1])) if sounding else 0.0
    return 0.5 * min(1.0, 3 * sum(c.stop - c.start for c in chords if is_tonic(c)) / total) + 0.5 * ends
