"""Automation: the lead vocal held above the band, sections held to their energy, the closing fade."""

import numpy as np
from numpy.typing import NDArray

from descant.mix import loudness
from descant.mix.filters import Filter, high_pass, low_pass
from descant.mix.levels import CONTROL, RATE, Audio, Curve, mean_squares, periods
from descant.mix.profile import Riding, Space
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
        marks[max(0, int(first * RATE / HOP)) : int(stop * RATE / HOP) + 2] = 1.0
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
        energy[max(0, int(score.seconds(section.start) * RATE / HOP)) :] = section.energy
    return energy


def vocal_ride(vocal: Audio, backing: NDArray[np.float64], score: Score, riding: Riding) -> Curve:
    """Return the gain curve in dB (control rate) that holds the lead above the band.

    Parameters
    ----------
    vocal : the lead's stem (samples, 2).
    backing : :func:`band_power` of everything else together.
    riding : wanted distance in dB, and how far the rider may go from the song's usual gain.
    """
    own = band_power(vocal)
    singing = (own > max(np.max(own) * 10**-3.0, 1e-10)).astype(np.float64)
    if not singing.any():
        return np.zeros(periods(len(vocal)), np.float32)
    energy = section_energy(score, len(vocal))
    over = riding.quiet + (riding.loud - riding.quiet) * energy
    voice = 10 * np.log10(_average(own, singing, _WINDOW) + 1e-12)
    band = 10 * np.log10(_average(backing, singing, _WINDOW) + 1e-12)
    wanted = np.where(band > -75, over + band - voice, np.nan)
    if np.isnan(wanted[singing > 0]).all():
        return np.zeros(periods(len(vocal)), np.float32)
    usual = float(np.nanmedian(wanted[singing > 0]))
    ride = usual + np.clip(np.nan_to_num(wanted - usual, nan=0.0), -riding.reach, riding.reach)
    return _over_periods(_average(ride, singing + 1e-6, _WINDOW), len(vocal))


def section_ride(powers: NDArray[np.float64], score: Score, samples: int, dynamics: float) -> Curve:
    """Return dB at control rate that bring the sections' loudness towards what their energy asks for.

    Players already play soft sections softly, and fewer of them; together that is more than a record holds. The ride
    goes two thirds of the way, at most 2 dB down and 6 dB up, eased over half a second.

    Parameters
    ----------
    powers : K-weighted power of each ``loudness.HOP`` samples of the mix.
    dynamics : dB between a section of energy 1 and one of energy 0.
    """
    hops = np.zeros(-(-samples // HOP))
    edges = [max(0, int(score.seconds(section.start) * RATE)) for section in score.sections]
    spans = list(zip(edges, [*edges[1:], samples], [section.energy for section in score.sections], strict=True))
    levels = [
        loudness.integrated_power(powers[a // loudness.HOP : max(b, a + 1) // loudness.HOP + 1]) for a, b, _ in spans
    ]
    if not spans or max(levels) <= loudness.SILENCE:
        return np.zeros(periods(samples), np.float32)
    top = max(levels)
    best = max(energy for _, _, energy in spans)
    for level, (start, stop, energy) in zip(levels, spans, strict=True):
        wanted = top - dynamics * (best - energy)
        ride = np.clip((wanted - level) * 2 / 3, -2.0, 6.0) if level > loudness.SILENCE else 0.0
        hops[start // HOP : stop // HOP + 1] = ride
    return _over_periods(_average(hops, np.ones(len(hops)), 25), samples)


def fade(score: Score, samples: int, ending: float = 0.4) -> Curve:
    """Return amplitude factors at control rate: the score's fade, and in any case silence at the last sample."""
    at = np.arange(1, periods(samples) + 1) * CONTROL / RATE
    curve = np.cos(np.pi / 2 * np.clip((at - (samples / RATE - ending)) / ending, 0, 1)) ** 2
    if score.fade is not None:
        start, stop = score.seconds(score.fade.start), score.seconds(score.fade.stop)
        curve *= np.cos(np.pi / 2 * np.clip((at - start) / max(stop - start, 1e-3), 0, 1)) ** 2
    return np.where(curve < 1e-5, 0.0, curve).astype(np.float32)
