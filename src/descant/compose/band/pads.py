"""Pads: held chords that move as little as they can, common tones tied across."""

from collections.abc import Callable

from descant.compose.band.chart import Bar, Chart
from descant.compose.band.harmony import voice_bars
from descant.compose.styles.band import Sustain
from descant.song.score import Note, Swell

_STRENGTH = 70
_QUIET, _FULL = -7.0, 0.0  # dB of expression at energy 0 and 1
STOPPED_BEATS = 0.5
"""Length of the last note of a song that stops short."""

_LONGEST_TIE = 8.0  # beats; a longer note is struck anew so that it keeps its life


def write(chart: Chart, plays: Callable[[Bar], bool], sustain: Sustain) -> list[Note]:
    """Return held chords for the bars in which a pad plays."""
    bars = [bar for bar in chart.bars if plays(bar)]
    home = (sustain.low + sustain.high) / 2
    chords = voice_bars(bars, min(4, max(2, sustain.voices)), sustain.low - 3, sustain.high, home=home)
    return tied(
        [
            Note(span.start, held(chart, bar, span.duration), pitch, _STRENGTH)
            for bar in bars
            for span in bar.chords
            for pitch in chords[bar.number, span.start]
        ]
    )


def held(chart: Chart, bar: Bar, duration: float) -> float:
    """Return how long a held note lasts: as written, or short where the band stops."""
    return min(duration, STOPPED_BEATS) if chart.is_closing(bar) and chart.closing == "stop" else duration


def tied(notes: list[Note]) -> list[Note]:
    """Return the notes with repeated pitches that touch joined into one, up to eight beats."""
    joined: list[Note] = []
    latest: dict[int, int] = {}
    for note in sorted(notes, key=lambda n: (n.start, n.pitch)):
        i = latest.get(note.pitch)
        if i is not None:
            before = joined[i]
            length = note.start + note.duration - before.start
            if abs(before.start + before.duration - note.start) < 1e-6 and length <= _LONGEST_TIE:
                joined[i] = Note(before.start, length, note.pitch, before.velocity)
                continue
        latest[note.pitch] = len(joined)
        joined.append(note)
    return joined


def swells(chart: Chart, plays: Callable[[Bar], bool]) -> tuple[Swell, ...]:
    """Return the expression curve of a held part: it breathes with the sections and leans into the next one."""
    points: list[Swell] = []
    for bar in chart.bars:
        if not plays(bar):
            continue
        energy = chart.energy(bar)
        level = _QUIET + (_FULL - _QUIET) * energy
        if not points or bar.place == 0 or bar.place % 4 == 2 or bar.place == len(chart.frames[bar.section].bars) - 1:
            points.append(Swell(bar.start, round(min(0.0, level), 2)))
    if points:
        last = points[-1]
        points.append(Swell(chart.length, last.level if not chart.closing else last.level - 4.0))
    return tuple(points)
