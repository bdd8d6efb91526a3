"""What was heard in a recording, as the questions about clips answer it: each answer with its method and certainty."""

from collections.abc import Sequence
from statistics import median
from typing import Literal

import msgspec

from descant.service.analysis import notes
from descant.service.analysis.notes import MOST_VELOCITY, Instrument, PlayedNote
from descant.service.analysis.tempo import OtherTempo, Tempo
from descant.song.document import Song, WordTime
from descant.song.score import Role, Score
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


def sung_by(song: Song, kind: Literal["words", "voices"]) -> Evidence:
    """Return how a song's words, or its singing, are known: as heard where a recording has any, else as written."""
    if song.heard is None:
        return WRITTEN
    sung = any(part.role is not Role.RECORDING for part in song.score.vocals)
    facts = song.heard.words if kind == "words" else song.heard.voices
    return WRITTEN if sung and not facts else evidence(song.heard, kind)


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


def instruments(heard: Transcription, score: Score) -> tuple[Instrument, ...]:
    """Return the heard parts that have notes: the melody, the bass, all pitched notes, the drums; then written ones.

    ``score`` is that of the song, in which parts may have been written to go with the recording.
    """
    parts = (
        _instrument(heard, "melody", _played(heard.melody)),
        _instrument(heard, "bass", _played(heard.bass)),
        _instrument(heard, "notes", _played(heard.notes)),
        _instrument(heard, "drums", _struck(heard.drums)),
    )
    written = msgspec.structs.replace(
        score,
        parts=tuple(part for part in score.parts if part.role is not Role.RECORDING),
        vocals=tuple(part for part in score.vocals if part.role is not Role.RECORDING),
    )
    return (*(part for part in parts if part.notes), *notes.instruments(written))


def _instrument(heard: Transcription, kind: str, played: tuple[PlayedNote, ...]) -> Instrument:
    found = evidence(heard, kind)
    return Instrument(kind, played, round(found.confidence, 3), found.method)


def _played(heard: Sequence[HeardNote]) -> tuple[PlayedNote, ...]:
    played = (
        PlayedNote(
            round(note.start, 4),
            round(note.stop, 4),
            min(max(round(note.pitch), 0), MOST_VELOCITY),
            round(note.velocity / MOST_VELOCITY, 4),
        )
        for note in heard
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


def singing(heard: Transcription, words: Sequence[WordTime] = ()) -> tuple[tuple[float, float], ...]:
    """Return the stretches in which somebody sings, in order, those that meet joined.

    ``words`` are sung besides: those that were written over the recording.
    """
    joined: list[tuple[float, float]] = []
    spans = [(voice.start, voice.stop) for voice in heard.voices] + [(word.start, word.stop) for word in words]
    for start, stop in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], stop)
        else:
            joined.append((start, stop))
    return tuple(joined)
