"""How well a melody sits on chords that were not written for it."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import msgspec

from descant.compose.grid import SLOT
from descant.compose.leadsheet import LeadSheet
from descant.song.score import ChordSpan
from descant.song.theory import Chord

_FOREIGN, _RUB = 0.5, 2.0  # cost of a beat of a note outside the chord, and of one a semitone over one of its tones
_HELD = 1.5  # factor for notes of a beat and more, which are heard as part of the harmony
_PASSING = 0.35  # factor for notes of less than half a beat between others


class Sounding(msgspec.Struct, frozen=True):
    """A note of a melody: start and stop in beats, and its pitch class."""

    start: float
    stop: float
    pitch_class: int


def melody_of(sheet: LeadSheet) -> tuple[Sounding, ...]:
    """Return what is heard as melody, sung or played, rising in time."""
    sung = [
        Sounding(line.beat(n), line.beat(n) + length * SLOT, pitch % 12)
        for line in sheet.lead
        if not line.task.line.rapped
        for n, (length, pitch) in enumerate(zip(line.lengths, line.pitches, strict=True))
    ]
    played = [Sounding(n.start, n.start + n.duration, n.pitch % 12) for notes in sheet.themes for n in notes]
    return tuple(sorted([*sung, *played], key=lambda note: note.start))


def clash(melody: Iterable[Sounding], chord: Chord, start: float, stop: float) -> float:
    """Return how much a melody rubs against a chord that sounds from ``start`` to ``stop`` (beats); 0 for none."""
    tones = set(chord.pitch_classes)
    total = 0.0
    for note in melody:
        overlap = min(note.stop, stop) - max(note.start, start)
        if overlap <= 0 or note.pitch_class in tones:
            continue
        length = note.stop - note.start
        weight = _HELD if length >= 1.0 else _PASSING if length < 0.5 else 1.0
        total += weight * overlap * (_RUB if (note.pitch_class - 1) % 12 in tones else _FOREIGN)
    return total


def between(melody: Sequence[Sounding], start: float, stop: float) -> list[Sounding]:
    """Return the notes that sound in a span."""
    return [note for note in melody if note.start < stop and note.stop > start]


def in_bars(chords: Sequence[ChordSpan], start: float, bars: int, bar: float) -> list[list[ChordSpan]]:
    """Return the chords of ``bars`` bars from ``start`` on, bar by bar, each span's start counted from its bar line."""
    found = []
    for left, right in pairwise(start + n * bar for n in range(bars + 1)):
        own = []
        for span in chords:
            low, high = max(left, span.start), min(right, span.start + span.duration)
            if high - low > SLOT / 2:
                own.append(ChordSpan(low - left, high - low, span.chord))
        found.append(own)
    return found
