"""The bus: one linear filter and one gain curve, found from the mix as it is heard, that make it a master.

The gain curve is the product of section rides, glue compression, loudness, true-peak limiting and fades. Both are the
same for every stem, so the mastered stems still sum to the master. The bus works from front to back, block by block:
what has left it is final.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from descant.mix import balance, loudness, riding
from descant.mix.aiming import Aim
from descant.mix.dynamics import Compression, Compressor
from descant.mix.filters import Filter, Section, high_pass
from descant.mix.levels import CHUNK, CONTROL, Audio, Curve, apply_curve, decibels, gain, periods
from descant.mix.limiter import AHEAD, Limiter, limiting_gain
from descant.mix.profile import Bus
from descant.mix.recall import Notes
from descant.mix.sections import EASE, Sections, Span
from descant.song.score import Role, Score

STAGED = -18.0
"""Loudness in LUFS at which the mix meets the glue compressor."""

USUAL = -14.0
"""Loudness in LUFS of the stems' sum that is taken for a mix of which nothing is known."""

CLOSE = 0.4
"""LU from the wanted loudness within which a whole master is left as it was heard."""

_ABOVE = 1.0
"""LU by which the loudest bars of a master stand above the whole."""

_BLANK = (0.0,) * len(balance.BANDS)
_SUBSONIC = 24.0
_ROUNDS = 4
_CONTEXT = 2 * CONTROL
"""Samples beside a block that the oversampled peaks in it depend on, and some."""


