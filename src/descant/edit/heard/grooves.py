"""The drum pattern of a recording, carried on: what is struck in most of its last bars, where and how hard.

A drummer who was heard is heard with gaps and slips. A stroke belongs to the pattern when it is found in most bars of
one or of every second bar; its time and strength are the middle of those found, so that the feel goes on too.
"""

from collections.abc import Sequence
from statistics import median

import msgspec

from descant.compose.grid import SLOT
from descant.edit.heard.parts import DRUMS
from descant.song.score import Note, Part, Role, Score

_BARS = 8  # bars before a place that tell how the drums go on there
_LEAST_BARS = 2
_MOST = 0.5  # share of the bars in which a stroke of the pattern is found
_LEAST_STROKES = 3  # strokes in a bar that make a pattern
_KEPT = frozenset({49, 52, 55, 57})  # crash, Chinese and splash cymbals: they mark the form, and stay the band's own
_LOUDEST, _SOFTEST = 120, 24


class Groove(msgspec.Struct, frozen=True):
    """Strokes of some bars, times in beats from the first bar line."""

    strokes: tuple[Note, ...]
    bars: int


def groove_before(score: Score, beat: float) -> Groove | None:
    """Return the pattern of the heard drums in the bars before a bar line; None where none is clear."""
    bar = score.metre.bar_length
    heard = [note for part in score.parts if _is_heard(part) for note in part.notes]
    first = max(0.0, beat - _BARS * bar)
    count = round((beat - first) / bar)
    recent = [note for note in heard if first - SLOT / 2 <= note.start < beat - SLOT / 2]
    if count < _LEAST_BARS:
        return None
    options = [_voted(recent, first, bar, count, period) for period in ((1, 2) if count >= 4 else (1,))]
    best = max(options, key=lambda groove: len(groove.strokes) / groove.bars)
    return best if len(best.strokes) >= _LEAST_STROKES * best.bars else None


def carried_on(score: Score, groove: Groove, start: float) -> Score:
    """Return a score whose drums play a groove from a bar line on, in every bar in which they play.

    The last bar of a section keeps the fill that leads out of it, and cymbals that mark the form stay.
    """
    bar = score.metre.bar_length
    closing = {section.start + section.bars * bar - bar for section in score.sections}
    parts = tuple(
        msgspec.structs.replace(part, notes=_replaced(part.notes, groove, start, bar, closing))
        if part.role is Role.DRUMS
        else part
        for part in score.parts
    )
    return msgspec.structs.replace(score, parts=parts)


def _is_heard(part: Part) -> bool:
    return part.role is Role.RECORDING and part.name == DRUMS


def _voted(notes: Sequence[Note], first: float, bar: float, count: int, period: int) -> Groove:
    """Return the strokes found in most of the bars that are ``period`` bars apart."""
    length = period * bar
    rounds = max(1, count // period)
    found: dict[tuple[int, int], list[Note]] = {}
    for note in notes:
        slot = round(((note.start - first) % length) / SLOT) % round(length / SLOT)
        found.setdefault((slot, note.pitch), []).append(note)
    strokes = [
        Note(
            slot * SLOT,
            SLOT,
            key,
            round(median(note.velocity for note in same)),
            round(median(note.shift for note in same), 5),
        )
        for (slot, key), same in sorted(found.items())
        if key not in _KEPT and len(same) > _MOST * rounds
    ]
    return Groove(tuple(strokes), period)


def _replaced(notes: Sequence[Note], groove: Groove, start: float, bar: float, closing: set[float]) -> tuple[Note, ...]:
    """Return a drummer's notes with the groove in the bars from ``start`` on that are no fills."""
    kept = [note for note in notes if note.start < start - SLOT / 2 or note.pitch in _KEPT]
    strength = _strength(notes, groove, start)
    bars: dict[int, list[Note]] = {}
    for note in notes:
        if note.start >= start - SLOT / 2 and note.pitch not in _KEPT:
            bars.setdefault(round((note.start - start) // bar), []).append(note)
    for number, own in bars.items():
        line = start + number * bar
        if any(abs(line - edge) < SLOT for edge in closing):
            kept += own
            continue
        place = number % groove.bars * bar
        kept += [
            msgspec.structs.replace(
                stroke,
                start=line + stroke.start - place,
                velocity=max(_SOFTEST, min(_LOUDEST, round(stroke.velocity * strength))),
            )
            for stroke in groove.strokes
            if place <= stroke.start < place + bar
        ]
    return tuple(sorted(kept, key=lambda note: (note.start, note.pitch)))


def _strength(notes: Sequence[Note], groove: Groove, start: float) -> float:
    """Return the factor that brings the groove's loudest strokes to the strength of the band's own."""
    own = sorted(note.velocity for note in notes if note.start >= start)
    heard = sorted(stroke.velocity for stroke in groove.strokes)
    if not own or not heard:
        return 1.0
    return own[int(0.9 * (len(own) - 1))] / max(1, heard[int(0.9 * (len(heard) - 1))])
