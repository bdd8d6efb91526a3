"""What was heard in a recording: facts with the time, the certainty and the method of each.

Times are seconds from the recording's first sample; certainties are 0–1, comparable within one kind of fact and rough
otherwise. Nothing here is exact, unlike a score that was written: who shows it says so.
"""

import msgspec

from descant.song.tempo import Metre
from descant.song.theory import Chord, Key


class Evidence(msgspec.Struct, frozen=True):
    """How a kind of fact was found: the ``method`` that made it, for people, and how sure it is on the whole, 0–1."""

    method: str
    confidence: float


class HeardTempo(msgspec.Struct, frozen=True):
    """A tempo in quarter notes a minute, and how sure it is."""

    bpm: float
    confidence: float


class HeardKey(msgspec.Struct, frozen=True):
    """A key and how sure it is."""

    key: Key
    confidence: float


class HeardChord(msgspec.Struct, frozen=True):
    """A chord heard from ``start`` to ``stop``; None where none sounds."""

    start: float
    stop: float
    chord: Chord | None
    confidence: float


class HeardSection(msgspec.Struct, frozen=True):
    """A stretch of the form; sections with one ``label`` ("A", "B" …) sound alike."""

    start: float
    stop: float
    label: str
    confidence: float


class HeardNote(msgspec.Struct, frozen=True):
    """A note: ``pitch`` in MIDI numbers with fractions, ``velocity`` 1–127 from its loudness."""

    start: float
    stop: float
    pitch: float
    velocity: int
    confidence: float


class HeardHit(msgspec.Struct, frozen=True):
    """A stroke on a drum: ``key`` is the General MIDI drum key, ``velocity`` 1–127."""

    start: float
    key: int
    velocity: int
    confidence: float


class HeardVoice(msgspec.Struct, frozen=True):
    """A stretch in which somebody sings, and how sure that is."""

    start: float
    stop: float
    confidence: float


class HeardWord(msgspec.Struct, frozen=True):
    """A word of given lyrics and when it is heard; ``section`` and ``line`` of the lyrics count from 0."""

    text: str
    start: float
    stop: float
    section: int
    line: int
    confidence: float


class Transcription(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that was heard in a recording.

    Attributes
    ----------
    seconds : length of the recording.
    tempo : the tempo believed, and ``tempo_alternatives``: others that fit, surest first (twice, half …).
    beats : times of the beats, rising, of dotted quarter notes where ``metre`` is counted in eighths; ``downbeats``
        indexes those that begin a bar.
    pulse : whether there is a beat at all to keep to; without one the beats are an even grid laid over the music.
    key : the key believed, and ``key_alternatives``, surest first.
    chords, sections : cover the recording without gaps or overlaps.
    melody, bass : one voice each, never overlapping; ``notes`` are all pitched notes, chords too, and ``drums`` all
        strokes, both by start.
    voices : where somebody sings.
    words : when lyrics were given, in their order.
    evidence : for each kind of fact ("tempo", "beats", "metre", "key", "chords", "sections", "melody", "bass",
        "notes", "drums", "voices", "words") that was listened for.
    """

    seconds: float
    tempo: HeardTempo
    beats: tuple[float, ...]
    downbeats: tuple[int, ...]
    metre: Metre
    key: HeardKey
    evidence: dict[str, Evidence]
    pulse: bool = True
    tempo_alternatives: tuple[HeardTempo, ...] = ()
    key_alternatives: tuple[HeardKey, ...] = ()
    chords: tuple[HeardChord, ...] = ()
    sections: tuple[HeardSection, ...] = ()
    melody: tuple[HeardNote, ...] = ()
    bass: tuple[HeardNote, ...] = ()
    notes: tuple[HeardNote, ...] = ()
    drums: tuple[HeardHit, ...] = ()
    voices: tuple[HeardVoice, ...] = ()
    words: tuple[HeardWord, ...] = ()
