"""The outline of a recording: tempo, beats, bars, key, chords and form, which are found from one another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from descant.listen import chord_network, chords, features, form, harmony, key, timekeeping
from descant.listen.posteriors import Posteriors
from descant.listen.sampling import RATE
from descant.song.tempo import Metre
from descant.song.transcription import Evidence, HeardChord, HeardKey, HeardSection, HeardTempo

SILENCE = 1.0
"""Seconds of silence at an end of a recording from which it is no part of the chord beside it."""


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
    time = timekeeping.time_of(bands, pitches, seconds)
    downbeats = np.array([time.beats[i] for i in time.downbeats])
    spans = _within(_with_ends_of_sound(np.array(time.beats), pitches, seconds), seconds)
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
    treble, bass = harmony.treble_chroma(pitches, spans), harmony.bass_chroma(pitches, spans)
    sounding = treble.sum(axis=1) + bass.sum(axis=1)
    if heard is not None:
        # the posteriors hold keys likely in silence too
        treble = harmony.treble_chroma(pitches, spans, heard) * (sounding > 0.0)[:, None]
        sounding = treble.sum(axis=1) + bass.sum(axis=1)
        seen = chord_network.likelihoods(harmony.views(pitches, heard, spans))
        found = chords.recognise(chords.by_network(treble, bass, seen), sounding, spans, bar_lines)
        return key.find(treble, bass, found), found
    found = chords.recognise(chords.by_templates(treble, bass), sounding, spans, bar_lines)
    keys = key.find(treble, bass, found)
    scores = chords.by_templates(treble, bass, keys[0].key)
    return keys, chords.recognise(scores, sounding, spans, bar_lines)


def _with_ends_of_sound(beats: NDArray[np.float64], pitches: features.Pitches, seconds: float) -> NDArray[np.float64]:
    """Return beats and, where a recording is silent before or after them, when its sound begins and ends."""
    sounding = np.flatnonzero(pitches.salience.any(axis=1)) / features.PITCHES_PER_SECOND
    begin, end = (sounding[0], sounding[-1] + 1 / features.PITCHES_PER_SECOND) if len(sounding) else (0.0, seconds)
    ends = [*([begin] if begin > SILENCE else []), *([end] if seconds - end > SILENCE else [])]
    return np.unique(np.concatenate([beats, ends]))


def _within(times: NDArray[np.float64], seconds: float) -> NDArray[np.float64]:
    """Return the times inside a recording, with its beginning and end."""
    return np.concatenate([[0.0], times[(times > 0) & (times < seconds)], [seconds]])


def _mean_confidence(spans: Sequence[HeardChord | HeardSection]) -> float:
    """Return the mean confidence of spans, each for as long as it lasts."""
    total = sum(span.stop - span.start for span in spans)
    return round(sum((span.stop - span.start) * span.confidence for span in spans) / total, 3) if total else 0.0
