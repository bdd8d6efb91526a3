"""Figures read off an arrangement (rows of research/composition.md §7)."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from descant.compose.sketch import Sketch
from descant.song.lyrics import SectionKind
from descant.song.score import Note, Part, Role

UNPITCHED = (Role.DRUMS, Role.PERCUSSION)
KICK, SNARES = 36, (37, 38)
HATS = (42, 46, 51)


def notes_between(parts: Sequence[Part], start: float, stop: float) -> int:
    return sum(start - 1e-6 <= note.start < stop - 1e-6 for part in parts for note in part.notes)


def events_per_bar(sketch: Sketch, parts: Sequence[Part]) -> list[tuple[SectionKind, float]]:
    bar = sketch.metre.bar_length
    return [(s.kind, notes_between(parts, s.start, s.start + s.bars * bar) / s.bars) for s in sketch.sections]


def low_interval_violations(parts: Sequence[Part]) -> int:
    low = sorted(
        (note.start, note.start + note.duration, note.pitch)
        for part in parts
        if part.role not in UNPITCHED
        for note in part.notes
        if note.pitch < 48
    )
    found = 0
    for i, (_, stop, pitch) in enumerate(low):
        for start, _, other in low[i + 1 :]:
            if start >= stop - 1e-6:
                break
            found += abs(pitch - other) < 5
    return found


def share_above_voice(sketch: Sketch, parts: Sequence[Part], counts: Callable[[Part], bool]) -> float:
    """Return the share of sung notes under an accompaniment note that sounds in the same bar."""
    bar = sketch.metre.bar_length
    highest: dict[int, int] = defaultdict(int)
    for part in parts:
        if counts(part):
            for note in part.notes:
                number = int((note.start + 1e-6) // bar)
                while number * bar < note.start + note.duration - 1e-3:
                    highest[number] = max(highest[number], note.pitch)
                    number += 1
    sung = list(sketch.lead_notes)
    return sum(highest[int((n.start + 1e-6) // bar)] > n.pitch for n in sung) / len(sung)


def steps(notes: Sequence[Note]) -> list[int]:
    return [round(note.start * 4) for note in notes]


def bass_on_kick(parts: Sequence[Part], bar: float) -> float:
    drums = next(part for part in parts if part.role is Role.DRUMS)
    bass = next(part for part in parts if part.role is Role.BASS)
    kicks = {round(n.start * 4) for n in drums.notes if n.pitch == KICK}
    drummed = {int(k / 4 // bar) for k in kicks}
    onsets = [o for o in steps(bass.notes) if int(o / 4 // bar) in drummed]
    return sum(o in kicks for o in onsets) / len(onsets)


def groove_consistency(drums: Part, bar: float) -> float:
    """Return the mean agreement of kick, snare and cymbal between neighbouring bars: 1 − XOR ÷ steps."""
    grid: dict[tuple[int, str], set[int]] = defaultdict(set)
    for note in drums.notes:
        lane = "k" if note.pitch == KICK else "s" if note.pitch in SNARES else "h" if note.pitch in HATS else ""
        grid[int(note.start // bar), lane].add(round(note.start % bar * 4))
    bars = sorted({number for number, _ in grid})
    count = round(bar * 4)
    values = [
        1 - len(grid[number, lane] ^ grid[number + 1, lane]) / count
        for number in bars
        if number + 1 in bars
        for lane in "ksh"
    ]
    return sum(values) / len(values)
