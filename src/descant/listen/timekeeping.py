"""Tempo, beats, bars and metre of a recording, and the other tempi at which it might be tapped along to.

Task: the back half of beat tracking. Where beats may be is heard by :mod:`~descant.listen.beat_network`; the likeliest
way through is found by :mod:`~descant.listen.barpointer` in bars of each length; what is left is exact times, how sure
all this is, and whether there is a beat at all.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from descant.listen import barpointer, beat_network, beats, division
from descant.listen.barpointer import Path
from descant.listen.beat_network import FRAMES_PER_SECOND, Activations
from descant.listen.features import BANDS_PER_SECOND, Bands, Pitches
from descant.listen.metre import COMPOUND, SIMPLE, places
from descant.song.tempo import Metre
from descant.song.transcription import Evidence, HeardTempo

SLOWEST, FASTEST = 42.0, 240.0
"""Beats a minute."""

FACTORS = (2.0, 1 / 2, 3 / 2, 2 / 3, 3.0, 1 / 3)
"""Speeds beside the one believed that are offered."""

NEAR = 0.12
"""Share by which a tempo may sway around each of those."""

RARER = {4: 0.0, 3: 0.006}
"""What bars of each length cost, in log likelihood a frame: most music is in four; waltzes lead by 0.037 or more."""

SHARPNESS = 60.0
"""How much belief in a tempo rises with its log likelihood a frame."""

USUAL = 118.0
"""Beats a minute of the grid where there is no beat."""

TWELVE = 1.0
"""Natural logarithm of odds by which every other downbeat must lead for two bars of six eight to be one of twelve."""

FOLLOWED = 0.7
"""Share of the beats' probability that a hand hard to move must keep: players whose tempo sways it may not follow."""

FAINT = 0.12
"""Probability of beats, on the mean, below which there is none to keep to."""

CLEAR = 4.0
"""How many times likelier than any moment a beat is at least: 2.8 times in noise, 4.6 to 17 in music."""

FEWEST = 6
"""Beats from which there may be a pulse."""

SILENCE = 1e-6
"""Power, against the loudest 40 ms, below which nothing counts as sounding: −60 dB."""

EARLY = 0.1
"""Seconds by which a beat may stand outside of what sounds."""


@dataclass(frozen=True)
class Time:
    """The facts of :class:`~descant.song.transcription.Transcription` that have the same names, and their evidence.

    ``tempi`` are the tempo believed and its alternatives, surest first.
    """

    tempi: tuple[HeardTempo, ...]
    beats: tuple[float, ...]
    downbeats: tuple[int, ...]
    pulse: bool
    metre: Metre
    evidence: dict[str, Evidence]


def time_of(bands: Bands, pitches: Pitches, seconds: float) -> Time:
    """Return tempo, beats and bars of a recording of some length; an even grid where there is no beat to keep to."""
    heard = beat_network.activations(bands, pitches)
    found = {bar: barpointer.path(heard, bar, SLOWEST, FASTEST) for bar in SIMPLE}
    bar = max(found, key=lambda length: found[length].likelihood - RARER[length])
    path, compound = found[bar], False
    dotted = division.dotted_beats(bands, path.frames / FRAMES_PER_SECOND, path.place, bar)
    if dotted is not None:
        bar, compound = 2, True
        path = barpointer.path(heard, bar, dotted * (1 - NEAR), dotted * (1 + NEAR))
    tempi = _tempi(heard, path, bar, compound)
    firm = barpointer.firm_path(heard, bar, path)
    steady = _at(heard.beat, firm.frames).mean() > FOLLOWED * _at(heard.beat, path.frames).mean()
    frames, place = _sounding(firm if steady else path, bands)
    strength = float(_at(heard.beat, frames).mean()) if len(frames) else 0.0
    if len(frames) < FEWEST or strength < max(FAINT, CLEAR * float(heard.beat.mean())):
        return _grid(tempi, seconds)
    times = beats.straightened(beats.exact(heard.beat, frames) / FRAMES_PER_SECOND)
    inside = (times >= 0) & (times < seconds) & (np.diff(times, prepend=-1.0) > 0)
    times, downbeat = times[inside], _at(heard.downbeat, frames)[inside]
    place = places(place[inside], downbeat, times, bar, pitches)
    if compound:
        bar, place = _twelve(place, downbeat)
    surer = float(np.mean(downbeat[place == 0])) if np.any(place == 0) else 0.0
    metre = (COMPOUND if compound else SIMPLE)[bar]
    return Time(
        tempi=(HeardTempo(_bpm(times, compound), tempi[0].confidence), *tempi[1:]),
        beats=tuple(round(float(t), 4) for t in times),
        downbeats=tuple(int(i) for i in np.flatnonzero(place == 0)),
        pulse=True,
        metre=metre,
        evidence={
            "tempo": Evidence("own beat network, bar pointer model at several speeds", tempi[0].confidence),
            "beats": Evidence("own beat network, bar pointer model", round(strength, 3)),
            "metre": Evidence("own beat network, bar pointer model, change of harmony", round(surer, 3)),
        },
    )


