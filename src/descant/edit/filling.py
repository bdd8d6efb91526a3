"""Lines of new words set into a given number of bars: spread where there is room, set denser where there is little."""

from collections.abc import Sequence
from functools import reduce

import msgspec

from descant.compose.layout import BarSize, Window, lay_out, sung_bars
from descant.compose.phrases import SungLine, split, syllable_count
from descant.edit.revision import CannotEdit
from descant.song.lyrics import Line, LyricSection, SectionKind

_FASTEST, _FASTEST_RAP = 5.0, 6.5  # syllables a second
_BREATH = 0.3  # seconds of a window that stay unsung
_LONGEST = 10.0  # seconds that lines sung in one breath may take
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


def too_many(syllables: int, fitting: int, bars: int, bar: BarSize) -> CannotEdit:
    """Return the refusal of words that do not fit, which says how many syllables do."""
    return CannotEdit(
        f"{syllables} syllables do not fit into {bars} bars ({bars * bar.seconds:.1f} s) at this tempo; "
        f"about {max(0, min(syllables - 1, fitting))} do"
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


def _squeezed(lines: Sequence[SungLine], bars: int, bar: BarSize) -> tuple[Window, ...]:
    """Return windows as short as each line allows, neighbours in one breath where that is needed to make them fit."""
    fewest, breaths = _breaths(lines, bars, bar)
    if fewest > bars:
        asked = sum(map(_count, lines))
        raise too_many(asked, asked * bars // fewest, bars, bar)
    needs = [_least(line, bar, bars) for line in lines]
    if sum(needs) > bars:
        lines = breaths
        needs = [_least(line, bar, bars) for line in lines]
    while sum(needs) < bars:
        i = max(range(len(lines)), key=lambda n: _count(lines[n]) / needs[n])
        needs[i] += 1
    firsts = [sum(needs[:n]) for n in range(len(needs))]
    return tuple(Window(line, first, need) for line, first, need in zip(lines, firsts, needs, strict=True))


def _breaths(lines: Sequence[SungLine], most: int, bar: BarSize) -> tuple[int, list[SungLine]]:
    """Return the fewest bars that lines can be sung in, and the lines, neighbours made one where that saves bars."""
    best: list[tuple[int, list[SungLine]]] = [(0, [])]
    for stop in range(1, len(lines) + 1):
        options = []
        for start in range(stop):
            breath = reduce(_one, lines[start:stop])
            need = _least(breath, bar, most)
            if start == stop - 1 or need * bar.seconds <= _LONGEST:
                options.append((best[start][0] + need, [*best[start][1], breath]))
        best.append(min(options, key=lambda option: (option[0], -len(option[1]))))
    return best[-1]


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
