"""The notes of a song as clients of the contract read them: seconds of the audio, loudness from 0 to 1."""

from collections.abc import Iterable
from dataclasses import dataclass

from descant.song.score import Note, Score, SungNote

MOST_VELOCITY = 127


@dataclass(frozen=True)
class PlayedNote:
    """One note as performed: ``start`` and ``end`` in seconds of the audio, ``pitch`` 0–127, ``velocity`` 0–1."""

    start: float
    end: float
    pitch: int
    velocity: float


@dataclass(frozen=True)
class Instrument:
    """One part of a song and its notes, by their starts; ``method`` and ``confidence`` as of a tempo."""

    name: str
    notes: tuple[PlayedNote, ...]
    confidence: float = 1.0
    method: str = "written"


def instruments(score: Score) -> tuple[Instrument, ...]:
    """Return the parts of a score, voices first, named as the tracks of its MIDI file."""
    sung = [
        Instrument(part.name, _performed(score, [note for phrase in part.phrases for note in phrase.notes]))
        for part in score.vocals
    ]
    return (*sung, *(Instrument(part.name, _performed(score, part.notes)) for part in score.parts))


def _performed(score: Score, notes: Iterable[Note | SungNote]) -> tuple[PlayedNote, ...]:
    found = []
    for note in notes:
        start, end = score.performed(note)
        pitch = min(max(note.pitch, 0), MOST_VELOCITY)
        loudness = min(max(note.velocity, 1), MOST_VELOCITY) / MOST_VELOCITY
        found.append(PlayedNote(round(max(0.0, start), 4), round(max(0.0, end), 4), pitch, round(loudness, 4)))
    return tuple(sorted(found, key=lambda note: (note.start, note.pitch)))
