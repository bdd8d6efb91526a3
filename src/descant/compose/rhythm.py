"""Vocal rhythm: on which sixteenth each syllable of a line falls.

An exact dynamic programme: messages run forward over (syllable, slot), whole rhythms are then sampled backward, and
the most even-tempered of several samples is kept (research/composition.md §2.4; sampling, where the single cheapest
path gave even eighths throughout). Slots count from the bar line of the line's window; a pickup is negative.
"""

from collections.abc import Mapping

import msgspec
import numpy as np
from numpy.typing import NDArray

from descant.compose import tables
from descant.compose.grid import BEAT, EIGHTH, SIXTEENTH, Grid

Slots = NDArray[np.int64]
Floats = NDArray[np.float64]

_LONGEST_IOI = 12
_LEVEL_COUNTS = np.array([1.0, 1.0, 2.0, 4.0, 8.0])
_HELD_OVER = 3  # slots: an off-beat eighth as long as this sounds as an anticipation
_UNUSABLE = 200.0
_MISPLACED = 0.8  # in the choice among samples, a word stressed wrongly
_WRONG_STRESS = 1.0  # for a word whose unstressed syllable stands on the stronger slot
_METRE_WEIGHT = 0.95
_RAP_METRE_WEIGHT = 1.2
_TYPICAL = 0.7  # weight of a rhythm's own mean cost in the choice among samples


class RhythmTask(msgspec.Struct, frozen=True, kw_only=True):
    """What a line asks of its rhythm.

    Attributes
    ----------
    classes : syllable class letters (``SyllableClass`` values), one a syllable.
    words : index of the word each syllable belongs to.
    pauses : whether a comma or a stop follows the syllable.
    first, last : earliest slot of the first onset and latest slot of the last.
    target : slot the last onset is drawn to.
    density : a key of :data:`tables.IOI_SHARES`.
    syncopation : 0–1, readiness to sing ahead of the beat.
    rewards : slot to rewards (≥ 0) for a strong and for a weak syllable there: the echo of an earlier line.
    rhyme_slot : slot of the rhyme partner's last syllable, or None.
    rapped : whether the line is rapped.
    temperature : 1 draws from the measured shares, below 1 nearer the likeliest.
    accent : factor on the pull of strong slots on stressed syllables.
    """

    classes: tuple[str, ...]
    words: tuple[int, ...]
    pauses: tuple[bool, ...]
    first: int
    last: int
    target: float
    density: str
    syncopation: float
    rewards: Mapping[int, tuple[float, float]]
    rhyme_slot: int | None = None
    rapped: bool = False
    temperature: float = 1.0
    accent: float = 1.0

    @property
    def metre_weight(self) -> float:
        """Weight of the measured placement of syllables."""
        return self.accent * (_RAP_METRE_WEIGHT if self.rapped else _METRE_WEIGHT)


class Lattice(msgspec.Struct, frozen=True):
    """A line's slots with the costs and forward messages of its task, from which any number of rhythms is drawn."""

    task: RhythmTask
    grid: Grid
    slots: Slots
    emissions: Floats
    moves: list[Floats]
    kernels: list[Floats]
    forward: list[Floats]


def lattice(task: RhythmTask, grid: Grid) -> Lattice:
    """Return the lattice of a line's rhythms.

    Raises
    ------
    ValueError : when the syllables do not fit between ``first`` and ``last``.
    """
    syllables = len(task.classes)
    slots = np.arange(task.first, task.last + 1)
    if len(slots) < syllables:
        raise ValueError(f"{syllables} syllables do not fit {len(slots)} slots")
    emissions = _emissions(task, grid, slots)
    emissions[0] += _start_cost(task, grid, slots)
    emissions[-1] += _end_cost(task, grid, slots)
    emissions[-1] -= _relief(task, grid, slots, task.classes[-1])
    moves = _moves(task, grid, slots)
    scale = 1.0 / task.temperature
    kernels = [np.exp(-(move - move.min()) * scale) for move in moves]
    forward = [np.exp(-(emissions[0] - emissions[0].min()) * scale)]
    for i in range(1, syllables):
        weight = np.exp(-(emissions[i] - emissions[i].min()) * scale)
        message = (forward[-1] @ kernels[i - 1]) * weight
        forward.append(message / max(message.max(), 1e-300))
    return Lattice(task, grid, slots, emissions, moves, kernels, forward)


