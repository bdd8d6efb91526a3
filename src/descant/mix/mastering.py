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
from descant.song.score import Score

STAGED = -18.0
"""Loudness in LUFS at which the mix meets the glue compressor."""

CHUNK = 1 << 16
"""Samples processed at a time: a multiple of the control period that stays in the cache."""

_SUBSONIC = 24.0
_ROUNDS = 6
_CLOSE = 0.03
"""LU and dB within which loudness and true peak count as met."""

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


def _limited(peaks: Curve, powers: Powers, wanted: float, ceiling: float) -> tuple[float, Curve]:
    """Return the gain and the limiter curve that bring predicted ``powers`` to a loudness under a ceiling."""
    level = gain(wanted - loudness.integrated_power(powers))
    per_hop = loudness.HOP // CONTROL
    curve = np.ones_like(peaks)
    for _ in range(_ROUNDS):
        curve = limiting_gain(peaks * np.float32(level), ceiling)
        mean = np.add.reduceat(curve.astype(np.float64) ** 2, np.arange(0, len(curve), per_hop)) / per_hop
        error = wanted - loudness.integrated_power(powers * mean[: len(powers)] * level * level)
        if abs(error) < 0.01:
            break
        level *= gain(error)
    return level, curve


def _gains(mix: Audio, shape: Curve, bus: Bus) -> tuple[Curve, float, float]:
    """Return the whole gain curve, loudness (LUFS) and true peak (dBTP) for a mix under the slow gains ``shape``.

    The limiter works on predicted loudness and peaks; what it really gives is measured, and the aim shifted by the
    error, until both are met.
    """
    wanted, ceiling = bus.loudness, min(bus.ceiling, bus.loudness + bus.peak_to_loudness)
    trial = mix.copy()
    apply_curve(trial, shape, float(shape[0]))
    powers = loudness.powers(trial)
    # Peaks 4 dB below what the ceiling will be need no oversampling: the limiter will not touch them.
    peaks = loudness.true_peak_curve(trial, gain(ceiling - 4.0 - wanted + loudness.integrated_power(powers)))
    aim, limit = wanted, ceiling
    for _ in range(_ROUNDS):
        level, limiter = _limited(peaks, powers, aim, gain(limit))
        curve = (shape * limiter * np.float32(level)).astype(np.float32)
        trial[:] = mix
        apply_curve(trial, curve, float(curve[0]))
        reached, top = loudness.integrated(trial), loudness.true_peak(trial)
        if abs(reached - wanted) < _CLOSE and top <= ceiling + _CLOSE:
            break
        aim += wanted - reached
        limit -= max(0.0, top - ceiling)
    return curve, reached, top


def master(mix: Audio, score: Score, bus: Bus) -> tuple[Chain, float, float]:
    """Find the bus for a mix.

    Parameters
    ----------
    mix : the sum of all stems (samples, 2); it is equalised in place and then no longer of use.

    Returns
    -------
    The chain to apply to every stem, and the master's loudness (LUFS) and true peak (dBTP) under it.
    """
    subsonic = [high_pass(_SUBSONIC)]
    wanted = balance.target(bus.balance)
    sections = [*subsonic, *balance.correction(balance.spectrum(mix), wanted, bus.correction, bus.corridor)]
    Filter(sections).process(mix)
    powers = loudness.powers(mix)
    before = loudness.integrated_power(powers)
    fade = riding.fade(score, len(mix))
    if before <= loudness.SILENCE:
        return Chain(tuple(sections), fade), loudness.SILENCE, loudness.true_peak(mix)
    rides = riding.section_ride(powers, score, len(mix), bus.dynamics)
    shape = (10 ** ((_glue(mix, before, bus) + rides) / 20) * fade).astype(np.float32)
    curve, reached, top = _gains(mix, shape, bus)
    return Chain(tuple(sections), curve), reached, top
