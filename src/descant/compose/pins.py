"""Chords written into the lyrics: they are the harmony of their section.

The reader of lyrics leaves them as a section's directive ``"chords Am F C G"``. A kind of section that brings chords
once keeps them wherever it returns without chords of its own.
"""

from collections.abc import Iterable, Sequence

from descant.compose import tonality
from descant.compose.harmony import Bar
from descant.song.lyrics import LyricSection, SectionKind
from descant.song.plan import PlannedSection
from descant.song.theory import Chord, Key, parse_chord

_PREFIX = "chords "
_LOOP = 4  # chords: as few as these repeat through a section, more are spread over it
_HOME = 2.5  # weight of the song's first chord and of its last against the others, in finding the key


def pinned_by_kind(sections: Iterable[PlannedSection]) -> dict[SectionKind, tuple[Chord, ...]]:
    """Return the first chords pinned to each kind of section."""
    found: dict[SectionKind, tuple[Chord, ...]] = {}
    for section in sections:
        chords = pinned(section.directives)[0]
        if chords:
            found.setdefault(section.kind, chords)
    return found


def pinned(directives: Iterable[str]) -> tuple[tuple[Chord, ...], tuple[str, ...]]:
    """Return the chords that directives pin, and the symbols among them that name no known chord."""
    chords, unknown = [], []
    for directive in directives:
        if not directive.startswith(_PREFIX):
            continue
        for symbol in directive.removeprefix(_PREFIX).split():
            try:
                chords.append(parse_chord(symbol))
            except ValueError:
                unknown.append(symbol)
    return tuple(chords), tuple(unknown)


def over_bars(chords: Sequence[Chord], bars: int) -> list[Bar]:
    """Return pinned chords over the bars of a section: a few repeat a bar each, many are spread evenly."""
    count = len(chords)
    if count <= _LOOP and bars > count:
        return [(chords[i % count],) for i in range(bars)]
    parts = 1 if count <= bars else 2 if count <= 2 * bars else 4
    laid: list[Bar] = []
    for bar in range(bars):
        steps = [chords[min(count - 1, (bar * parts + part) * count // (bars * parts))] for part in range(parts)]
        laid.append(tuple(steps) if any(step != steps[0] for step in steps) else (steps[0],))
    return laid


def key_of(sections: Iterable[LyricSection]) -> Key | None:
    """Return the key that pinned chords are in, or None where nothing is pinned."""
    chords = [chord for section in sections for chord in pinned(section.directives)[0]]
    if not chords:
        return None
    ends = tonality.chord_weights(chords[0]) + tonality.chord_weights(chords[-1])
    return tonality.heard(sum(map(tonality.chord_weights, chords), (_HOME - 1.0) * ends))


def unknown_chords(sections: Iterable[LyricSection]) -> tuple[str, ...]:
    """Return a note on each chord symbol that names no known chord."""
    symbols = [symbol for section in sections for symbol in pinned(section.directives)[1]]
    return tuple(f"the chord {symbol!r} is not known and was left out" for symbol in dict.fromkeys(symbols))
