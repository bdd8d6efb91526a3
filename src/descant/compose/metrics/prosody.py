"""Metrics of words on notes: stress, lengths, breath, coverage (rows 16–28, 46, 47 of research/composition.md §7)."""

from itertools import pairwise

import msgspec
import numpy as np

from descant.compose.grid import BEAT, EIGHTH, HALF, SLOT
from descant.compose.metrics.line import divergence
from descant.compose.metrics.tune import Tune
from descant.song.lyrics import MELODIC
from descant.song.score import Phrase, SungNote

_ONSETS = (12.5, 1.2, 9.6, 1.8, 10.3, 1.4, 10.9, 1.9, 10.1, 1.1, 9.7, 1.3, 11.0, 1.3, 12.6, 1.9)
"""Percent of onsets by sixteenth of the bar in charted songs."""
_SUNG_STRETCH, _RAPPED_STRETCH, _REST = 8.0, 10.0, 0.2  # seconds


def stress_on_stronger(tune: Tune) -> float:
    """Return the share of polysyllables whose stressed syllable has the stronger slot (.87 with anticipations)."""
    return _stress(tune)[0]


def stress_on_weaker(tune: Tune) -> float:
    """Return the share of polysyllables whose stressed syllable has the weaker slot (.125 with anticipations)."""
    return _stress(tune)[1]


def function_words_on_strong(tune: Tune) -> float:
    """Return the share of function monosyllables on a bar or half-bar line (.095)."""
    placed = [
        tune.grid.levels(np.array([round(note.start / SLOT)]))[0] <= HALF
        for phrase in tune.phrases
        for note in syllable_notes(phrase)
        if _weight(phrase, note) == "F"
    ]
    return float(np.mean(placed)) if placed else float("nan")


def content_to_function_length(tune: Tune) -> float:
    """Return the mean length of content monosyllables over that of function monosyllables (1.09 / 1.38 / 1.94)."""
    lengths: dict[str, list[float]] = {"C": [], "F": []}
    for phrase in tune.phrases:
        for note in syllable_notes(phrase):
            lengths.get(_weight(phrase, note), []).append(note.duration)
    return float(np.mean(lengths["C"]) / np.mean(lengths["F"])) if lengths["C"] and lengths["F"] else float("nan")


def final_lengthening(tune: Tune) -> float:
    """Return the median over phrases of the last note's length over the mean of the others (1.67)."""
    ratios = []
    for phrase in tune.phrases:
        lengths = [note.duration for note in phrase.notes]
        if len(lengths) > 2:
            ratios.append(lengths[-1] / np.mean(lengths[:-1]))
    return float(np.median(ratios)) if ratios else float("nan")


def phrase_gap(tune: Tune) -> float:
    """Return the median rest between neighbouring phrases of one section, in beats (1 / 2 / 6.75)."""
    gaps = [
        after.notes[0].start - before.notes[-1].start - before.notes[-1].duration
        for before, after in pairwise(tune.phrases)
        if after.section == before.section
    ]
    return float(np.median(gaps)) if gaps else float("nan")