class Mastering:
    """The bus of one mix.

    Parameters
    ----------
    settings : the bus of the profile.
    score : the song, its times counted from the mix's first sample.
    samples : of the mix. ``length``: samples from the mix's first to the end of the song.
    notes : the bus's levels; equalizer and loudness should be known.
    """

    def __init__(self, settings: Bus, score: Score, samples: int, length: int, notes: Notes) -> None:
        self._settings, self._samples, self._notes = settings, samples, notes
        self.sections = Sections(score, samples, settings.dynamics, notes.at("section"))
        self._aim = None if notes.known(["level"]) else Aim(settings.loudness, self.sections, notes)
        self._equalizer = equalizer(notes)
        self._heard = Filter(self._equalizer)
        self._filters: dict[Role, Filter] = {}
        self._glue = Compressor(_compression(settings, notes), power=True)
        self._fade = riding.fade(score, samples, length)
        self._squeezed = np.zeros(periods(samples), np.float32)
        self._in, self._powers = loudness.Meter(), np.zeros(-(-samples // loudness.HOP))
        self._out, self._master = loudness.Meter(), np.zeros(len(self._powers))
        self._limiter = Limiter(gain(notes.level("limit", lambda: _ceiling(settings))))
        self._peak = PeakMeter()
        self._past, self._shape, self._curve = np.zeros((_CONTEXT, 2), np.float32), 0.0, 0.0
        self.heard = 0
        """Samples of the mix heard so far."""
        self.done = 0
        """Samples mastered so far."""

    @property
    def loudness(self) -> float:
        """Loudness of what was mastered so far, LUFS."""
        return loudness.integrated_power(self._master[: -(-self.done // loudness.HOP)])

    @property
    def true_peak(self) -> float:
        """True peak of the master in dBTP, once it is done."""
        return self._peak.highest

    def hear(self, mix: Audio) -> None:
        """Take the next block of the mix: :data:`CHUNK` samples (samples, 2), the last one fewer; it is equalised."""
        self._heard.process(mix)
        first, stop = self.heard, self.heard + len(mix)
        self._powers[first // loudness.HOP : -(-stop // loudness.HOP)] = self._in.powers(mix)
        self._squeezed[first // CONTROL : periods(stop)] = self._glue.gains(mix)
        self.heard = stop

    def master(self, mix: Audio, stems: Mapping[Role, Audio]) -> int:
        """Master as many blocks as what was heard allows.

        Parameters
        ----------
        mix : the whole mix (samples, 2), as :meth:`hear` left it; it becomes the master, the sum of the stems.
        stems : the whole stems, mastered in place.

        Returns
        -------
        Samples mastered so far.
        """
        while self.done < self._samples and self._ready():
            stop = min(self.done + CHUNK, self._samples)
            self._block(mix, stems, stop)
            self.done = stop
        return self.done

    def _ready(self) -> bool:
        """Whether the next block can be mastered; decides the ride of a section that begins there."""
        reached = self.heard == self._samples
        if not reached and self.heard < self.done + 2 * CHUNK:
            return False
        span = self.sections.waiting()
        while span is not None and span.start < self.done + CHUNK + (EASE + 2) * riding.HOP:
            if not reached and self.heard < span.heard_at:
                return False
            self._decide(span)
            span = self.sections.waiting()
        return True

    def _decide(self, span: Span) -> None:
        """Find the ride of a section, and with the first one the level of the bus."""
        measured = span.measured(self._powers)
        correction = 0.0
        if self._aim is not None and measured > loudness.SILENCE:
            if not self._notes.known(["level"]):
                start = self._aim.level(span, measured)
                self._notes.level("level", lambda: start)
            else:
                heard = self._master[: self.done // loudness.HOP]
                correction = self._aim.correction(span, measured, self._level, heard)
        self.sections.decide(span, measured, correction)

    @property
    def _level(self) -> float:
        known = self._notes.known(["level"])
        return known[0] if known else 0.0

    def _block(self, mix: Audio, stems: Mapping[Role, Audio], stop: int) -> None:
        """Master the samples from :attr:`done` to ``stop``."""
        start = self.done
        ahead = min(stop + AHEAD * CONTROL + _CONTEXT, self._samples)
        shape = self._shaping(start, ahead)
        trial = np.concatenate([self._past, mix[start:ahead]])
        apply_curve(trial[_CONTEXT:], shape, self._shape if start else float(shape[0]))
        count = periods(stop - start)
        peaks = loudness.true_peak_curve(trial, self._limiter.ceiling)[_CONTEXT // CONTROL :][: count + AHEAD]
        limit = self._limiter.gains(np.concatenate([peaks, np.zeros(count + AHEAD - len(peaks), np.float32)]))
        self._past, self._shape = trial[stop - start : stop - start + _CONTEXT], float(shape[count - 1])
        curve = (shape[:count] * limit).astype(np.float32)
        before = self._curve if start else float(curve[0])
        block = mix[start:stop]
        block[:] = 0.0
        for role, stem in stems.items():
            filtered = self._filters.setdefault(role, Filter(self._equalizer)).process(stem[start:stop])
            self._curve = apply_curve(filtered, curve, before)
            block += filtered
        self._master[start // loudness.HOP : -(-stop // loudness.HOP)] = self._out.powers(block)
        self._peak.hear(block)

    def _shaping(self, start: int, stop: int) -> Curve:
        """Return the gain of everything but the limiter from sample ``start`` to ``stop``, at control rate."""
        place = slice(start // CONTROL, periods(stop))
        first, last = start // riding.HOP, -(-stop // riding.HOP)
        rides = self.sections.curve(first, last)[: place.stop - place.start]
        factors = 10 ** ((self._squeezed[place] + rides + np.float32(self._level)) / 20)
        return np.asarray(factors * self._fade[place], np.float32)


def equalizer(notes: Notes) -> list[Section]:
    """Return the filter of a bus whose levels are noted; without them it only takes away what is under all music."""
    gains = notes.at("equalizer").known(balance.BANDS) or _BLANK
    return [high_pass(_SUBSONIC), *balance.sections(gains)]


def _compression(bus: Bus, notes: Notes) -> Compression:
    """Return the glue compressor for the mix as if it stood at :data:`STAGED`."""
    threshold = bus.glue_threshold + (notes.known(["loudness"]) or (USUAL,))[0] - STAGED
    return Compression(threshold, bus.glue_ratio, bus.glue_attack, bus.glue_release, knee=8.0)


def lost(audio: Audio, settings: Bus, notes: Notes) -> float:
    """Return by how many dB glue compressor and limiter make an equalised stretch softer where it meets its loudness.

    ``audio`` (samples, 2) is changed. The loudest bars stand a little above the whole.
    """
    wanted = settings.loudness + _ABOVE
    before = loudness.integrated(audio)
    glue = (10 ** (Compressor(_compression(settings, notes), power=True).gains(audio) / 20)).astype(np.float32)
    apply_curve(audio, glue, 1.0)
    powers, ceiling = loudness.powers(audio), gain(_ceiling(settings))
    peaks, level = loudness.true_peak_curve(audio), wanted - loudness.integrated_power(powers)
    for _ in range(_ROUNDS):
        curve = limiting_gain(peaks * np.float32(gain(level)), ceiling)
        level += wanted - level - loudness.integrated_power(powers * _over_hops(curve))
    return wanted - level - before


def _ceiling(settings: Bus) -> float:
    """Return the true peak in dBTP that the limiter holds."""
    return min(settings.ceiling, settings.loudness + settings.peak_to_loudness)


def _over_hops(curve: Curve) -> NDArray[np.float64]:
    """Return the mean square of gains at control rate for each ``loudness.HOP``."""
    per_hop = loudness.HOP // CONTROL
    sums = np.add.reduceat(curve.astype(np.float64) ** 2, np.arange(0, len(curve), per_hop))
    return np.asarray(sums / per_hop)


class PeakMeter:
    """Measures the true peak of a signal that comes in blocks of whole control periods, but for the last."""

    def __init__(self) -> None:
        self._top, self._past = 0.0, np.zeros((_CONTEXT + CONTROL, 2), np.float32)

    def hear(self, block: Audio) -> None:
        """Take the next block (samples, 2)."""
        joined = np.concatenate([self._past, block])
        self._rise(joined, -_CONTEXT // CONTROL)  # the last samples wait for what comes after them
        self._past = joined[-_CONTEXT - CONTROL :]

    def _rise(self, audio: Audio, stop: int | None) -> None:
        # Where the audio is cut off at its beginning there are peaks that are none.
        peaks = loudness.true_peak_curve(audio, self._top)[1:stop]
        self._top = max(self._top, float(peaks.max(initial=0.0)))

    @property
    def highest(self) -> float:
        """The true peak in dBTP, once all was heard."""
        self._rise(self._past, None)
        return decibels(self._top)


def correction(mix: Audio, settings: Bus, reached: float) -> float:
    """Return the dB to :func:`lift` a whole master by that came out at ``reached`` LUFS."""
    ceiling = gain(_ceiling(settings))
    peaks, powers = loudness.true_peak_curve(mix, ceiling * gain(reached - settings.loudness)), loudness.powers(mix)
    wanted = settings.loudness - reached
    for _ in range(_ROUNDS):
        curve = limiting_gain(peaks * np.float32(gain(wanted)), ceiling)
        wanted += settings.loudness - wanted - loudness.integrated_power(powers * _over_hops(curve))
    return wanted


def lift(mix: Audio, stems: Mapping[Role, Audio], settings: Bus, by: float) -> None:
    """Make a master and its stems louder by so many dB in place; peaks above the ceiling are limited once more."""
    ceiling = gain(_ceiling(settings))
    peaks = loudness.true_peak_curve(mix, ceiling * gain(-by))
    curve = (limiting_gain(peaks * np.float32(gain(by)), ceiling) * np.float32(gain(by))).astype(np.float32)
    mix[:] = 0.0
    for stem in stems.values():
        for start in range(0, len(stem), CHUNK):
            block = stem[start : start + CHUNK]
            part = curve[start // CONTROL : periods(start + len(block))]
            apply_curve(block, part, float(curve[max(0, start // CONTROL - 1)]))
            mix[start : start + CHUNK] += block
