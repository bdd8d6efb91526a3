"""New words for a stretch of a song: which sections they make there, and at which bars their lines stand."""

from collections.abc import Mapping, Sequence

import msgspec

from descant.compose import form
from descant.compose.layout import BarSize, Window, lay_out, sung_bars
from descant.compose.leadsheet import LeadSheet
from descant.compose.remembering import returning_chords
from descant.compose.styles.writing import WritingStyle
from descant.edit.filling import fill, least, too_many
from descant.edit.grafting import middle
from descant.edit.revision import CannotEdit
from descant.edit.windows import Piece, lead_phrases
from descant.song.lyrics import Line, LyricSection, SectionKind
from descant.song.plan import Plan, PlannedSection
from descant.song.score import ChordSpan, Score

_WORDLESS = 4  # bars that an instrumental section asks for where new sections share a window
_UNSUNG = (SectionKind.INTRO, SectionKind.SOLO, SectionKind.OUTRO)


class Infill(msgspec.Struct, frozen=True):
    """A song's form with new words in it.

    Attributes
    ----------
    sections : the whole form, with final bars.
    windows : section to the places of its new lines.
    chords : what is known of the chords in the changed stretch; where they have gaps, new ones are written.
    """

    sections: tuple[PlannedSection, ...]
    windows: Mapping[int, tuple[Window, ...]]
    chords: tuple[ChordSpan, ...]


class Stretch(msgspec.Struct, frozen=True):
    """What is replaced: the song's plan, whose sections are parallel to its score's, the beats, and what they hold."""

    plan: Plan
    score: Score
    sheet: LeadSheet
    start: float
    stop: float
    pieces: tuple[Piece, ...]
    bar: BarSize
    style: WritingStyle


def silenced(stretch: Stretch) -> Infill:
    """Return the form with no words in the stretch, and neither chords nor progressions."""
    sections = list(_with_lines(stretch, {}))
    for piece in stretch.pieces:
        sections[piece.section] = msgspec.structs.replace(sections[piece.section], progression="")
    return Infill(tuple(sections), {}, ())


def in_place(stretch: Stretch, lines: Sequence[Line]) -> Infill:
    """Return the form as it is, with lines shared out over the sections they replace; chords stay.

    Raises
    ------
    CannotEdit : when the words do not fit.
    """
    given: dict[int, tuple[Line, ...]] = {}
    windows: dict[int, tuple[Window, ...]] = {}
    for piece, own in zip(_singable(stretch), _shared(lines, _singable(stretch)), strict=True):
        section = stretch.plan.sections[piece.section]
        voiced = tuple(_voiced(line, stretch, piece) for line in own)
        first = round((piece.start - stretch.score.sections[piece.section].start) / stretch.score.metre.bar_length)
        laid = (
            fill(section.kind, voiced, piece.bars, stretch.bar, stretch.style.rate(section.kind.value))
            if voiced
            else ()
        )
        windows[piece.section] = tuple(msgspec.structs.replace(w, bar=w.bar + first) for w in laid)
        given[piece.section] = voiced
    return Infill(_with_lines(stretch, given), windows, stretch.score.chords)


def with_sections(stretch: Stretch, new: Sequence[LyricSection]) -> Infill:
    """Return the form with new sections in the stretch; what is left of old ones at its edges stays.

    Raises
    ------
    CannotEdit : when there are more sections than bars, or the words do not fit.
    """
    total = sum(piece.bars for piece in stretch.pieces)
    if len(new) > total:
        raise CannotEdit(f"{len(new)} sections do not fit into {total} bars")
    head, tail = _edges(stretch)
    old = stretch.plan.sections
    opening = (*old[: stretch.pieces[0].section], *head)
    made = _made(new, _shares(new, total, stretch), opening, stretch)
    windows: dict[int, tuple[Window, ...]] = {}
    chords: list[ChordSpan] = []
    start = stretch.start
    for i, section in enumerate(made, len(opening)):
        stop = start + section.bars * stretch.score.metre.bar_length
        if section.lyrics is not None:
            rate = stretch.style.rate(section.kind.value)
            windows[i] = fill(section.kind, section.lyrics.lines, section.bars, stretch.bar, rate)
        chords += returning_chords(section, stretch.plan, stretch.sheet, start, stop)
        start = stop
    sections = (*opening, *made, *tail, *old[stretch.pieces[-1].section + 1 :])
    return Infill(sections, windows, tuple(chords))


def _made(
    new: Sequence[LyricSection], bars: Sequence[int], opening: Sequence[PlannedSection], stretch: Stretch
) -> tuple[PlannedSection, ...]:
    """Return new sections planned, with the energies they have after the sections of the ``opening``."""
    model = stretch.plan.sections[stretch.pieces[0].section]
    made = [
        msgspec.structs.replace(
            model,
            kind=section.kind,
            label=section.label,
            bars=count,
            lyrics=section if section.lines else None,
            directives=section.directives,
            progression="",
        )
        for section, count in zip(new, bars, strict=True)
    ]
    mood = stretch.plan.mood
    levels = form.with_energy((*opening, *made), stretch.style, stretch.plan.seed, mood.energy, mood.dynamics)
    return tuple(
        msgspec.structs.replace(m, energy=now.energy) for m, now in zip(made, levels[len(opening) :], strict=True)
    )