def draw(lattice: Lattice, rng: np.random.Generator, count: int) -> tuple[Slots, Floats]:
    """Return ``count`` sampled rhythms, shape (count, syllables), rising onset slots, and each one's mean cost."""
    syllables = len(lattice.emissions)
    chosen = _backward(lattice.forward, lattice.kernels, rng, count)
    cost = lattice.emissions[np.arange(syllables), chosen].sum(axis=1)
    for i, move in enumerate(lattice.moves):
        cost = cost + move[chosen[:, i], chosen[:, i + 1]]
    return lattice.slots[chosen], cost / syllables


def _moves(task: RhythmTask, grid: Grid, slots: Slots) -> list[Floats]:
    """Cost of going from any slot (row) to any other (column) after each syllable but the last."""
    gaps = slots[None, :] - slots[:, None]
    usable = (gaps >= 1) & (gaps <= _LONGEST_IOI)
    index = np.where(usable, gaps - 1, 0)
    relief = {letter: _relief(task, grid, slots, letter)[:, None] for letter in sorted(set(task.classes))}
    moves = []
    levels = grid.levels(slots)
    falling = np.where(
        levels[None, :] < levels[:, None], task.accent * _WRONG_STRESS, 0.0
    )  # the second stands stronger
    for i, (letter, step) in enumerate(zip(task.classes, _step_costs(task), strict=False)):
        cost = step[index] - np.where(gaps >= _HELD_OVER, relief[letter], 0.0)
        if task.words[i] == task.words[i + 1]:
            if letter == "S":
                cost = cost + np.where(gaps >= _HELD_OVER, 0.0, falling)
            elif task.classes[i + 1] == "S":
                cost = cost + falling.T
        moves.append(np.where(usable, cost, _UNUSABLE))
    return moves


def _backward(
    forward: list[NDArray[np.float64]], kernels: list[NDArray[np.float64]], rng: np.random.Generator, count: int
) -> NDArray[np.int64]:
    """Sample slot indices from the last syllable back to the first."""
    chosen = np.empty((count, len(forward)), dtype=np.int64)
    chosen[:, -1] = _categorical(np.tile(forward[-1], (count, 1)), rng)
    for i in range(len(forward) - 2, -1, -1):
        chosen[:, i] = _categorical(forward[i][None, :] * kernels[i][:, chosen[:, i + 1]].T, rng)
    return chosen


