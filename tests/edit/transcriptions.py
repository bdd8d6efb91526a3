"""Transcriptions that are exactly true: what would be heard of a written score, played to a drifting beat."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from descant.song.score import Note, Role, Score, SungNote
from descant.song.transcription import (
    HeardChord,
    HeardHit,
    HeardKey,
    HeardNote,
    HeardSection,
    HeardTempo,
    HeardVoice,
    HeardWord,
    Transcription,
)

_DRUMS = (Role.DRUMS, Role.PERCUSSION)
SURE = 0.9


def heard_of(
    score: Score,
    *,
    only: Iterable[str] = ("voice", "bass", "drums", "notes"),
    drift: Callable[[float], float] = lambda seconds: seconds,
    jitter: float = 0.0,
    pulse: bool = True,
    words: tuple[HeardWord, ...] = (),
) -> Transcription:
    """Return what is heard of a score.

    Parameters
    ----------
    only : who is heard; "voice" is heard as a melody that nobody sings when it is called "tune" here.
    drift : seconds of the score to seconds of the recording, rising.
    jitter : standard deviation of the heard beats, seconds.
    """
    wanted = set(only)
    scatter = np.random.default_rng(1).normal(0.0, jitter, int(score.length) + 1)
    played = _Played(score, drift)
    lead = played.lead() if wanted & {"voice", "tune"} else ()
    beats = range(int(score.length) + 1)
    return Transcription(
        seconds=played.at(score.length) + 2.0,
        tempo=HeardTempo(score.tempo[0].bpm, SURE),
        beats=tuple(played.at(float(n)) + float(scatter[n]) for n in beats),
        downbeats=tuple(beats[:: round(score.metre.bar_length)]),
        metre=score.metre,
        key=HeardKey(score.key, SURE),
        evidence={},
        pulse=pulse,
        chords=played.chords() if "notes" in wanted else (),
        sections=played.sections(),
        melody=lead,
        bass=played.notes(lambda role: role is Role.BASS) if "bass" in wanted else (),
        notes=played.notes(lambda role: role not in (*_DRUMS, Role.BASS)) if "notes" in wanted else (),
        drums=played.drums() if "drums" in wanted else (),
        voices=tuple(HeardVoice(note.start, note.stop, SURE) for note in lead) if "voice" in wanted else (),
        words=words,
    )


@dataclass(frozen=True)
class _Played:
    """A score as it was played: ``drift`` maps its seconds to those of the recording."""

    score: Score
    drift: Callable[[float], float]

    def at(self, beat: float) -> float:
        return self.drift(self.score.seconds(beat))

    def note(self, note: Note | SungNote) -> HeardNote:
        start, stop = self.score.performed(note)
        return HeardNote(self.drift(start), self.drift(stop), float(note.pitch), note.velocity, SURE)

    def lead(self) -> tuple[HeardNote, ...]:
        sung = [n for part in self.score.vocals if part.role is Role.LEAD_VOCAL for p in part.phrases for n in p.notes]
        return tuple(sorted((self.note(n) for n in sung), key=lambda n: n.start))

    def notes(self, wanted: Callable[[Role], bool]) -> tuple[HeardNote, ...]:
        found = [self.note(note) for part in self.score.parts if wanted(part.role) for note in part.notes]
        return tuple(sorted(found, key=lambda n: n.start))

    def drums(self) -> tuple[HeardHit, ...]:
        struck = [self.note(note) for part in self.score.parts if part.role in _DRUMS for note in part.notes]
        hits = [HeardHit(note.start, round(note.pitch), note.velocity, SURE) for note in struck]
        return tuple(sorted(hits, key=lambda hit: hit.start))

    def chords(self) -> tuple[HeardChord, ...]:
        spans = self.score.chords
        return tuple(HeardChord(self.at(c.start), self.at(c.start + c.duration), c.chord, SURE) for c in spans)

    def sections(self) -> tuple[HeardSection, ...]:
        ends = [*(section.start for section in self.score.sections[1:]), self.score.length]
        labels: dict[str, str] = {}
        return tuple(
            HeardSection(self.at(own.start), self.at(end), labels.setdefault(own.kind, chr(65 + len(labels))), SURE)
            for own, end in zip(self.score.sections, ends, strict=True)
        )


def slowing(seconds: float) -> float:
    """A drift: a player who takes a tenth more time at the end of a minute than at its beginning."""
    return seconds + 0.05 * seconds * seconds / 60.0
