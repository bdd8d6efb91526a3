"""Vocal pitch: a second-order chain over pitch pairs, sampled exactly.

A line's notes are drawn from forward messages over (previous pitch, pitch), so leap recovery, oscillation and the
resolution of foreign tones are exact; several melodies are sampled and one is chosen by the shape of the whole line
(research/composition.md §2.5, tables of :mod:`~descant.compose.tables`).
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from descant.compose import tables, tones
from descant.compose.grid import BEAT, HALF
from descant.song.theory import MODES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_FORBIDDEN = 30.0
_DEGREE_WEIGHT = 0.5
_FOREIGN_WEIGHT = 0.72
_UNKNOWN = 0.01  # share of notes under which a degree counts as foreign to its family of modes
_CONTOUR_WIDTH = 2.6
_REFERENCE_WEIGHT = 2.2
_CADENCE_WEIGHT = 1.9
_LARGEST_LEAP = 12
_REACH = 10.0


class PitchTask(msgspec.Struct, frozen=True, kw_only=True):
    """What a line asks of its melody; sequences run over its notes.

    Attributes
    ----------
    low, high : range, MIDI, inclusive.
    tonic : pitch class of the section's key; ``minor`` picks the degree table.
    scale : pitch classes of the section's scale.
    chords : pitch classes sounding under each note.
    levels : metrical level of each note.
    durations : length of each note in beats.
    stressed, melisma : flags: a stressed syllable; a note that goes on with its predecessor's syllable.
    contour : pitch each note is drawn to.
    cadence : semitones above the tonic to cost, for the last note.
    previous : last pitch of the line before, or None.
    references : note index to pitch: the echo of an earlier line; ``loyalty`` scales its pull.
    peak : index of the note to carry the section's top, or None; ``ceiling`` the pitch that others stay under.
    flatness : 0–1, flattens the interval table (weirdness).
    blue : cost of a blue third, fifth or seventh, or None where the style has none.
    repeat_cost : added to every repeated note.
    temperature : as in rhythm.
    harmony : factor on the cost of a note foreign to its chord.
    reach : semitones that the line may span before that counts against it.
    lean : cost of each degree, semitones above the tonic, on notes that are long or on a beat.
    tones : which way the words' tones want each note after the first reached; see :func:`tones.directions`.
    """

    low: int
    high: int
    tonic: int
    minor: bool
    scale: tuple[int, ...]
    chords: tuple[tuple[int, ...], ...]
    levels: tuple[int, ...]
    durations: tuple[float, ...]
    stressed: tuple[bool, ...]
    melisma: tuple[bool, ...]
    contour: tuple[float, ...]
    cadence: Mapping[int, float]
    previous: int | None = None
    references: Mapping[int, int] = {}
    loyalty: float = 1.0
    peak: int | None = None
    ceiling: float = 127.0
    flatness: float = 0.0
    blue: float | None = None
    repeat_cost: float = 0.0
    temperature: float = 0.9
    harmony: float = 1.0
    reach: float = _REACH
    lean: tuple[float, ...] = (0.0,) * 12
    tones: tuple[int, ...] = ()


class _Costs(msgspec.Struct, frozen=True):
    """``single[n, p]`` for every note, ``pairs[n]`` into note n + 1, ``triple`` for any three in a row."""

    pitches: Ints
    single: Floats
    pairs: list[Floats]
    triple: Floats


def draw(task: PitchTask, rng: np.random.Generator, count: int = 16) -> tuple[Ints, Floats]:
    """Return ``count`` sampled melodies, shape (count, notes), and the mean cost of each one's notes."""
    costs = _costs(task)
    notes = len(costs.single)
    scale = 1.0 / task.temperature
    if notes == 1:
        weight = np.exp(-(costs.single[0] - costs.single[0].min()) * scale)
        chosen = _categorical(np.tile(weight, (count, 1)), rng)[:, None]
    else:
        chosen = _sample(costs, rng, count, scale)
    return costs.pitches[chosen], _mean_cost(costs, chosen)


