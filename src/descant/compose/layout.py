"""How many bars each line of a section takes.

The rates follow charted songs: 2.4 sung notes a second at the median, 4.2 at the upper decile; two bars a line at
most tempi (research/composition.md §2.4).
"""

import math
import statistics
from collections.abc import Iterable

import msgspec

from descant.compose.band import directions
from descant.compose.band.feel import DOUBLE, HALF
from descant.compose.phrases import SungLine, halved, split, syllable_count
from descant.song.lyrics import LyricSection, SectionKind
from descant.song.tempo import Metre

_FASTEST = 4.3  # syllables a second
_FASTEST_RAP = 6.0
_RAP_BAR = 13  # syllables in a bar of sixteen slots
_WHISPERED = frozenset({"whispered", "whisper", "whispering"})
_BREATH = 0.6  # seconds of a window that stay unsung
_SLOW_BAR = 2.4  # seconds; in longer bars a short line may take one bar alone
_BRISK_BAR = 2.4
_LONG_BAR = 2.9
_LONG_STANZA = 6  # lines
_SPARSEST = 0.9  # syllables a second of a line in half-time
_LIKE = 3  # syllables by which lines may differ that are parted alike
_MOST_IN_TWO_BARS = 14  # syllables, of sixteen slots a bar
_MOST_IN_TWO_BRISK_BARS = 18


class Window(msgspec.Struct, frozen=True):
    """A line's place in its section: first bar and number of bars."""

    line: SungLine
    bar: int
    bars: int


class BarSize(msgspec.Struct, frozen=True):
    """Length of a bar in seconds and in sixteenth slots, and what the lines of this song ask of bars.

    ``odd`` are the kinds of sections with phrases of odd lengths; stanzas whose lines have ``parted`` syllables or more
    at the median are sung as two phrases a line, 0 for none.
    """

    seconds: float
    slots: int = 16
    odd: tuple[SectionKind, ...] = ()
    parted: int = 0


def bar_size(
    metre: Metre, bpm: float, odd: tuple[SectionKind, ...] = (), stanzas: Iterable[LyricSection] = ()
) -> BarSize:
    """Return the size of a bar at a tempo; in the kinds of sections in ``odd`` every second line takes a bar more.

    Parameters
    ----------
    stanzas : all of the song's sections: where most lines of a verse must be parted, choruses with lines nearly as long
        go the same way, or they would be sung half as fast again as the verse.
    """
    size = BarSize(metre.bar_length * 60.0 / bpm, round(4 * metre.bar_length), odd)
    verses = [line for s in stanzas if s.kind is SectionKind.VERSE for line in _phrases(s) if not line.rapped]
    counts = [syllable_count(line.words) for line in verses]
    least = min((n for line, n in zip(verses, counts, strict=True) if _bars(line, size, None, False) > 2), default=0)
    if not least or statistics.median(counts) < least - _LIKE:
        return size
    return msgspec.structs.replace(size, parted=least - _LIKE)


def lay_out(lyrics: LyricSection, bar: BarSize, rate: float, *, tight: bool = False) -> tuple[Window, ...]:
    """Return the windows of a section's lines, one after the other; in half-time twice as long, in double-time tight.

    Parameters
    ----------
    bar : size of a bar.
    rate : comfortable syllables a second.
    tight : fit lines into one bar wherever they can be sung in it, to save time.
    """
    lines = _phrases(lyrics)
    felt = directions.feel(lyrics.directives)
    tight = tight or felt == DOUBLE
    slow = bar.seconds > _LONG_BAR and len(lines) >= _LONG_STANZA
    if not tight:
        lines = _parted(lines, bar)
    bars = [_bars(line, bar, rate if slow else None, tight) for line in lines]
    if not tight:
        _widen_unpaired(lines, bars)
        if lyrics.kind in bar.odd:
            bars = [count + (i % 2 == 1 and not lines[i].rapped) for i, count in enumerate(bars)]
        if felt == HALF:
            bars = [_halved(line, count, bar) for line, count in zip(lines, bars, strict=True)]
    windows = []
    first = 0
    for line, count in zip(lines, bars, strict=True):
        windows.append(Window(line, first, count))
        first += count
    return tuple(windows)


