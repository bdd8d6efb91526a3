"""Other words to a song's melody: its sections matched by kind, its lines one by one, its form as far as the words go.

Each new section takes the melody, chords and bars of the source's section of its kind (the first verse of the first,
the second of the second …). A line more repeats the melody from its first line on, with that line's bars; a line less
leaves its bars out.
"""

from collections.abc import Sequence

import msgspec

from descant.compose.grid import SLOT, Grid
from descant.compose.layout import padded
from descant.compose.leadsheet import LeadSheet, line_task
from descant.compose.lines import WrittenLine
from descant.compose.phrases import SungLine, halved, split
from descant.edit.underlaying import underlay
from descant.song.lyrics import Lyrics, LyricSection, SectionKind
from descant.song.score import ChordSpan, Note, Section

_REST = 2  # slots between lines
_FASTEST = 6.0  # syllables a second
_LIKE: dict[SectionKind, tuple[SectionKind, ...]] = {
    SectionKind.PRE_CHORUS: (SectionKind.BRIDGE, SectionKind.VERSE),
    SectionKind.POST_CHORUS: (SectionKind.CHORUS,),
    SectionKind.BRIDGE: (SectionKind.PRE_CHORUS, SectionKind.VERSE),
    SectionKind.CHORUS: (SectionKind.DROP, SectionKind.POST_CHORUS),
    SectionKind.DROP: (SectionKind.CHORUS,),
    SectionKind.OUTRO: (SectionKind.CHORUS,),
    SectionKind.INTRO: (SectionKind.CHORUS,),
    SectionKind.SOLO: (SectionKind.INTERLUDE, SectionKind.INTRO),
    SectionKind.INTERLUDE: (SectionKind.SOLO, SectionKind.INTRO),
}
"""Kinds whose melody serves a kind the source lacks, the likeliest first; after them verse, then anything."""


class _Piece(msgspec.Struct):
    """A section to be: the source's section and bars (numbers in the source song) it is made of, and its lines.

    ``lines`` are (melody, words or None for its own, bar of the piece at which its window begins, bars).
    """

    source: int
    bars: list[int]
    lines: list[tuple[WrittenLine, SungLine | None, int, int]]
    lyrics: LyricSection | None
    label: str
    directives: tuple[str, ...]


def reworded(sheet: LeadSheet, lyrics: Lyrics) -> LeadSheet:
    """Return the sheet with other words sung to its melody; it must have a sung line.

    Echoes and ad-libs of the old words go; lines that stand in parentheses become replies.
    """
    sung = sorted({line.task.section for line in sheet.lead})
    sections = [section for section in lyrics.sections if section.lines]
    if [sheet.sections[i].kind for i in sung] == [section.kind for section in sections]:
        words = dict(zip(sung, sections, strict=True))
        pieces = [_piece(sheet, i, words.get(i)) for i in range(len(sheet.sections))]
    else:
        pieces = _new_form(sheet, lyrics, sung)
    return _assembled(sheet, pieces)


def _new_form(sheet: LeadSheet, lyrics: Lyrics, sung: Sequence[int]) -> list[_Piece]:
    """Return the words' own form between the source's instrumental opening and ending."""
    unsung = [i for i in range(len(sheet.sections)) if i not in sung]
    opening = [i for i in unsung if i < sung[0]] if lyrics.sections[0].lines else []
    ending = [i for i in unsung if i > sung[-1]] if lyrics.sections[-1].lines else []
    counts: dict[tuple[SectionKind, bool], int] = {}
    pieces = [_piece(sheet, i, None) for i in opening]
    for section in lyrics.sections:
        place = (section.kind, bool(section.lines))
        nth = counts[place] = counts.get(place, 0) + 1
        source = match_section(sheet, sung if section.lines else unsung, section.kind, nth - 1)
        if source is not None:
            pieces.append(_piece(sheet, source, section))
    return pieces + [_piece(sheet, i, None) for i in ending]


def match_section(sheet: LeadSheet, pool: Sequence[int], kind: SectionKind, nth: int) -> int | None:
    """Return the section of a pool that serves for the ``nth`` of a kind; None for an empty pool."""
    for wanted in (kind, *_LIKE.get(kind, ()), SectionKind.VERSE):
        found = [i for i in pool if sheet.sections[i].kind is wanted]
        if found:
            return found[min(nth, len(found) - 1)]
    return pool[min(nth, len(pool) - 1)] if pool else None


def _piece(sheet: LeadSheet, source: int, words: LyricSection | None) -> _Piece:
    """Return a section of the source with other words, or as it is."""
    section = sheet.sections[source]
    bar = sheet.metre.bar_length
    first = round(section.start / bar)
    whole = list(range(first, first + section.bars))
    label = words.label or section.label if words is not None else section.label
    piece = _Piece(source, whole, [], words, label, words.directives if words else sheet.directives[source])
    melody = sheet.lines_of(source)
    if words is None or not words.lines:
        return piece
    cells = _cells(sheet, melody, first, section.bars)
    lines = _placed([phrase for line in words.lines for phrase in split(line)], melody, sheet)
    if len(lines) == len(melody):
        piece.lines = [(melody[n], line, cells[n][0], cells[n][1]) for n, line in enumerate(lines)]
        return piece
    piece.bars = whole[: cells[0][0]]
    for n, line in enumerate(lines):
        start, count = cells[n % len(cells)]
        piece.lines.append((melody[n % len(melody)], line, len(piece.bars), count))
        piece.bars += whole[start : start + count]
    missing = min(padded(len(piece.bars)), max(section.bars, len(piece.bars))) - len(piece.bars)
    piece.bars += whole[len(whole) - missing :] if missing else []
    return piece