def _sample(costs: _Costs, rng: np.random.Generator, count: int, scale: float) -> Ints:
    """Forward messages over pitch pairs, then ``count`` backward samples of pitch indices."""
    kernel = _triple_kernel(len(costs.pitches), scale)
    first = costs.single[0][:, None] + costs.pairs[0] + costs.single[1][None, :]
    forward = [np.exp(-(first - first.min()) * scale)]
    for n in range(2, len(costs.single)):
        step = costs.pairs[n - 1] + costs.single[n][None, :]
        message = np.einsum("ab,abc->bc", forward[-1], kernel) * np.exp(-(step - step.min()) * scale)
        forward.append(message / max(message.max(), 1e-300))
    size = len(costs.pitches)
    chosen = np.empty((count, len(costs.single)), dtype=np.int64)
    flat = _categorical(np.tile(forward[-1].ravel(), (count, 1)), rng)
    chosen[:, -2], chosen[:, -1] = flat // size, flat % size
    for n in range(len(costs.single) - 3, -1, -1):
        b, c = chosen[:, n + 1], chosen[:, n + 2]
        chosen[:, n] = _categorical(forward[n][:, b].T * kernel[:, b, c].T, rng)
    return chosen


def _categorical(weights: Floats, rng: np.random.Generator) -> Ints:
    total = np.cumsum(weights, axis=1)
    drawn = rng.random(len(weights)) * total[:, -1]
    return np.asarray(np.minimum((total <= drawn[:, None]).sum(axis=1), weights.shape[1] - 1))


def _mean_cost(costs: _Costs, chosen: Ints) -> Floats:
    notes = chosen.shape[1]
    total = costs.single[np.arange(notes), chosen].sum(axis=1)
    for n in range(notes - 1):
        total = total + costs.pairs[n][chosen[:, n], chosen[:, n + 1]]
    for n in range(notes - 2):
        total = total + costs.triple[chosen[:, n], chosen[:, n + 1], chosen[:, n + 2]]
    return np.asarray(total / notes)


def _costs(task: PitchTask) -> _Costs:
    pitches = np.arange(task.low, task.high + 1)
    chord = np.array([_sounding(task.low, task.high, tones) for tones in task.chords])
    single = _harmony_cost(task, pitches, chord) + _shape_cost(task, pitches)
    single[0] += _join_cost(task, pitches)
    single[-1] += _cadence_cost(task, pitches, chord[-1])
    interval = _intervals(len(pitches))
    base = _interval_table(len(pitches), task.flatness, task.repeat_cost)
    pairs = [base + _pair_cost(task, n, interval, chord[n]) for n in range(len(task.chords) - 1)]
    return _Costs(pitches, single, pairs, _triple_cost(len(pitches)))


