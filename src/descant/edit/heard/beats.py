"""The tempo map of a recording: beats of a score that fall where beats were heard.

Heard beats scatter by some milliseconds around those that were played. They are smoothed by a Whittaker smoother
(Whittaker 1923; penalty on the second difference), as much as predicts best each half of the beats from the other:
music to a click becomes one tempo, a player's drift stays. Bars are counted with the phase that most downbeats have.
"""

from functools import cached_property
from itertools import pairwise

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solveh_banded

from descant.song.tempo import TempoChange, TempoMap
from descant.song.transcription import Transcription

_STIFFNESS = tuple(10.0**power for power in (9, 5, 4, 3.5, 3, 2.5, 2, 1.5, 1, 0.5, 0, -1))
"""Weights of the second difference that are tried; the first is a straight line: one tempo."""
_SLACK = 1.01  # share by which a stiffer map may predict worse than the best
_OUTLIER = 2.5  # scaled median deviations from which a beat counts less
_LEAST_SCATTER = 0.003  # seconds; no tracker is surer of a beat
_SAME = 0.0015  # seconds by which beats may move when equal tempi are made one
_EARLY = 0.03  # seconds by which the first bar line may lie before the recording
_LATE = 0.3  # beats into a bar up to which nothing new begins in it
_NEAR = 8  # beats around one whose median length tells how many fit into a gap

Times = NDArray[np.float64]


class BeatMap(msgspec.Struct, frozen=True, dict=True):
    """How the beats of a score fall in a recording.

    Attributes
    ----------
    tempo : for the score; ``lead_in`` is the time in seconds of its beat 0, the first bar line.
    length : beats to the end of the bar in which the last thing is heard.
    bpm : the tempo in the middle of all, quarter notes a minute.
    """

    tempo: tuple[TempoChange, ...]
    lead_in: float
    length: float
    bpm: float

    def beat(self, seconds: float) -> float:
        """Return the beat at a time of the recording."""
        return self._map.beat(seconds - self.lead_in)

    @cached_property
    def _map(self) -> TempoMap:
        return TempoMap(self.tempo)  # made once: it is asked for every note, once a section


def beat_map(heard: Transcription) -> BeatMap:
    """Return the tempo map of a recording.

    Raises
    ------
    ValueError : when its beats do not rise or its tempo is none.
    """
    numbers, times = _numbered(heard)
    quarters, per_bar, phase = _bars(heard, numbers, times)
    line = _Line(_smoothed(numbers, times))
    first = _first_bar(line, per_bar, phase)
    end = _end(heard)
    last = first + per_bar
    while line.at(last) < end and last - first < 100_000:
        last += per_bar
    if last - first > per_bar and line.number(end) - (last - per_bar) < _LATE / quarters:
        last -= per_bar  # what is heard there is the end of the bar before
    seconds = np.array([line.at(number) for number in range(first, last + 1)])
    start = max(0.0, float(seconds[0]))
    seconds[0] = start
    return BeatMap(
        tempo=_tempo(seconds, quarters),
        lead_in=round(start, 6),
        length=(last - first) * quarters,
        bpm=round(60.0 * quarters / float(np.median(np.diff(seconds))), 3),
    )


class _Line:
    """Beat numbers to seconds and back, going on at the tempo of the ends beyond the beats that were heard."""

    def __init__(self, seconds: Times) -> None:
        self._seconds = seconds
        reach = min(4, len(seconds) - 1)
        self._opening = (seconds[reach] - seconds[0]) / reach
        self._closing = (seconds[-1] - seconds[-1 - reach]) / reach

    def at(self, number: int) -> float:
        last = len(self._seconds) - 1
        if number < 0:
            return float(self._seconds[0] + number * self._opening)
        if number > last:
            return float(self._seconds[last] + (number - last) * self._closing)
        return float(self._seconds[number])

    def number(self, seconds: float) -> float:
        last = len(self._seconds) - 1
        if seconds >= self._seconds[last]:
            return float(last + (seconds - self._seconds[last]) / self._closing)
        return float(np.interp(seconds, self._seconds, np.arange(last + 1)))


def _numbered(heard: Transcription) -> tuple[NDArray[np.int64], Times]:
    """Return the heard beats numbered from 0: gaps count the beats missing in them, doubled ones are left out."""
    times = np.array(heard.beats, float)
    if not np.all(np.isfinite(times)) or np.any(np.diff(times) <= 0):
        raise ValueError("the beats of a recording must rise")
    if not 20.0 <= heard.tempo.bpm <= 400.0:
        raise ValueError(f"{heard.tempo.bpm:g} bpm is no tempo")
    if len(times) < 3:
        start = float(times[0]) if len(times) else 0.0
        times = start + np.arange(max(4, int(heard.seconds * heard.tempo.bpm / 60.0))) * 60.0 / heard.tempo.bpm
    gaps = np.diff(times)
    numbers = [0]
    kept = [0]
    for i in range(1, len(times)):
        near = float(np.median(gaps[max(0, i - _NEAR) : i + _NEAR]))
        step = round((times[i] - times[kept[-1]]) / near)
        if step > 0:
            numbers.append(numbers[-1] + step)
            kept.append(i)
    return np.array(numbers), times[kept]


