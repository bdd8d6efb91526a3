"""Strings: a counter-line on top in half and whole notes, held inner voices under it.

The line moves by step, against the voice where it can, and its home rises with each chorus (research/composition.md
§2.6). In verses it lies under the voice; choruses carry it above.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from descant.compose.band.chart import CHORUS_KINDS, Bar, Chart, Frame
from descant.compose.band.harmony import under_voice, voice_bars
from descant.compose.band.pads import held, tied
from descant.compose.styles.band import Sustain
from descant.song.score import Note
from descant.song.theory import Chord

_LINE_STRENGTH, _INNER_STRENGTH = 84, 70
_HALVED_FROM = 0.66  # energy from which the line moves twice a bar
_OVERLAP = 0.06  # beats by which bows overlap
_STEP_COST = (1.6, 0.0, 0.0, 0.9, 1.2, 2.5, 4.0, 3.2, 5.0, 5.0, 6.0, 7.0, 6.0)
"""Price of a move of 0–12 semitones: steps are free, standing still is dear, leaps dearer."""

_HOME_COST, _PASSING_COST, _SIMILAR_COST, _CLASH_COST, _OVER_VOICE_COST = 0.22, 0.9, 0.8, 2.5, 4.0
_LOWEST_HOME_ABOVE = 71
_REST = 1.0  # beats of silence after which the line may start anywhere


@dataclass(frozen=True, slots=True)
class _Slot:
    """A note of the line to be found: where, over which chord and key, its home, ceiling and the voice around it.

    ``opens`` tells that it starts with its chord, and so wants a chord tone.
    """

    start: float
    duration: float
    chord: Chord
    scale: tuple[int, ...]
    home: float
    ceiling: int
    sung: float
    opens: bool
    section: int


def write(chart: Chart, plays: Callable[[Bar], bool], sustain: Sustain) -> list[Note]:
    """Return the string part: a counter-line and inner voices under it, the line alone where one player bows."""
    bars = [bar for bar in chart.bars if plays(bar)]
    slots = [slot for bar in bars for slot in _slots(chart, bar, sustain)]
    line = _line(slots, sustain)
    notes = [Note(slot.start, slot.duration, pitch, _LINE_STRENGTH) for slot, pitch in zip(slots, line, strict=True)]
    if sustain.voices < 2:
        return [_bowed(note) for note in tied(notes)]
    top = {slot.start: pitch for slot, pitch in zip(slots, line, strict=True)}

    def ceiling(bar: Bar) -> int:
        lowest = min(pitch for start, pitch in top.items() if bar.start - 1e-6 <= start < bar.stop - 1e-6) - 2
        voice = under_voice(bar)
        return min(lowest, voice) if voice else lowest

    inner = voice_bars(bars, min(4, max(2, sustain.voices - 1)), sustain.low - 4, sustain.high - 7, ceiling=ceiling)
    under = [
        Note(span.start, held(chart, bar, span.duration), pitch, _INNER_STRENGTH)
        for bar in bars
        for span in bar.chords
        for pitch in inner[bar.number, span.start]
    ]
    return [_bowed(note) for note in tied(notes) + tied(under)]


def _bowed(note: Note) -> Note:
    return Note(note.start, note.duration + _OVERLAP, note.pitch, note.velocity)


def _slots(chart: Chart, bar: Bar, sustain: Sustain) -> list[_Slot]:
    frame = chart.frames[bar.section]
    home, ceiling = _register(frame, bar, sustain)
    slots = []
    for span in bar.chords:
        halves = frame.energy >= _HALVED_FROM and span.duration >= 3.0 and not chart.is_closing(bar)
        first = 2.0 if halves else span.duration
        for start, duration in ((span.start, first), (span.start + first, span.duration - first)):
            if duration <= 0:
                continue
            slots.append(
                _Slot(
                    start=start,
                    duration=held(chart, bar, duration),
                    chord=span.chord,
                    scale=frame.section.key.scale,
                    home=home,
                    ceiling=ceiling,
                    sung=(bar.low + bar.high) / 2 if bar.has_voice else 0.0,
                    opens=start == span.start,
                    section=bar.section,
                )
            )
    return slots


def _register(frame: Frame, bar: Bar, sustain: Sustain) -> tuple[float, int]:
    """Return the line's home and ceiling in a bar."""
    nth = frame.nth if frame.kind in CHORUS_KINDS else 0
    if not frame.is_sung or frame.kind in CHORUS_KINDS or frame.peak:
        highest = max((b.high for b in frame.bars), default=0)
        return min(sustain.high - 2.0, max(_LOWEST_HOME_ABOVE, highest - 2) + sustain.rise * nth), 0
    ceiling = under_voice(bar)
    return (min(ceiling - 3.0, 64.0) if ceiling else 64.0), ceiling


def _line(slots: Sequence[_Slot], sustain: Sustain) -> list[int]:
    """Return the pitches of the counter-line with the least total cost."""
    if not slots:
        return []
    pitches = np.arange(sustain.low, sustain.high + 1)
    moves = np.abs(pitches[:, None] - pitches[None, :])
    step = np.array([*_STEP_COST, *[8.0] * 60])[moves]
    direction = np.sign(pitches[None, :] - pitches[:, None])
    total = _slot_cost(slots[0], pitches)
    back = []
    for before, slot in pairwise(slots):
        trend = np.sign(slot.sung - before.sung) if slot.sung and before.sung else 0.0
        cost = step + (_SIMILAR_COST * (direction == trend) if trend else 0.0)
        if slot.section != before.section or slot.start > before.start + before.duration + _REST:
            cost = np.zeros_like(step)
        through = total[:, None] + cost
        best = through.argmin(axis=0)
        back.append(best)
        total = through[best, np.arange(len(pitches))] + _slot_cost(slot, pitches)
    at = [int(total.argmin())]
    for best in reversed(back):
        at.append(int(best[at[-1]]))
    return [int(pitches[i]) for i in reversed(at)]


def _slot_cost(slot: _Slot, pitches: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return what each pitch costs in a slot, whatever stands before it."""
    classes = pitches % 12
    chordal = np.isin(classes, slot.chord.pitch_classes)
    scalar = np.isin(classes, slot.scale)
    cost = _HOME_COST * np.abs(pitches - slot.home)
    if slot.opens:
        cost = cost + np.where(chordal, 0.0, 50.0)
    else:
        cost = cost + np.where(chordal, 0.0, np.where(scalar, _PASSING_COST, 50.0))
    cost = cost + _CLASH_COST * (~chordal & np.isin((classes - slot.chord.root) % 12, (1, 6, 11)))
    if slot.ceiling:
        cost = cost + _OVER_VOICE_COST * np.maximum(0, pitches - slot.ceiling)
    return np.asarray(cost, dtype=np.float64)
