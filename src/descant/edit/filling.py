"""Lines of new words set into a given number of bars: spread where there is room, set denser where there is little."""

from collections.abc import Sequence

import msgspec

from descant.compose.layout import BarSize, Window, lay_out, sung_bars
from descant.compose.phrases import SungLine, split, syllable_count
from descant.edit.revision import CannotEdit
from descant.song.lyrics import Line, LyricSection, SectionKind

_FASTEST, _FASTEST_RAP = 5.0, 6.5  # syllables a second
_BREATH = 0.3  # seconds of a window that stay unsung
_FILLED = 0.85  # share of a bar's sixteenths that syllables may take


def fill(kind: SectionKind, lines: Sequence[Line], bars: int, bar: BarSize, rate: float) -> tuple[Window, ...]:
    """Return the windows of lines in exactly ``bars`` bars, counted from 0.

    Parameters
    ----------
    rate : comfortable syllables a second.

    Raises
    ------
    CannotEdit : when the words do not fit; the message says how many syllables do.
    """
    stanza = LyricSection(kind, "", tuple(lines))
    for tight in (False, True):
        windows = lay_out(stanza, bar, rate, tight=tight)
        if sung_bars(windows) <= bars:
            return _spread(windows, bars)
    return _squeezed([phrase for line in lines for phrase in split(line) if phrase.words or phrase.echo], bars, bar)


def least(kind: SectionKind, lines: Sequence[Line], most: int, bar: BarSize, rate: float) -> int:
    """Return the fewest bars that lines can be sung in; more than ``most`` where even those do not suffice."""
    for bars in range(1, most + 1):
        try:
            fill(kind, lines, bars, bar, rate)
        except CannotEdit:
            continue
        return bars
    return most + 1


def too_many(syllables: int, bars: int, bar: BarSize, *, rapped: bool = False) -> CannotEdit:
    """Return the refusal of words that do not fit, which says how many syllables do."""
    fits = min(syllables - 1, room(bars, bar, rapped=rapped))
    seconds = bars * bar.seconds
    return CannotEdit(
        f"{syllables} syllables do not fit into {bars} bars ({seconds:.1f} s) at this tempo; about {fits} do"
    )


def room(bars: int, bar: BarSize, *, rapped: bool = False) -> int:
    """Return how many syllables can be sung in some bars."""
    fastest = _FASTEST_RAP if rapped else _FASTEST
    return int(max(0.0, min(fastest * (bars * bar.seconds - _BREATH), _FILLED * bars * bar.slots)))


def _spread(windows: Sequence[Window], bars: int) -> tuple[Window, ...]:
    """Return the windows with the bars that are left over shared out between them, each as long as it was."""
    spare = bars - sum(window.bars for window in windows)
    count = len(windows)
    if not count or spare < count:
        return tuple(windows)
    step = spare // count
    return tuple(msgspec.structs.replace(window, bar=window.bar + n * step) for n, window in enumerate(windows))


def _squeezed(lines: list[SungLine], bars: int, bar: BarSize) -> tuple[Window, ...]:
    """Return windows as short as each line allows, short neighbours in one breath where lines outnumber bars."""
    while len(lines) > bars:
        i = min(range(len(lines) - 1), key=lambda n: _count(lines[n]) + _count(lines[n + 1]))
        lines[i : i + 2] = [_one(lines[i], lines[i + 1])]
    needs = [_least(line, bar, bars) for line in lines]
    if sum(needs) > bars:
        raise too_many(sum(map(_count, lines)), bars, bar, rapped=all(line.rapped for line in lines))
    while sum(needs) < bars:
        i = max(range(len(lines)), key=lambda n: _count(lines[n]) / needs[n])
        needs[i] += 1
    firsts = [sum(needs[:n]) for n in range(len(needs))]
    return tuple(Window(line, first, need) for line, first, need in zip(lines, firsts, needs, strict=True))


def _least(line: SungLine, bar: BarSize, most: int) -> int:
    """Return the fewest bars a line can be sung in; more than ``most`` where it cannot."""
    fitting = (n for n in range(1, most + 1) if _count(line) <= room(n, bar, rapped=line.rapped))
    return next(fitting, most + 1)


def _count(line: SungLine) -> int:
    return syllable_count(line.words) + syllable_count(line.echo)


def _one(first: SungLine, second: SungLine) -> SungLine:
    return msgspec.structs.replace(
        first,
        text=f"{first.text} {second.text}",
        words=(*first.words, *first.echo, *second.words),
        echo=second.echo,
        backing=first.backing and second.backing,
    )