def _bars(heard: Transcription, numbers: NDArray[np.int64], times: Times) -> tuple[float, int, int]:
    """Return the quarter notes in a heard beat, the heard beats in a bar, and the number modulo that of bar lines."""
    downs = [int(numbers[np.abs(times - heard.beats[i]).argmin()]) for i in heard.downbeats if i < len(heard.beats)]
    bar = heard.metre.bar_length
    gaps = [right - left for left, right in pairwise(downs) if right > left]
    told = float(np.median(np.diff(times) / np.diff(numbers))) * heard.tempo.bpm / 60.0
    likely = min((0.5, 1.0, 1.5, 2.0), key=lambda quarters: abs(np.log(told / quarters)))
    options = {max(1, round(bar / likely)), *gaps}
    per_bar = max(options, key=lambda count: (gaps.count(count), count == round(bar / likely), -count))
    phases = [number % per_bar for number in downs]
    phase = max(range(per_bar), key=lambda p: (phases.count(p), -p))
    return bar / per_bar, per_bar, phase


def _smoothed(numbers: NDArray[np.int64], times: Times) -> Times:
    """Return the time of every beat number from 0 on, smoothed as far as the beats are predicted well."""
    errors = [_prediction_error(numbers, times, stiffness) for stiffness in _STIFFNESS]
    best = next(s for s, error in zip(_STIFFNESS, errors, strict=True) if error <= _SLACK * min(errors))
    return _fit(numbers, times, best)


def _prediction_error(numbers: NDArray[np.int64], times: Times, stiffness: float) -> float:
    """Return the mean distance in seconds of each half of the beats from the map made of the other half."""
    total = 0.0
    for half in (0, 1):
        used = (np.arange(len(times)) % 2 == half) | (np.arange(len(times)) == 0)
        if used.sum() < 3 or used.all():
            return 0.0
        fitted = _fit(numbers[used], times[used], stiffness, int(numbers[-1]) + 1)
        total += float(np.abs(fitted[numbers[~used]] - times[~used]).mean())
    return total + _LEAST_SCATTER


def _fit(numbers: NDArray[np.int64], times: Times, stiffness: float, count: int | None = None) -> Times:
    """Return the smoothed time of beats 0 … ``count``; beats far off the rest weigh less."""
    size = int(numbers[-1]) + 1 if count is None else count
    trend = np.polyfit(numbers, times, 1)
    target = np.zeros(size)
    target[numbers] = times - np.polyval(trend, numbers)
    weights = np.zeros(size)
    weights[numbers] = 1.0
    fitted = target
    for _ in range(3):
        fitted = _solved(target, weights, stiffness)
        off = np.abs(fitted[numbers] - target[numbers])
        scale = max(_LEAST_SCATTER, 1.48 * float(np.median(off)))
        weights[numbers] = 1.0 / np.maximum(1.0, off / (_OUTLIER * scale))
    return np.asarray(fitted + np.polyval(trend, np.arange(size)), float)


def _solved(target: Times, weights: Times, stiffness: float) -> Times:
    """Return the minimum of Σ w (z − y)² + stiffness Σ (Δ²z)², by its five-banded normal equations."""
    size = len(target)
    bands = np.zeros((3, size))
    bands[2] = weights + 1e-9
    if size > 2:
        inner = np.arange(size - 2)
        np.add.at(bands[2], inner, stiffness)
        np.add.at(bands[2], inner + 1, 4.0 * stiffness)
        np.add.at(bands[2], inner + 2, stiffness)
        np.add.at(bands[1], inner + 1, -2.0 * stiffness)
        np.add.at(bands[1], inner + 2, -2.0 * stiffness)
        np.add.at(bands[0], inner + 2, stiffness)
    return np.asarray(solveh_banded(bands, weights * target), float)


def _first_bar(line: _Line, per_bar: int, phase: int) -> int:
    """Return the number of the first bar line that lies in the recording, or hardly before it."""
    first = phase
    while line.at(first - per_bar) >= -_EARLY and first > -100_000:
        first -= per_bar
    while line.at(first) < -_EARLY:
        first += per_bar
    return first


def _end(heard: Transcription) -> float:
    """Return the time at which the last thing begins that is heard in a recording, its last beat at the earliest."""
    onsets = [note.start for notes in (heard.melody, heard.bass, heard.notes) for note in notes]
    onsets += [hit.start for hit in heard.drums]
    beats = [beat for beat in heard.beats if beat < heard.seconds - 0.02]
    return min(heard.seconds, max([*onsets, *beats[-1:], 0.5 * heard.seconds])) + 0.02


def _tempo(seconds: Times, quarters: float) -> tuple[TempoChange, ...]:
    """Return the tempo changes of beats at these times; neighbours that a line joins well enough are one."""
    changes = []
    start = 0
    while start < len(seconds) - 1:
        stop = start + 1
        while stop + 1 < len(seconds) and _straight(seconds[start : stop + 2]):
            stop += 1
        bpm = 60.0 * quarters * (stop - start) / float(seconds[stop] - seconds[start])
        changes.append(TempoChange(start * quarters, bpm))
        start = stop
    return tuple(changes)


def _straight(seconds: Times) -> bool:
    line = np.linspace(seconds[0], seconds[-1], len(seconds))
    return bool(np.abs(line - seconds).max() <= _SAME)