def _categorical(weights: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw one index a row, with probabilities proportional to the row's weights."""
    total = np.cumsum(weights, axis=1)
    drawn = rng.random(len(weights)) * total[:, -1]
    return np.asarray(np.minimum((total <= drawn[:, None]).sum(axis=1), weights.shape[1] - 1))


def _emissions(task: RhythmTask, grid: Grid, slots: NDArray[np.int64]) -> NDArray[np.float64]:
    """Cost of each syllable (row) on each slot (column): metre and the echo of an earlier line."""
    weight = task.metre_weight
    levels = grid.levels(slots)
    reward = np.array([task.rewards.get(int(slot), (0.0, 0.0)) for slot in slots])
    rows = {}
    for letter in sorted(set(task.classes)):
        placed = -np.log(np.array(tables.PLACEMENT[letter]) / _LEVEL_COUNTS)[levels]
        rows[letter] = weight * placed - reward[:, 0 if letter in "SC" else 1]
    return np.array([rows[letter] for letter in task.classes])


def _relief(task: RhythmTask, grid: Grid, slots: NDArray[np.int64], letter: str) -> NDArray[np.float64]:
    """Return what a syllable saves on each slot when it is long enough to sound as an anticipation or a dotted push."""
    weight = task.metre_weight
    cost = -np.log(np.array(tables.PLACEMENT[letter]) / _LEVEL_COUNTS)
    levels, ahead = grid.levels(slots), grid.levels(slots + 2)
    pushed = (levels == EIGHTH) & (ahead <= BEAT)
    saved = np.where(pushed, cost[levels] - (cost[ahead] + 1.3 - 1.4 * task.syncopation), 0.0)
    dotted = levels == SIXTEENTH
    saved = np.where(dotted, cost[SIXTEENTH] - (cost[EIGHTH] + 1.0 - 1.6 * task.syncopation), saved)
    return np.asarray(weight * np.maximum(saved, 0.0))


def _start_cost(task: RhythmTask, grid: Grid, slots: NDArray[np.int64]) -> NDArray[np.float64]:
    cost = np.where(slots < 0, 0.3, 0.0) + 0.12 * np.maximum(slots - 4, 0) + np.where(slots > 8, 6.0, 0.0)
    if grid.slots == len(tables.START_SHARES):
        cost = cost + tables.costs(tables.START_SHARES)[slots % grid.slots]
    return np.asarray(0.5 * cost)


def _end_cost(task: RhythmTask, grid: Grid, slots: NDArray[np.int64]) -> NDArray[np.float64]:
    cost = 0.16 * np.abs(slots - task.target)
    if grid.slots == len(tables.END_SHARES):
        shares = tables.RAP_END_SHARES if task.rapped else tables.END_SHARES
        cost = cost + (1.0 if task.rapped else 0.4) * tables.costs(shares)[slots % grid.slots]
    if task.rhyme_slot is not None:
        cost = cost + 1.2 * np.where(slots == task.rhyme_slot, -1.2, 0.3)
    return np.asarray(cost)


def _step_costs(task: RhythmTask) -> list[NDArray[np.float64]]:
    """Cost of each inter-onset interval of 1…12 slots after each syllable but the last."""
    base = tables.costs(tables.IOI_SHARES[task.density])
    d = np.arange(1, _LONGEST_IOI + 1)
    costs = []
    for i in range(len(task.classes) - 1):
        step = base.copy()
        if task.words[i] == task.words[i + 1]:
            step += np.where(d > 4, 1.2 + 0.25 * (d - 4), 0.0)
        if task.classes[i] in "FU":
            step += np.where(d >= 4, 0.8 + 0.2 * (d - 4), 0.0)
        if task.pauses[i]:
            step += np.where((d >= 4) & (d <= 8), -2.2, 0.0)
        costs.append(step)
    return costs


def evenness_cost(onsets: NDArray[np.int64], grid: Grid, syncopation: float) -> NDArray[np.float64]:
    """Return a cost per rhythm (row) for too much or too little syncopation and for machine-like evenness."""
    count, syllables = onsets.shape
    if syllables < 3:
        return np.zeros(count)
    gaps = np.diff(onsets, axis=1)
    off = (grid.levels(onsets[:, :-1]) >= EIGHTH) & (gaps >= 3)
    share = off.mean(axis=1)
    run = longest_run(gaps)
    values = (np.diff(np.sort(gaps, axis=1), axis=1) > 0).sum(axis=1) + 1
    plain = 0.5 * np.maximum(min(3, syllables - 2) - values, 0)
    return np.asarray(1.5 * np.abs(share - 0.55 * syncopation) + 0.3 * np.maximum(run - 3, 0) + plain)


def longest_run(gaps: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return, for each row of inter-onset intervals, the length of its longest run of equal values."""
    best = np.ones(len(gaps), dtype=np.int64)
    run = np.ones(len(gaps), dtype=np.int64)
    for i in range(1, gaps.shape[1]):
        run = np.where(gaps[:, i] == gaps[:, i - 1], run + 1, 1)
        best = np.maximum(best, run)
    return best


def misplaced_words(task: RhythmTask, onsets: Slots, grid: Grid) -> Slots:
    """Return, for each rhythm (row), how many words have an unstressed syllable on a stronger slot than their stress.

    An off-beat eighth held over the next beat counts as that beat.
    """
    levels = grid.levels(onsets)
    held = np.diff(onsets, axis=1, append=onsets[:, -1:] + _HELD_OVER) >= _HELD_OVER
    ahead = grid.levels(onsets + 2)
    felt = np.where((levels == EIGHTH) & (ahead <= BEAT) & held, ahead, levels)
    wrong = np.zeros(len(onsets), dtype=np.int64)
    words = np.array(task.words)
    letters = np.array(task.classes)
    for word in sorted(set(task.words)):
        own = np.flatnonzero(words == word)
        stressed = own[letters[own] == "S"]
        if len(own) > 1 and len(stressed) == 1:
            others = own[own != stressed[0]]
            wrong += felt[:, others].min(axis=1) < felt[:, stressed[0]]
    return wrong


def choose(lattice: Lattice, rng: np.random.Generator, count: int = 12) -> tuple[Slots, float]:
    """Return the best of ``count`` sampled rhythms, onset slots one a syllable, and its cost."""
    task, grid = lattice.task, lattice.grid
    onsets, cost = draw(lattice, rng, count)
    cost = _TYPICAL * cost + evenness_cost(onsets, grid, task.syncopation)
    cost = cost + task.accent * _MISPLACED * misplaced_words(task, onsets, grid)
    best = int(np.argmin(cost))
    return onsets[best], float(cost[best])
