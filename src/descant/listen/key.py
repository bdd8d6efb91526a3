"""Key: which tonic, major or minor.

Task: key finding. Sources: correlation of a recording's pitch classes with key profiles (Krumhansl, *Cognitive
Foundations of Musical Pitch*, 1990; profiles of Albrecht & Shanahan, "The use of large corpora to train a new type of
key-finding algorithm", Music Perception 2013); relative keys, which share their notes, and blues, whose tonic has a
minor seventh, told apart by what chords sound on which degrees (Noland & Sandler, "Key estimation using a hidden Markov
model", ISMIR 2006), by where the music begins and ends, and by fifths that fall home.

How much each of these says is fitted to recordings of known keys by ``python -m training keys``, which starts from
the likeness of notes and the home chord alone, as these hold for a tune by itself too.
"""

from itertools import pairwise
from math import floor

import numpy as np
from numpy.typing import NDArray

from descant.song.theory import QUALITIES, Chord, Key
from descant.song.transcription import HeardChord, HeardKey

MAJOR = np.array([0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081])
MINOR = np.array([0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052])
"""How much of the music each degree in semitones above the tonic takes (Albrecht & Shanahan 2013)."""

KEYS = tuple(Key(tonic, mode) for mode in ("major", "minor") for tonic in range(12))

COLOURS = ("major", "minor", "dominant", "diminished", "open")
"""Chords with a major third, a minor third, both a major third and a minor seventh, a diminished fifth, no third."""

MAJOR_THIRDS, MINOR_THIRD, DOMINANT = (0, 2), 1, 2
"""Their numbers."""

LIKELY = 4
"""Keys that are given."""

SHORTEST_HOME = 0.4
"""Seconds that a chord must last to count as the first or the last."""

FULL_SHARE = 3.0
"""The tonic chord need not sound more than a third of the time to count fully."""


WEIGHTS = {
    "notes": 22.87,
    "bass notes": -2.29,
    "bass on the tonic": -0.79,
    "bass on the fifth": -5.17,
    "home": 0.29,
    "home, a third of the time": 0.12,
    "fifths falling home": 0.42,
    "minor": 0.53,
    "begins on tonic": -0.33,
    "begins on tonic chord": 0.95,
    "ends on tonic": 0.08,
    "ends on tonic chord": 0.36,
    "major: sevenths on I and IV": 13.32,
    "major: V": -0.13,
    "major: IV": 4.98,
    "major: vi": -2.02,
    "major: ii": -5.43,
    "major: bVII": 0.94,
    "minor: V": -3.34,
    "minor: v": -3.75,
    "minor: iv": 4.25,
    "minor: IV": -0.20,
    "minor: bVI": 3.82,
    "minor: bVII": 2.38,
    "minor: bIII": -1.29,
}
"""How much each kind of evidence says: what one unit of it adds to the logarithm of a key's chance."""


def find(
    treble: NDArray[np.float64], bass: NDArray[np.float64], chords: tuple[HeardChord, ...]
) -> tuple[HeardKey, ...]:
    """Return the likeliest keys, surest first, with certainties that sum to at most 1.

    Parameters
    ----------
    treble, bass : (spans, 12) chroma.
    chords : those of the same recording.
    """
    scores = evidence(treble.sum(axis=0), bass.sum(axis=0), chords) @ np.array(list(WEIGHTS.values()))
    share = np.exp(scores - scores.max())
    share /= share.sum()
    ranked = sorted(range(24), key=lambda i: -share[i])
    return tuple(HeardKey(KEYS[i], floor(1000 * share[i]) / 1000) for i in ranked[:LIKELY])


def evidence(
    treble: NDArray[np.float64], bass: NDArray[np.float64], chords: tuple[HeardChord, ...]
) -> NDArray[np.float64]:
    """Return what speaks for each of :data:`KEYS`: (24, kinds of evidence), kinds in the order of :data:`WEIGHTS`.

    Parameters
    ----------
    treble, bass : (12,) how much of the music each pitch class takes.
    chords : those of the same recording.
    """
    shares, falls, ends = _shares(chords), _falls(chords), _ends(chords)
    low = bass / max(float(bass.sum()), 1e-9)
    return np.array([
        [
            *_of_notes(treble, bass, low, key),
            *_of_home(np.roll(shares, -key.tonic, axis=0), falls, ends, key),
            *_of_degrees(np.roll(shares, -key.tonic, axis=0), key),
        ]
        for key in KEYS
    ])  # fmt: skip


