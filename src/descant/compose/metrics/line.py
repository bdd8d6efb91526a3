"""Melodic metrics: intervals, range, repetition, contour (rows 1–12, 22, 28 of research/composition.md §7)."""

import numpy as np
from numpy.typing import NDArray

from descant.compose import tables
from descant.compose.metrics.tune import Tune

_LEAP = 5  # semitones: a perfect fourth


def repeated_note_share(tune: Tune) -> float:
    """Return the share of intervals that repeat the note (charted songs .14 / .29 / .46)."""
    return _share(tune.intervals == 0)


def step_share(tune: Tune) -> float:
    """Return the share of intervals of one or two semitones (.26 / .41 / .59)."""
    size = np.abs(tune.intervals)
    return _share((size == 1) | (size == 2))


def leap_share(tune: Tune) -> float:
    """Return the share of intervals of a fourth or more (.03 / .09 / .16)."""
    return _share(np.abs(tune.intervals) >= _LEAP)


def wide_leap_share(tune: Tune) -> float:
    """Return the share of intervals of a minor sixth or more (.00 / .02 / .06)."""
    return _share(np.abs(tune.intervals) >= 8)


def interval_divergence(tune: Tune) -> float:
    """Return the Jensen–Shannon divergence (base 2) of interval sizes from the charted songs'."""
    size = np.minimum(np.abs(tune.intervals), 12)
    return divergence(np.bincount(size, minlength=13).astype(float), np.array(tables.INTERVAL_SHARES))


def pitch_class_entropy(tune: Tune) -> float:
    """Return the entropy in bits of the twelve pitch classes (2.19 / 2.55 / 2.90)."""
    share = np.bincount(tune.pitches % 12, minlength=12) / len(tune.pitches)
    share = share[share > 0]
    return float(-(share * np.log2(share)).sum())


def leap_reversal(tune: Tune) -> float:
    """Return the share of leaps of a fourth or more that turn back (.50–.60)."""
    return _after_leap(tune, -1)


def leap_continuation(tune: Tune) -> float:
    """Return the share of leaps of a fourth or more that go on the same way (.12–.18)."""
    return _after_leap(tune, 1)


def melodic_range(tune: Tune) -> float:
    """Return the semitones from the lowest to the highest note (12 / 17 / 26).

    Asked of songs: a rap that sings nothing but its hook has the range of a stanza.
    """
    kinds = {tune.score.sections[phrase.section].kind for phrase in tune.phrases}
    if len(kinds) == 1 and len(tune.phrases) < len(tune.all_phrases):
        return float("nan")
    return float(np.ptp(tune.pitches))


def central_range(tune: Tune) -> float:
    """Return the semitones that hold the middle nine tenths of the notes (7 / 12 / 17)."""
    low, high = np.percentile(tune.pitches, (5, 95))
    return float(high - low)


def phrase_range(tune: Tune) -> float:
    """Return the median range of a phrase in semitones (3 / 7 / 12)."""
    return float(np.median([np.ptp([note.pitch for note in phrase.notes]) for phrase in tune.phrases]))


def oscillation_share(tune: Tune) -> float:
    """Return the share of three-note groups a-b-a (.08 / .15 / .26)."""
    pitches = tune.pitches
    both = tune.joined[:-1] & tune.joined[1:]
    return _share(((pitches[2:] == pitches[:-2]) & (pitches[1:-1] != pitches[2:]))[both])


def melisma_share(tune: Tune) -> float:
    """Return the share of notes that carry no new syllable (.01 / .10 / .23)."""
    carried = [
        (note.word, note.syllable) == (before.word, before.syllable)
        for phrase in tune.phrases
        for before, note in zip(phrase.notes, phrase.notes[1:], strict=False)
    ]
    return float(sum(carried)) / len(tune.notes)


def final_chord_tones(tune: Tune) -> float:
    """Return the share of phrases that end on a chord tone (.73)."""
    ends = np.cumsum([len(phrase.notes) for phrase in tune.phrases]) - 1
    return _share(tune.chord_tone[ends])


def divergence(counts: NDArray[np.float64], reference: NDArray[np.float64]) -> float:
    """Return the base-2 Jensen–Shannon divergence of two histograms, 0 (equal) to 1."""
    p, q = counts / max(counts.sum(), 1e-12), reference / reference.sum()
    middle = (p + q) / 2

    def relative(a: NDArray[np.float64]) -> float:
        held = a > 0
        return float((a[held] * np.log2(a[held] / middle[held])).sum())

    return (relative(p) + relative(q)) / 2


def _after_leap(tune: Tune, direction: int) -> float:
    moves = np.diff(tune.pitches)
    both = tune.joined[:-1] & tune.joined[1:]
    first, second = moves[:-1][both], moves[1:][both]
    leaps = np.abs(first) >= _LEAP
    return _share(np.sign(first[leaps]) * np.sign(second[leaps]) == direction)


def _share(flags: NDArray[np.bool_]) -> float:
    return float(np.mean(flags)) if len(flags) else float("nan")
