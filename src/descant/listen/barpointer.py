"""Beats and bars in one: the likeliest way that a hand which beats time moved through a recording.

Task: joint beat and downbeat tracking. Source: the bar pointer model (Whiteley, Cemgil & Godsill, ISMIR 2006) with
tempo changing at beats only and a beat as one span of frames (Krebs, Böck & Widmer, "An efficient state-space model
for joint tempo and meter tracking", ISMIR 2015; Böck, Krebs & Widmer, ISMIR 2016). As a beat of given length is passed
through without choice, a whole beat is one step here (a semi-Markov model), which costs a fraction of the time.

Conventions: frames are those of :mod:`~descant.listen.beat_network`; a beat's length is a whole number of them.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from descant.listen.beat_network import FRAMES_PER_SECOND, Activations

STEADINESS = 60.0
"""What it costs (natural logarithm), for each unit share, that a beat is longer or shorter than the one before."""

MOST_CHANGE = 0.25
"""Greatest share by which a beat's length may differ from that before."""

FIRM_STEADINESS, FIRM_MOST_CHANGE = 300.0, 0.12
"""The same once the tempo is known: loud off-beats do not pull the hand from one beat to the next."""

SWAY = 1.22
"""Factor by which beats may then be faster or slower than the middle one."""

STRETCH = 4
"""Beats over which the middle length is taken: single ones are whole numbers of frames."""

ON_BEAT = 3
"""Frames about a beat in which it is looked for."""

ELSEWHERE = 4.0
"""By how many moments of a beat the chance that one of them is none is shared."""

USUAL, HABIT = 112.0, 0.1
"""Beats a minute that people like best (Moelants, "Preferred tempo reconsidered", ICMPC 2002), and what a tempo costs a
frame for the fourth power of the octaves that it lies away: little in between, much at the ends."""

SURE = 0.65
"""Probability that a recording's surest beats are taken to have: the network is less sure of some than of others."""

LEAST = 0.005
"""Probability below which nothing is believed impossible."""


@dataclass(frozen=True)
class Path:
    """Beats as ``frames``, each one's ``place`` in its bar (0 is a downbeat), and its log ``likelihood``, a frame."""

    frames: NDArray[np.int64]
    place: NDArray[np.int64]
    likelihood: float


def path(heard: Activations, bar: int, slowest: float, fastest: float) -> Path:
    """Return the likeliest beats in bars of ``bar`` beats, at tempi (beats a minute) between two.

    Parameters
    ----------
    heard : at least a frame.
    """
    return _path(heard, bar, (slowest, fastest), STEADINESS, MOST_CHANGE)


def firm_path(heard: Activations, bar: int, loose: Path) -> Path:
    """Return the likeliest beats about as fast as those of a path, of a hand that is harder to move."""
    if len(loose.frames) < 2 * STRETCH:
        return loose
    length = float(np.median(loose.frames[STRETCH:] - loose.frames[:-STRETCH])) / STRETCH
    bpm = 60 * FRAMES_PER_SECOND / length
    return _path(heard, bar, (bpm / SWAY, bpm * SWAY), FIRM_STEADINESS, FIRM_MOST_CHANGE)


