"""The beat that people tap among all the pulses of a recording, and how it is divided.

Task: choosing the tempo's octave, and telling compound metre from simple. Music repeats at many speeds at once; each
likely one is tracked and judged by what the beats then are: how well they explain the onsets, whether kick and snare
take turns on them, whether bars of three or four of them stand out more than bars of two, and how fast people
like to tap. Sources: Klapuri, Eronen & Astola, "Analysis of the meter of acoustic musical signals" (IEEE TASLP 2006)
for levels judged together; the alternation of kick and snare after Goto (JNMR 2001). Weights were fitted by conditional
logistic regression on 55 recordings (songs of our own composer and chorales, by another synthesizer) and rounded.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from descant.listen import beats, metre, rhythm
from descant.listen.features import BANDS_PER_SECOND, Pitches
from descant.listen.rhythm import HIGH, LOW, MIDDLE, Periodicity

EXPLAINS, FAR_FROM_MIDDLE, TAKES_TURNS, BARS, SHORTER_BARS, DIVIDED = 1.8, -2.6, 1.3, 1.1, -3.0, 0.8
"""Weights in natural logarithms of odds."""

MIDDLE_BPM = 110.0
FACTORS = (1.0, 2.0, 1 / 2, 2 / 3, 1 / 3)
"""The speeds tried beside each of the likeliest: those of faster and slower pulses, and of dotted ones."""

SLOWEST, FASTEST = 38.0, 240.0
ENOUGH = 32
"""Beats from which bars and alternation are fully believed."""

OFF_BEATS = 0.7
"""Share of the beats' onset strength from which what lies between them may be the beats."""

CLEARER = 0.5
"""By how much bars must begin more clearly between the beats."""

COMPOUND_RANGE = (50.0, 135.0)
"""Dotted quarter notes a minute."""


@dataclass(frozen=True)
class Pulse:
    """A way to tap along.

    Attributes
    ----------
    period, times : frames between beats, and the beats in seconds.
    accents : how much each beat sounds like the first of a bar (:mod:`~descant.listen.metre`).
    explains : how well the period explains the onsets; ``turns`` how much lows and highs take turns, 0–1.
    halves, thirds : onset strength halfway, at one and at two thirds between beats, as shares of that on the beats.
    salience : onset strength on the beats over that anywhere: 1 where beats are nothing special.
    compound : whether beats divide in three.
    """

    period: float
    times: NDArray[np.float64]
    accents: NDArray[np.float64]
    explains: float
    turns: float
    halves: float
    thirds: tuple[float, float]
    salience: float
    compound: bool = False

    @property
    def bpm(self) -> float:
        """Quarter notes a minute."""
        return 60.0 * BANDS_PER_SECOND / self.period * (1.5 if self.compound else 1.0)

    @property
    def clear(self) -> bool:
        """Whether there is a beat to keep to at all: noise explains 0.05, a choir 0.4, a singer alone 0.2."""
        return self.explains > 0.25 or (self.explains > 0.12 and self.salience > 1.6)

    @property
    def certainty(self) -> float:
        """0–1: how sure it is that there are beats where it says."""
        return self.explains / (self.explains + 0.15) if self.clear else 0.1

    @property
    def score(self) -> float:
        """How much stands for it: a logarithm of odds."""
        far = np.log2(60.0 * BANDS_PER_SECOND / self.period / MIDDLE_BPM)
        four, three, two = (metre.contrast(self.accents, length) for length in (4, 3, 2))
        bar = max(two, four) if self.compound else max(three, four)
        shorter = 0.0 if self.compound else two - four
        known = min(1.0, len(self.times) / ENOUGH)  # of a few bars, any may stand out by chance
        return float(
            EXPLAINS * np.log(max(self.explains, 0.02))
            + FAR_FROM_MIDDLE * far**2
            + known * (TAKES_TURNS * self.turns + BARS * bar + SHORTER_BARS * shorter)
            + DIVIDED * min(self.halves, 1.0) * far
        )


def pulses(found: Periodicity, onsets: NDArray[np.float32], pitches: Pitches) -> list[Pulse]:
    """Return the ways to tap along, likeliest first; none when nothing repeats."""
    tracked = [_tracked(period, found, onsets, pitches) for period in _periods(found)]
    tracked = [pulse for pulse in tracked if len(pulse.times) >= 8]
    ranked = sorted(_told_apart(tracked), key=lambda pulse: -pulse.score)
    return [_on_the_beat(ranked[0], onsets, pitches), *ranked[1:]] if ranked else []


def likelihoods(ranked: list[Pulse]) -> list[float]:
    """Return the share of belief that each pulse has, 0–1."""
    scores = np.array([pulse.score for pulse in ranked])
    weights = np.exp(scores - scores.max())
    return [round(float(w), 3) for w in weights / weights.sum()]


def _periods(found: Periodicity) -> list[float]:
    periods: list[float] = []
    for likely in rhythm.candidates(found, 2):
        for factor in FACTORS:
            period = likely / factor
            known = any(abs(period / other - 1) < 0.03 for other in periods)
            if SLOWEST < 60 * BANDS_PER_SECOND / period < FASTEST and not known:
                periods.append(period)
    return sorted(periods)