def notes_per_bar(tune: Tune) -> float:
    """Return notes in each bar where the voice sounds, on average (3.05 / 4.3 / 5.6)."""
    bars = {int(note.start // tune.score.metre.bar_length) for note in tune.notes}
    return len(tune.notes) / len(bars)


def notes_per_second(tune: Tune) -> float:
    """Return notes a second in bars where the voice sounds (1.6 / 2.4 / 4.2)."""
    return notes_per_bar(tune) / (tune.score.metre.bar_length * 60.0 / tune.score.tempo[0].bpm)


def onset_divergence(tune: Tune) -> float:
    """Return the Jensen–Shannon divergence of onset positions in the bar from the charted songs' (4/4 only)."""
    if tune.grid.slots != len(_ONSETS):
        return float("nan")
    slots = np.round(tune.starts / SLOT).astype(np.int64) % tune.grid.slots
    return divergence(np.bincount(slots, minlength=len(_ONSETS)).astype(float), np.array(_ONSETS))


def syncopated_share(tune: Tune) -> float:
    """Return the share of notes on an off-beat that are held over the next beat (.08 / .18 / .32)."""
    length = np.round((tune.stops - tune.starts) / SLOT)
    slots = np.round(tune.starts / SLOT)
    to_beat = (-slots) % 4
    return float(np.mean((tune.levels >= EIGHTH) & (length > to_beat) & (to_beat > 0)))


def even_run(tune: Tune) -> float:
    """Return the longest run of equal inter-onset intervals inside phrases (4 / 7 / 12)."""
    best = 1
    for phrase in tune.phrases:
        run, last = 1, 0.0
        for before, note in pairwise(phrase.notes):
            gap = note.start - before.start
            run = run + 1 if abs(gap - last) < 1e-6 else 1
            last = gap
            best = max(best, run)
    return float(best)


def missing_syllables(tune: Tune) -> float:
    """Return how many syllables of the lead's words have no note, or notes out of order; 0 in every song."""
    missing = 0
    for phrase in tune.all_phrases:
        wanted = [(w, s) for w, word in enumerate(phrase.words) for s in range(len(word.syllables))]
        sung = [(note.word, note.syllable) for note in syllable_notes(phrase)]
        missing += len(wanted) - len(sung) if sung == wanted[: len(sung)] else len(wanted)
    return float(missing)


def overlaps(tune: Tune) -> float:
    """Return how many notes of any voice begin before its previous note ends; 0 in every song."""
    count = 0
    for part in tune.score.vocals:
        notes = [note for phrase in part.phrases for note in phrase.notes]
        count += sum(after.start < before.start + before.duration - 1e-6 for before, after in pairwise(notes))
    return float(count)


def longest_stretch(tune: Tune) -> float:
    """Return the longest singing without a rest of 0.2 s, in seconds, over its limit of 8 (rap 10): at most 1."""
    worst = 0.0
    begun: float | None = None
    stop = 0.0
    for phrase in tune.all_phrases:
        limit = _SUNG_STRETCH if phrase.delivery in MELODIC else _RAPPED_STRETCH
        for note in phrase.notes:
            start = tune.score.seconds(note.start)
            if begun is None or start - stop >= _REST - 1e-6:
                begun = start
            stop = tune.score.seconds(note.start + note.duration)
            worst = max(worst, (stop - begun) / limit)
    return worst


def shortest_rest(tune: Tune) -> float:
    """Return the shortest silence between two phrases of one voice, in seconds (at least 0.25)."""
    rests = [
        tune.score.seconds(after.notes[0].start)
        - tune.score.seconds(before.notes[-1].start + before.notes[-1].duration)
        for part in tune.score.vocals
        for before, after in pairwise(part.phrases)
    ]
    return min(rests, default=float("nan"))


def syllable_notes(phrase: Phrase) -> list[SungNote]:
    """Return the first note of every syllable."""
    notes = list(phrase.notes[:1])
    for before, note in pairwise(phrase.notes):
        if (before.word, before.syllable) != (note.word, note.syllable):
            notes.append(note)
    return notes


def _whole_syllables(phrase: Phrase) -> list[SungNote]:
    """Return the first note of every syllable, as long as the syllable is sung."""
    lengths: dict[tuple[int, int], float] = {}
    for note in phrase.notes:
        place = (note.word, note.syllable)
        lengths[place] = lengths.get(place, 0.0) + note.duration
    return [
        msgspec.structs.replace(note, duration=lengths[note.word, note.syllable]) for note in syllable_notes(phrase)
    ]


def _weight(phrase: Phrase, note: SungNote) -> str:
    return str(phrase.words[note.word].syllables[note.syllable].weight.value)


def _stress(tune: Tune) -> tuple[float, float]:
    """Return shares of polysyllables with the stress on the stronger and on the weaker slot, anticipations moved."""
    stronger, weaker, total = 0, 0, 0
    for phrase in tune.phrases:
        by_word: dict[int, list[SungNote]] = {}
        for note in _whole_syllables(phrase):
            by_word.setdefault(note.word, []).append(note)
        for notes in by_word.values():
            letters = [_weight(phrase, note) for note in notes]
            if len(notes) < 2 or "S" not in letters:
                continue
            levels = [_felt_level(tune, note) for note in notes]
            own = levels[letters.index("S")]
            best_other = min(level for level, letter in zip(levels, letters, strict=True) if letter != "S")
            total += 1
            stronger += own < best_other
            weaker += own > best_other
    return (stronger / total, weaker / total) if total else (float("nan"), float("nan"))


def _felt_level(tune: Tune, note: SungNote) -> int:
    """Return a note's level, an off-beat eighth held over the next beat counting as that beat."""
    slot = round(note.start / SLOT)
    level = int(tune.grid.levels(np.array([slot]))[0])
    ahead = int(tune.grid.levels(np.array([slot + 2]))[0])
    held = note.duration > 2 * SLOT + 1e-6
    return ahead if level == EIGHTH and ahead <= BEAT and held else level
