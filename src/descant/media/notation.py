"""How written music looks on paper: bars, note values, ties, tuplets, and the names of pitches.

Conventions: time in whole ticks, :data:`DIVISIONS` a quarter note, which holds thirty-second notes and triplets
exactly; pitch classes are placed on the line of fifths (… F −1, C 0, G 1 …), where a sharp is seven steps up.
Note values follow the usual rule that the middle of a bar, and beats where nothing is syncopated, stay visible
(E. Gould, Behind Bars, 2011, pp. 162–181).
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from descant.song.score import ChordSpan, Score, Section
from descant.song.tempo import Metre
from descant.song.theory import QUALITIES, Chord, Key

DIVISIONS = 48
"""Ticks a quarter note."""

_QUARTER = DIVISIONS
_EDGE_GRID, _STOP_GRID, _TRIPLET_GRID = 6, 12, 8
_STOP_TOLERANCE = 4  # ticks a played note may be cut short (or held over) before that is written

_VALUES = (
    (288, "whole", 1),
    (192, "whole", 0),
    (144, "half", 1),
    (96, "half", 0),
    (72, "quarter", 1),
    (48, "quarter", 0),
    (36, "eighth", 1),
    (24, "eighth", 0),
    (18, "16th", 1),
    (12, "16th", 0),
    (6, "32nd", 0),
    (3, "64th", 0),
    (2, "128th", 0),
    (1, "256th", 0),
)
"""Ticks, name and dots of note values, longest first; those under 6 ticks only close what no grid holds."""

_TRIPLET_VALUES = ((32, "quarter", 0), (24, "eighth", 1), (16, "eighth", 0), (8, "16th", 0))


class Value(NamedTuple):
    """A drawn note or rest: where it starts and how long it is (ticks), its value's name, its dots, if in a triplet."""

    start: int
    length: int
    name: str
    dots: int
    triplet: bool = False


class Spelled(NamedTuple):
    """A pitch by name: letter, sharps (or flats below 0) and octave, C4 being MIDI 60."""

    step: str
    alter: int
    octave: int


@dataclass(frozen=True)
class Bar:
    """A bar from ``start`` to ``stop`` (ticks); ``origin`` is where its first beat lies, or would lie in a pickup."""

    number: int
    start: int
    stop: int
    origin: int
    section: Section | None = None
    partial: bool = False


def ticks(beats: float) -> int:
    """Return beats of a score as ticks."""
    return round(beats * DIVISIONS)


def bars(score: Score, first: int = 0) -> tuple[Bar, ...]:
    """Return the score's bars, with a pickup when ``first`` (the tick of the first note) lies before beat 0.

    Every section starts a bar; where that cuts the bar before it short, that bar is marked partial.
    """
    length = ticks(score.metre.bar_length)
    whole, rest = divmod(-min(first, 0), length)
    edges = [-whole * length - rest] if rest else []
    edges += [-k * length for k in range(whole, 0, -1)]
    starts = sorted({0, *(ticks(section.start) for section in score.sections)})
    for start, stop in pairwise([*starts, max(ticks(score.length), starts[-1] + 1)]):
        edges += range(start, stop, length)
    by_start = {ticks(section.start): section for section in score.sections}
    number = 0 if rest or whole else 1
    result = []
    for start, stop in pairwise([*edges, max(ticks(score.length), edges[-1] + 1)]):
        partial = stop - start < length
        origin = stop - length if partial and start < 0 else start
        result.append(Bar(number, start, stop, origin, by_start.get(start), partial))
        number += 1
    return tuple(result)


def is_compound(metre: Metre) -> bool:
    """Return whether the beat is a dotted note, as in 6/8."""
    return metre.unit >= 8 and metre.beats % 3 == 0


def beat_length(metre: Metre) -> int:
    """Return the felt beat in ticks: a quarter, or a dotted quarter in compound metres."""
    return _QUARTER * 3 // 2 if is_compound(metre) else _QUARTER


