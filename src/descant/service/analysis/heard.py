"""What was heard in a recording, as the questions about clips answer it: each answer with its method and certainty."""

from collections.abc import Sequence
from statistics import median

from descant.service.analysis.notes import MOST_VELOCITY, Instrument, PlayedNote
from descant.service.analysis.tempo import OtherTempo, Tempo
from descant.song.transcription import Evidence, HeardHit, HeardNote, Transcription
from descant.words.timing import TimedWord

WRITTEN = Evidence("written", 1.0)
"""Of what was not heard but written."""

_SPAN = 8
"""Beats over which the tempo of the moment is taken, as single beats are heard too roughly for it."""

_STROKE = 0.05
"""Seconds that a stroke on a drum is said to last."""

_NEAR = 0.005
"""Seconds by which a word's time may differ from the heard one it comes from: what rounding costs."""


def evidence(heard: Transcription, kind: str) -> Evidence:
    """Return how a kind of fact was found; without any word of it nothing is sure."""
    return heard.evidence.get(kind, Evidence("not listened for", 0.0))


def tempo(heard: Transcription) -> Tempo:
    """Return the tempo believed, the fastest and slowest stretch of :data:`_SPAN` beats, and what else fits."""
    found = evidence(heard, "tempo")
    bpm = heard.tempo.bpm
    pace = [60 * _SPAN / (stop - start) for start, stop in zip(heard.beats, heard.beats[_SPAN:], strict=False)]
    if not pace or not heard.pulse:
        pace = [bpm]
    scale = bpm / median(pace)  # beats need not be quarter notes
    return Tempo(
        round(bpm, 2),
        round(max(pace) * scale, 2),
        round(min(pace) * scale, 2),
        round(heard.tempo.confidence, 3),
        found.method,
        tuple(OtherTempo(round(other.bpm, 2), round(other.confidence, 3)) for other in heard.tempo_alternatives),
    )


def instruments(heard: Transcription) -> tuple[Instrument, ...]:
    """Return the heard parts that have notes: the melody, the bass, all pitched notes, the drums."""
    parts = (
        _instrument(heard, "melody", _played(heard.melody)),
        _instrument(heard, "bass", _played(heard.bass)),
        _instrument(heard, "notes", _played(heard.notes)),
        _instrument(heard, "drums", _struck(heard.drums)),
    )
    return tuple(part for part in parts if part.notes)


def _instrument(heard: Transcription, kind: str, notes: tuple[PlayedNote, ...]) -> Instrument:
    found = evidence(heard, kind)
    return Instrument(kind, notes, round(found.confidence, 3), found.method)


def _played(notes: Sequence[HeardNote]) -> tuple[PlayedNote, ...]:
    played = (
        PlayedNote(
            round(note.start, 4),
            round(note.stop, 4),
            min(max(round(note.pitch), 0), MOST_VELOCITY),
            round(note.velocity / MOST_VELOCITY, 4),
        )
        for note in notes
    )
    return tuple(sorted(played, key=lambda note: (note.start, note.pitch)))


def _struck(hits: Sequence[HeardHit]) -> tuple[PlayedNote, ...]:
    return tuple(
        PlayedNote(round(hit.start, 4), round(hit.start + _STROKE, 4), hit.key, round(hit.velocity / MOST_VELOCITY, 4))
        for hit in sorted(hits, key=lambda hit: (hit.start, hit.key))
    )


def words(heard: Transcription, found: Sequence[TimedWord]) -> tuple[TimedWord, ...]:
    """Return timed words, as sure as they were heard."""
    sure = sorted((word.start, word.confidence) for word in heard.words)
    return tuple(word._replace(certainty=round(word.certainty * _certainty(sure, word.start), 3)) for word in found)


def _certainty(sure: Sequence[tuple[float, float]], start: float) -> float:
    return next((confidence for moment, confidence in sure if abs(moment - start) <= _NEAR), 1.0)


def singing(heard: Transcription) -> tuple[tuple[float, float], ...]:
    """Return the stretches in which somebody sings, in order, those that meet joined."""
    joined: list[tuple[float, float]] = []
    for voice in sorted(heard.voices, key=lambda voice: voice.start):
        if joined and voice.start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], voice.stop)
        else:
            joined.append((voice.start, voice.stop))
    return tuple(joined)
