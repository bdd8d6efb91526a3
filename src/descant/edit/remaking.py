"""One section of a lead sheet changed by hand: its chords, its melody, its words.

Given chords leave the melody as it is, but for notes that clash hard: a note of half a beat or more that lies a
semitone over a tone of its chord, or is the other third, goes to the nearest tone of the chord. What does not fit is
refused without the section's number, which whoever asked may count otherwise.
"""

from collections.abc import Sequence

import msgspec

from descant.compose.grid import SLOT, Grid
from descant.compose.leadsheet import LeadSheet
from descant.compose.lines import WrittenLine
from descant.compose.phrases import SungLine
from descant.compose.underlay import Underlay
from descant.edit.revision import CannotEdit
from descant.edit.underlaying import underlay
from descant.song.orders import TOLERANCE, ChordChange, MelodyNote
from descant.song.score import ChordSpan, Note

_REST = 2  # slots between lines
_PICKUP = 4  # slots by which a line may begin before its window
_HELD = 2  # slots from which a clash is heard
_FILLED = 0.85  # share of a line's slots that syllables may take
_VELOCITY = 90


def with_chords(sheet: LeadSheet, number: int, change: ChordChange) -> LeadSheet:
    """Return the sheet with given chords in a section, and its melody moved where it clashes hard with them.

    Raises
    ------
    CannotEdit : when no chord lasts.
    """
    if not change.chords or any(beats <= 0 for _, beats in change.chords):
        raise CannotEdit("it needs at least one chord, and each chord a length over 0 beats")
    start, stop = _span(sheet, number)
    spans = [span for span in sheet.chords if not start <= span.start < stop]
    at = start
    while at < stop:
        for chord, beats in change.chords:
            if at < stop:
                spans.append(ChordSpan(at, min(beats, stop - at), chord))
            at += beats
    chords = tuple(sorted(spans, key=lambda span: span.start))
    underneath = Underlay(chords)
    grid = Grid(sheet.metre)
    lead = tuple(
        _agreeing(line, underneath, grid) if line.task.section == number and not line.task.line.rapped else line
        for line in sheet.lead
    )
    themes = list(sheet.themes)
    themes[number] = tuple(_agreed(note, underneath, grid) for note in themes[number])
    return msgspec.structs.replace(sheet, chords=chords, lead=lead, themes=tuple(themes))


def with_melody(sheet: LeadSheet, number: int, notes: Sequence[MelodyNote], reach: tuple[int, int]) -> LeadSheet:
    """Return the sheet with a given melody in a section: sung to its words, or played where it has none.

    Parameters
    ----------
    reach : lowest and highest pitch of who sings.

    Raises
    ------
    CannotEdit : when the notes do not lie in the section or the voice, or are too few for its lines.
    """
    start, stop = _span(sheet, number)
    ordered = sorted(notes, key=lambda note: note.start)
    lines = sheet.lines_of(number)
    _check(ordered, stop - start, reach if lines else (0, 127))
    if not lines:
        themes = list(sheet.themes)
        themes[number] = tuple(Note(start + n.start, n.duration, n.pitch, _VELOCITY) for n in ordered)
        return msgspec.structs.replace(sheet, themes=tuple(themes))
    slots = [round((start + note.start) / SLOT) for note in ordered]
    sung = [
        _sung(line, [(slots[i], ordered[i]) for i in group], _bounds(sheet, line), Grid(sheet.metre))
        for line, group in zip(lines, _groups(slots, lines), strict=True)
    ]
    return _with_lines(sheet, number, sung)


def with_words(sheet: LeadSheet, number: int, phrases: Sequence[SungLine]) -> LeadSheet:
    """Return the sheet with other words to a section's melody, at most as many lines as it has.

    Raises
    ------
    CannotEdit : when a line has more syllables than its melody has room for.
    """
    lines = sheet.lines_of(number)
    grid = Grid(sheet.metre)
    sung = []
    for n, (line, phrase) in enumerate(zip(lines, phrases, strict=False)):
        _, room = _bounds(sheet, line)
        most = int(_FILLED * (room - line.onsets[0]))
        if len(phrase.places) > most:
            raise CannotEdit(
                f"“{phrase.text}” has {len(phrase.places)} syllables; the melody of line {n + 1} has room for {most}"
            )
        voiced = msgspec.structs.replace(phrase, voice=phrase.voice or line.task.line.voice)
        sung.append(
            msgspec.structs.replace(line, task=msgspec.structs.replace(line.task, line=voiced))
            if voiced.same_words == line.task.line.same_words
            else underlay(line, voiced, grid, room)
        )
    return _with_lines(sheet, number, sung)


def without_words(sheet: LeadSheet, number: int) -> LeadSheet:
    """Return the sheet with nobody singing in a section."""
    return _with_lines(sheet, number, [])


def _span(sheet: LeadSheet, number: int) -> tuple[float, float]:
    section = sheet.sections[number]
    return section.start, section.start + section.bars * sheet.metre.bar_length


