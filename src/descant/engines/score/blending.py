"""Performances fitted to recorded sound: beside it, as if it went on, or over it, without touching it.

Everything done is the same for every stem (a filter, a width, gains over time), so that the stems still sum to the
record. What is recorded is measured and never changed.
"""

from collections.abc import Callable

import numpy as np
from scipy.ndimage import minimum_filter1d
from scipy.signal import oaconvolve

from descant.engines.score.recording import RATE
from descant.mix import balance, loudness
from descant.mix.filters import Filter, Section
from descant.mix.levels import CONTROL, Audio, Curve, apply_curve, decibels, gain, periods
from descant.mix.limiter import limiting_gain
from descant.mix.mixdown import Mixdown
from descant.song.score import Role
from descant.song.streams import stream

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

_DRY = 0.6  # seconds of a recording that are still in the air when it is cut off
_DECAY = 1.1  # seconds in which they fall by 60 dB
_WET = -8.0  # dB of the tail's first moment against the recording's last
_FADE = 0.015  # seconds over which a recording is cut off
_SILENT = -90.0  # dB


def beside(mixdown: Mixdown, stretch: Audio) -> Mixdown:
    """Return a performance with the loudness, the tonal balance and the width of a recorded stretch, (samples, 2)."""
    if loudness.integrated(stretch) <= loudness.SILENCE or loudness.integrated(mixdown.master) <= loudness.SILENCE:
        return mixdown
    filter_gains = balance.correction(balance.spectrum(mixdown.master), balance.spectrum(stretch), _MOST, _CORRIDOR)
    sections = balance.sections(filter_gains)
    width = _width(mixdown.master, stretch)
    _each(mixdown, lambda audio: _shaped(audio, sections, width))
    level = loudness.integrated(stretch) - loudness.integrated(mixdown.master)
    peaks = loudness.true_peak_curve(mixdown.master) * np.float32(gain(level))
    curve = limiting_gain(peaks, 0.97 * gain(CEILING)) * np.float32(gain(level))
    _each(mixdown, lambda audio: _under(audio, curve))
    return mixdown


def after(mixdown: Mixdown, recorded: Audio, going_on: int, *, at: int, seed: int) -> Mixdown:
    """Return a performance under whose beginning a recording goes on and dies away, as the stem "recording".

    Parameters
    ----------
    recorded : float32 (samples, 2), up to where it is cut off.
    going_on : samples of it that are heard from sample ``at`` of the performance on.
    seed : of the noise that it rings with.
    """
    ringing = np.zeros_like(mixdown.master)
    rest = _ringing(recorded, min(going_on, len(recorded)), len(ringing) - at, seed)
    ringing[at : at + len(rest)] = rest
    master = mixdown.master + ringing
    stems = {**mixdown.stems, Role.RECORDING: ringing}
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
    return mixdown


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


def _ringing(recorded: Audio, going_on: int, length: int, seed: int) -> Audio:
    """Return the last samples of recorded sound and how it dies away: in a room of decaying noise that it fed."""
    out = np.zeros((length, 2), np.float32)
    going_on = min(going_on, length)
    out[:going_on] = recorded[len(recorded) - going_on :]
    fade = min(round(_FADE * RATE), len(recorded))
    fall = (0.5 + 0.5 * np.cos(np.pi * (np.arange(fade) + 0.5) / fade)).astype(np.float32)[:, None]
    out[max(0, going_on - fade) : going_on] *= fall[max(0, fade - going_on) :]
    dry = recorded[-round(_DRY * RATE) :].astype(np.float64)
    samples = round(1.2 * _DECAY * RATE)
    noise = stream(seed, "recording.tail").standard_normal((samples, 2))
    room = noise * 10 ** (-3.0 * np.arange(samples) / (_DECAY * RATE))[:, None]
    wet = oaconvolve(dry, room, axes=0)[len(dry) - fade :]
    before = np.sqrt(np.mean(dry[-round(0.1 * RATE) :] ** 2))
    opening = np.sqrt(np.mean(wet[fade : fade + round(0.05 * RATE)] ** 2))
    if opening <= 0 or decibels(float(before)) < _SILENT:
        return out
    wet *= gain(_WET) * before / opening
    wet[:fade] *= 1.0 - fall
    begin = max(0, going_on - fade)
    wet = wet[max(0, fade - going_on) :][: length - begin]
    out[begin : begin + len(wet)] += wet.astype(np.float32)
    return out


def _padded(audio: Audio, length: int) -> Audio:
    out = np.zeros((length, 2), np.float32)
    out[: len(audio)] = audio
    return out
