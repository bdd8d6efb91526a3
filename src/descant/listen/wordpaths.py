"""The likeliest way through the sounds of lyrics (Viterbi), with anything between words.

States stand in a row: *anything*, the sounds of the first word, anything, those of the second word, and so on. From a
sound the way leads on to the next one; from a word's last sound to anything or straight to the next word; from anything
to the next word, or, at a price, past it to the anything behind it.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

_STAYS, _COMES, _STRAIGHT, _PASSES = range(4)
_SOUND, _BEGINS, _BETWEEN = range(3)


@dataclass(frozen=True)
class Graph:
    """States in a row, and what each has.

    Attributes
    ----------
    columns : the column of the scores each state has; ``senones`` names the columns, anything has the one after them.
    kinds : whether it is a sound, the first of a word, or between words.
    held : cost of each frame it is held on; ``passed`` : of coming to it past the word before it.
    words : the word it belongs to, −1 between words.
    """

    columns: NDArray[np.int64]
    kinds: NDArray[np.int64]
    held: NDArray[np.float64]
    passed: NDArray[np.float64]
    words: NDArray[np.int64]
    senones: NDArray[np.int64]


class Builder:
    """Puts a graph together from its first state to its last."""

    def __init__(self) -> None:
        self._rows: list[tuple[int, int, float, float, int]] = []

    def sound(self, word: int, senone: int, held: float) -> None:
        """Add a sound of a word."""
        begins = not self._rows or self._rows[-1][4] != word
        self._rows.append((senone, _BEGINS if begins else _SOUND, held, np.inf, word))

    def between(self, held: float, passed: float) -> None:
        """Add anything, before the first word or after a word."""
        self._rows.append((-1, _BETWEEN, held, passed, -1))

    def graph(self) -> Graph:
        """Return the graph."""
        senone, kind, held, passed, word = (np.array(values) for values in zip(*self._rows, strict=True))
        senones = np.unique(senone[senone >= 0])
        columns = np.where(senone >= 0, np.searchsorted(senones, senone), len(senones))
        return Graph(columns, kind, held.astype(np.float64), passed.astype(np.float64), word, senones)


def likeliest(scores: NDArray[np.float32], graph: Graph) -> NDArray[np.int64]:
    """Return the state of each frame, by scores (frames, columns); the way ends in the last word or behind it."""
    return _likeliest(scores, graph.columns, graph.kinds, graph.held, graph.passed)


@njit(cache=True, fastmath=False, nogil=True)
def _likeliest(
    scores: NDArray[np.float32],
    columns: NDArray[np.int64],
    kinds: NDArray[np.int64],
    held: NDArray[np.float64],
    passed: NDArray[np.float64],
) -> NDArray[np.int64]:
    frames, states = len(scores), len(columns)
    before = np.full(states, -1, np.int64)  # the last state between words before each
    latest = -1
    for s in range(states):
        before[s] = latest
        if kinds[s] == _BETWEEN:
            latest = s
    came = np.zeros((frames, (states + 3) // 4), np.uint8)  # two bits a state: long songs have millions
    value = np.full(states, -1e30)
    new = np.full(states, -1e30)
    value[: min(2, states)] = 0.0
    for t in range(frames):
        for s in range(states):
            best, way = value[s] - held[s], _STAYS
            if t == 0:
                best = value[s]
            elif s > 0:
                if value[s - 1] > best:
                    best, way = value[s - 1], _COMES
                if s > 1 and kinds[s] == _BEGINS and value[s - 2] > best:
                    best, way = value[s - 2], _STRAIGHT
            best += scores[t, columns[s]]
            if kinds[s] == _BETWEEN and before[s] >= 0 and new[before[s]] - passed[s] > best:
                best, way = new[before[s]] - passed[s], _PASSES
            new[s] = best
            came[t, s >> 2] |= way << (2 * (s & 3))
        value, new = new, value
    s = states - 1
    if states > 1 and value[s - 1] > value[s]:
        s -= 1
    path = np.zeros(frames, np.int64)
    for t in range(frames - 1, -1, -1):
        way = (came[t, s >> 2] >> (2 * (s & 3))) & 3
        while way == _PASSES:
            s = before[s]
            way = (came[t, s >> 2] >> (2 * (s & 3))) & 3
        path[t] = s
        if way == _COMES:
            s -= 1
        elif way == _STRAIGHT:
            s -= 2
    return path
