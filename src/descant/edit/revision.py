"""What an edit decides: the new score, and take by take whether its audio is kept or performed."""

import msgspec

from descant.song.brief import Brief
from descant.song.document import WordTime
from descant.song.plan import Plan
from descant.song.score import Score
from descant.song.transcription import Transcription

FITTED = 20.0
"""Seconds of recorded sound that what follows it is fitted to."""


class Keep(msgspec.Struct, frozen=True):
    """Audio taken over sample by sample: ``start`` to ``stop``, in seconds of the audio of source number ``source``."""

    source: int
    start: float
    stop: float


class Beside(msgspec.Struct, frozen=True):
    """A stretch of a source's audio that a performance is to sit beside as if it belonged to it.

    ``start`` to ``stop`` are seconds of source number ``source``. Loudness, tonal balance and width are taken over from
    there. ``begins`` is where in the source the performance begins, when the stretch goes on under it until ``stop``
    and dies away there; None for a performance that nothing goes on under. ``line`` is where in the source the bar line
    falls on which the performance begins: up to there what is heard at ``stop``, or later, is held.
    """

    source: int
    start: float
    stop: float
    begins: float | None = None
    line: float | None = None


class SampledBars(msgspec.Struct, frozen=True):
    """Beats ``first`` to ``first + beats`` of a sample, heard from second ``at`` of a performance on.

    ``under`` puts them under singing: softer, and without their lows. Otherwise they are in front of the band.
    """

    at: float
    first: int
    beats: int
    under: bool


class Sampled(msgspec.Struct, frozen=True):
    """The sound of a stretch of source number ``source``, cut on its beats and heard in a performance.

    ``moments`` are the seconds of the source at which its beats fall, the end of the last one included; they are
    stretched to be ``spacing`` seconds apart, and sound ``semitones`` higher.
    """

    source: int
    moments: tuple[float, ...]
    spacing: float
    semitones: float
    bars: tuple[SampledBars, ...]


class Perform(msgspec.Struct, frozen=True):
    """Audio to be made: ``score`` performed and mixed, from ``start`` to ``stop`` in seconds of its own audio.

    ``score`` may hold more than the window: what was played just before it rings into it. ``stop`` None is the end,
    with everything rung out. ``seed`` is the performance's. ``balance`` is the number of the source with whose levels
    it is mixed, so that it fits between takes that are kept; None balances and masters it by itself.
    ``beside`` is the recorded sound that a performance without a ``balance`` is fitted to, where there is any.
    ``tuning`` is in cents over concert pitch, for performances without a ``balance``.
    ``sections_before`` counts the sections of ``score`` that come before the first of the whole new song's: words
    measured in those are not the new song's, and words after them stand in sections that much earlier there.
    ``sampled`` is recorded sound that is heard in it, for performances without a ``balance``.
    """

    score: Score
    seed: int
    mix: str
    start: float = 0.0
    stop: float | None = None
    balance: int | None = None
    beside: Beside | None = None
    tuning: float = 0.0
    sections_before: int = 0
    sampled: Sampled | None = None


class Over(msgspec.Struct, frozen=True):
    """Audio taken over whole, as in :class:`Keep`, with a performance laid over it.

    ``perform`` is heard at the seconds of source number ``source``, which go on in silence where it rings longer.
    ``level`` is its loudness in LU over what it is laid over, where both sound. What is kept is not touched: where the
    sum would pass the ceiling, the performance gives way.
    """

    source: int
    perform: Perform
    level: float


class Polish(msgspec.Struct, frozen=True):
    """All audio of source number ``source``, mastered anew: nothing is played again and nothing moves in time.

    ``mix`` is a profile, with or without a variation, whose tone, width and glue are taken over; ``depth`` 0–1 is how
    far.
    """

    source: int
    mix: str
    depth: float


Take = Keep | Perform | Over | Polish


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    """A song as it is to be after an edit.

    Attributes
    ----------
    plan : of the whole new song; ``plan.seed`` is the seed it is performed with, and edits keep it, so that a note
        performed again sounds as it did.
    score : the whole new song; its times are those of the new audio.
    takes : the new audio from its first sample on, each take beginning where the one before it ends. Takes meet in a
        short crossfade.
    words : word times of kept takes, in seconds of the new audio; those of performed takes are measured when sung.
    joined_at : for an extension, where in its source's audio it begins, in seconds; None for anything else.
    before : for a song that begins as an extension of another: the score of what was heard before it, ending where
        its own beat 0 falls; None for anything else. It belongs in the song's document.
    heard : what was heard of a recording that goes on sounding, in seconds of the new audio; None where none does.
    tuning : of what is performed to go with a recording, in cents over concert pitch.
    """

    brief: Brief
    plan: Plan
    score: Score
    title: str
    lyrics: str
    tags: str
    takes: tuple[Take, ...]
    words: tuple[WordTime, ...] = ()
    joined_at: float | None = None
    before: Score | None = None
    heard: Transcription | None = None
    tuning: float = 0.0


class CannotEdit(ValueError):
    """The edit cannot be made of these songs; the message says what was asked, what they have, what is allowed."""
