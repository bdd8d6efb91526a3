"""Performances fitted to recorded sound: beside it, as if it went on, or over it, without touching it.

Everything done is the same for every stem (a filter, a width, gains over time), so that the stems still sum to the
record. What is recorded is measured and never changed.
"""

from collections.abc import Callable

import numpy as np
from scipy.ndimage import minimum_filter1d

from descant.engines.score import ringing
from descant.engines.score.recording import RATE
from descant.mix import balance, loudness
from descant.mix.filters import Filter, Section
from descant.mix.levels import CONTROL, Audio, Curve, apply_curve, gain, periods
from descant.mix.limiter import limiting_gain
from descant.mix.mixdown import Mixdown
from descant.song.score import Role

CEILING = -1.0
"""True peak in dBTP that no record passes (quality.md row 7), unless a recording in it does so by itself."""

_MOST, _CORRIDOR = 6.0, 1.0
"""Largest correction of a band, and the difference that is left, in dB."""

_NARROWEST = 0.05  # share of its width that a performance keeps beside a recording in mono
_AUDIBLE = 30.0  # LU under its loudest at which a performance counts as sounding
_ROUNDS = 4
_HOLD = 6
"""Control periods (2 ms) around a peak for which a performance gives way. Gaps so short lie under the stroke that made
them: over a record mastered to −8.4 LUFS a voice of the same loudness loses 2.6 LU by them; with a limiter's release of
30 ms it would lose 6.7."""

_LEAST = 1e-3  # amplitude factor under which a performance that gives way is not heard

_OPENING, _NEAR, _AT = 20.0, 10.0, 3.0
"""Seconds of a performance's beginning, and of a recording's end, that are made alike: balance, loudness, and the level
right at the join."""

_RIDE, _RIDDEN = 3.0, 9.0  # dB by which the level may be ridden at the join, and seconds until it is left alone again
_GROWN = 8.0  # LU over its first seconds at which a performance that opens softly is brought to its level by the rest
_AGAIN = 4.0  # dB of a second correction, that only turns bands down


def beside(mixdown: Mixdown, stretch: Audio) -> Mixdown:
    """Return a performance whose beginning has the loudness, the tonal balance and the width of a recorded stretch.

    ``stretch`` is (samples, 2); what is nearest to the join is at its end.
    """
    opening = mixdown.master[: round(_OPENING * RATE)]
    if loudness.integrated(stretch) <= loudness.SILENCE or loudness.integrated(opening) <= loudness.SILENCE:
        return mixdown
    wanted, width = balance.spectrum(stretch), _width(opening, stretch)
    gains = balance.correction(balance.spectrum(opening), wanted, _MOST, _CORRIDOR)
    _each(mixdown, lambda audio: _shaped(audio, balance.sections(gains), width))
    left = balance.correction(balance.spectrum(opening), wanted, _MOST, _CORRIDOR)
    cuts = [min(0.0, max(-_AGAIN, amount)) for amount in left]
    _each(mixdown, lambda audio: _shaped(audio, balance.sections(cuts), 1.0))
    _level(mixdown, stretch)
    return mixdown


def _level(mixdown: Mixdown, stretch: Audio) -> None:
    """Bring a performance to the loudness of what it follows, ridden at the join, and under the ceiling."""
    powers, before = loudness.powers(mixdown.master), loudness.powers(stretch)
    hops = len(powers) / max(1, len(mixdown.master)) * RATE  # a second

    def level(seconds: float, own: bool) -> float:
        reach = max(1, round(seconds * hops))
        return loudness.integrated_power(powers[:reach] if own else before[-reach:])

    quiet = min(level(_AT, own) for own in (True, False)) <= loudness.SILENCE
    near = (level(_AT, False) - level(_NEAR, False)) - (level(_AT, True) - level(_NEAR, True))
    ride = 0.0 if quiet else float(np.clip(near, -_RIDE, _RIDE))
    times = np.arange(periods(len(mixdown.master))) * CONTROL / RATE
    curve = gain(1.0) ** (ride * np.interp(times, [0.0, _AT, _RIDDEN], [1.0, 1.0, 0.0]))
    moments = np.minimum((np.arange(len(powers)) / hops * RATE / CONTROL).astype(int), len(curve) - 1)
    powers = powers * curve[moments] ** 2
    wanted = level(_NEAR, False) if level(_NEAR, False) > loudness.SILENCE else loudness.integrated(stretch)
    curve *= gain(wanted - max(level(_NEAR, True), level(_OPENING, True) - _GROWN))
    peaks = loudness.true_peak_curve(mixdown.master) * curve.astype(np.float32)
    limited = limiting_gain(peaks, 0.97 * gain(CEILING)) * curve.astype(np.float32)
    _each(mixdown, lambda audio: _under(audio, limited))