def _cells(sheet: LeadSheet, melody: Sequence[WrittenLine], first: int, bars: int) -> list[tuple[int, int]]:
    """Return (bar of the section, bars) of each line's window."""
    slots = round(sheet.metre.bar_length / SLOT)
    return [(line.task.start // slots - first, max(1, min(line.task.slots // slots, bars))) for line in melody]


def _placed(lines: list[SungLine], melody: Sequence[WrittenLine], sheet: LeadSheet) -> list[SungLine]:
    """Return the lines, those with more syllables than their melody has time for sung as two."""
    slot_seconds = SLOT * 60.0 / sheet.bpm
    placed: list[SungLine] = []
    for line in lines:
        window = melody[len(placed) % len(melody)].task.slots - _REST
        most = min(window, int(window * slot_seconds * _FASTEST))
        placed += halved(line) if len(line.places) > most else (line,)
    return placed


def _assembled(sheet: LeadSheet, pieces: Sequence[_Piece]) -> LeadSheet:
    bar = sheet.metre.bar_length
    sections: list[Section] = []
    chords: list[ChordSpan] = []
    themes: list[tuple[Note, ...]] = []
    lead: list[WrittenLine] = []
    replies: list[WrittenLine] = []
    at = 0
    for number, piece in enumerate(pieces):
        old = sheet.sections[piece.source]
        section = Section(old.kind, piece.label, at * bar, len(piece.bars), old.energy, old.key)
        if piece.lyrics is not None:
            section = msgspec.structs.replace(section, kind=piece.lyrics.kind)
        sections.append(section)
        for place, source in enumerate(piece.bars):
            chords += _bar_chords(sheet, source * bar, (at + place) * bar)
        move = at * bar - old.start
        themes.append(
            tuple(msgspec.structs.replace(note, start=note.start + move) for note in sheet.themes[piece.source])
        )
        for line in _lines(sheet, piece, number, section):
            (replies if line.task.line.backing else lead).append(line)
        at += len(piece.bars)
    if pieces[-1].source != len(sheet.sections) - 1 and not sheet.fades:
        chords = _closed(chords, sheet, (at - 1) * bar)
    return msgspec.structs.replace(
        sheet,
        sections=tuple(sections),
        directives=tuple(piece.directives for piece in pieces),
        lyrics=tuple(p.lyrics if p.lyrics is not None and p.lyrics.lines else None for p in pieces),
        chords=tuple(chords),
        lead=tuple(_apart(lead)),
        replies=tuple(replies),
        themes=tuple(themes),
    )


def _lines(sheet: LeadSheet, piece: _Piece, number: int, section: Section) -> list[WrittenLine]:
    """Return the lines of a piece at their place in the new song."""
    grid = Grid(sheet.metre)
    first = round(section.start / SLOT)
    found = []
    for index, (melody, words, bar, bars) in enumerate(piece.lines):
        line = words if words is not None else melody.task.line
        old = melody.task.line
        line = msgspec.structs.replace(
            line, voice=line.voice or old.voice, delivery=old.delivery if line.delivery == "sung" else line.delivery
        )
        span = (first + bar * grid.slots, bars * grid.slots)
        task = line_task(sheet.key, section, number, index, line, span)
        moved = msgspec.structs.replace(melody, task=msgspec.structs.replace(task, line=old))
        after = piece.lines[index + 1] if index + 1 < len(piece.lines) else None
        room = span[1] - _REST if after is None else (after[2] - bar) * grid.slots + after[0].onsets[0] - _REST
        if line.same_words == old.same_words:
            found.append(msgspec.structs.replace(moved, task=task))
        else:
            found.append(underlay(moved, line, grid, room))
    return found


def _apart(lines: Sequence[WrittenLine]) -> list[WrittenLine]:
    """Return the lines with ends cut back where the next one begins."""
    ordered = list(lines)
    for i in range(len(ordered) - 1):
        line, after = ordered[i], ordered[i + 1]
        room = after.task.start + after.onsets[0] - _REST - line.task.start - line.onsets[-1]
        if line.lengths[-1] > max(1, room):
            ordered[i] = msgspec.structs.replace(line, lengths=(*line.lengths[:-1], max(1, room)))
    return ordered


def _bar_chords(sheet: LeadSheet, source: float, start: float) -> list[ChordSpan]:
    """Return the chords of one bar of the source, from ``source`` on, moved to ``start``."""
    stop = source + sheet.metre.bar_length
    found = []
    for span in sheet.chords:
        left, right = max(span.start, source), min(span.start + span.duration, stop)
        if right - left > SLOT / 2:
            found.append(ChordSpan(left - source + start, right - left, span.chord))
    return found


def _closed(chords: Sequence[ChordSpan], sheet: LeadSheet, last_bar: float) -> list[ChordSpan]:
    """Return the chords with the source's last chord over the last bar."""
    kept = [span for span in chords if span.start < last_bar - SLOT / 2]
    return [*kept, ChordSpan(last_bar, sheet.metre.bar_length, sheet.chords[-1].chord)]
