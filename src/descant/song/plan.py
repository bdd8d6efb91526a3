"""The decisions that stand before the first note: style, tempo, key, form, energy, band, voice."""

import msgspec

from descant.song.lyrics import LyricSection, SectionKind
from descant.song.tempo import Metre
from descant.song.theory import Key
from descant.song.wish import Mood


class PlannedSection(msgspec.Struct, frozen=True, omit_defaults=True):
    """One section of the form.

    Attributes
    ----------
    kind, label : its part in the form, and its name for people ("Verse 2").
    lyrics : its words, or None for an instrumental section.
    bars : its length; for sung sections a first estimate that the rhythm may extend.
    energy : 0–1, drives layers, velocity, register and fills.
    progression : name of the harmony it uses; sections with equal names share their chords.
    lift : semitones of key change against the song's key.
    """

    kind: SectionKind
    label: str
    bars: int
    energy: float
    lyrics: LyricSection | None = None
    progression: str = ""
    lift: int = 0
    directives: tuple[str, ...] = ()


class Guest(msgspec.Struct, frozen=True):
    """A singer besides the lead: who the lyrics call them, their voice file, its centre and its range, MIDI."""

    names: tuple[str, ...]
    voice: str
    centre: int
    range: tuple[int, int]


class Plan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A song decided but not yet written.

    ``genres`` are (style file name, weight), falling weight; the first owns rhythm and form. ``instruments`` maps a
    layer of the arrangement ("drums", "bass", "comp", "comp2", "pad", "strings", "lead" …) to an instrument preset;
    ``featured`` are the layers whose instrument was asked for by name.
    ``swing`` is the place of the second sixteenth (or eighth) of a pair, 0.5 straight. ``voice`` and
    ``backing_voice`` name voice files; "" for an instrumental. ``vocal_centre`` is the MIDI pitch in the middle of
    the lead's comfortable range; ``vocal_range`` and ``backing_range`` are the lowest and highest pitch to write for
    each of the two voices. ``guests`` sing the lines that name them, and join those that everybody sings.
    ``vocal_effects`` are those of the voices, as in :class:`~descant.song.score.VocalPart`.
    ``odd_phrases`` are the kinds of sections whose every second phrase takes a bar more than its words need.
    """

    seed: int
    title: str
    genres: tuple[tuple[str, float], ...]
    bpm: float
    key: Key
    metre: Metre
    sections: tuple[PlannedSection, ...]
    instruments: dict[str, str]
    featured: tuple[str, ...] = ()
    mood: Mood = Mood()
    swing: float = 0.5
    swing_unit: float = 0.25
    voice: str = ""
    backing_voice: str = ""
    vocal_centre: int = 66
    vocal_range: tuple[int, int] = (57, 75)
    backing_range: tuple[int, int] = (54, 77)
    guests: tuple[Guest, ...] = ()
    vocal_effects: tuple[str, ...] = ()
    mix: str = "pop"
    style_weight: float = 0.5
    weirdness: float = 0.3
    odd_phrases: tuple[SectionKind, ...] = ()
    fade_out: bool = False
    not_understood: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
