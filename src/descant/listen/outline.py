"""The outline of a recording: tempo, beats, bars, key, chords and form, which are found from one another."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from descant.listen import beats as beat_tracking
from descant.listen import chords, features, form, harmony, key, metre, rhythm
from descant.song.tempo import Metre
from descant.song.transcription import Evidence, HeardChord, HeardKey, HeardSection, HeardTempo

RATE = 48_000


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


def outline(audio: NDArray[np.float32]) -> Outline:
    """Return the outline of a recording, float32 (samples, 2) at 48 kHz."""
    seconds = len(audio) / RATE
    audio = np.pad(audio, ((0, max(0, RATE - len(audio))), (0, 0)))  # of less than a second nothing can be told
    bands, pitches = features.bands(audio), features.pitches(audio)
    onsets = rhythm.onset_strength(bands, pitches)
    tempi = rhythm.candidates(rhythm.periodicity(onsets)) or [(6000 / rhythm.PREFERRED, 0.0)]
    strength = onsets @ np.array(rhythm.WEIGHTS)
    beats = beat_tracking.track(strength, tempi[0][0])
    times = np.unique(np.concatenate([[0.0], beats, [seconds]]))
    treble = harmony.chroma(pitches, times, harmony.TREBLE)
    bass = harmony.chroma(pitches, times, harmony.BASS)
    accents = _accents(times, beats, treble, bass, onsets)
    found, first, certain = metre.bars(accents)
    downbeats = np.arange(first, len(beats), found.beats)
    heard_chords = chords.recognise(treble, bass, times, np.isin(times[:-1], beats[downbeats]))
    keys = key.find(treble, heard_chords)
    lines = np.unique(np.concatenate([[0.0], beats[downbeats], [seconds]]))
    total = sum(score for _, score in tempi) or 1.0
    heard = tuple(HeardTempo(round(6000 / period, 2), round(score / total, 3)) for period, score in tempi)
    return Outline(
        tempo=heard[0],
        tempo_alternatives=heard[1:],
        beats=tuple(round(float(t), 4) for t in beats),
        downbeats=tuple(int(i) for i in downbeats),
        pulse=True,
        metre=found,
        key=keys[0],
        key_alternatives=keys[1:],
        chords=heard_chords,
        sections=form.sections(_bar_features(bands, pitches, lines), lines),
        evidence={
            "tempo": Evidence("autocorrelation of onset strength", heard[0].confidence),
            "beats": Evidence("dynamic programming over onset strength", heard[0].confidence),
            "metre": Evidence("accents of bass and harmony", certain),
            "key": Evidence("pitch-class profile and tonic chords", keys[0].confidence),
            "chords": Evidence("treble and bass chroma, Viterbi", round(_mean_certainty(heard_chords), 3)),
            "sections": Evidence("self-similarity novelty", 0.5),
        },
    )


def _accents(
    times: NDArray[np.float64],
    beats: NDArray[np.float64],
    treble: NDArray[np.float64],
    bass: NDArray[np.float64],
    onsets: NDArray[np.float32],
) -> NDArray[np.float64]:
    at = np.searchsorted(times, beats)
    total = np.zeros(len(beats))
    for chroma, weight in ((treble, 1.0), (bass, 1.0)):
        unit = chroma / np.maximum(np.linalg.norm(chroma, axis=1, keepdims=True), 1e-9)
        change = np.array([1 - unit[min(i, len(unit) - 1)] @ unit[max(i - 1, 0)] for i in at])
        total += weight * (change - change.mean()) / max(float(change.std()), 1e-9)
    low = onsets[np.clip((beats * 100).astype(int), 0, len(onsets) - 1), rhythm.LOW]
    total += 0.5 * (low - low.mean()) / max(float(low.std()), 1e-9)
    return (total - total.mean()) / max(float(total.std()), 1e-9)


def _bar_features(bands: features.Bands, pitches: features.Pitches, lines: NDArray[np.float64]) -> NDArray[np.float64]:
    timbre = harmony.spanned(bands.level[::5], lines)
    tones = harmony.chroma(pitches, lines, harmony.TREBLE)
    tones /= np.maximum(np.linalg.norm(tones, axis=1, keepdims=True), 1e-9)
    columns = [timbre, 4 * tones * timbre.std()]
    return np.hstack([(c - c.mean(axis=0)) for c in columns])


def _mean_certainty(heard: tuple[HeardChord, ...]) -> float:
    total = sum(c.stop - c.start for c in heard) or 1.0
    return sum((c.stop - c.start) * c.confidence for c in heard) / total
