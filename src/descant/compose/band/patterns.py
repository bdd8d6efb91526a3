"""Choosing patterns: the same kind of section gets the same pattern, the peak gets the next one up."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from descant.compose.band.chart import Bar, Chart, Frame
from descant.compose.styles.band import STEP, Use, steps_of, suited
from descant.song.lyrics import SectionKind
from descant.song.score import ChordSpan
from descant.song.streams import stream

TURN_BARS = 4
"""Every so many bars a groove and a bass line make a turn."""

_HELD = 0.98  # share of its written length a held note sounds, so that the next one speaks
_DAMPED_STEPS, _DAMPED = 2, 0.85  # sixteenths a stroke without a hold rings at most, and how much of them

P = TypeVar("P", bound=Use)


def choose(chart: Chart, name: str, patterns: Sequence[P], frame: Frame, kind: SectionKind | None = None) -> P | None:
    """Return the pattern a player uses in a section, or None when the style has none for it.

    One draw decides for all sections of a kind, so that choruses sound alike; the peak takes the busiest
    of all that its kin might play. ``kind`` replaces the section's own where a directive asks for another feel.
    """
    kind = kind or frame.kind
    pool = suited(patterns, kind, frame.energy, chart.pattern_metre)
    if not pool:
        return None
    if frame.peak and frame.nth:
        kin = [other for other in chart.frames if other.kind is frame.kind]
        tried = [p for other in kin for p in suited(patterns, kind, other.energy, chart.pattern_metre)]
        return max(tried, key=lambda pattern: pattern.density)
    return pool[int(stream(chart.seed, f"band.{name}.{kind}").integers(len(pool)))]


def is_turn(bar: Bar) -> bool:
    """Whether a bar closes a four-bar unit."""
    return bar.place % TURN_BARS == TURN_BARS - 1


def bar_steps(text: str, bar: Bar) -> str:
    """Return a pattern's characters for a bar."""
    return steps_of(text, bar.steps, bar.place)


@dataclass(frozen=True, slots=True)
class Stroke:
    """A letter of a pattern: its sixteenth, how many it is held by ``=``, and how many until the next letter."""

    step: int
    letter: str
    held: int
    room: int


def strokes(steps: str) -> list[Stroke]:
    """Return the strokes of a bar's characters."""
    onsets = [i for i, c in enumerate(steps) if c not in ".="]
    found = []
    for here, following in zip(onsets, [*onsets[1:], len(steps)], strict=True):
        between = steps[here + 1 : following]
        found.append(Stroke(here, steps[here], len(between) - len(between.lstrip("=")), following - here))
    return found


def with_gaps(calm: str, busy: str, bar: Bar) -> str:
    """Return the calm pattern's characters, with the busy one's in the halves of the bar where nobody sings.

    A sung song answers itself in its gaps; a bar of a section without voice stays calm, so that the lead can be heard.
    """
    steps = bar_steps(calm, bar)
    if not busy or not bar.has_voice:
        return steps
    middle = bar.steps // 2
    other = bar_steps(busy, bar)
    halves = []
    for first, last in ((0, middle), (middle, bar.steps)):
        left, right = bar.start + first * STEP, bar.start + last * STEP
        sung = sum(max(0.0, min(right, stop) - max(left, start)) for start, stop in bar.sung)
        halves.append((other if sung < 0.25 * (right - left) else steps)[first:last])
    return "".join(halves)


def closing_letters(chart: Chart, bar: Bar, letter: str) -> str:
    """Return the pattern of the song's last bar: one stroke, held or short."""
    return letter + ("=" * (bar.steps - 1) if chart.closing == "ring" else "=" + "." * (bar.steps - 2))


def pieces(bar: Bar, stroke: Stroke) -> list[tuple[ChordSpan, float, float]]:
    """Return the (chord, start, stop) of a stroke, cut where the chord changes under it."""
    start = bar.start + stroke.step * STEP
    if stroke.held:
        stop = start + (stroke.held + 1) * STEP * (_HELD if stroke.step + stroke.held + 1 < bar.steps else 1.0)
    else:
        stop = start + min(stroke.room, _DAMPED_STEPS) * STEP * _DAMPED
    found = []
    for span in bar.chords:
        left, right = max(start, span.start), min(stop, span.start + span.duration)
        if right - left > STEP / 2:
            found.append((span, left, right))
    return found
