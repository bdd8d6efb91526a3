"""Transcriptions that are exactly true: what would be heard of a written score, played to a drifting beat."""

from collections.abc import Callable, Iterable

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

    def at(beat: float) -> float:
        return drift(score.seconds(beat))

    def times(note: Note | SungNote) -> tuple[float, float]:
        start, stop = score.performed(note)
        return drift(start), drift(stop)

    sung = [note for part in score.vocals if part.role is Role.LEAD_VOCAL for p in part.phrases for note in p.notes]
    lead = sorted((HeardNote(*times(n), float(n.pitch), n.velocity, SURE) for n in sung), key=lambda n: n.start)
    found: dict[str, list[HeardNote]] = {"bass": [], "notes": []}
    hits = []
    for part in score.parts:
        for note in part.notes:
            if part.role in _DRUMS:
                hits.append(HeardHit(times(note)[0], note.pitch, note.velocity, SURE))
            else:
                name = "bass" if part.role is Role.BASS else "notes"
                found[name].append(HeardNote(*times(note), float(note.pitch), note.velocity, SURE))
    ends = [*(section.start for section in score.sections[1:]), score.length]
    labels: dict[str, str] = {}
    seconds = at(score.length) + 2.0
    return Transcription(
        seconds=seconds,
        tempo=HeardTempo(score.tempo[0].bpm, SURE),
        beats=tuple(at(float(n)) + float(scatter[n]) for n in range(int(score.length) + 1)),
        downbeats=tuple(range(0, int(score.length) + 1, round(score.metre.bar_length))),
        metre=score.metre,
        key=HeardKey(score.key, SURE),
        evidence={},
        pulse=pulse,
        chords=tuple(HeardChord(at(c.start), at(c.start + c.duration), c.chord, SURE) for c in score.chords)
        if "notes" in wanted
        else (),
        sections=tuple(
            HeardSection(at(section.start), at(end), labels.setdefault(section.kind.value, chr(65 + len(labels))), SURE)
            for section, end in zip(score.sections, ends, strict=True)
        ),
        melody=tuple(lead) if wanted & {"voice", "tune"} else (),
        bass=tuple(sorted(found["bass"], key=lambda n: n.start)) if "bass" in wanted else (),
        notes=tuple(sorted(found["notes"], key=lambda n: n.start)) if "notes" in wanted else (),
        drums=tuple(sorted(hits, key=lambda hit: hit.start)) if "drums" in wanted else (),
        voices=tuple(HeardVoice(note.start, note.stop, SURE) for note in lead) if "voice" in wanted else (),
        words=words,
    )


def slowing(seconds: float) -> float:
    """A drift: a player who takes a tenth more time at the end of a minute than at its beginning."""
    return seconds + 0.05 * seconds * seconds / 60.0
