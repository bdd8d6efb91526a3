"""Metre: how beats group into bars, and where bars begin when a network leaves it open.

Task: downbeat tracking. The network of :mod:`~descant.listen.beat_network` is sure of bars where drums or accompaniment
keep a pattern, and not in chorales and the like. There, bars begin where harmony and bass change (Davies & Plumbley, "A
spectral difference approach to downbeat extraction in musical audio", EUSIPCO 2006). Constants were chosen on
``benchmarks/truth/tune.toml`` and eight chorales.

Conventions: a beat is a quarter note in simple metres, and in compound ones a dotted quarter, which divides in three.
"""

import numpy as np
from numpy.typing import NDArray

from descant.listen import harmony
from descant.listen.features import Pitches
from descant.song.tempo import Metre

SIMPLE = {4: Metre(4, 4), 3: Metre(3, 4)}
COMPOUND = {2: Metre(6, 8), 4: Metre(12, 8)}
"""Metres by the beats of a bar."""

HARMONY_NEAR, HARMONY_FAR, BASS_NEAR = 0.5, 0.6, 0.3
"""Weights of change of chroma from one beat to the next, of two beats to the next two, and of bass chroma."""

SURE = 0.8
"""Natural logarithm of odds by which one beat of the bar must lead for the network to be believed alone."""

SLIP = 8.0
"""What it costs, in logarithms of odds, to begin bars elsewhere than counting on would."""

LEAST = 0.01
"""Probability below which a downbeat is not held to be impossible."""


def places(
    found: NDArray[np.int64], likely: NDArray[np.floating], times: NDArray[np.float64], length: int, pitches: Pitches
) -> NDArray[np.int64]:
    """Return each beat's place in its bar, 0 for the first: as ``found``, or as harmony says where that was unsure.

    Parameters
    ----------
    found : places on the likeliest path; ``likely``: how likely each beat is a downbeat.
    times : of the beats in seconds, rising; ``length``: beats of a bar.
    """
    if len(times) < 2 * length:
        return found
    chance = np.clip(likely.astype(np.float64), LEAST, 1 - LEAST)
    odds = np.log(chance / (1 - chance))
    means = sorted(float(odds[first::length].mean()) for first in range(length))
    if means[-1] - means[-2] > SURE:
        return found
    phases = _phases(odds - odds.mean() + accents(times, pitches), length)
    return (np.arange(len(times)) - phases) % length


def accents(times: NDArray[np.float64], pitches: Pitches) -> NDArray[np.float64]:
    """Return how much harmony changes at each of the beats at ``times`` (seconds), of mean 0 and deviation 1."""
    spans = np.append(times, times[-1] + (times[-1] - times[-2]))
    treble, bass = harmony.treble_chroma(pitches, spans), harmony.bass_chroma(pitches, spans)
    total = (
        HARMONY_NEAR * _standard(harmony.changes(treble, 1))
        + HARMONY_FAR * _standard(harmony.changes(treble, 2))
        + BASS_NEAR * _standard(harmony.changes(bass, 1))
    )
    return np.clip(_standard(total), -3, 3)


def _standard(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray((values - values.mean()) / max(float(values.std()), 1e-9), np.float64)


def _phases(odds: NDArray[np.float64], length: int) -> NDArray[np.int64]:
    """Return for each beat the number, modulo ``length``, of the beats that begin bars around it."""
    total = np.zeros(length)
    came = np.zeros((len(odds), length), np.int64)
    for i, value in enumerate(odds):
        best = int(np.argmax(total))
        kept = total >= total[best] - SLIP
        came[i] = np.where(kept, np.arange(length), best)
        total = np.where(kept, total, total[best] - SLIP)
        total[i % length] += value
    path = np.zeros(len(odds), np.int64)
    state = int(np.argmax(total))
    for i in range(len(odds) - 1, -1, -1):
        path[i] = state
        state = int(came[i, state])
    return path
