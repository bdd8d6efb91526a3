"""The outline of a recording: tempo, beats, bars, key, chords and form, which are found from one another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from descant.listen import chord_network, chords, features, form, harmony, key, metre, rhythm, tactus
from descant.listen.posteriors import Posteriors
from descant.listen.sampling import RATE
from descant.song.tempo import Metre
from descant.song.transcription import Evidence, HeardChord, HeardKey, HeardSection, HeardTempo

SILENCE = 1e-6
"""Power, against the loudest 40 ms, below which nothing counts as sounding: −60 dB."""

EARLY = 0.1
"""Seconds by which a beat may stand outside of what sounds."""


@dataclass(frozen=True)
class Outline:
    """The facts of :class:`~descant.song.transcription.Transcription` that have the same names, and their evidence."""

    tempo: HeardTempo
    tempo_alternatives: tuple[HeardTempo, ...]
    beats: tuple[float, ...]
    downbeats: tuple[int, ...]
    pulse: bool
    metre: Metre
    key: HeardKey
    key_alternatives: tuple[HeardKey, ...]
    chords: tuple[HeardChord, ...]
    sections: tuple[HeardSection, ...]
    evidence: dict[str, Evidence]


def outline(audio: NDArray[np.float32], heard: Posteriors | None = None) -> Outline:
    """Return the outline of a recording.

    Parameters
    ----------
    audio : float32 (samples, 2) at 48 kHz, at least a second long.
    heard : its note posteriors, where they are known: chords are then read from them.
    """
    seconds = len(audio) / RATE
    bands, pitches = features.bands(audio), features.pitches(audio)
    time = _time(bands, pitches, seconds)
    downbeats = np.array([time.beats[i] for i in time.downbeats])
    spans = _within(np.array(time.beats), seconds)
    keys, heard_chords = _harmony(pitches, heard, spans, np.isin(spans[:-1], downbeats))
    lines = _within(downbeats, seconds)
    found = form.sections(form.bar_features(bands, pitches, lines), lines)
    return Outline(
        tempo=time.tempi[0],
        tempo_alternatives=time.tempi[1:],
        beats=time.beats,
        downbeats=time.downbeats,
        pulse=time.pulse,
        metre=time.metre,
        key=keys[0],
        key_alternatives=keys[1:],
        chords=heard_chords,
        sections=found,
        evidence=time.evidence
        | {
            "key": Evidence("pitch-class profiles and the degrees of chords", keys[0].confidence),
            "chords": Evidence(
                "own network on chroma of basic-pitch posteriors and of the bass, Viterbi"
                if heard
                else "treble and bass chroma, Viterbi",
                _mean_confidence(heard_chords),
            ),
            "sections": Evidence("self-similarity novelty of bars", _mean_confidence(found)),
        },
    )


def _harmony(
    pitches: features.Pitches, heard: Posteriors | None, spans: NDArray[np.float64], bar_lines: NDArray[np.bool_]
) -> tuple[tuple[HeardKey, ...], tuple[HeardChord, ...]]:
    """Return keys and chords: with posteriors as a network hears them, without them by templates and the key."""
    treble, bass = harmony.treble_chroma(pitches, spans, heard), harmony.bass_chroma(pitches, spans)
    sounding = treble.sum(axis=1) + bass.sum(axis=1)
    if heard is not None:
        seen = chord_network.likelihoods(harmony.views(pitches, heard, spans))
        found = chords.recognise(chords.by_network(treble, bass, seen), sounding, spans, bar_lines)
        return key.find(treble, bass, found), found
    found = chords.recognise(chords.by_templates(treble, bass), sounding, spans, bar_lines)
    keys = key.find(treble, bass, found)
    scores = chords.by_templates(treble, bass, keys[0].key)
    return keys, chords.recognise(scores, sounding, spans, bar_lines)


@dataclass(frozen=True)
class _Time:
    tempi: tuple[HeardTempo, ...]
    beats: tuple[float, ...]
    downbeats: tuple[int, ...]
    pulse: bool
    metre: Metre
    evidence: dict[str, Evidence]


def _time(bands: features.Bands, pitches: features.Pitches, seconds: float) -> _Time:
    """Return tempo, beats and bars; an even grid where there is no beat to keep to."""
    onsets = rhythm.onset_strength(bands, pitches)
    ranked = tactus.pulses(rhythm.periodicity(onsets), onsets, pitches)
    if not ranked:
        return _grid(rhythm.PREFERRED, (HeardTempo(rhythm.PREFERRED, 0.0),), seconds)
    best = ranked[0]
    shares = tactus.likelihoods(ranked)
    tempi = tuple(
        HeardTempo(round(p.bpm, 2), round(share * best.certainty, 3)) for p, share in zip(ranked, shares, strict=True)
    )
    if not best.clear:
        return _grid(tempi[0].bpm, tempi, seconds)
    beats, accents = _sounding(best, bands, seconds)
    counted = metre.bars(accents, metre.COMPOUND if best.compound else metre.SIMPLE)
    return _Time(
        tempi=(HeardTempo(_bpm(beats, best), tempi[0].confidence), *tempi[1:]),
        beats=tuple(round(float(t), 4) for t in beats),
        downbeats=tuple(int(i) for i in counted.downbeats),
        pulse=True,
        metre=counted.metre,
        evidence={
            "tempo": Evidence("periodicity of onsets, tracked at several speeds", tempi[0].confidence),
            "beats": Evidence("dynamic programming over onset strength", round(best.certainty, 3)),
            "metre": Evidence("accents of harmony, bass and kick", round(counted.confidence * best.certainty, 3)),
        },
    )


def _grid(bpm: float, tempi: tuple[HeardTempo, ...], seconds: float) -> _Time:
    beats = np.arange(0.0, seconds, 60 / bpm)
    method = "an even grid, as no beat is heard"
    return _Time(
        tempi=tempi,
        beats=tuple(round(float(t), 4) for t in beats),
        downbeats=tuple(range(0, len(beats), 4)),
        pulse=False,
        metre=Metre(4, 4),
        evidence={
            "tempo": Evidence(method, tempi[0].confidence),
            "beats": Evidence(method, 0.0),
            "metre": Evidence(method, 0.0),
        },
    )


def _sounding(
    pulse: tactus.Pulse, bands: features.Bands, seconds: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the beats, and their accents, from where sound begins to where it ends."""
    loud = np.flatnonzero(bands.power > SILENCE * bands.power.max())
    begin, end = loud[[0, -1]] / features.BANDS_PER_SECOND
    inside = (pulse.times > max(begin - EARLY, 0.0)) & (pulse.times < min(end + EARLY, seconds))
    return pulse.times[inside], pulse.accents[inside]


def _bpm(beats: NDArray[np.float64], pulse: tactus.Pulse) -> float:
    """Return quarter notes a minute in the middle of the recording's sway: the slope of beats, outliers aside."""
    if len(beats) < 8:
        return round(pulse.bpm, 2)
    reach = len(beats) // 2
    period = float(np.median(beats[reach:] - beats[:-reach])) / reach
    return round(60 / period * (1.5 if pulse.compound else 1.0), 2)


def _within(times: NDArray[np.float64], seconds: float) -> NDArray[np.float64]:
    """Return the times inside a recording, with its beginning and end."""
    return np.concatenate([[0.0], times[(times > 0) & (times < seconds)], [seconds]])


def _mean_confidence(spans: Sequence[HeardChord | HeardSection]) -> float:
    """Return the mean confidence of spans, each for as long as it lasts."""
    total = sum(span.stop - span.start for span in spans)
    return round(sum((span.stop - span.start) * span.confidence for span in spans) / total, 3) if total else 0.0