def _twelve(place: NDArray[np.int64], downbeat: NDArray[np.float64]) -> tuple[int, NDArray[np.int64]]:
    """Return the beats of a bar and each one's place: of two beats, or of four where every other downbeat leads."""
    first = np.flatnonzero(place == 0)
    if len(first) < 4 or np.any(np.diff(first) != 2):
        return 2, place
    odds = np.log(np.clip(downbeat[first], 0.01, 0.99) / np.clip(1 - downbeat[first], 0.01, 0.99))
    lead = float(odds[::2].mean() - odds[1::2].mean())
    if abs(lead) < TWELVE:
        return 2, place
    return 4, (np.arange(len(place)) - first[0 if lead > 0 else 1]) % 4


def _sounding(path: Path, bands: Bands) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the beats from where sound begins to where it ends, and their places in bars."""
    loud = np.flatnonzero(bands.power > SILENCE * bands.power.max())
    begin, end = loud[[0, -1]] / BANDS_PER_SECOND if len(loud) else (0.0, 0.0)
    times = path.frames / FRAMES_PER_SECOND
    inside = (times > begin - EARLY) & (times < end + EARLY)
    return path.frames[inside], path.place[inside]


def _at(likely: NDArray[np.floating], frames: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the greatest probability within a frame of each of ``frames``."""
    around = np.clip(frames[:, None] + np.arange(-1, 2), 0, len(likely) - 1)
    return np.asarray(likely[around].max(axis=1), np.float64)


def _tempi(heard: Activations, path: Path, bar: int, compound: bool) -> tuple[HeardTempo, ...]:
    """Return the tempo of a path and those beside it, each as likely as the beats at it are."""
    if len(path.frames) < 2:
        return (HeardTempo(USUAL, 0.0),)
    believed = 60.0 * FRAMES_PER_SECOND / float(np.median(np.diff(path.frames)))
    offered = [believed, *(believed * factor for factor in FACTORS if SLOWEST <= believed * factor <= FASTEST)]
    likely = [path.likelihood]
    likely += [barpointer.path(heard, bar, bpm * (1 - NEAR), bpm * (1 + NEAR)).likelihood for bpm in offered[1:]]
    weights = np.exp(SHARPNESS * (np.array(likely) - max(likely)))
    shares = weights / weights.sum() * float(_at(heard.beat, path.frames).mean())
    quarters = 1.5 if compound else 1.0
    found = [HeardTempo(round(bpm * quarters, 2), round(float(s), 3)) for bpm, s in zip(offered, shares, strict=True)]
    return (found[0], *sorted(found[1:], key=lambda tempo: -tempo.confidence))


def _bpm(times: NDArray[np.float64], compound: bool) -> float:
    """Return quarter notes a minute in the middle of the recording's sway: the slope of beats, outliers aside."""
    reach = max(1, len(times) // 2)
    period = float(np.median(times[reach:] - times[:-reach])) / reach
    return round(60 / period * (1.5 if compound else 1.0), 2)


def _grid(tempi: tuple[HeardTempo, ...], seconds: float) -> Time:
    times = np.arange(0.0, seconds, 60 / tempi[0].bpm)
    method = "an even grid, as no beat is heard"
    return Time(
        tempi=tempi,
        beats=tuple(round(float(t), 4) for t in times),
        downbeats=tuple(range(0, len(times), 4)),
        pulse=False,
        metre=Metre(4, 4),
        evidence={
            "tempo": Evidence(method, tempi[0].confidence),
            "beats": Evidence(method, 0.0),
            "metre": Evidence(method, 0.0),
        },
    )
