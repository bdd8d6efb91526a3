"""Choosing patterns: the same kind of section gets the same pattern, the peak gets the next one up."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from descant.compose.band.chart import Bar, Chart, Frame
from descant.compose.band.feel import cycle, held_steps
from descant.compose.styles.band import Use, suited
from descant.compose.styles.notation import STEP, bar_unit, clean
from descant.song.lyrics import SectionKind
from descant.song.score import ChordSpan
from descant.song.streams import stream

TURN_BARS = 4
"""Every so many bars a groove and a bass line make a turn."""

_HELD = 0.98  # share of its written length a held note sounds, so that the next one speaks
_DAMPED_STEPS, _DAMPED = 2, 0.85  # sixteenths a stroke without a hold rings at most, and how much of them
_TIGHT = 0.7  # sixteenths that a tight stroke without a hold sounds
_EARLY_LETTERS = "Nn"

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
    figures = sorted({pattern.figure for pattern in pool if pattern.figure})
    if figures:
        figure = figures[int(stream(chart.seed, f"band.figure.{kind}").integers(len(figures)))]
        pool = [pattern for pattern in pool if pattern.figure == figure]
    return pool[int(stream(chart.seed, f"band.{name}.{kind}").integers(len(pool)))]


def is_turn(bar: Bar) -> bool:
    """Whether a bar closes a four-bar unit."""
    return bar.place % TURN_BARS == TURN_BARS - 1


def bar_steps(text: str, bar: Bar, opening: str = "") -> str:
    """Return a pattern's characters for a bar.

    ``opening`` is struck where a section would begin with the tie of a note that nobody has played.
    """
    steps = held_steps(text, bar.steps, bar.place, bar.feel)
    return opening + steps[1:] if opening and bar.place == 0 and steps.startswith("=") else steps


def tied_into_next(text: str, bar: Bar) -> int:
    """Return how many sixteenths of the following bar a pattern ties its last note over."""
    following = held_steps(text, bar.steps, bar.place + 1, bar.feel) if clean(text) else ""
    return len(following) - len(following.lstrip("="))


def riff_part(text: str, bar: Bar, riff: Sequence[int], letters: str) -> tuple[int, ...]:
    """Return the semitones of a riff that fall to a bar: one for each of a pattern's ``letters``, in turn."""
    steps = clean(text)
    around = cycle(max(1, len(steps) // bar_unit(steps)), bar.feel)
    bars = [held_steps(text, bar.steps, place, bar.feel) for place in range(bar.place % around + 1)]
    counts = [sum(c in letters for c in steps) for steps in bars]
    skip = sum(counts[:-1])
    return tuple(riff[(skip + i) % len(riff)] for i in range(counts[-1]))


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
    for here, following in zip(onsets, [*onsets[1:], len(steps)], strict=False):
        between = steps[here + 1 : following]
        found.append(Stroke(here, steps[here], len(between) - len(between.lstrip("=")), following - here))
    return found


def with_gaps(calm: str, busy: str, bar: Bar, opening: str = "x") -> str:
    """Return the calm pattern's characters, with the busy one's in the halves of the bar where nobody sings.

    A sung song answers itself in its gaps; a bar of a section without voice stays calm, so that the lead can be heard.
    """
    steps = bar_steps(calm, bar, opening)
    if not busy or not bar.has_voice:
        return steps
    middle = bar.steps // 2
    other = bar_steps(busy, bar, opening)
    halves = []
    for first, last in ((0, middle), (middle, bar.steps)):
        left, right = bar.start + first * STEP, bar.start + last * STEP
        sung = sum(max(0.0, min(right, stop) - max(left, start)) for start, stop in bar.sung)
        halves.append((other if sung < 0.25 * (right - left) else steps)[first:last])
    return "".join(halves)


def closing_letters(chart: Chart, bar: Bar, letter: str) -> str:
    """Return the pattern of the song's last bar: one stroke, held or short."""
    return letter + ("=" * (bar.steps - 1) if chart.closing == "ring" else "=" + "." * (bar.steps - 2))


@dataclass(frozen=True, slots=True)
class Piece:
    """A stroke, or what is left of it after a chord change: the chord, the bar whose voicing it takes, and its time."""

    span: ChordSpan
    bar: int
    start: float
    stop: float
    struck: bool

    @property
    def duration(self) -> float:
        """Length in beats."""
        return self.stop - self.start

    @property
    def key(self) -> tuple[int, float]:
        """Where its voicing stands: (bar number, chord start)."""
        return self.bar, self.span.start


def pieces(chart: Chart, bar: Bar, stroke: Stroke, *, tight: bool = False, tie: int = 0) -> list[Piece]:
    """Return the pieces of a stroke, cut where the chord changes under it.

    Parameters
    ----------
    tight : whether a stroke that is not tied is damped at once.
    tie : sixteenths of the next bar over which a stroke tied to the bar line rings on, where it is an early one.
    """
    start = bar.start + stroke.step * STEP
    if stroke.letter in _EARLY_LETTERS:
        return [_early(chart, bar, stroke, start, tie)]
    if stroke.held:
        stop = start + (stroke.held + 1) * STEP * (_HELD if stroke.step + stroke.held + 1 < bar.steps else 1.0)
    else:
        stop = start + (_TIGHT if tight else min(stroke.room, _DAMPED_STEPS) * _DAMPED) * STEP
    found = []
    for span in bar.chords:
        left, right = max(start, span.start), min(stop, span.start + span.duration)
        if right - left > STEP / 2:
            found.append(Piece(span, bar.number, left, right, left == start))
    return found


def _early(chart: Chart, bar: Bar, stroke: Stroke, start: float, tie: int) -> Piece:
    """Return a stroke that sounds the next chord before its time."""
    here = bar.chord_at(start)
    after = chart.next_chord(bar, here)
    reaches = stroke.step + stroke.held + 1 == bar.steps
    length = (stroke.held + 1 + (tie if reaches else 0)) * STEP * _HELD
    inside = bar.chords.index(here) + 1 < len(bar.chords)
    if after is None:
        return Piece(here, bar.number, start, min(start + length, bar.stop), True)
    return Piece(after, bar.number if inside else bar.number + 1, start, start + length, True)
