"""The bus: one linear filter and one gain curve, found from the whole mix, that make it a master.

The gain curve is the product of section rides, glue compression, loudness, true-peak limiting and fades. Both are the
same for every stem, so the mastered stems still sum to the master.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from descant.mix import balance, loudness, riding
from descant.mix.dynamics import Compression, Compressor
from descant.mix.filters import Filter, Section, high_pass
from descant.mix.levels import CONTROL, Audio, Curve, apply_curve, gain
from descant.mix.limiter import limiting_gain
from descant.mix.profile import Bus
from descant.mix.recall import Notes
from descant.song.score import Score

STAGED = -18.0
"""Loudness in LUFS at which the mix meets the glue compressor."""

CHUNK = 1 << 16
"""Samples processed at a time: a multiple of the control period that stays in the cache."""

_SUBSONIC = 24.0
_ROUNDS = 6
_CLOSE = 0.03
"""LU and dB within which loudness and true peak count as met."""

_SETTINGS = ("level", "limit", "peak")
"""Names of what the search for loudness and peak ends with, in dB."""

Powers = NDArray[np.float64]


@dataclass(frozen=True)
class Chain:
    """What the bus does to the mix and to every stem: filter sections, then gains at control rate."""

    sections: tuple[Section, ...]
    curve: Curve

    def apply(self, audio: Audio, total: Audio) -> None:
        """Process ``audio`` (samples, 2) in place, chunk by chunk, and add it to ``total``."""
        equalizer = Filter(self.sections)
        before = float(self.curve[0])
        for start in range(0, len(audio), CHUNK):
            block = equalizer.process(audio[start : start + CHUNK])
            curve = self.curve[start // CONTROL : -(-(start + len(block)) // CONTROL)]
            before = apply_curve(block, curve, before)
            total[start : start + CHUNK] += block


def _glue(mix: Audio, measured: float, bus: Bus) -> Curve:
    """Return the glue compressor's gain in dB for the mix as if it stood at :data:`STAGED`."""
    threshold = bus.glue_threshold + measured - STAGED
    settings = Compression(threshold, bus.glue_ratio, bus.glue_attack, bus.glue_release, knee=8.0)
    return Compressor(settings, power=True).gains(mix)


def _limited(peaks: Curve, powers: Powers, wanted: float, limit: float) -> tuple[float, Curve]:
    """Return the level in dB and the limiter curve that bring predicted ``powers`` to a loudness under a limit (dB)."""
    level = wanted - loudness.integrated_power(powers)
    per_hop = loudness.HOP // CONTROL
    for _ in range(_ROUNDS):
        curve = limiting_gain(peaks * np.float32(gain(level)), gain(limit))
        mean = np.add.reduceat(curve.astype(np.float64) ** 2, np.arange(0, len(curve), per_hop)) / per_hop
        error = wanted - level - loudness.integrated_power(powers * mean[: len(powers)])
        if abs(error) < 0.01:
            return level, curve
        level += error
    return level, limiting_gain(peaks * np.float32(gain(level)), gain(limit))


@dataclass(frozen=True)
class Bused:
    """What the bus of a mix is: its ``chain``, and the master's ``loudness`` (LUFS) and ``true_peak`` (dBTP)."""

    chain: Chain
    loudness: float
    true_peak: float


class _Trial:
    """A mix under its slow gains, tried with one level and one limit (dB) after the other."""

    def __init__(self, mix: Audio, shape: Curve, level: float | None, bus: Bus) -> None:
        self._mix, self._shape = mix, shape
        self.wanted = bus.loudness
        self.ceiling = min(bus.ceiling, bus.loudness + bus.peak_to_loudness)
        self._trial = mix.copy()
        apply_curve(self._trial, shape, float(shape[0]))
        self.powers = loudness.powers(self._trial)
        likely = self.wanted - loudness.integrated_power(self.powers) if level is None else level
        # Peaks 4 dB below what the ceiling will be need no oversampling: the limiter will not touch them.
        self.peaks = loudness.true_peak_curve(self._trial, gain(self.ceiling - 4.0 - likely))

    def measured(self, level: float, limiter: Curve) -> tuple[Curve, float, float]:
        """Return the whole gain curve, and the loudness and the true peak that the mix has under it."""
        curve = (self._shape * limiter * np.float32(gain(level))).astype(np.float32)
        self._trial[:] = self._mix
        apply_curve(self._trial, curve, float(curve[0]))
        return curve, loudness.integrated(self._trial), loudness.true_peak(self._trial)


def _found(trial: _Trial, notes: Notes) -> tuple[Curve, float, float]:
    """Return the whole gain curve, loudness and true peak for a mix, and note its level, limit and peak in dB.

    The limiter works on predicted loudness and peaks; what it really gives is measured, and the aim shifted by the
    error, until both are met.
    """
    aim, limit = trial.wanted, trial.ceiling
    for _ in range(_ROUNDS):
        level, limiter = _limited(trial.peaks, trial.powers, aim, limit)
        curve, reached, top = trial.measured(level, limiter)
        used = level, limit, top
        if abs(reached - trial.wanted) < _CLOSE and top <= trial.ceiling + _CLOSE:
            break
        aim += trial.wanted - reached
        limit -= max(0.0, top - trial.ceiling)
    notes.levels(_SETTINGS, lambda: used)
    return curve, reached, top


def _recalled(trial: _Trial, level: float, limit: float, peak: float) -> tuple[Curve, float, float]:
    """Return the same for a stretch of a mix whose settings are known; a higher peak than its own lowers the limit."""
    for _ in range(_ROUNDS):
        limiter = limiting_gain(trial.peaks * np.float32(gain(level)), gain(limit))
        curve, reached, top = trial.measured(level, limiter)
        if top <= max(peak, trial.ceiling) + _CLOSE:
            break
        limit -= top - trial.ceiling
    return curve, reached, top


def master(mix: Audio, score: Score, bus: Bus, length: int, notes: Notes) -> Bused:
    """Find the bus for a mix.

    Parameters
    ----------
    mix : the sum of all stems (samples, 2); it is equalised in place and then no longer of use.
    score : the song, its times counted from the mix's first sample.
    length : samples from the mix's first to the end of the song.
    notes : what is known of the bus.
    """
    wanted = balance.target(bus.balance)
    gains = notes.at("equalizer").levels(
        balance.BANDS, lambda: balance.correction(balance.spectrum(mix), wanted, bus.correction, bus.corridor)
    )
    sections = [high_pass(_SUBSONIC), *balance.sections(gains)]
    Filter(sections).process(mix)
    powers = loudness.powers(mix)
    before = notes.level("loudness", lambda: _unless_silent(loudness.integrated_power(powers)))
    fade = riding.fade(score, len(mix), length)
    if not np.isfinite(before):
        return Bused(Chain(tuple(sections), fade), loudness.SILENCE, loudness.true_peak(mix))
    rides = riding.section_ride(powers, score, len(mix), bus.dynamics, notes.at("section"))
    shape = (10 ** ((_glue(mix, before, bus) + rides) / 20) * fade).astype(np.float32)
    known = notes.known(_SETTINGS)
    trial = _Trial(mix, shape, known[0] if known else None, bus)
    curve, reached, top = _recalled(trial, *known) if known else _found(trial, notes)
    return Bused(Chain(tuple(sections), curve), reached, top)


def _unless_silent(measured: float) -> float:
    return measured if measured > loudness.SILENCE else float(np.nan)