def _tracked(period: float, found: Periodicity, onsets: NDArray[np.float32], pitches: Pitches) -> Pulse:
    strength = onsets @ np.array(rhythm.WEIGHTS, np.float32)
    times = beats.track(strength, period)
    drums = onsets[:, : HIGH + 1].sum(axis=1)
    on, third, half, two_thirds = (_between(drums, times, share) for share in (0, 1 / 3, 1 / 2, 2 / 3))
    if third > 0.5 * on and third > 2 * max(half, two_thirds):  # a short note leads to a beat, not away from it
        times = times + np.gradient(times) / 3
        on, third, half, two_thirds = third, 0.0, half, on
    accents = metre.accents(times, onsets, pitches, len(onsets) / BANDS_PER_SECOND) if len(times) >= 8 else np.zeros(0)
    anywhere = float(rhythm.strength_at(drums, np.arange(len(drums)) / BANDS_PER_SECOND).mean())
    parts = (third / max(on, 1e-9), two_thirds / max(on, 1e-9))
    return Pulse(
        period,
        times,
        accents,
        found.comb_at(period),
        _turns(onsets, times),
        half / max(on, 1e-9),
        parts,
        on / max(anywhere, 1e-9),
    )


def _between(strength: NDArray[np.float32], times: NDArray[np.float64], share: float) -> float:
    """Return the mean onset strength at a share of the way from each beat to the next."""
    if len(times) < 2:
        return 0.0
    return float(rhythm.strength_at(strength, times[:-1] + share * np.diff(times)).mean())


def _turns(onsets: NDArray[np.float32], times: NDArray[np.float64]) -> float:
    """Return 0–1: how much lows and highs take turns from beat to beat, in stretches of sixteen beats."""
    low, middle, high = (rhythm.strength_at(onsets[:, column], times) for column in (LOW, MIDDLE, HIGH))
    if len(times) < 8 or min(low.mean(), middle.mean(), high.mean()) <= 0:
        return 0.0
    weight = low / low.mean() - 0.5 * middle / middle.mean() - 0.5 * high / high.mean()
    weight = weight - weight.mean()
    signed = weight * (-1.0) ** np.arange(len(weight))
    starts = range(0, max(1, len(weight) - 8), 8)
    shares = [abs(signed[i : i + 16].sum()) / max(float(np.abs(weight[i : i + 16]).sum()), 1e-9) for i in starts]
    return float(np.mean(shares))


def _told_apart(tracked: list[Pulse]) -> list[Pulse]:
    """Return the pulses without those that count three of one kind as two of another, one way or the other."""
    kept = []
    left_out: set[float] = set()
    for slow in tracked:
        quick = next((p for p in tracked if abs(slow.period / p.period / 1.5 - 1) < 0.03), None)
        if quick is None:
            kept.append(slow)
        elif _is_compound(slow, quick):
            kept.append(Pulse(**{**vars(slow), "compound": True}))
            left_out |= {p.period for p in tracked if any(abs(slow.period / p.period / r - 1) < 0.03 for r in (1.5, 3))}
        elif slow.explains > 2 * quick.explains:
            kept.append(slow)
        else:
            left_out |= {
                p.period for p in tracked if abs(slow.period / p.period / 2 - 1) < 0.03 and p.explains < quick.explains
            }
    return [pulse for pulse in kept if pulse.period not in left_out]


def _on_the_beat(pulse: Pulse, onsets: NDArray[np.float32], pitches: Pitches) -> Pulse:
    """Return the pulse, or the one between its beats where bars begin more clearly there: off-beats may be louder."""
    if pulse.compound or pulse.halves < OFF_BEATS:
        return pulse
    end = len(onsets) / BANDS_PER_SECOND
    times = pulse.times + np.gradient(pulse.times) / 2
    times = times[times < end]
    between = metre.accents(times, onsets, pitches, end)
    here, there = (max(metre.contrast(a, 3), metre.contrast(a, 4)) for a in (pulse.accents, between))
    moves, moves_there = (metre.harmonic_motion(t, pitches, end) for t in (pulse.times, times))
    if there - here + 2 * np.log(max(moves_there, 1e-6) / max(moves, 1e-6)) < CLEARER:
        return pulse
    return Pulse(**{**vars(pulse), "times": times, "accents": between})


def _is_compound(slow: Pulse, quick: Pulse) -> bool:
    """Return whether beats divide in three: both thirds sound, weaker than the beat, and the halves hardly do.

    A waltz of the same bar sounds more on its own beats than between them; in six eight all eighths are alike.
    """
    weakest = min(slow.thirds)
    low, high = COMPOUND_RANGE
    return (
        low < 60 * BANDS_PER_SECOND / slow.period < high
        and 0.15 < weakest < 0.9
        and slow.halves < 0.8 * weakest
        and quick.halves > 0.5
        and np.log(max(slow.explains, 0.02) / max(quick.explains, 0.02)) + slow.turns - quick.turns > 0.12
    )
