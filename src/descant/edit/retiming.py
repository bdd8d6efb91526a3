"""Lead sheets in another metre or at another tempo: where each bar's notes fall in the bars of the new metre.

A tune that changes metre keeps its beats as accents: going from four to three, every second beat takes two (long,
short), as waltz versions of songs do; going to compound time, pairs of eighths become long and short; from compound to
simple time, three eighths become 3 + 3 + 2 sixteenths. A tune that meets a tempo far from its own is sung at half the
speed of the beats (each of its bars fills two), as over drum and bass.

Times are in slots (sixteenths).
"""

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import pairwise

import msgspec

from descant.compose.grid import SLOT
from descant.compose.leadsheet import LeadSheet
from descant.compose.lines import WrittenLine
from descant.song.score import ChordSpan, Note
from descant.song.tempo import Metre

_SLOW_DOWN = 0.22  # cost of singing at half the speed of the beats, in log tempo
_CROWDED = 1.0  # cost of a stretch in which notes have no room
_SIMPLE, _COMPOUND = 4, 6  # slots in a beat


class Stretch(msgspec.Struct, frozen=True):
    """How one bar is laid into ``bars`` bars of ``metre``: (slot before, slot after) pairs, joined linearly."""

    metre: Metre
    bars: int
    points: tuple[tuple[int, int], ...]

    @property
    def factor(self) -> float:
        """Beats after for one beat before."""
        return self.points[-1][1] / self.points[-1][0]

    @property
    def is_identity(self) -> bool:
        """Whether nothing moves."""
        return all(before == after for before, after in self.points)

    def slot(self, slot: float) -> float:
        """Return where a slot of the song falls."""
        whole, stop = self.points[-1]
        bar, place = divmod(slot, whole)
        i = min(bisect_right([before for before, _ in self.points], place), len(self.points) - 1)
        (left, low), (right, high) = self.points[i - 1], self.points[i]
        return bar * stop + low + (place - left) * (high - low) / (right - left)


def stretches(old: Metre, new: Metre) -> tuple[Stretch, ...]:
    """Return the ways to lay a bar of one metre into one or two bars of another, the nearer first."""
    return tuple(Stretch(new, bars, _points(old, new, bars)) for bars in (1, 2))


def choose(sheet: LeadSheet, metre: Metre, low: float, high: float) -> tuple[Stretch, float]:
    """Return the stretch that keeps the tune nearest to its pace, and the tempo, ``low`` to ``high`` bpm."""

    def cost(stretch: Stretch) -> float:
        pace = sheet.bpm * stretch.factor
        halved = _SLOW_DOWN if stretch.bars > 1 and metre == sheet.metre else 0.0
        return abs(math.log(max(low, min(high, pace)) / pace)) + halved + _CROWDED * _crowded(sheet, stretch)

    best = min(stretches(sheet.metre, metre), key=cost)
    return best, max(low, min(high, sheet.bpm * best.factor))


def _crowded(sheet: LeadSheet, stretch: Stretch) -> bool:
    """Return whether notes that follow each other would fall on one slot."""
    for line in (*sheet.lead, *sheet.replies):
        slots = [round(stretch.slot(line.task.start + onset)) for onset in line.onsets]
        if any(left == right for left, right in pairwise(slots)):
            return True
    return False


def retimed(sheet: LeadSheet, stretch: Stretch, bpm: float) -> LeadSheet:
    """Return the sheet in the stretch's metre at a tempo, its notes on slots and in order."""
    sheet = msgspec.structs.replace(sheet, bpm=bpm)
    if stretch.is_identity and stretch.metre == sheet.metre:
        return sheet
    bar = stretch.metre.bar_length
    old_bar = sheet.metre.bar_length

    def beat(at: float) -> float:
        return round(stretch.slot(at / SLOT)) * SLOT

    sections = tuple(
        msgspec.structs.replace(
            section, start=round(section.start / old_bar) * stretch.bars * bar, bars=section.bars * stretch.bars
        )
        for section in sheet.sections
    )
    return msgspec.structs.replace(
        sheet,
        metre=stretch.metre,
        sections=sections,
        chords=_chords(sheet.chords, beat),
        lead=tuple(_line(line, stretch) for line in sheet.lead),
        replies=tuple(_line(line, stretch) for line in sheet.replies),
        themes=tuple(_notes(notes, stretch) for notes in sheet.themes),
    )