def same_form(stretch: Stretch, new: Sequence[LyricSection]) -> bool:
    """Whether tagged words are for the sections that they replace: as many, of the same kinds."""
    return [section.kind for section in new] == [stretch.plan.sections[p.section].kind for p in stretch.pieces]


def _singable(stretch: Stretch) -> list[Piece]:
    """Return the pieces that get words: those that have some, else all but intros and the like, else all."""
    own = list(stretch.pieces)
    sung = [
        piece
        for piece in own
        if any(stretch.start <= middle(p) < stretch.stop for p in lead_phrases(stretch.score, piece.section))
    ]
    return sung or [p for p in own if stretch.plan.sections[p.section].kind not in _UNSUNG] or own


def _shared(lines: Sequence[Line], pieces: Sequence[Piece]) -> list[tuple[Line, ...]]:
    """Return the lines of each piece, in order and in proportion to its bars."""
    total = sum(piece.bars for piece in pieces)
    shares = []
    reached = begun = 0
    for piece in pieces:
        reached += piece.bars
        stop = round(len(lines) * reached / total)
        shares.append(tuple(lines[begun:stop]))
        begun = stop
    return shares


def _voiced(line: Line, stretch: Stretch, piece: Piece) -> Line:
    """Return a line sung by whoever sang there before, unless it says who sings it."""
    if line.voice:
        return line
    names = [
        sung.task.line.voice
        for sung in stretch.sheet.lines_of(piece.section)
        if stretch.start <= sung.beat(0) < stretch.stop
    ]
    return msgspec.structs.replace(line, voice=max(sorted(set(names)), key=names.count)) if names else line


def _with_lines(stretch: Stretch, given: Mapping[int, tuple[Line, ...]]) -> tuple[PlannedSection, ...]:
    """Return the song's sections with their lines in the stretch replaced."""
    sections = list(stretch.plan.sections)
    for piece in stretch.pieces:
        section = sections[piece.section]
        before, after = _kept_lines(stretch, piece.section)
        lines = (*before, *given.get(piece.section, ()), *after)
        blank = LyricSection(section.kind, section.label, (), section.directives)
        lyrics = msgspec.structs.replace(section.lyrics or blank, lines=lines) if lines else None
        sections[piece.section] = msgspec.structs.replace(section, lyrics=lyrics)
    return tuple(sections)


def _kept_lines(stretch: Stretch, number: int) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Return a section's lines that are sung before and after the stretch."""
    lyrics = stretch.plan.sections[number].lyrics
    if lyrics is None:
        return (), ()
    middles = [middle(p) for p in lead_phrases(stretch.score, number) for _ in p.words]
    before: list[Line] = []
    after: list[Line] = []
    sung = 0
    for line in lyrics.lines:
        at = middles[min(sung, len(middles) - 1)] if middles else stretch.start
        if at < stretch.start:
            before.append(line)
        elif at >= stretch.stop:
            after.append(line)
        sung += 0 if line.backing else len(line.words)
    return tuple(before), tuple(after)


def _edges(stretch: Stretch) -> tuple[list[PlannedSection], list[PlannedSection]]:
    """Return what is left of the sections that the stretch begins and ends in."""
    bar = stretch.score.metre.bar_length
    first, last = stretch.pieces[0], stretch.pieces[-1]
    head: list[PlannedSection] = []
    tail: list[PlannedSection] = []
    opening = round((first.start - stretch.score.sections[first.section].start) / bar)
    if opening:
        head = [_cut(stretch.plan.sections[first.section], opening, _kept_lines(stretch, first.section)[0])]
    end = stretch.score.sections[last.section]
    closing = round((end.start - stretch.stop) / bar) + end.bars
    if closing:
        tail = [_cut(stretch.plan.sections[last.section], closing, _kept_lines(stretch, last.section)[1])]
    return head, tail


def _cut(section: PlannedSection, bars: int, lines: tuple[Line, ...]) -> PlannedSection:
    lyrics = msgspec.structs.replace(section.lyrics, lines=lines) if section.lyrics is not None and lines else None
    return msgspec.structs.replace(section, bars=bars, lyrics=lyrics)


def _needs(section: LyricSection, stretch: Stretch) -> int:
    return (
        sung_bars(lay_out(section, stretch.bar, stretch.style.rate(section.kind.value))) if section.lines else _WORDLESS
    )


def _shares(new: Sequence[LyricSection], total: int, stretch: Stretch) -> list[int]:
    """Return ``total`` bars shared out by what the words need, each section's at least those it can be sung in."""
    needs = [_needs(section, stretch) for section in new]
    bars = [least(s.kind, s.lines, total, stretch.bar, stretch.style.rate(s.kind.value)) if s.lines else 1 for s in new]
    if sum(bars) > total:
        syllables = sum(len(line.syllables) for section in new for line in section.lines)
        raise too_many(syllables, syllables * total // sum(bars), total, stretch.bar)
    while sum(bars) < total:
        i = max(range(len(needs)), key=lambda n: needs[n] / bars[n])
        bars[i] += 1
    return bars
