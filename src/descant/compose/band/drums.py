"""The drummer: grooves with a turn every fourth bar, fills before sections, crashes on their first beat.

Strengths follow measured accents (research/composition.md §2.7): backbeats 107–120, ghost notes 20–50, hats strong on
beats and soft between; fills rise from soft to loud, snare to high tom to low tom, and land on crash and kick.
"""

from dataclasses import dataclass

import numpy as np

from descant.compose.band import directions
from descant.compose.band.chart import Bar, Chart, Frame
from descant.compose.band.feel import STEADY, struck_steps
from descant.compose.band.layering import Layering
from descant.compose.band.patterns import choose, is_turn
from descant.compose.styles.band import BandStyle, Fill, Groove, suited
from descant.compose.styles.notation import DRUM_KEYS, STEP, clean
from descant.song.lyrics import SectionKind
from descant.song.score import Note
from descant.song.streams import stream

_STRENGTH = {
    "kick": {"X": 106, "x": 94, "o": 70, "g": 52, "?": 64, "2": 84, "3": 84},
    "snare": {"X": 114, "x": 100, "o": 68, "g": 36, "?": 40, "2": 88, "3": 90},
    "other": {"X": 98, "x": 82, "o": 58, "g": 40, "?": 48, "2": 70, "3": 72},
}
_ROLLS = {"2": (2, STEP), "3": (3, 2 * STEP)}
"""Strokes of a rolled letter, and the beats they are spread over."""
_CYMBALS = ("hat", "open_hat", "ride", "crash2", "bell")
_SOMETIMES = 0.35
_SOFTEST_RISE, _LOUDEST_RISE = 0.55, 1.06  # factors at the start and the end of a build
_HIT = 0.2  # beats; a drum rings as long as its sample does
_BIG_RISE = 0.15
_SILENCE_CRASH = 0.5  # section energy from which drums that enter do so with a crash
_INNER_FILL, _SMALL_FILL = 0.8, 0.45  # chance of a fill after eight bars, and after four at full energy


@dataclass(frozen=True, slots=True)
class Drumming:
    """What the drummer plays, and on which sixteenths of each bar the kick falls (for the bass to lock to)."""

    notes: list[Note]
    kicks: tuple[frozenset[int], ...]


def hit(lane: str, letter: str, beat: float, strength: float = 1.0) -> Note:
    """Return one stroke: a pattern letter on a drum, scaled by ``strength``."""
    table = _STRENGTH.get(lane, _STRENGTH["other"])
    velocity = min(127, max(1, round(table[letter] * strength)))
    return Note(beat, _HIT, DRUM_KEYS[lane], velocity)


def struck(steps: str, lane: str, start: float, strength: float = 1.0) -> list[Note]:
    """Return the strokes of a lane's characters from a beat on, rolls spread out."""
    notes: list[Note] = []
    for i, letter in enumerate(steps):
        if letter == ".":
            continue
        count, beats = _ROLLS.get(letter, (1, 0.0))
        notes.extend(hit(lane, letter, start + i * STEP + k * beats / count, strength) for k in range(count))
    return notes


def write(chart: Chart, layering: Layering, band: BandStyle) -> Drumming:
    """Return the drum part of a song."""
    notes: list[Note] = []
    kicks: list[frozenset[int]] = []
    crash_due = False
    for frame in chart.frames:
        kind = SectionKind.BREAK if directions.wants_breakdown(frame.directives) else frame.kind
        groove = choose(chart, "drums", band.grooves, frame, kind)
        for bar in frame.bars:
            lanes = lanes_of(chart, groove, bar, len(frame.bars)) if groove else {}
            kicks.append(_steps_with(lanes.get("kick", "")))
            if not layering.plays("drums", bar):
                crash_due = bar.place == len(frame.bars) - 1 and frame.energy + frame.rise >= _SILENCE_CRASH
                continue
            if chart.is_closing(bar):
                notes.extend(_closing(bar, chart, crashes=band.crash_energy <= 1.0))
                continue
            accent = _crash(band, frame, bar, due=crash_due)
            fill = _fill(chart, band, frame, bar)
            _overlay(lanes, fill)
            swell = _swell(bar, len(frame.bars)) if groove and groove.rise else 1.0
            notes.extend(_strokes(bar, lanes, fill, accent, swell))
            crash_due = fill is not None
    return Drumming(notes, tuple(kicks))