def _path(heard: Activations, bar: int, tempi: tuple[float, float], steadiness: float, most: float) -> Path:
    slowest, fastest = tempi
    shortest = max(2, round(60 * FRAMES_PER_SECOND / fastest))
    longest = max(shortest, round(60 * FRAMES_PER_SECOND / slowest))
    lengths = np.arange(shortest, longest + 1)
    gain = SURE / max(float(np.quantile(heard.beat, 0.98)), 0.05)
    beat, downbeat = (maximum_filter1d(gain * c.astype(np.float64), ON_BEAT) for c in (heard.beat, heard.downbeat))
    down = np.clip(downbeat, LEAST, 1 - 2 * LEAST)
    other = np.clip(beat - down, LEAST, 1 - LEAST - down)
    rest = np.log(np.clip(1 - down - other, LEAST, 1) / ELSEWHERE)
    sums = np.cumsum(np.vstack([np.zeros(3), np.stack([np.log(down), np.log(other), rest], axis=1)]), axis=0)
    changes = _changes(lengths, most, steadiness)
    start, place, score = _likeliest(sums, lengths, _liked(lengths), bar, changes, most)
    return Path(np.minimum(start + ON_BEAT // 2, len(down) - 1), place, float(score / len(down)))


def _liked(lengths: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return what a beat of each length costs for being unusually fast or slow, 0 at best."""
    far = np.log2(60 * FRAMES_PER_SECOND / lengths / USUAL)
    return np.asarray(-HABIT * lengths * far**4, np.float64)


def _changes(lengths: NDArray[np.int64], most: float, steadiness: float) -> NDArray[np.float64]:
    """Return the log probability of each length (columns) after each other (rows); −inf where there is too much."""
    ratio = lengths[None, :] / lengths[:, None]
    chance = np.where(np.abs(ratio - 1) <= most, np.exp(-steadiness * np.abs(ratio - 1)), 0.0)
    chance /= chance.sum(axis=1, keepdims=True)
    return np.asarray(np.log(np.maximum(chance, 1e-300)), np.float64)


@njit(cache=True, fastmath=False, nogil=True)
def _span(sums: NDArray[np.float64], begin: int, kind: int, stop: int) -> float:
    """Return the log likelihood of frames from ``begin`` to ``stop`` in a beat that begins there."""
    middle = min(begin + ON_BEAT, stop)
    found: float = sums[middle, kind] - sums[begin, kind] + sums[stop, 2] - sums[middle, 2]
    return found


@njit(cache=True, fastmath=False, nogil=True)
def _likeliest(
    sums: NDArray[np.float64],
    lengths: NDArray[np.int64],
    liked: NDArray[np.float64],
    bar: int,
    changes: NDArray[np.float64],
    most: float,
) -> tuple[NDArray[np.int64], NDArray[np.int64], float]:
    frames, count = len(sums) - 1, len(lengths)
    # best log likelihood of all before frame t, where a beat of a place and a length begins
    best = np.full((frames, bar, count), -1e30, np.float32)
    came = np.full((frames, bar, count), -1, np.int16)
    ended = np.empty(count)
    top, top_frame, top_place, top_length = -1e30, 0, 0, 0
    for t in range(frames):
        for place in range(bar):
            if t < lengths[-1]:  # the first beat that is heard whole; what goes before is the rest of another
                for i in range(count):
                    if t < lengths[i]:
                        best[t, place, i] = sums[t, 2]
            before = (place - 1) % bar
            kind = 0 if before == 0 else 1
            for i in range(count):
                begin = t - lengths[i]
                ended[i] = -1e30
                if begin >= 0:
                    ended[i] = best[begin, before, i] + _span(sums, begin, kind, t) + liked[i]
            for j in range(count):
                value, origin = best[t, place, j], -1
                low = lengths[j] / (1 + most)
                high = lengths[j] / (1 - most)
                for i in range(max(0, int(low) - lengths[0]), min(count, int(high) + 2 - lengths[0])):
                    if ended[i] > -1e29 and ended[i] + changes[i, j] > value:
                        value, origin = ended[i] + changes[i, j], i
                best[t, place, j] = value
                came[t, place, j] = origin
        for place in range(bar):
            kind = 0 if place == 0 else 1
            for i in range(count):
                if t + lengths[i] >= frames:
                    value = best[t, place, i] + _span(sums, t, kind, frames)
                    if value > top:
                        top, top_frame, top_place, top_length = value, t, place, i
    starts, places = [top_frame], [top_place]
    t, place, i = top_frame, top_place, top_length
    while came[t, place, i] >= 0:
        origin = came[t, place, i]
        place = (place - 1) % bar
        t -= lengths[origin]
        i = origin
        starts.append(t)
        places.append(place)
    return np.array(starts[::-1]), np.array(places[::-1]), top
