"""The written song: bars, chords, parts, notes and sung syllables.

A score holds the *notated* time of every note in beats and, beside it, the *performed* deviation in seconds, so that
notation is exported from the one and audio from both.
"""

from enum import StrEnum
from functools import cached_property

import msgspec

from descant.song.lyrics import SectionKind, Word
from descant.song.tempo import Metre, TempoChange, TempoMap
from descant.song.theory import Chord, Key


class Role(StrEnum):
    """The stem a part belongs to: the twelve stems of contract/sonic.md §5, and a recording that was sent in, whole."""

    LEAD_VOCAL = "vocals"
    BACKING_VOCALS = "backing vocals"
    DRUMS = "drums"
    BASS = "bass"
    GUITAR = "guitar"
    KEYBOARD = "keyboard"
    PERCUSSION = "percussion"
    STRINGS = "strings"
    SYNTH = "synth"
    FX = "fx"
    BRASS = "brass"
    WOODWINDS = "woodwinds"
    RECORDING = "recording"


class Note(msgspec.Struct, frozen=True, omit_defaults=True):
    """One played note.

    Attributes
    ----------
    start, duration : beats; start may be a pickup before its section.
    pitch : MIDI number (a General MIDI drum key in drum parts).
    velocity : 1–127.
    shift : performed start minus notated start, in seconds.
    scoop : cents below its pitch where it begins (0 for a clean attack), come home from within 0.1 s.
    vibrato : depth in cents with which it is held (0 for what the instrument does by itself).
    """

    start: float
    duration: float
    pitch: int
    velocity: int
    shift: float = 0.0
    scoop: float = 0.0
    vibrato: float = 0.0


class Pedal(msgspec.Struct, frozen=True):
    """The sustain pedal held from ``start`` to ``stop`` (beats)."""

    start: float
    stop: float


class Swell(msgspec.Struct, frozen=True):
    """A point of a part's expression curve: ``level`` in dB (≤ 0) at ``beat``, joined linearly."""

    beat: float
    level: float


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one player plays: a name unique in the score, the stem it goes to, an instrument preset and notes.

    ``instrument`` names a file of ``perform/instruments/presets``. Notes rise by (start, pitch).
    """

    name: str
    role: Role
    instrument: str
    notes: tuple[Note, ...]
    pedals: tuple[Pedal, ...] = ()
    swells: tuple[Swell, ...] = ()


class SungNote(msgspec.Struct, frozen=True, omit_defaults=True):
    """One sung note.

    Attributes
    ----------
    start, duration : beats; the vowel begins at ``start``, consonants before it.
    pitch : MIDI number.
    word, syllable : indices into the phrase's words and that word's syllables. A melisma is several successive
        notes with the same indices.
    velocity : 1–127, the note's dynamic.
    shift : performed start minus notated start, in seconds.
    scoop : cents below pitch where the note begins (0 for a clean attack), reached within 60–90 ms.
    vibrato : depth in cents (0 for none).
    """

    start: float
    duration: float
    pitch: int
    word: int
    syllable: int
    velocity: int = 90
    shift: float = 0.0
    scoop: float = 0.0
    vibrato: float = 0.0


class Phrase(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line as sung: its words and notes.

    ``section`` indexes the score's sections; ``delivery`` is "sung", "rap", "spoken", "shouted", "screamed" or
    "whispered";
    ``breath`` is the length in seconds of the breath heard before it (0 for none).
    """

    text: str
    words: tuple[Word, ...]
    notes: tuple[SungNote, ...]
    section: int
    language: str = "en"
    delivery: str = "sung"
    breath: float = 0.0


class VocalPart(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one singer, or a choir, sings.

    ``voice`` names a file of ``perform/voice/voices``; phrases never overlap. ``effects`` are "auto-tune" (pitch drawn
    onto the written notes at once, without vibrato), "vocoder" (the voice's words on steady oscillators) and "choir"
    (many singers at once).
    """

    name: str
    role: Role
    voice: str
    phrases: tuple[Phrase, ...]
    effects: tuple[str, ...] = ()

    @property
    def leads(self) -> bool:
        """Whether this is the lead, written or heard in a recording."""
        return self.role in (Role.LEAD_VOCAL, Role.RECORDING)


class Section(msgspec.Struct, frozen=True, omit_defaults=True):
    """A section of the written song: where it starts (beats), its bars, its energy 0–1 and key."""

    kind: SectionKind
    label: str
    start: float
    bars: int
    energy: float
    key: Key


class ChordSpan(msgspec.Struct, frozen=True):
    """A chord sounding from ``start`` for ``duration`` beats."""

    start: float
    duration: float
    chord: Chord


class Fade(msgspec.Struct, frozen=True):
    """The whole song's level falling to silence from ``start`` to ``stop`` (beats)."""

    start: float
    stop: float


class Score(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, dict=True):
    """A song written down.

    ``lead_in`` is silence in seconds before beat 0, so that a first consonant or pickup has room. ``length`` is in
    beats, to the end of the last bar; what rings on after it is the performance's matter.
    """

    title: str
    tempo: tuple[TempoChange, ...]
    metre: Metre
    key: Key
    sections: tuple[Section, ...]
    chords: tuple[ChordSpan, ...]
    parts: tuple[Part, ...]
    vocals: tuple[VocalPart, ...]
    length: float
    lead_in: float = 0.4
    fade: Fade | None = None

    @cached_property
    def tempo_map(self) -> TempoMap:
        """The song's tempo map, in seconds after beat 0."""
        return TempoMap(self.tempo)

    def seconds(self, beat: float) -> float:
        """Return the time in the audio, in seconds from its first sample, at which ``beat`` falls."""
        return self.lead_in + self.tempo_map.seconds(beat)

    def performed(self, note: Note | SungNote) -> tuple[float, float]:
        """Return (start, stop) in seconds of a note as performed, its shift included."""
        start = self.seconds(note.start) + note.shift
        return start, start + self.tempo_map.seconds(note.start + note.duration) - self.tempo_map.seconds(note.start)
