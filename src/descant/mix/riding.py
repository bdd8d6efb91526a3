"""Automation: the lead vocal held above the band, sections held to their energy, the closing fade."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from descant.mix import loudness
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


def band_power(audio: Audio) -> NDArray[np.float64]:
    """Return the power in the voice's band (1–4 kHz), one value a :data:`HOP`."""
    low, high = _BAND
    band = Filter([*[high_pass(low)] * 2, *[low_pass(high)] * 2], audio.shape[1])
    out = np.empty(-(-len(audio) // HOP))
    for first in range(0, len(out), _HOPS):
        block = audio[first * HOP : (first + _HOPS) * HOP].copy()
        out[first : first + _HOPS] = mean_squares(band.process(block), HOP)
    return out


def _average(values: NDArray[np.float64], weights: NDArray[np.float64], window: int) -> NDArray[np.float64]:
    shape = np.hanning(window + 2)[1:-1]
    total = np.convolve(values * weights, shape, mode="same")
    return np.asarray(total / np.maximum(np.convolve(weights, shape, mode="same"), 1e-9))


def _over_periods(hops: NDArray[np.float64], samples: int) -> Curve:
    """Return a curve of hops as one value a control period, joined linearly."""
    at = np.arange(periods(samples)) * CONTROL
    return np.interp(at, np.arange(len(hops)) * HOP + HOP / 2, hops).astype(np.float32)


def _hop(seconds: float) -> int:
    """Return the hop that sounds at a time; the border of two belongs to the later, whatever rounding made of it."""
    return max(0, int(np.floor(seconds * RATE / HOP + 1e-6)))


def space(score: Score, samples: int, settings: Space) -> tuple[Curve, Curve]:
    """Return the gain of the sends and the factor of the width that the sections' energy asks for, at control rate."""
    energy = _over_periods(_average(section_energy(score, samples), np.ones(-(-samples // HOP)), 40), samples)
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


def vocal_ride(vocal: Audio, backing: NDArray[np.float64], score: Score, riding: Riding, notes: Notes) -> Curve:
    """Return the gain curve in dB (control rate) that holds the lead above the band.

    Parameters
    ----------
    vocal : the lead's stem (samples, 2).
    backing : :func:`band_power` of everything else together.
    riding : wanted distance in dB, and how far the rider may go from the song's usual gain.
    notes : the song's loudest singing ("power") and its usual gain ("usual"), where they are known.
    """
    own = band_power(vocal)
    loudest = notes.level("power", lambda: _power_level(float(np.max(own))))
    singing = (own > max(10 ** (loudest / 10) * 10**-3.0, 1e-10)).astype(np.float64)
    energy = section_energy(score, len(vocal))
    over = riding.quiet + (riding.loud - riding.quiet) * energy
    voice = 10 * np.log10(_average(own, singing, _WINDOW) + 1e-12)
    band = 10 * np.log10(_average(backing, singing, _WINDOW) + 1e-12)
    wanted = np.where(band > -75, over + band - voice, np.nan)
    heard = wanted[(singing > 0) & ~np.isnan(wanted)]
    usual = notes.level("usual", lambda: float(np.median(heard)) if len(heard) else np.nan)
    if not np.isfinite(usual):
        return np.zeros(periods(len(vocal)), np.float32)
    ride = usual + np.clip(np.nan_to_num(wanted - usual, nan=0.0), -riding.reach, riding.reach)
    return _over_periods(_average(ride, singing + 1e-6, _WINDOW), len(vocal))


def _power_level(power: float) -> float:
    return float(10 * np.log10(power)) if power > 0 else -np.inf


def _labels(score: Score) -> list[str]:
    """Return a name for each section: its label, and how often it came before."""
    labels = [section.label for section in score.sections]
    return [f"{label} {labels[:k].count(label)}" for k, label in enumerate(labels)]


def section_ride(powers: NDArray[np.float64], score: Score, samples: int, dynamics: float, notes: Notes) -> Curve:
    """Return dB at control rate that bring the sections' loudness towards what their energy asks for.

    Players already play soft sections softly, and fewer of them; together that is more than a record holds. The ride
    goes two thirds of the way, at most 2 dB down and 6 dB up, eased over half a second.

    Parameters
    ----------
    powers : K-weighted power of each ``loudness.HOP`` samples of the mix.
    dynamics : dB between a section of energy 1 and one of energy 0.
    notes : the ride of each section, and the song's loudest ("loudest") and most energetic ("energy"), where known.
    """
    hops = np.zeros(-(-samples // HOP))
    edges = [max(0, int(score.seconds(section.start) * RATE + 1e-3)) for section in score.sections]
    spans = list(zip(edges, [*edges[1:], samples], strict=True))
    levels = [
        loudness.integrated_power(powers[a // loudness.HOP : max(b, a + 1) // loudness.HOP + 1])
        if a < samples and b > 0
        else loudness.SILENCE
        for a, b in spans
    ]
    top = notes.level("loudest", lambda: max(levels) if max(levels, default=-np.inf) > loudness.SILENCE else np.nan)
    if not np.isfinite(top) or not spans:
        return np.zeros(periods(samples), np.float32)
    best = notes.level("energy", lambda: max(section.energy for section in score.sections))
    for name, section, level, (start, stop) in zip(_labels(score), score.sections, levels, spans, strict=True):
        off = (top - dynamics * (best - section.energy) - level) * 2 / 3 if level > loudness.SILENCE else np.nan
        ride = notes.level(name, partial(np.clip, off, -2.0, 6.0))
        hops[start // HOP : stop // HOP + 1] = ride if np.isfinite(ride) else 0.0
    return _over_periods(_average(hops, np.ones(len(hops)), 25), samples)


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