def snapped(spans: Sequence[tuple[float, float]], metre: Metre) -> tuple[list[tuple[int, int]], frozenset[int]]:
    """Return notes that follow one another (start, stop in beats) on the written grid, and the beats in triplets.

    Times go to thirty-seconds, or to triplets in beats of a simple metre that hold a third; lengths that were only
    played a little short are written full. A note stops at the latest where the next starts.
    """
    raw = [(start * DIVISIONS, stop * DIVISIONS) for start, stop in spans]
    triplets = frozenset() if is_compound(metre) else _triplet_beats(raw)
    starts = [_on_grid(start, triplets) for start, _ in raw]
    result = []
    for index, (start, (_, stop)) in enumerate(zip(starts, raw, strict=True)):
        end = _on_grid(stop, triplets)
        near = round(stop / _STOP_GRID) * _STOP_GRID
        if near // _QUARTER * _QUARTER not in triplets and near > start and abs(near - stop) <= _STOP_TOLERANCE:
            end = near
        limit = starts[index + 1] if index + 1 < len(starts) else end
        result.append((start, max(start, min(end, limit) if limit > start else end)))
    return result, triplets


def _triplet_beats(spans: Sequence[tuple[float, float]]) -> frozenset[int]:
    """Return the ticks of the beats in which a note starts, or stops exactly, on a third."""
    times = [(start, 0.3) for start, _ in spans] + [(stop, 0.05) for _, stop in spans]
    return frozenset(
        int(time // _QUARTER) * _QUARTER
        for time, tolerance in times
        if abs(time - round(time / 16) * 16) < tolerance and round(time / 16) % 3
    )


def _on_grid(time: float, triplets: frozenset[int]) -> int:
    beat = int(time // _QUARTER) * _QUARTER
    grid = _TRIPLET_GRID if beat in triplets else _EDGE_GRID
    return round(time / grid) * grid


def values(start: int, stop: int, bar: Bar, metre: Metre, triplets: frozenset[int], *, rest: bool) -> list[Value]:
    """Return the values, to be tied, that a note (or rest) from ``start`` to ``stop`` within one bar is written as."""
    result: list[Value] = []
    at = start
    while at < stop:
        beat = at // _QUARTER * _QUARTER
        if beat in triplets:
            until = min(stop, beat + _QUARTER)
            result += _in_triplet(at, until)
            at = until
            continue
        until = min([stop, *(t for t in triplets if at < t < stop)])
        while at < until:
            length, name, dots = _next_value(at - bar.origin, until - at, metre, rest)
            result.append(Value(at, length, name, dots))
            at += length
    return result


def _in_triplet(start: int, stop: int) -> list[Value]:
    if stop - start == _QUARTER:
        return [Value(start, _QUARTER, "quarter", 0)]
    result = []
    while start < stop:
        length, name, dots = next(v for v in _TRIPLET_VALUES if v[0] <= stop - start)
        result.append(Value(start, length, name, dots, triplet=True))
        start += length
    return result


def _next_value(at: int, remaining: int, metre: Metre, rest: bool) -> tuple[int, str, int]:
    """Return the value to write at a place in the bar: one that ends the note, or on a beat, before any that fits."""
    fitting = [v for v in _VALUES if v[0] <= remaining and _fits(at, v[0], v[2], metre, rest)]
    beat = beat_length(metre)
    clear = (v for v in fitting if v[0] == remaining or (at + v[0]) % beat == 0)
    return next(clear, fitting[0])


def _fits(at: int, length: int, dots: int, metre: Metre, rest: bool) -> bool:
    """Return whether a value may stand at a place in the bar without hiding the metre."""
    if length < _EDGE_GRID:
        return True
    if is_compound(metre):
        return _fits_compound(at, length, dots, rest)
    even = metre.bar_length % 2 == 0
    base = length * 2 // 3 if dots else length
    if rest:
        return not dots and at % length == 0 and (length <= _QUARTER or (length == 2 * _QUARTER and even))
    if not even and length >= 2 * _QUARTER:
        return at % _QUARTER == 0
    block = 2 * base
    if not even and base == _QUARTER:
        return at % _QUARTER == 0 or (at + length) % _QUARTER == 0 or (not dots and at % (_QUARTER // 2) == 0)
    inside = at % block + length <= block
    return inside and (at % block in (0, block - length) if dots else at % max(base // 2, _EDGE_GRID) == 0)


def _fits_compound(at: int, length: int, dots: int, rest: bool) -> bool:
    beat, eighth = _QUARTER * 3 // 2, _QUARTER // 2
    if length > beat:
        return not rest and length % beat == 0 and at % beat == 0
    place = at % beat
    if place + length > beat:
        return False
    if dots:
        return length == beat or (not rest and place in (0, beat - length)) or (not rest and length < eighth)
    return place == 0 if rest and length > eighth else at % min(length, eighth) == 0


def fifths(key: Key) -> int:
    """Return the key signature: sharps, or flats below 0."""
    sharps = (key.relative_major * 7) % 12
    return sharps - 12 if sharps > 6 or (sharps == 6 and key.uses_flats) else sharps


_STEPS = "FCGDAEB"
_FROM_ROOT = {0: 0, 2: 2, 3: -3, 4: 4, 5: -1, 6: -6, 7: 1, 8: 8, 9: 3, 10: -2, 11: 5, 13: -5, 14: 2, 15: 9, 21: 3}
"""Place on the line of fifths, from the root, of a chord's notes by semitones."""

_DIMINISHED = frozenset({"dim", "dim7", "m7b5"})


def _place(pitch_class: int, low: int) -> int:
    """Return the place of a pitch class on the line of fifths, among the twelve from ``low`` up."""
    return low + (pitch_class * 7 - low) % 12


def _alter(place: int) -> int:
    return (place + 1) // 7


def _named(place: int) -> tuple[str, int]:
    return _STEPS[(place + 1) % 7], _alter(place)


def _plain(place: int) -> int:
    """Return the place without double sharps and flats."""
    while _alter(place) > 1:
        place -= 12
    while _alter(place) < -1:
        place += 12
    return place


def _root_place(chord: Chord, key: Key) -> int:
    """Return a root's place: borrowed and Neapolitan chords with flats, diminished ones as raised degrees."""
    return _plain(_place(chord.root, fifths(key) + (-1 if chord.quality in _DIMINISHED else -5)))


def root_name(chord: Chord, key: Key) -> tuple[str, int]:
    """Return (letter, alteration) of a chord's root in a key."""
    return _named(_root_place(chord, key))


def bass_name(chord: Chord, key: Key) -> tuple[str, int]:
    """Return (letter, alteration) of a chord's bass note in a key."""
    return _named(_note_place(chord.bass_pitch_class, key, chord, None))


def spell(pitch: int, key: Key, chord: Chord | None = None, following: int | None = None) -> Spelled:
    """Return a MIDI pitch by name.

    Notes of the key are spelled by its signature; others as the chord under them has it, else as a step up or down
    to the ``following`` pitch, else within the three flats and three sharps around the key.
    """
    place = _note_place(pitch % 12, key, chord, None if following is None else following - pitch)
    step, alter = _named(place)
    return Spelled(step, alter, (pitch - alter) // 12 - 1)


def _note_place(pitch_class: int, key: Key, chord: Chord | None, move: int | None) -> int:
    signature = fifths(key)
    place = _place(pitch_class, signature - 1)
    if place <= signature + 5:
        return place
    if chord is not None and chord.quality != "dim7":
        root = _root_place(chord, key)
        for semitones in QUALITIES[chord.quality]:
            if (chord.root + semitones) % 12 == pitch_class and abs(_alter(root + _FROM_ROOT[semitones])) <= 1:
                return root + _FROM_ROOT[semitones]
    if move == 1:
        return _plain(place)  # above the key's seven notes lie its five raised ones
    if move == -1:
        return _plain(place - 12)
    return _plain(_place(pitch_class, signature - 3))


def key_at(score: Score, beat: float) -> Key:
    """Return the key of the section that a beat falls in; pickups belong to the first."""
    later = (section.key for section in reversed(score.sections) if section.start <= beat + 1e-6)
    return next(later, score.sections[0].key if score.sections else score.key)


def chord_at(chords: Sequence[ChordSpan], beat: float) -> Chord | None:
    """Return the chord that sounds at a beat, if any."""
    index = bisect_right([span.start for span in chords], beat + 1e-6) - 1
    return chords[index].chord if index >= 0 else None
