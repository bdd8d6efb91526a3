"""Automation: the lead vocal held above the band, sections held to their energy, the closing fade."""

import numpy as np
from numpy.typing import NDArray

from descant.mix.filters import Filter, high_pass, low_pass
from descant.mix.levels import CONTROL, RATE, Audio, Curve, mean_squares, periods
from descant.mix.profile import Riding, Space
from descant.mix.recall import Notes
from descant.song.lyrics import SectionKind
from descant.song.score import Score, VocalPart

HOP = 60 * CONTROL
"""Samples between measurements: 20 ms."""

_BAND = (1000.0, 4000.0)
_HOPS = 32  # measured at a time
_WINDOW = 75
"""Hops over which levels are compared: 1.5 s, about a bar; shorter would flatten the singing itself."""

REACH = 2 * (_WINDOW // 2) + 2
"""Hops to either side that a ride depends on: it is an average of averages, joined linearly."""


class BandMeter:
    """Measures the power in the voice's band (1–4 kHz) of a signal that comes in stretches of whole hops."""

    def __init__(self) -> None:
        low, high = _BAND
        self._band = Filter([*[high_pass(low)] * 2, *[low_pass(high)] * 2])

    def powers(self, audio: Audio) -> NDArray[np.float64]:
        """Return the power of ``audio`` (samples, 2), one value a :data:`HOP`."""
        out = np.empty(-(-len(audio) // HOP))
        for first in range(0, len(out), _HOPS):
            block = audio[first * HOP : (first + _HOPS) * HOP].copy()
            out[first : first + _HOPS] = mean_squares(self._band.process(block), HOP)
        return out


def band_power(audio: Audio) -> NDArray[np.float64]:
    """Return the power in the voice's band (1–4 kHz), one value a :data:`HOP`."""
    return BandMeter().powers(audio)


def average(values: NDArray[np.float64], weights: NDArray[np.float64], window: int) -> NDArray[np.float64]:
    """Return weighted means of ``values`` over ``window`` hops around each, nearer ones counting more."""
    shape = np.hanning(window + 2)[1:-1]
    total = np.convolve(values * weights, shape, mode="same")
    return np.asarray(total / np.maximum(np.convolve(weights, shape, mode="same"), 1e-9))


def _over_periods(hops: NDArray[np.float64], samples: int) -> Curve:
    """Return a curve of hops as one value a control period, joined linearly."""
    at = np.arange(periods(samples)) * CONTROL
    return np.interp(at, np.arange(len(hops)) * HOP + HOP / 2, hops).astype(np.float32)


def glide(hops: NDArray[np.float64], low: int, first: int, stop: int) -> Curve:
    """Return the control periods of the hops from ``first`` to ``stop``, joined linearly.

    ``hops`` are values from the hop ``low`` on; where there are none the nearest goes on.
    """
    at = np.arange(first * HOP // CONTROL, stop * HOP // CONTROL) * CONTROL
    return np.interp(at, (low + np.arange(len(hops))) * HOP + HOP / 2, hops).astype(np.float32)


def _hop(seconds: float) -> int:
    """Return the hop that sounds at a time; the border of two belongs to the later, whatever rounding made of it."""
    return max(0, int(np.floor(seconds * RATE / HOP + 1e-6)))


def space(score: Score, samples: int, settings: Space) -> tuple[Curve, Curve]:
    """Return the gain of the sends and the factor of the width that the sections' energy asks for, at control rate."""
    energy = _over_periods(average(section_energy(score, samples), np.ones(-(-samples // HOP)), 40), samples)
    sends = settings.quiet + (settings.loud - settings.quiet) * energy
    width = settings.narrow + (settings.wide - settings.narrow) * energy
    return (10 ** (sends / 20)).astype(np.float32), width.astype(np.float32)


def throws(part: VocalPart, score: Score, samples: int, depth: float, rest: float = 1.5) -> Curve:
    """Return a gain at control rate that is ``depth`` dB on the last word of every phrase before a rest, else 0 dB.

    Parameters
    ----------
    rest : beats to the next phrase from which a last word is thrown.
    """
    marks = np.zeros(-(-samples // HOP))
    follow = [phrase.notes[0].start for phrase in part.phrases if phrase.notes]
    for phrase in part.phrases:
        if not phrase.notes:
            continue
        last = phrase.notes[-1]
        after = [start for start in follow if start > last.start]
        if after and min(after) - (last.start + last.duration) < rest:
            continue
        word = [note for note in phrase.notes if note.word == last.word]
        first, stop = score.performed(word[0])[0], score.performed(last)[1]
        if stop > 0:
            marks[_hop(first) : _hop(stop) + 2] = 1.0
    curve = _over_periods(np.convolve(marks, np.full(3, 1 / 3), mode="same"), samples)
    return (10 ** (depth * curve / 20)).astype(np.float32)


def sweep(score: Score, samples: int, top: float) -> Curve | None:
    """Return the corner in Hz at control rate of a high-pass that rises through each build before a drop.

    It starts at 20 Hz, rises evenly in octaves to ``top`` and falls within 10 ms of the drop. None without a drop.
    """
    curve = np.zeros(periods(samples), np.float32)
    at = np.arange(periods(samples)) * CONTROL / RATE
    for section, after in zip(score.sections, score.sections[1:], strict=False):
        if section.kind is SectionKind.BUILD and after.kind is SectionKind.DROP:
            start, stop = score.seconds(section.start), score.seconds(after.start)
            inside = (at >= start) & (at < stop)
            share = (at[inside] - start) / (stop - start)
            fall = np.clip((stop - at[inside]) / 0.01, 0.0, 1.0)
            curve[inside] = 20.0 * (top / 20.0) ** (share * fall)
    return curve if curve.any() else None


def section_energy(score: Score, samples: int) -> NDArray[np.float64]:
    """Return the energy 0–1 of the section sounding at each hop."""
    energy = np.zeros(-(-samples // HOP))
    for section in score.sections:
        energy[_hop(score.seconds(section.start)) :] = section.energy
    return energy


class Rider:
    """Holds the lead above the band, in a mix that is heard from front to back.

    Parameters
    ----------
    score : the song, its times counted from the mix's first sample. ``samples``: length of the mix.
    settings : wanted distance in dB, and how far the rider may go from the song's usual gain.
    notes : the song's loudest singing ("power") and its usual gain ("usual"), where they are known.
    """

    def __init__(self, score: Score, samples: int, settings: Riding, notes: Notes) -> None:
        count = -(-samples // HOP)
        self._settings, self._notes = settings, notes
        self._energy = section_energy(score, samples)
        self._own, self._backing = np.zeros(count), np.zeros(count)
        self._meters = BandMeter(), BandMeter()

    def hear(self, vocal: Audio, backing: Audio, at: int) -> None:
        """Listen to a stretch (samples, 2) of the lead's stem and of everything else, from sample ``at`` on."""
        place = slice(at // HOP, at // HOP - (-len(vocal) // HOP))
        self._own[place], self._backing[place] = (
            meter.powers(audio) for meter, audio in zip(self._meters, (vocal, backing), strict=True)
        )

    def ride(self, first: int, stop: int) -> Curve:
        """Return the gain in dB, at control rate, for the hops from ``first`` to ``stop``.

        All must have been heard to :data:`REACH` hops behind ``stop``, but for silence of the lead.
        """
        low, high = max(0, first - REACH), min(len(self._own), stop + REACH)
        own = self._own[low:high]
        loudest = self._notes.level("power", lambda: _power_level(float(np.max(own))))
        singing = (own > max(10 ** (loudest / 10) * 10**-3.0, 1e-10)).astype(np.float64)
        wanted = self._wanted(slice(low, high), singing)
        heard = wanted[(singing > 0) & ~np.isnan(wanted)]
        usual = self._notes.level("usual", lambda: float(np.median(heard)) if len(heard) else np.nan)
        if not np.isfinite(usual):
            return np.zeros((stop - first) * HOP // CONTROL, np.float32)
        reach = self._settings.reach
        ride = usual + np.clip(np.nan_to_num(wanted - usual, nan=0.0), -reach, reach)
        return glide(average(ride, singing + 1e-6, _WINDOW), low, first, stop)

    def _wanted(self, place: slice, singing: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the gain in dB that puts the lead where it is wanted, NaN where nothing else plays."""
        over = self._settings.quiet + (self._settings.loud - self._settings.quiet) * self._energy[place]
        voice = 10 * np.log10(average(self._own[place], singing, _WINDOW) + 1e-12)
        band = 10 * np.log10(average(self._backing[place], singing, _WINDOW) + 1e-12)
        return np.where(band > -75, over + band - voice, np.nan)


def _power_level(power: float) -> float:
    return float(10 * np.log10(power)) if power > 0 else -np.inf


def fade(score: Score, samples: int, length: int, ending: float = 0.4) -> Curve:
    """Return amplitude factors at control rate for the first ``samples`` of ``length``.

    They are the score's fade, and in any case reach silence at the last sample of the length.
    """
    at = np.arange(1, periods(samples) + 1) * CONTROL / RATE
    curve = np.cos(np.pi / 2 * np.clip((at - (length / RATE - ending)) / ending, 0, 1)) ** 2
    if score.fade is not None:
        start, stop = score.seconds(score.fade.start), score.seconds(score.fade.stop)
        curve *= np.cos(np.pi / 2 * np.clip((at - start) / max(stop - start, 1e-3), 0, 1)) ** 2
    return np.where(curve < 1e-5, 0.0, curve).astype(np.float32)
