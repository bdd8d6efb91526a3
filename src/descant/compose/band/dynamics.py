"""Loudness from energy: sections, swells inside them, accents of the bar, and a player's small unevenness."""

from bisect import bisect_right

from msgspec.structs import replace

from descant.compose.band import directions
from descant.compose.band.chart import Bar, Chart
from descant.song.score import Note
from descant.song.streams import stream

_MIDDLE = 0.65
"""Energy at which velocities stay as the pattern has them."""

_SPREAD = 3.0  # s.d. of velocity (research/rendering.md §6: 3–5)
_DOWNBEAT, _OFFBEAT = 4, -4
_MIDDLE_VELOCITY = 100
_FAINTEST = 0.3  # of a velocity, where a song fades in


def shape(chart: Chart, name: str, notes: list[Note], decibels: float, *, accents: bool) -> list[Note]:
    """Return the notes with the velocities of a performance; no drum is struck twice running with the same.

    Parameters
    ----------
    chart, name : the song, and the part's name for its random stream.
    notes : with the strength their patterns ask for, in order of time.
    decibels : level difference between energy 0 and 1; velocity is taken to act as 40·log₁₀.
    accents : lift downbeats and soften sixteenths; False where the pattern already says so (drums).
    """
    if not notes:
        return notes
    starts = [bar.start for bar in chart.bars]
    gains = [10 ** (decibels * (chart.energy(bar) - _MIDDLE) / 40) * _risen(chart, bar) for bar in chart.bars]
    noise = unevenness(chart.seed, name, len(notes))
    shaped = []
    latest: dict[int, int] = {}
    for note, wobble in zip(notes, noise, strict=True):
        i = max(0, bisect_right(starts, note.start + 1e-6) - 1)
        accent = _accent(note.start - starts[i]) if accents else 0
        velocity = min(124, max(12, round(note.velocity * gains[i] + accent + wobble)))
        if not accents and latest.get(note.pitch) == velocity:
            velocity += 1 if velocity < _MIDDLE_VELOCITY else -1
        latest[note.pitch] = velocity
        shaped.append(replace(note, velocity=velocity))
    return shaped


def unevenness(seed: int, name: str, count: int) -> list[float]:
    """Return by how much velocity each of a part's notes is off what was meant."""
    return [float(value) for value in stream(seed, f"band.{name}.dynamics").normal(0.0, _SPREAD, count)]


def _risen(chart: Chart, bar: Bar) -> float:
    """Return the factor on velocities of a section that rises out of silence; 1 for others."""
    frame = chart.frames[bar.section]
    before = chart.frames[frame.index - 1].directives if frame.index else ()
    if not directions.wants_fade_in(frame.directives) or directions.wants_fade_in(before):
        return 1.0
    return _FAINTEST + (1.0 - _FAINTEST) * bar.place / max(1, len(frame.bars) - 1)


def _accent(beat: float) -> int:
    if beat < 1e-6:
        return _DOWNBEAT
    return 0 if abs(beat * 2 - round(beat * 2)) < 1e-6 else _OFFBEAT