def _crash(band: BandStyle, frame: Frame, bar: Bar, *, due: bool) -> float:
    """Return how strongly a bar opens with a crash: full sections do, and whatever a fill led to; 0 for not at all."""
    if band.crash_energy > 1.0:
        return 0.0
    loud = frame.energy >= band.crash_energy
    if bar.place == 0 and bar.number > 0 and (loud or due):
        return 1.08 if loud else 0.82
    return 0.95 if due and loud else 0.0


def lanes_of(chart: Chart, groove: Groove, bar: Bar, bars: int) -> dict[str, str]:
    """Return a groove's lanes in a bar of a section of ``bars``, with each now-and-then hit decided."""
    written = groove.lanes | groove.turn if is_turn(bar) else groove.lanes
    place = bar.place * groove.bars // bars if groove.rise else bar.place
    own = "" if groove.rise else bar.feel
    lanes = {
        lane: struck_steps(text, bar.steps, place, "" if lane in STEADY else own) for lane, text in written.items()
    }
    doubtful = sum(steps.count("?") for steps in lanes.values())
    if doubtful:
        draws = iter(stream(chart.seed, f"band.drums.section{bar.section}.bar{bar.place}").random(doubtful))
        lanes = {
            lane: "".join("." if c == "?" and next(draws) > _SOMETIMES else c for c in steps)
            for lane, steps in lanes.items()
        }
    return lanes


def _swell(bar: Bar, bars: int) -> float:
    """Return the strength of a bar of a build."""
    return _SOFTEST_RISE + (_LOUDEST_RISE - _SOFTEST_RISE) * bar.place / max(1, bars - 1)


def _steps_with(steps: str) -> frozenset[int]:
    return frozenset(i for i, c in enumerate(steps) if c != ".")


def _fill(chart: Chart, band: BandStyle, frame: Frame, bar: Bar) -> Fill | None:
    """Return the fill that closes a bar, if one does: always before a rise, now and then inside a long section."""
    left = len(frame.bars) - 1 - bar.place
    rng = stream(chart.seed, f"band.drums.fill.section{frame.index}.bar{bar.place}")
    if left == 0 and not frame.last:
        target = frame.energy + max(0.0, frame.rise)
        if rng.random() < (0.5 if frame.rise < 0 else 1.0 - band.fill_rate):
            return None
    elif left and is_turn(bar) and rng.random() < band.fill_rate * _inner_chance(frame, bar):
        target = min(frame.energy, 0.55)
    else:
        return None
    pool = [f for f in suited(band.fills, frame.kind, target, "4/4") if f.steps <= bar.steps]
    if frame.rise < _BIG_RISE:
        pool = [f for f in pool if f.steps <= bar.steps // 2] or pool
    return pool[int(rng.integers(len(pool)))] if pool else None


def _inner_chance(frame: Frame, bar: Bar) -> float:
    return _INNER_FILL if bar.place % 8 == 7 else _SMALL_FILL * frame.energy


def _overlay(lanes: dict[str, str], fill: Fill | None) -> None:
    """Silence the groove where the fill plays, but for the hi-hat foot."""
    if fill is None:
        return
    for lane in lanes:
        if lane != "pedal_hat":
            lanes[lane] = lanes[lane][: -fill.steps] + "." * fill.steps


def _strokes(bar: Bar, lanes: dict[str, str], fill: Fill | None, accent: float, swell: float) -> list[Note]:
    """Return a bar's strokes.

    ``accent`` above 0 is the strength of a crash on the first beat; ``swell`` scales the groove.
    """
    notes = []
    if accent:
        notes.append(hit("crash", "X", bar.start, accent))
        for lane in _CYMBALS:
            if lane in lanes:
                lanes[lane] = "." + lanes[lane][1:]
        if lanes.get("kick", "X")[0] == ".":
            notes.append(hit("kick", "X", bar.start))
    for lane, steps in lanes.items():
        notes.extend(struck(steps, lane, bar.start, swell))
    if fill is not None:
        first = bar.steps - fill.steps
        growth = np.linspace(0.68, 1.06, fill.steps)
        for lane, text in fill.lanes.items():
            for i, c in enumerate(clean(text)):
                strength = float(growth[i]) if lane != "kick" else 0.9
                notes.extend(struck(c, lane, bar.start + (first + i) * STEP, strength))
    return notes


def _closing(bar: Bar, chart: Chart, *, crashes: bool) -> list[Note]:
    """Return the last stroke: crash (or ride) and kick, with the snare when the band stops short."""
    notes = [hit("crash" if crashes else "ride", "X", bar.start, 1.1), hit("kick", "X", bar.start, 1.1)]
    if chart.closing == "stop":
        notes.append(hit("snare", "X", bar.start))
    return notes
