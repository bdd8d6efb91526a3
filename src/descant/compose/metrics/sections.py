"""Metrics of form: repetition, section identity, contrast (rows 29–35, 44, 45, 48 of research/composition.md §7)."""

from itertools import combinations

import numpy as np

from descant.compose.grid import SLOT
from descant.compose.metrics.tune import Tune
from descant.song.lyrics import SectionKind
from descant.song.score import Role, Score


def bar_rhythm_repetition(tune: Tune) -> float:
    """Return the share of sung bars whose rhythm an earlier bar has exactly (.26 / .57 / .76)."""
    return _repetition(tune, pitched=False)


def bar_melody_repetition(tune: Tune) -> float:
    """Return the share of sung bars that repeat an earlier bar's rhythm and pitches (.15 / .42 / .65)."""
    return _repetition(tune, pitched=True)


def chorus_identity(tune: Tune) -> float:
    """Return the mean overlap of the song's choruses (.10 / .85 / 1.0)."""
    return _likeness(tune, SectionKind.CHORUS, pitched=True)


def verse_rhythm_likeness(tune: Tune) -> float:
    """Return the mean rhythmic overlap of the song's verses (.53 / .78 / .96)."""
    return _likeness(tune, SectionKind.VERSE, pitched=False)


def verse_likeness(tune: Tune) -> float:
    """Return the mean overlap of the song's verses (.11 / .62 / .93)."""
    return _likeness(tune, SectionKind.VERSE, pitched=True)


def verse_chorus_likeness(tune: Tune) -> float:
    """Return the overlap of first verse and first chorus (.00 / .07 / .27)."""
    return _contrast(tune, pitched=True)


def verse_chorus_rhythm_likeness(tune: Tune) -> float:
    """Return the rhythmic overlap of first verse and first chorus (.26 / .44 / .69)."""
    return _contrast(tune, pitched=False)


def chorus_rise(tune: Tune) -> float:
    """Return mean chorus pitch minus mean verse pitch in semitones, lifts taken out (−1.9 / +1.2 / +5.3)."""
    means = {}
    for kind in (SectionKind.VERSE, SectionKind.CHORUS):
        sections = tune.sections_of(kind)[:2]
        pitches = [note.pitch for i in sections for note in tune.section_notes(i)]
        if not pitches:
            return float("nan")
        means[kind] = float(np.mean(pitches))
    return means[SectionKind.CHORUS] - means[SectionKind.VERSE]


def chorus_density(tune: Tune) -> float:
    """Return notes a sung bar in choruses over those in verses (.65 / .90 / 1.21)."""
    rates = {}
    for kind in (SectionKind.VERSE, SectionKind.CHORUS):
        notes = [note for i in tune.sections_of(kind) for note in tune.section_notes(i)]
        if not notes:
            return float("nan")
        rates[kind] = len(notes) / len({int(note.start // tune.score.metre.bar_length) for note in notes})
    return rates[SectionKind.CHORUS] / rates[SectionKind.VERSE]


def four_bar_rhythm(tune: Tune) -> float:
    """Return the mean rhythmic overlap of a section's bars with those four bars on (.30 / .59 / .86)."""
    scores = []
    span = 4 * tune.grid.slots
    for i in sorted({phrase.section for phrase in tune.phrases}):
        slots = {slot for slot, _ in tune.onset_set(i, pitched=False)}
        first = {slot for slot in slots if slot < span}
        second = {slot - span for slot in slots if span <= slot < 2 * span}
        if first and second:
            scores.append(_f1(first, second))
    return float(np.mean(scores)) if scores else float("nan")


def energy_contrast(score: Score) -> float:
    """Return instrument notes a bar in choruses over those in verses (at least 1.15)."""
    rates = {}
    for kind in (SectionKind.VERSE, SectionKind.CHORUS):
        sections = [s for s in score.sections if s.kind is kind]
        bars = sum(s.bars for s in sections)
        if not bars:
            return float("nan")
        length = score.metre.bar_length
        count = sum(
            any(s.start <= note.start < s.start + s.bars * length for s in sections)
            for part in score.parts
            for note in part.notes
        )
        rates[kind] = count / bars
    return rates[SectionKind.CHORUS] / max(rates[SectionKind.VERSE], 1e-9)


def first_chorus(tune: Tune) -> float:
    """Return the place of the first chorus as a fraction of the song (.06 / .22 / .35)."""
    choruses = tune.sections_of(SectionKind.CHORUS)
    return tune.score.sections[choruses[0]].start / tune.score.length if choruses else float("nan")


def difference(first: Score, second: Score) -> float:
    """Return the share of lead notes (onset, pitch against the tonic) that two songs do not share: 0 same, 1 none."""
    sets = []
    for score in (first, second):
        phrases = [p for part in score.vocals if part.role is Role.LEAD_VOCAL for p in part.phrases]
        sets.append({(round(n.start / SLOT), n.pitch - score.key.tonic) for p in phrases for n in p.notes})
    return 1.0 - _f1(*sets)


def _repetition(tune: Tune, *, pitched: bool) -> float:
    length = tune.score.metre.bar_length
    bars: dict[int, set[tuple[int, int]]] = {}
    for note in tune.notes:
        bar = int(note.start // length)
        bars.setdefault(bar, set()).add((round((note.start - bar * length) / SLOT), note.pitch if pitched else 0))
    seen: set[frozenset[tuple[int, int]]] = set()
    repeats = 0
    for bar in sorted(bars):
        cell = frozenset(bars[bar])
        repeats += cell in seen
        seen.add(cell)
    return repeats / max(len(bars), 1)


def _likeness(tune: Tune, kind: SectionKind, *, pitched: bool) -> float:
    sections = tune.sections_of(kind)
    last = len(tune.score.sections) - 1
    pairs = [(i, j) for i, j in combinations(sections, 2) if _bars(tune, i) == _bars(tune, j) or j == last]
    scores = [_f1(tune.onset_set(i, pitched=pitched), tune.onset_set(j, pitched=pitched)) for i, j in pairs]
    return float(np.mean(scores)) if scores else float("nan")


def _bars(tune: Tune, section: int) -> int:
    return tune.score.sections[section].bars


def _contrast(tune: Tune, *, pitched: bool) -> float:
    verses, choruses = tune.sections_of(SectionKind.VERSE), tune.sections_of(SectionKind.CHORUS)
    if not verses or not choruses:
        return float("nan")
    return _f1(tune.onset_set(verses[0], pitched=pitched), tune.onset_set(choruses[0], pitched=pitched))


def _f1(
    first: set[object] | set[tuple[int, int]] | set[int], second: set[object] | set[tuple[int, int]] | set[int]
) -> float:
    shared = len(set(first) & set(second))
    return 2 * shared / max(len(first) + len(second), 1)
