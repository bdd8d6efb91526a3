"""Metrics of voice against harmony and band (rows 13–15, 36, 40, 43, 47 of research/composition.md §7)."""

from itertools import combinations, pairwise

import numpy as np

from descant.compose.band.instruments import instrument
from descant.compose.grid import BEAT, EIGHTH, HALF
from descant.compose.metrics.tune import Tune
from descant.song.score import Note, Part, Role, Score

_COMPING = (Role.GUITAR, Role.KEYBOARD, Role.SYNTH)
_LOWEST_MEDIAN = 60.0  # MIDI; chords cannot stay under a lower voice
_ACCOMPANIMENT = (Role.GUITAR, Role.KEYBOARD, Role.STRINGS, Role.SYNTH, Role.BRASS, Role.WOODWINDS)
_LOW = 48
_LOW_LIMIT = 5  # semitones
_TOGETHER = 0.05  # beats


def strong_chord_tones(tune: Tune) -> float:
    """Return the share of notes on bar and half-bar lines that belong to the chord (.50 / .73 / .90)."""
    held = tune.levels <= HALF
    return float(np.mean(tune.chord_tone[held])) if held.any() else float("nan")


def weak_chord_tones(tune: Tune) -> float:
    """Return the share of notes on off-beat eighths that belong to the chord (.62)."""
    held = tune.levels == EIGHTH
    return float(np.mean(tune.chord_tone[held])) if held.any() else float("nan")


def resolved_foreign_notes(tune: Tune) -> float:
    """Return the share of foreign notes on a beat that are left by step or repeated (.79)."""
    moves = np.abs(np.diff(tune.pitches))
    foreign = (~tune.chord_tone[:-1]) & (tune.levels[:-1] <= BEAT) & tune.joined
    return float(np.mean(moves[foreign] <= 2)) if foreign.any() else float("nan")


def chord_changes_per_bar(score: Score) -> float:
    """Return chord changes a bar (.47 / .92 / 1.65)."""
    changes = sum(before.chord != after.chord for before, after in pairwise(score.chords))
    return changes / max(score.length / score.metre.bar_length, 1.0)


def distinct_chords(score: Score) -> float:
    """Return how many different chords the song has, inversions and colours apart (3 / 6 / 11)."""
    return float(
        len(
            {
                (span.chord.root, span.chord.quality[:1] == "m" and "maj" not in span.chord.quality)
                for span in score.chords
            }
        )
    )


def accompaniment_above_voice(tune: Tune) -> float:
    """Return the share of sung notes during which a comping or pad note sounds higher (at most .15).

    Asked only of voices whose median lies at middle C or over it: chords cannot keep under a lower one. Strings, bowed
    or synthetic, carry a line over the choruses by design, and a ukulele or a celesta has no notes to keep under with.
    """
    parts = [p for p in tune.score.parts if p.role in _COMPING and not _lies_over(p) and not _leads(p.notes)]
    if not parts or float(np.median(tune.pitches)) < _LOWEST_MEDIAN:
        return float("nan")
    starts = np.array([note.start for part in parts for note in part.notes])
    stops = np.array([note.start + note.duration for part in parts for note in part.notes])
    pitches = np.array([note.pitch for part in parts for note in part.notes])
    above = [
        bool(
            np.any(
                (starts < note.start + note.duration - _TOGETHER)
                & (stops > note.start + _TOGETHER)
                & (pitches > note.pitch)
            )
        )
        for note in tune.notes
    ]
    return float(np.mean(above))


def low_interval_violations(score: Score) -> float:
    """Return how many pairs of accompaniment notes that sound together below C3 are closer than a fourth; 0.

    A bass that slides sounds on into its next note: that is one line, not a chord.
    """
    notes = sorted(
        (
            (note, part.role is Role.BASS)
            for part in score.parts
            if part.role in (*_ACCOMPANIMENT, Role.BASS)
            for note in part.notes
            if note.pitch < _LOW
        ),
        key=lambda pair: pair[0].start,
    )
    count = 0
    for i, (note, is_bass) in enumerate(notes):
        for other, also_bass in notes[i + 1 :]:
            if other.start >= note.start + note.duration - _TOGETHER:
                break
            count += 0 < abs(other.pitch - note.pitch) < _LOW_LIMIT and not (is_bass and also_bass)
    return float(count)


def voice_span(tune: Tune) -> float:
    """Return the semitones that all voices of the song span together, beyond two octaves: 0 in every song."""
    worst = 0.0
    for part in tune.score.vocals:
        pitches = [note.pitch for phrase in part.phrases for note in phrase.notes]
        worst = max(worst, float(max(pitches) - min(pitches) - 24)) if pitches else worst
    return worst


def _lies_over(part: Part) -> bool:
    return "string" in part.instrument or instrument(part.instrument, "").low >= _LOWEST_MEDIAN


def _leads(notes: tuple[Note, ...]) -> bool:
    """Return whether a part plays one note at a time: a lead may rise over the voice."""
    return all(
        before.start + before.duration <= after.start + _TOGETHER or before.start != after.start
        for before, after in pairwise(notes)
    ) and not any(abs(a.start - b.start) < _TOGETHER for a, b in combinations(notes[:16], 2))
