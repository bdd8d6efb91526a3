"""A finished record mastered anew: tone, width, glue, loudness and true peak, of which only the sound is known.

One linear filter, one width and one gain curve are found from the sum of the stems and are the same for each of them,
so the stems still sum to the record. Nothing moves in time. The tone goes towards a profile's curve (:mod:`.balance`),
loudness is measured after ITU-R BS.1770 and true peaks four times oversampled (:mod:`.loudness`).
"""

from collections.abc import Mapping
from math import log2

import numpy as np
from numpy.typing import NDArray

from descant.mix import balance, loudness
from descant.mix.dynamics import Compression, Compressor
from descant.mix.filters import Filter, Section, high_pass
from descant.mix.levels import CONTROL, Audio, Curve, apply_curve, decibels, gain, periods
from descant.mix.limiter import limiting_gain
from descant.mix.profile import Bus
from descant.mix.variation import Variation
from descant.song.score import Role

CEILING = -1.0
"""True peak in dBTP that no record passes, so that lossy files of it do not clip (AES TD1008)."""

STAGED = -18.0
"""Loudness in LUFS at which a record meets the glue compressor."""

SOFTENED = 4.0
"""dB by which peaks are limited at most to gain loudness: a record that is as loud as its peaks allow stays open."""

_SUBSONIC = 24.0
_BANDS = (60.0, 105.0, 300.0, 1000.0, 3200.0, 8000.0)  # Hz of the bands of :data:`descant.mix.balance.BANDS`
_ROUNDS = 4


def polish(stems: Mapping[Role, Audio], bus: Bus, depth: float, change: Variation) -> None:
    """Master a record in place.

    Parameters
    ----------
    stems : float32 (samples, 2) each, of one length; their sum is the record.
    bus : the wanted tonal balance, glue and loudness. A record that is louder keeps its loudness.
    depth : 0–1, the share of the bus's correction of the tone and of the limiting that may be used; glue from 0.5 on.
    change : what is varied besides: brightness, width, and singer and bass as far as a tone can bring them forward.
    """
    record = record_of(stems)
    own = loudness.integrated(record)
    if own <= loudness.SILENCE:
        return
    sections = _tone(record, bus, depth, change)
    for stem in stems.values():
        stem[:] = Filter(sections).process(stem)
        _widen(stem, change.width)
    record = record_of(stems)
    glue: Curve = np.zeros(periods(len(record)), np.float32)
    if depth >= 0.5:
        measured = loudness.integrated(record)
        settings = Compression(
            bus.glue_threshold + measured - STAGED, bus.glue_ratio, bus.glue_attack, bus.glue_release, knee=8.0
        )
        glue = Compressor(settings, power=True).gains(record)
        apply_curve(record, _factors(glue), 1.0)
    peaks = loudness.true_peak_curve(record)
    level = _level(record, peaks, max(own, bus.loudness), SOFTENED * depth)
    limit = limiting_gain(peaks * np.float32(gain(level)), 0.99 * gain(CEILING))
    curve = np.asarray(_factors(glue + np.float32(level)) * limit, np.float32)
    for stem in stems.values():
        apply_curve(stem, curve, float(curve[0]))


def record_of(stems: Mapping[Role, Audio]) -> Audio:
    """Return the sum of stems of one length, float32 (samples, 2)."""
    first, *rest = stems.values()
    total = np.array(first, np.float32)
    for stem in rest:
        total += stem  # one after another: together they may be larger than the memory there is
    return total


def _tone(record: Audio, bus: Bus, depth: float, change: Variation) -> list[Section]:
    """Return the filter that brings a record nearer to the bus's curve and then changes it."""
    wanted = balance.target(bus.balance)
    gains = balance.correction(balance.spectrum(record), wanted, depth * bus.correction, bus.corridor)
    varied = [change.brightness * log2(hertz / 1000.0) for hertz in _BANDS]
    for band in (0, 1):
        varied[band] += change.bass
    varied[4] += change.vocals
    return [high_pass(_SUBSONIC), *balance.sections([own + more for own, more in zip(gains, varied, strict=True)])]


def _widen(stem: Audio, width: float) -> None:
    if width != 1.0:
        side = (stem[:, 0] - stem[:, 1]) * np.float32(0.5 * (width - 1.0))
        stem[:, 0] += side
        stem[:, 1] -= side


def _factors(amounts: Curve) -> Curve:
    return np.asarray(10 ** (amounts / 20), np.float32)


def _level(record: Audio, peaks: Curve, wanted: float, softened: float) -> float:
    """Return the dB that bring a record to a loudness under the ceiling; peaks are limited by ``softened`` at most."""
    room = CEILING - decibels(float(peaks.max(initial=0.0))) + softened
    powers = loudness.powers(record)
    level = wanted - loudness.integrated_power(powers)
    for _ in range(_ROUNDS):
        level = min(level, room)
        curve = limiting_gain(peaks * np.float32(gain(level)), 0.99 * gain(CEILING))
        reached = loudness.integrated_power(powers * _over_hops(curve)) + level
        level += wanted - reached
    return float(min(level, room))


def _over_hops(curve: Curve) -> NDArray[np.float64]:
    """Return the mean square of gains at control rate for each hop of the loudness meter."""
    per_hop = loudness.HOP // CONTROL
    starts = np.arange(0, len(curve), per_hop)
    sums = np.add.reduceat(curve.astype(np.float64) ** 2, starts)
    return np.asarray(sums / np.minimum(per_hop, len(curve) - starts))