def after(mixdown: Mixdown, recorded: Audio, begins: int, earliest: int, line: int, seed: int) -> Mixdown:
    """Return a performance under whose beginning a recording goes on and dies away, as the stem "recording".

    Where both would clip the performance gives way.

    Parameters
    ----------
    recorded : float32 (samples, 2).
    begins : its sample at which the performance begins.
    earliest : its sample from which on it may be cut off.
    line : its sample at which the bar line falls on which the new music begins.
    seed : of the noise in what rings on.
    """
    cut = ringing.cut_before(recorded, max(begins, earliest), line)
    rest = ringing.tail(recorded, cut, begins, line, len(mixdown.master), seed)
    _keep_under_ceiling(mixdown, rest)
    master = mixdown.master + rest
    stems = {**mixdown.stems, Role.RECORDING: rest}
    return Mixdown(master, stems, loudness.integrated(master), loudness.true_peak(master), mixdown.recall)


def over(mixdown: Mixdown, kept: Audio, level: float) -> Mixdown:
    """Return a performance at a level over recorded sound that it is laid over, giving way where both would clip.

    Parameters
    ----------
    kept : float32 (samples, 2), from the performance's first sample on.
    level : loudness in LU over ``kept`` where the performance sounds.
    """
    own, other = loudness.powers(mixdown.master), loudness.powers(kept)
    if loudness.integrated_power(own) <= loudness.SILENCE:
        return mixdown
    sounding = own > own.max() * 10 ** (-_AUDIBLE / 10)
    shared = other[: len(own)][sounding[: len(other)]]
    under = loudness.integrated_power(shared) if len(shared) else loudness.SILENCE
    if under <= loudness.SILENCE:
        under = loudness.integrated_power(other)
    if under > loudness.SILENCE:
        amount = np.float32(gain(under + level - loudness.integrated_power(own)))
        _each(mixdown, lambda audio: np.multiply(audio, amount, out=audio))
    _keep_under_ceiling(mixdown, kept)
    return mixdown


def _keep_under_ceiling(mixdown: Mixdown, kept: Audio) -> None:
    """Have a performance give way where its sum with what is kept would pass the ceiling, or the peak of that alone."""
    ceiling = max(gain(CEILING), float(loudness.true_peak_curve(kept).max(initial=0.0)))
    limit = 0.985 * ceiling
    for _ in range(_ROUNDS):
        total = _padded(kept, max(len(kept), len(mixdown.master)))
        total[: len(mixdown.master)] += mixdown.master
        peak = float(loudness.true_peak_curve(total).max(initial=0.0))
        if peak <= 1.005 * ceiling:
            break
        _give_way(mixdown, kept, limit)
        limit *= min(1.0, ceiling / peak + 0.03)


def _give_way(mixdown: Mixdown, kept: Audio, limit: float) -> None:
    """Lower a performance for the moments in which its sum with what is kept passes a limit (amplitude)."""
    beneath = _padded(kept[: len(mixdown.master)], len(mixdown.master))
    total = beneath + mixdown.master
    passing = np.abs(total) > limit
    wanted = np.ones(total.shape, np.float32)
    wanted[passing] = (np.sign(total[passing]) * limit - beneath[passing]) / mixdown.master[passing]
    least = np.ones(periods(len(wanted)) * CONTROL, np.float32)
    least[: len(wanted)] = np.clip(wanted.min(axis=1), _LEAST, 1.0)
    held = minimum_filter1d(least.reshape(-1, CONTROL).min(axis=1), 2 * _HOLD + 1)
    weights = np.hanning(2 * _HOLD + 3)[1:-1]
    curve = np.convolve(np.pad(held, _HOLD, mode="edge"), weights / weights.sum(), mode="valid").astype(np.float32)
    _each(mixdown, lambda audio: _under(audio, curve))


def _each(mixdown: Mixdown, change: Callable[[Audio], object]) -> None:
    """Change the record and every stem of a mixdown in place in the same way."""
    for audio in (mixdown.master, *mixdown.stems.values()):
        change(audio)


def _under(audio: Audio, curve: Curve) -> None:
    apply_curve(audio, curve, float(curve[0]))


def _shaped(audio: Audio, sections: list[Section], width: float) -> None:
    """Filter samples and scale the difference of their channels in place."""
    if sections:
        audio[:] = Filter(sections).process(audio)
    if width < 1.0:
        side = (audio[:, 0] - audio[:, 1]) * np.float32(0.5 * (1.0 - width))
        audio[:, 0] -= side
        audio[:, 1] += side


def _width(audio: Audio, wanted: Audio) -> float:
    """Return the factor on the difference of the channels that makes a performance no wider than a recording."""

    def ratio(sound: Audio) -> float:
        middle, side = sound.sum(axis=1, dtype=np.float64), np.subtract(sound[:, 0], sound[:, 1], dtype=np.float64)
        return float(np.sqrt(np.mean(side**2) / max(np.mean(middle**2), 1e-12)))

    own = ratio(audio)
    return 1.0 if own <= 0 else float(np.clip(ratio(wanted) / own, _NARROWEST, 1.0))


def _padded(audio: Audio, length: int) -> Audio:
    out = np.zeros((length, 2), np.float32)
    out[: len(audio)] = audio
    return out