@lru_cache(maxsize=512)
def _sounding(low: int, high: int, tones: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return which pitches from ``low`` to ``high`` belong to a chord; read-only, as all cached tables are."""
    return _kept(np.isin(np.arange(low, high + 1) % 12, tones))


@lru_cache(maxsize=512)
def _leaning(low: int, high: int, tones: tuple[int, ...], scale: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return which pitches lie a semitone over a chord tone, and which a semitone under one foreign to the scale."""
    classes = np.arange(low, high + 1) % 12
    above = np.isin((classes - 1) % 12, tones)
    below = np.isin((classes + 1) % 12, [tone for tone in tones if tone not in scale])
    return _kept(np.array([above, below]))


@lru_cache(maxsize=64)
def _degree_costs(tonic: int, scale: tuple[int, ...], family: str) -> Floats:
    """Return what each degree (semitones above the tonic) costs by how rarely it is sung.

    A degree of the scale that major or minor hardly knows, such as the flat second of phrygian, takes the share of the
    degree in whose place it stands: without it a mode would be sung around its own colour.
    """
    shares = list(tables.DEGREE_SHARES[family])
    for pitch_class, usual in zip(scale, MODES[family], strict=False):
        degree = (pitch_class - tonic) % 12
        if shares[degree] < _UNKNOWN:
            shares[degree] = tables.DEGREE_SHARES[family][usual]
    return _kept(tables.costs(tuple(shares)))


@lru_cache(maxsize=64)
def _intervals(size: int) -> Ints:
    """Return the semitones from each of ``size`` pitches (row) to each other (column)."""
    return _kept(np.arange(size)[None, :] - np.arange(size)[:, None])


@lru_cache(maxsize=64)
def _interval_table(size: int, flatness: float, repeat_cost: float) -> Floats:
    interval = _intervals(size)
    return _kept(_interval_cost(interval, flatness) + np.where(interval == 0, repeat_cost, 0.0))


@lru_cache(maxsize=64)
def _triple_kernel(size: int, scale: float) -> Floats:
    return _kept(np.exp(-_triple_cost(size) * scale))


def _kept(table: NDArray[Any]) -> NDArray[Any]:
    table.flags.writeable = False
    return table


def _harmony_cost(task: PitchTask, pitches: Ints, chord: NDArray[np.bool_]) -> Floats:
    """Chord tones, scale, degree prior and clashes: cost (notes, pitches)."""
    levels = np.array(task.levels)
    durations = np.array(task.durations)
    foreign = task.harmony * _FOREIGN_WEIGHT * np.array(tables.NON_CHORD_COSTS)[levels]
    foreign = foreign * np.where(durations >= 1.0, 1.25, 1.0) * np.where(durations >= 2.0, 1.3, 1.0)
    degree = (pitches - task.tonic) % 12
    prior = _degree_costs(task.tonic, task.scale, "minor" if task.minor else "major")[degree]
    in_scale = np.isin(pitches % 12, task.scale)
    outside = np.full(len(pitches), _FORBIDDEN)
    if task.blue is not None:
        outside[np.isin(degree, (3, 6, 10))] = task.blue
    cost = np.where(chord, 0.0, foreign[:, None] + np.where(in_scale, 0.0, outside)[None, :])
    cost = cost + np.where(in_scale, _DEGREE_WEIGHT * prior, 0.3)[None, :]
    exposed = (levels <= BEAT) | (durations >= 1.0)
    cost = cost + np.where(exposed[:, None], np.array(task.lean)[degree][None, :], 0.0)
    leaning = np.array([_leaning(task.low, task.high, tones, task.scale) for tones in task.chords])
    above, below = leaning[:, 0], leaning[:, 1]
    cost = cost + np.where(~chord & (above | below) & exposed[:, None], 1.5 * task.harmony, 0.0)
    return np.asarray(cost + np.where(~chord & below, 2.5, 0.0))


def _shape_cost(task: PitchTask, pitches: Ints) -> Floats:
    """Contour, range, peak and reference: cost (notes, pitches)."""
    contour = np.array(task.contour)[:, None]
    cost = ((pitches[None, :] - contour) / _CONTOUR_WIDTH) ** 2 / 2
    cost = cost + 0.5 * np.maximum(pitches[None, :] - task.ceiling, 0.0) ** 1.5
    if task.peak is not None:
        cost[task.peak] += -3.0 * (np.abs(pitches - task.ceiling) <= 0.5) + 0.5 * np.abs(pitches - task.ceiling)
        others = np.arange(len(cost)) != task.peak
        cost[others] += 1.2 * (pitches >= task.ceiling)
    for note, pitch in task.references.items():
        distance = np.abs(pitches - pitch)
        pull = np.where(distance == 0, 2.2, np.where(distance <= 2, 0.55, 0.0))
        cost[note] -= _REFERENCE_WEIGHT * task.loyalty * pull
    return np.asarray(cost)


def _join_cost(task: PitchTask, pitches: Ints) -> Floats:
    if task.previous is None:
        return np.zeros(len(pitches))
    return 0.5 * _interval_cost(pitches - task.previous, task.flatness)


def _cadence_cost(task: PitchTask, pitches: Ints, chord: NDArray[np.bool_]) -> Floats:
    cost = np.array([task.cadence.get(int((p - task.tonic) % 12), tables.OTHER_CADENCE) for p in pitches])
    return np.asarray(_CADENCE_WEIGHT * cost + np.where(chord, 0.0, 1.2))


def _interval_cost(interval: Ints, flatness: float) -> Floats:
    size = np.minimum(np.abs(interval), _LARGEST_LEAP)
    cost = (tables.costs(tables.INTERVAL_SHARES, 1.0 - 0.5 * flatness) - np.array(tables.INTERVAL_TILT))[size]
    cost = cost + np.where(np.abs(interval) > _LARGEST_LEAP, 8.0, 0.0)
    step = (size == 1) | (size == 2)
    return np.asarray(
        cost + np.where(step, np.where(interval < 0, -0.15, 0.15), 0.0) + np.where(size > 0, np.log(2), 0.0)
    )


def _pair_cost(task: PitchTask, n: int, interval: Ints, chord: NDArray[np.bool_]) -> Floats:
    """Cost of moving from note ``n`` to the next: resolution, stress and melisma."""
    size = np.abs(interval)
    exposed = task.levels[n] <= HALF or task.durations[n] >= 1.0
    cost = np.where(~chord[:, None] & (size > 2), task.harmony * (1.3 if exposed else 0.5), 0.0)
    if task.stressed[n + 1] and not task.stressed[n]:
        cost = cost + np.where(interval < 0, 0.225, 0.0)
    if task.stressed[n] and not task.stressed[n + 1]:
        cost = cost + np.where(interval > 0, 0.175, 0.0)
    if task.tones:
        cost = cost + tones.cost(task.tones[n], interval)
    if task.melisma[n + 1]:
        cost = cost + np.where(size == 0, 6.0, 0.0) + np.where(size > 2, 0.8 * (size - 2), 0.0)
    return np.asarray(cost)


@lru_cache(maxsize=64)
def _triple_cost(size: int) -> Floats:
    """Cost of two successive intervals among ``size`` pitches: leap recovery, repetition, oscillation."""
    interval = _intervals(size)
    first = interval[:, :, None]
    second = interval[None, :, :]
    same_way = np.sign(first) * np.sign(second) > 0
    leap, back = np.abs(first) >= 5, np.sign(first) * np.sign(second) < 0
    cost = np.where(leap & same_way, 1.4, 0.0)
    cost = cost + np.where(leap & (second == 0), 0.3, 0.0) - np.where(leap & back & (np.abs(second) <= 4), 0.6, 0.0)
    cost = cost + np.where(leap & (np.abs(second) >= 5), 1.0, 0.0)
    cost = cost + np.where((np.abs(first) >= 7) & (np.abs(second) >= 5) & same_way, 2.0, 0.0)
    cost = cost + np.where((first == 0) & (second == 0), 0.8, 0.0)
    return _kept(cost + np.where((first == -second) & (first != 0), -0.1, 0.0))


def shape_scores(melodies: Ints, onsets: Ints, hook: bool, reach: float = _REACH) -> Floats:
    """Return a score per melody (row) for the shape of the whole line; higher is better.

    Rewards a range of a fourth to a seventh, few leaps, some repetition, an inner motif that comes back, one clear
    peak and one characteristic skip (Jakubowski et al. 2017 on what sticks: a common contour with something unusual).
    """
    count, notes = melodies.shape
    if notes < 3:
        return np.zeros(count)
    interval = np.diff(melodies, axis=1)
    size = np.abs(interval)
    span = melodies.max(axis=1) - melodies.min(axis=1)
    score = -0.35 * np.maximum((5 if notes > 4 else 3) - span, 0) - 0.3 * np.maximum(
        span - (reach - 1 if hook else reach), 0
    )
    distinct = (np.diff(np.sort(melodies, axis=1), axis=1) > 0).sum(axis=1) + 1
    score = score - 0.4 * np.maximum(min(4, notes - 1) - distinct, 0)
    repeats = (size == 0).mean(axis=1)
    score = score - 2.0 * np.maximum(repeats - 0.45, 0) - 2.0 * np.maximum(0.08 - repeats, 0)
    score = score - 0.3 * np.maximum((size >= 5).sum(axis=1) - 2, 0)
    turns = ((interval[:, 1:] == -interval[:, :-1]) & (interval[:, 1:] != 0)).sum(axis=1)
    score = score - 0.3 * np.maximum(turns - 2, 0)
    score = score + 0.3 * np.minimum(_motifs(interval, np.diff(onsets)), 2)
    top = melodies.max(axis=1, keepdims=True)
    one_peak = ((melodies == top).sum(axis=1) <= 2) & (np.argmax(melodies, axis=1) < 0.7 * notes)
    skips = ((size >= 3) & (size <= 7)).sum(axis=1)
    return np.asarray(score + (0.7 if not hook else 1.0) * one_peak + 0.4 * ((skips >= 1) & (skips <= 2)))


def _motifs(interval: Ints, gaps: Ints) -> Ints:
    """Count (interval, interval, rhythm) cells that come back inside each melody; a held note is no motif."""
    cells = interval.shape[1] - 1
    found = np.zeros(len(interval), dtype=np.int64)
    for i in range(cells):
        for j in range(i + 2, cells):
            if np.array_equal(gaps[i : i + 2], gaps[j : j + 2]):
                same = (interval[:, i] == interval[:, j]) & (interval[:, i + 1] == interval[:, j + 1])
                found += same & ((interval[:, i] != 0) | (interval[:, i + 1] != 0))
    return found


def choose(
    task: PitchTask, onsets: Ints, rng: np.random.Generator, *, hook: bool = False, count: int = 16
) -> tuple[Ints, float]:
    """Return the best of ``count`` sampled melodies and its score (higher is better).

    Parameters
    ----------
    onsets : slots of the notes, for motifs.
    hook : judge as a hook line, which wants one peak and a modest range.
    """
    melodies, mean_cost = draw(task, rng, count)
    score = shape_scores(melodies, onsets, hook, task.reach) - 0.5 * mean_cost
    best = int(np.argmax(score))
    return melodies[best], float(score[best])