def _points(old: Metre, new: Metre, bars: int) -> tuple[tuple[int, int], ...]:
    before, after = _beats(old), _beats(new) * bars
    if sum(before) == sum(after) and bars == 1:
        return ((0, 0), (sum(before), sum(after)))
    if old == new:
        return ((0, 0), (sum(before), sum(after)))
    after = _matched(before, after)
    points = [(0, 0)]
    at, to = 0, 0
    for length, room in zip(before, after, strict=True):
        points += [(at + inner, to + place) for inner, place in _inside(length, room)]
        at, to = at + length, to + room
        points.append((at, to))
    return tuple(points)


def _beats(metre: Metre) -> list[int]:
    """Return the slots of each beat of a bar; a bar that is no whole number of beats ends with a short one."""
    slots = round(metre.bar_length / SLOT)
    size = _COMPOUND if metre.unit == 8 and metre.beats % 3 == 0 else _SIMPLE
    return [size] * (slots // size) + ([slots % size] if slots % size else [])


def _matched(before: Sequence[int], after: Sequence[int]) -> list[int]:
    """Return the room in slots for each old beat: as many parts as there were beats, filling the new bars."""
    count, total = len(before), len(after)
    if total >= count:
        ends = [-(-total * (i + 1) // count) for i in range(count)]  # the first beats of a bar take what is over
        return [sum(after[start:end]) for start, end in zip([0, *ends[:-1]], ends, strict=True)]
    if count % total == 0:
        return [size for room in after for size in _shares(room, count // total)]
    shared = count - total + 1  # the last old beats share the last new one
    last = _shares(sum(after[total - 1 :]), shared)
    return [*after[: total - 1], *last]


def _shares(slots: int, parts: int) -> list[int]:
    """Return slots split in parts, the first the longest, the others even numbers of slots where they can be."""
    even = slots // parts // 2 * 2 or max(1, slots // parts)
    sizes = [even] * parts
    sizes[0] += slots - even * parts
    return sizes


def _inside(length: int, room: int) -> list[tuple[int, int]]:
    """Return where the slots inside a beat fall: eighths of simple time long and short in compound, and back."""
    if (length, room) == (_SIMPLE, _COMPOUND):
        return [(2, 4)]
    if (length, room) == (_COMPOUND, 2 * _SIMPLE):
        return [(2, 3), (4, 6)]
    if (length, room) == (_COMPOUND, _SIMPLE):
        return [(2, 1), (4, 2)]
    return []


def _chords(chords: Sequence[ChordSpan], beat: Callable[[float], float]) -> tuple[ChordSpan, ...]:
    moved: list[ChordSpan] = []
    for span in chords:
        start, stop = beat(span.start), beat(span.start + span.duration)
        if stop > start:
            moved.append(ChordSpan(start, stop - start, span.chord))
    return tuple(moved)


def _ordered(starts: Sequence[float], stops: Sequence[float], stretch: Stretch) -> tuple[list[int], list[int]]:
    """Return onsets and lengths in slots: onsets rising by at least one, no note reaching into the next."""
    onsets: list[int] = []
    for start in starts:
        at = round(stretch.slot(start))
        onsets.append(max(at, onsets[-1] + 1) if onsets else at)
    lengths = []
    for n, stop in enumerate(stops):
        end = round(stretch.slot(stop))
        end = min(end, onsets[n + 1]) if n + 1 < len(onsets) else end
        lengths.append(max(1, end - onsets[n]))
    return onsets, lengths


def _line(line: WrittenLine, stretch: Stretch) -> WrittenLine:
    task = line.task
    starts = [task.start + onset for onset in line.onsets]
    stops = [start + length for start, length in zip(starts, line.lengths, strict=True)]
    onsets, lengths = _ordered(starts, stops, stretch)
    start = round(stretch.slot(task.start))
    slots = round(stretch.slot(task.start + task.slots)) - start
    moved = msgspec.structs.replace(task, start=start, slots=slots)
    return msgspec.structs.replace(
        line, task=moved, onsets=tuple(onset - start for onset in onsets), lengths=tuple(lengths)
    )


def _notes(notes: Sequence[Note], stretch: Stretch) -> tuple[Note, ...]:
    starts = [note.start / SLOT for note in notes]
    stops = [(note.start + note.duration) / SLOT for note in notes]
    onsets, lengths = _ordered(starts, stops, stretch)
    return tuple(
        Note(onset * SLOT, length * SLOT, note.pitch, note.velocity)
        for onset, length, note in zip(onsets, lengths, notes, strict=True)
    )