def _of_notes(
    treble: NDArray[np.float64], bass: NDArray[np.float64], low: NDArray[np.float64], key: Key
) -> tuple[float, ...]:
    profile = np.roll(MINOR if key.is_minor else MAJOR, key.tonic)
    return (
        _likeness(treble, profile), _likeness(bass, profile), float(low[key.tonic]), float(low[(key.tonic + 7) % 12]),
    )  # fmt: skip


def _of_home(
    shares: NDArray[np.float64], falls: NDArray[np.float64], ends: tuple[Chord | None, Chord | None], key: Key
) -> list[float]:
    home = float(shares[0, MINOR_THIRD] if key.is_minor else shares[0, list(MAJOR_THIRDS)].sum())
    found = [home, min(1.0, FULL_SHARE * home), float(falls[key.tonic]), float(key.is_minor)]
    for chord in ends:
        at_home = chord is not None and chord.root == key.tonic
        found += [float(at_home), float(at_home and chord is not None and _is_tonic(chord, key))]
    return found


def _of_degrees(shares: NDArray[np.float64], key: Key) -> NDArray[np.float64]:
    """Return the shares of chords that tell keys apart; those of the other mode are 0."""
    major, minor = shares[:, list(MAJOR_THIRDS)].sum(axis=1), shares[:, MINOR_THIRD]
    blues = min(shares[0, DOMINANT], shares[5, DOMINANT])
    in_major = np.array([blues, major[7], major[5], minor[9], minor[2], major[10]])
    in_minor = np.array([major[7], minor[7], minor[5], major[5], major[8], major[10], major[3]])
    return np.concatenate([in_major * (not key.is_minor), in_minor * key.is_minor])


def _likeness(notes: NDArray[np.float64], profile: NDArray[np.float64]) -> float:
    return float(np.corrcoef(notes, profile)[0, 1]) if notes.std() > 1e-9 else 0.0


def _colour(chord: Chord) -> int:
    steps = {step % 12 for step in QUALITIES[chord.quality]}
    if 4 in steps:
        return COLOURS.index("dominant" if 10 in steps else "major")
    if 3 not in steps:
        return COLOURS.index("open")
    return COLOURS.index("minor" if 7 in steps else "diminished")


def _shares(chords: tuple[HeardChord, ...]) -> NDArray[np.float64]:
    """Return which share of the time each colour of chord sounds on each pitch class: (12, colours)."""
    lengths = np.zeros((12, len(COLOURS)))
    for heard in chords:
        if heard.chord is not None:
            lengths[heard.chord.root, _colour(heard.chord)] += heard.stop - heard.start
    return np.asarray(lengths / max(float(lengths.sum()), 1e-9), np.float64)


def _falls(chords: tuple[HeardChord, ...]) -> NDArray[np.float64]:
    """Return which share of the changes of chord fall by a fifth, from a chord that leads, to each pitch class."""
    counts = np.zeros(12)
    sounding = [heard.chord for heard in chords if heard.chord is not None]
    for before, after in pairwise(sounding):
        if (before.root - after.root) % 12 == 7 and COLOURS[_colour(before)] in {"major", "dominant", "open"}:
            counts[after.root] += 1
    return counts / max(len(sounding) - 1, 1)


def _ends(chords: tuple[HeardChord, ...]) -> tuple[Chord | None, Chord | None]:
    """Return the first and the last chord that is no mere passing."""
    lasting = [c.chord for c in chords if c.chord is not None and c.stop - c.start > SHORTEST_HOME]
    return (lasting[0], lasting[-1]) if lasting else (None, None)


def _is_tonic(chord: Chord, key: Key) -> bool:
    colour = _colour(chord)
    return colour == MINOR_THIRD if key.is_minor else colour in MAJOR_THIRDS
