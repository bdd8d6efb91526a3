"""Metre: how beats group into bars, and where bars begin.

Task: downbeat tracking. Source: bars begin where harmony and bass change and where the kick is (Davies & Plumbley, "A
spectral difference approach to downbeat extraction in musical audio", EUSIPCO 2006; Goto, "An audio-based real-time
beat tracking system for music with or without drum-sounds", JNMR 2001). The weights were chosen on songs of our own
composer played by another synthesizer, among them ``benchmarks/truth/tune.toml``.

Conventions: an accent is how much a beat sounds like the first of a bar, of mean 0 and deviation 1 in a recording.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from descant.listen import harmony
from descant.listen.features import Pitches
from descant.listen.rhythm import LOW, strength_at
from descant.song.tempo import Metre

HARMONY_NEAR, HARMONY_FAR, BASS_NEAR, KICK = 0.5, 0.6, 0.3, 0.5
"""Weights of change of chroma from one beat to the next, of two beats to the next two, of bass chroma, and of lows."""

SIMPLE = {4: Metre(4, 4), 3: Metre(3, 4)}
COMPOUND = {2: Metre(6, 8)}
"""Metres by the beats of a bar: quarter notes, and dotted quarter notes."""

SLIP = 8.0
"""What it costs, in accents, to begin bars elsewhere than counting on would."""


@dataclass(frozen=True)
class Bars:
    """The ``metre``, the ``downbeats`` as indices of beats, and how sure they are, 0–1."""

    metre: Metre
    downbeats: NDArray[np.int64]
    confidence: float


def accents(
    beats: NDArray[np.float64], onsets: NDArray[np.float32], pitches: Pitches, end: float
) -> NDArray[np.float64]:
    """Return the accent of each of ``beats`` (seconds, before ``end``)."""
    times = np.append(beats, max(end, beats[-1] + 0.1))
    treble = harmony.treble_chroma(pitches, times)
    bass = harmony.bass_chroma(pitches, times)
    total = (
        HARMONY_NEAR * _standard(_change(treble, 1))
        + HARMONY_FAR * _standard(_change(treble, 2))
        + BASS_NEAR * _standard(_change(bass, 1))
        + KICK * _standard(strength_at(onsets[:, LOW], beats))
    )
    return np.clip(_standard(total), -3, 3)


def harmonic_motion(beats: NDArray[np.float64], pitches: Pitches, end: float) -> float:
    """Return how much chroma changes at those beats (seconds, before ``end``), a quarter of all, where it does most."""
    times = np.append(beats, max(end, beats[-1] + 0.1))
    changes = np.sort(_change(harmony.treble_chroma(pitches, times), 1))
    return float(changes[-max(1, len(changes) // 4) :].mean())


def contrast(accents: NDArray[np.float64], length: int) -> float:
    """Return how much the first beats of bars of ``length`` beats stand out, at the phase where they do most."""
    if len(accents) < 2 * length:
        return 0.0
    return max(_standing_out(accents, length, first) for first in range(length))


def bars(accents: NDArray[np.float64], metres: dict[int, Metre]) -> Bars:
    """Return the bars that fit the accents best, in one of ``metres`` (by beats of a bar)."""
    ranked = sorted(metres, key=lambda length: -contrast(accents, length))
    length = ranked[0]
    phases = _phases(accents, length)
    numbers = np.arange(len(accents))
    downbeats = numbers[numbers % length == phases]
    scores = sorted(
        (_standing_out(accents, n, first) for n in metres for first in range(n) if len(accents) >= 2 * n), reverse=True
    )
    margin = scores[0] - scores[1] if len(scores) > 1 else 0.0
    return Bars(metres[length], downbeats, round(float(np.clip(0.3 + 0.7 * margin, 0, 1)) if scores else 0.0, 3))


def _standing_out(accents: NDArray[np.float64], length: int, first: int) -> float:
    return float(accents[first::length].mean() - np.delete(accents, np.s_[first::length]).mean())


def _change(chroma: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """Return how unlike the ``reach`` spans from each one on are to those before it: 1 − cosine."""
    sums = np.vstack([np.zeros((1, 12)), np.cumsum(chroma, axis=0)])
    here = np.arange(len(chroma))
    before = sums[here] - sums[np.maximum(here - reach, 0)]
    after = sums[np.minimum(here + reach, len(chroma))] - sums[here]
    lengths = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    return np.where(lengths > 1e-9, 1 - (before * after).sum(axis=1) / np.maximum(lengths, 1e-9), 0.0)


def _standard(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray((values - values.mean()) / max(float(values.std()), 1e-9), np.float64)


def _phases(accents: NDArray[np.float64], length: int) -> NDArray[np.int64]:
    """Return for each beat the number, modulo ``length``, of the beats that begin bars around it."""
    total = np.zeros(length)
    came = np.zeros((len(accents), length), np.int64)
    for i, accent in enumerate(accents):
        best = int(np.argmax(total))
        kept = total >= total[best] - SLIP
        came[i] = np.where(kept, np.arange(length), best)
        total = np.where(kept, total, total[best] - SLIP)
        total[i % length] += accent
    path = np.zeros(len(accents), np.int64)
    state = int(np.argmax(total))
    for i in range(len(accents) - 1, -1, -1):
        path[i] = state
        state = int(came[i, state])
    return path