def _with_lines(sheet: LeadSheet, number: int, lines: Sequence[WrittenLine]) -> LeadSheet:
    """Return the sheet with other lead lines in a section, and no replies there, which belonged to the old ones."""
    lead = [line for line in sheet.lead if line.task.section != number]
    return msgspec.structs.replace(
        sheet,
        lead=tuple(sorted((*lead, *lines), key=lambda line: line.task.start + line.onsets[0])),
        replies=tuple(line for line in sheet.replies if line.task.section != number),
    )


def _bounds(sheet: LeadSheet, line: WrittenLine) -> tuple[int, int]:
    """Return the slots, from a line's window, between which it can be sung: behind the line before, before the next."""
    own = line.task.start
    i = sheet.lead.index(line)
    before = [other.task.start + other.end for other in sheet.lead[:i]][-1:]
    after = [other.task.start + other.onsets[0] for other in sheet.lead[i + 1 : i + 2]]
    low = max(before, default=own - _PICKUP) + (1 if before else 0) - own
    high = min([*after, round(sheet.length / SLOT)]) - own - _REST
    return low, high


def _check(notes: Sequence[MelodyNote], length: float, reach: tuple[int, int]) -> None:
    if not notes:
        raise CannotEdit("its new melody has no notes")
    outside = [n for n in notes if n.start < 0 or n.duration <= 0 or n.start + n.duration > length + TOLERANCE]
    if outside:
        raise CannotEdit(
            f"it is {length:g} beats long; a note from {outside[0].start:g} for {outside[0].duration:g} "
            "beats does not lie in it"
        )
    foreign = [note.pitch for note in notes if not reach[0] <= note.pitch <= reach[1]]
    if foreign:
        raise CannotEdit(f"pitch {foreign[0]} is out of reach; it can be {reach[0]} to {reach[1]} (MIDI numbers)")


def _groups(slots: Sequence[int], lines: Sequence[WrittenLine]) -> list[list[int]]:
    """Return which notes each line is sung to: those in its window, else as many as its share of the syllables."""
    opens = [line.task.start - _PICKUP for line in lines]
    groups: list[list[int]] = [[] for _ in lines]
    for i, slot in enumerate(slots):
        groups[max(0, sum(slot >= first for first in opens) - 1)].append(i)
    if all(groups):
        return groups
    if len(slots) < len(lines):
        raise CannotEdit(f"it has {len(lines)} lines; {len(slots)} notes are too few to sing them")
    counts = [len(line.task.line.places) for line in lines]
    ends = [round(len(slots) * sum(counts[: n + 1]) / sum(counts)) for n in range(len(lines))]
    for n in range(len(ends)):
        ends[n] = min(max(ends[n], n + 1), len(slots) - (len(lines) - 1 - n))
    return [list(range(left, right)) for left, right in zip([0, *ends], ends, strict=False)]


def _sung(
    line: WrittenLine, notes: Sequence[tuple[int, MelodyNote]], bounds: tuple[int, int], grid: Grid
) -> WrittenLine:
    """Return a line's words sung to given notes, without those that other lines leave no room for."""
    origin, (low, high) = line.task.start, bounds
    clear = [(slot, note) for slot, note in notes if low <= slot - origin < high] or list(notes[:1])
    onsets: list[int] = []
    for slot, _ in clear:
        onsets.append(max(slot - origin, onsets[-1] + 1) if onsets else slot - origin)
    ends = [*onsets[1:], max(high, onsets[-1] + 1)]
    lengths = [
        min(max(1, round(note.duration / SLOT)), end - onset)
        for (_, note), onset, end in zip(clear, onsets, ends, strict=True)
    ]
    melody = WrittenLine(
        line.task,
        tuple(onsets),
        tuple(lengths),
        tuple(note.pitch for _, note in clear),
        tuple((i, 0) for i in range(len(clear))),
    )
    return underlay(melody, line.task.line, grid, high)


def _agreeing(line: WrittenLine, chords: Underlay, grid: Grid) -> WrittenLine:
    pitches = [
        _near(pitch, chords.under(line.task.start + onset, length, grid)) if length >= _HELD else pitch
        for onset, length, pitch in zip(line.onsets, line.lengths, line.pitches, strict=True)
    ]
    return msgspec.structs.replace(line, pitches=tuple(pitches))


def _agreed(note: Note, chords: Underlay, grid: Grid) -> Note:
    length = round(note.duration / SLOT)
    if length < _HELD:
        return note
    return msgspec.structs.replace(note, pitch=_near(note.pitch, chords.under(round(note.start / SLOT), length, grid)))


def _near(pitch: int, tones: Sequence[int]) -> int:
    """Return a pitch, or the chord tone nearest to it where the two clash hard."""
    third = (tones[1] - tones[0]) % 12 if len(tones) > 2 else 0
    other = (tones[0] + {3: 4, 4: 3}[third]) % 12 if third in (3, 4) else None
    clashes = pitch % 12 not in tones and ((pitch - 1) % 12 in tones or pitch % 12 == other)
    if not clashes:
        return pitch
    return min((p for p in range(pitch - 6, pitch + 7) if p % 12 in tones), key=lambda p: (abs(p - pitch), p))