def _phrases(lyrics: LyricSection) -> list[SungLine]:
    whispered = not _WHISPERED.isdisjoint(lyrics.directives)
    return [
        phrase for line in lyrics.lines for phrase in split(line, whispered=whispered) if phrase.words or phrase.echo
    ]


def _parted(lines: list[SungLine], bar: BarSize) -> list[SungLine]:
    """Return the lines with those that two bars cannot hold sung as two phrases, and their like with them.

    A line over four bars would end halfway and leave the rest empty. Lines nearly as long go the same way, so that a
    stanza, and the next stanza of its kind, keep one pace.
    """
    sung = [line for line in lines if not line.rapped]
    counts = [syllable_count(line.words) for line in sung]
    over = [count for line, count in zip(sung, counts, strict=True) if _bars(line, bar, None, False) > 2]
    if over:
        least = min(over) - _LIKE
    elif bar.parted and counts and statistics.median(counts) >= bar.parted:
        least = bar.parted - _LIKE
    else:
        return lines
    parted: list[SungLine] = []
    for line in lines:
        parted += halved(line) if not line.rapped and syllable_count(line.words) >= least else (line,)
    return parted


def sung_bars(windows: tuple[Window, ...]) -> int:
    """Return the bars that the lines fill together."""
    return sum(window.bars for window in windows)


def padded(bars: int) -> int:
    """Return the length of a section whose lines fill ``bars`` bars: even, and a multiple of four where near one."""
    if bars <= 2:
        return max(bars, 2)
    remainder = bars % 4
    return bars + {0: 0, 1: 1, 2: 2 if bars > 2 and bars % 8 == 6 else 0, 3: 1}[remainder]


def _bars(line: SungLine, bar: BarSize, rate: float | None, tight: bool) -> int:
    """Return the bars of a line; in long stanzas at a slow tempo one, where that is nearer to ``rate``."""
    count = syllable_count(line.words) + syllable_count(line.echo)
    room = bar.slots / 16.0
    if line.delivery == "rap":
        return 1 if count <= _RAP_BAR * room and count <= _FASTEST_RAP * (bar.seconds - 0.15) else 2
    one_bar = count <= _FASTEST * (bar.seconds - _BREATH) and count <= 9 * room and not line.echo
    if one_bar and (tight or (count <= 5 and bar.seconds > _SLOW_BAR)):
        return 1
    if (
        one_bar
        and rate is not None
        and _nearer(rate, count / (bar.seconds - _BREATH), count / (2 * bar.seconds - _BREATH))
    ):
        return 1
    most = (_MOST_IN_TWO_BARS if bar.seconds > _BRISK_BAR else _MOST_IN_TWO_BRISK_BARS) * room
    return 2 if count <= most and count <= _FASTEST * (2 * bar.seconds - _BREATH) else 4


def _halved(line: SungLine, bars: int, bar: BarSize) -> int:
    """Return the bars of a line in half-time: twice as many, unless that would leave it too sparse to be a line."""
    if line.rapped or syllable_count(line.words) < _SPARSEST * (2 * bars * bar.seconds - _BREATH):
        return bars
    return 2 * bars


def _nearer(rate: float, fast: float, slow: float) -> bool:
    """Return whether ``fast`` is proportionally nearer to ``rate`` than ``slow`` is."""
    return abs(math.log(fast / rate)) < abs(math.log(slow / rate))


def _widen_unpaired(lines: list[SungLine], bars: list[int]) -> None:
    """Give a one-bar line two bars unless another one-bar line follows to complete the pair."""
    i = 0
    while i < len(bars):
        if bars[i] == 1 and not lines[i].rapped:
            if i + 1 < len(bars) and bars[i + 1] == 1:
                i += 1
            else:
                bars[i] = 2
        i += 1
