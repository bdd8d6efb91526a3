"""How fast a song is, from its tempo map."""

from dataclasses import dataclass
from itertools import pairwise

from descant.song.score import Score


@dataclass(frozen=True)
class OtherTempo:
    """A tempo that fits what was heard as well, in quarter notes a minute, and how sure it is."""

    bpm: float
    confidence: float


@dataclass(frozen=True)
class Tempo:
    """Quarter notes a minute: on average over the song's length in time, at the fastest, at the slowest.

    ``method`` says how it is known, and ``confidence`` (0–1) how surely; ``others`` fit too.
    """

    average: float
    fastest: float
    slowest: float
    confidence: float = 1.0
    method: str = "written"
    others: tuple[OtherTempo, ...] = ()


def tempo(score: Score) -> Tempo:
    """Return the tempo of a score; changes behind its last bar do not count."""
    changes = [change for change in score.tempo if change.beat < score.length] or list(score.tempo[:1])
    ends = [*(change.beat for change in changes), score.length]
    minutes = sum((stop - start) / change.bpm for change, (start, stop) in zip(changes, pairwise(ends), strict=True))
    average = (score.length - changes[0].beat) / minutes if minutes > 0 else changes[0].bpm
    speeds = [change.bpm for change in changes]
    return Tempo(round(average, 2), round(max(speeds), 2), round(min(speeds), 2))
