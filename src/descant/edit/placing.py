"""Words placed on a form that is there already: which bars of a recording each section of new lyrics is sung over.

Sections of lyrics keep their order and take the bars that their lines need. Where they begin is decided for all of them
together by dynamic programming: on the beginnings of heard sections rather than inside them, a chorus on what sounds
like one, not on an introduction, and with no more silence between them than the form asks for.
"""

from collections.abc import Mapping, Sequence

import msgspec

from descant.compose.layout import BarSize, Window, lay_out, sung_bars
from descant.compose.styles.writing import WritingStyle
from descant.edit.filling import fill, least, too_many
from descant.song.lyrics import LyricSection, SectionKind
from descant.song.score import Section

_STEP = 2  # bars between places where sections may begin, counted from a heard section's beginning
_SECOND, _FOURTH = 1.1, 0.6  # cost of beginning inside a section, at a multiple of two and of four bars
_SILENCE, _LONGEST = 0.05, 64  # cost of a bar of silence between sections, and the most bars of it
_SAME, _CHORUS = 0.5, 0.9  # rewards for words over a section of their own kind, and a chorus over a chorus
_CLOSED = 1.2  # cost of singing over an introduction or an ending
_CROSSED = 0.35  # cost of going on over the beginning of another heard section
_TIGHT = 1.5  # cost of setting lines closer than is comfortable
_UNSUNG = frozenset({SectionKind.INTRO, SectionKind.OUTRO, SectionKind.SOLO, SectionKind.INTERLUDE})


class Placement(msgspec.Struct, frozen=True):
    """Where a section of lyrics is sung: first bar of the song, and bars."""

    lyrics: LyricSection
    bar: int
    bars: int


class _Form(msgspec.Struct, frozen=True):
    """The heard form in bars: where each section begins, its kind, and the window in which words may stand."""

    starts: tuple[int, ...]
    kinds: tuple[SectionKind, ...]
    first: int
    stop: int

    def section(self, bar: int) -> int:
        return max(n for n, start in enumerate(self.starts) if start <= bar)


def place(
    words: Sequence[LyricSection],
    sections: Sequence[Section],
    bar: BarSize,
    style: WritingStyle,
    window: tuple[int, int],
    bar_length: float,
) -> tuple[Placement, ...]:
    """Return where the sections of lyrics that have lines are sung.

    Parameters
    ----------
    sections : the form that is there.
    window : first bar that may be sung over, and the bar at which to stop.
    bar_length : beats in a bar.

    Raises
    ------
    CannotEdit : when the words do not fit.
    """
    starts = tuple(round(section.start / bar_length) for section in sections)
    form = _Form(starts, tuple(section.kind for section in sections), *window)
    sung = [section for section in words if section.lines]
    lengths = [_lengths(section, bar, style, form) for section in sung]
    total = window[1] - window[0]
    if sum(min(options) for options in lengths) > total:
        asked = sum(len(line.syllables) for section in sung for line in section.lines)
        fewest = sum(min(options) for options in lengths)
        raise too_many(asked, asked * total // max(fewest, 1), total, bar)
    found = _cheapest(sung, lengths, form)
    if found is None:  # they fit end to end, but not on the places where sections begin
        return _end_to_end(sung, lengths, form)
    return found


def windows_of(placement: Placement, bar: BarSize, style: WritingStyle) -> tuple[Window, ...]:
    """Return the places of a section's lines, counted from its first bar."""
    kind, lines = placement.lyrics.kind, placement.lyrics.lines
    return fill(kind, lines, placement.bars, bar, style.rate(kind.value))


def _lengths(section: LyricSection, bar: BarSize, style: WritingStyle, form: _Form) -> dict[int, float]:
    """Return the numbers of bars that a section can be sung in, each with its cost."""
    rate = style.rate(section.kind.value)
    easy = sung_bars(lay_out(section, bar, rate))
    options = {easy: 0.0}
    for rounded in (-(-easy // 2) * 2, -(-easy // 4) * 4):
        options.setdefault(rounded, 0.1)
    fewest = least(section.kind, section.lines, easy, bar, rate)
    for bars in (fewest, (fewest + easy) // 2):
        if bars < easy:
            options.setdefault(bars, _TIGHT * (easy - bars) / easy + 0.2)
    return {bars: cost for bars, cost in options.items() if bars <= form.stop - form.first} or {easy: 0.0}


def _cheapest(
    words: Sequence[LyricSection], lengths: Sequence[Mapping[int, float]], form: _Form
) -> tuple[Placement, ...] | None:
    """Return the cheapest placement of all sections, or None where there is none."""
    ends: dict[int, tuple[float, tuple[Placement, ...]]] = {form.first: (0.0, ())}
    for section, options in zip(words, lengths, strict=True):
        reached: dict[int, tuple[float, tuple[Placement, ...]]] = {}
        for end, (cost, before) in ends.items():
            for start in range(end, min(form.stop, end + _LONGEST)):
                opening = _opening(section.kind, start, form)
                if opening is None:
                    continue
                silence = _silence(end, start, form, first=not before)
                for bars, tight in options.items():
                    stop = start + bars
                    if stop > form.stop:
                        continue
                    total = cost + opening + silence + tight + _crossed(start, stop, form)
                    if stop not in reached or total < reached[stop][0]:
                        reached[stop] = total, (*before, Placement(section, start, bars))
        ends = reached
    return min(ends.values(), key=lambda end: end[0])[1] if ends else None


def _end_to_end(
    words: Sequence[LyricSection], lengths: Sequence[Mapping[int, float]], form: _Form
) -> tuple[Placement, ...]:
    """Return the sections one after the other, each in as few bars as it can be sung in."""
    at, placed = form.first, []
    for section, options in zip(words, lengths, strict=True):
        placed.append(Placement(section, at, min(options)))
        at += min(options)
    return tuple(placed)


def _opening(kind: SectionKind, start: int, form: _Form) -> float | None:
    """Return the cost of beginning at a bar, or None where no section begins."""
    number = form.section(start)
    inside = start - form.starts[number]
    if inside % _STEP and start != form.first:
        return None
    cost = 0.0 if inside == 0 else _FOURTH if inside % 4 == 0 else _SECOND
    own = form.kinds[number]
    if own is kind:
        cost -= _CHORUS if kind is SectionKind.CHORUS else _SAME
    elif own in _UNSUNG and len(form.kinds) > 1:
        cost += _CLOSED
    return cost


def _silence(end: int, start: int, form: _Form, *, first: bool) -> float:
    """Return the cost of the bars without words before a section; those of an introduction cost nothing."""
    bars = [bar for bar in range(end, start) if form.kinds[form.section(bar)] not in _UNSUNG]
    return (_SILENCE if first else 1.5 * _SILENCE) * len(bars)


def _crossed(start: int, stop: int, form: _Form) -> float:
    return _CROSSED * sum(start < edge < stop for edge in form.starts)
