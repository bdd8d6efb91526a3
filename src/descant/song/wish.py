"""What the tags and the description ask for, read but not yet decided."""

import msgspec

from descant.song.tempo import Metre
from descant.song.theory import Key


class Mood(msgspec.Struct, frozen=True, omit_defaults=True):
    """A sum of mood offsets (research/composition.md §5.1); zero or one means "no wish".

    tempo_percent, minor (Δ probability), register (semitones), density (×), energy (Δ), articulation (Δ towards
    staccato), brightness (Δ), syncopation (Δ), colour (Δ chord colour level), reverb (Δ), looseness (Δ),
    melodic_range (×), dynamics (×).
    """

    tempo_percent: float = 0.0
    minor: float = 0.0
    register: float = 0.0
    density: float = 1.0
    energy: float = 0.0
    articulation: float = 0.0
    brightness: float = 0.0
    syncopation: float = 0.0
    colour: float = 0.0
    reverb: float = 0.0
    looseness: float = 0.0
    melodic_range: float = 1.0
    dynamics: float = 1.0


class Wish(msgspec.Struct, frozen=True, omit_defaults=True):
    """Tags and description, understood.

    Attributes
    ----------
    genres : (genre name, weight) in falling weight, weights summing to 1; empty when none was named.
    moods : the mood words recognised, and ``mood`` their summed offsets.
    bpm, key, metre, seconds : hard demands, or None. ``mode`` ("major", "minor", …) may stand without a tonic.
    tempo_word : "slow", "mid-tempo", "fast" … or "".
    instruments : (instrument word, adjective or "") wanted; ``excluded``: layers or instruments not wanted.
    voice : recognised voice words ("female", "breathy", "tenor" …).
    era : "80s", "modern" … or "".
    production : recognised production, rhythm and form words.
    language : BCP 47 code of the language the song is asked to be in, or "".
    swing : asked-for swing as the place of the second subdivision, 0.5 straight, or None.
    not_understood : words no rule knew; reported in the song's metadata.
    notes : explanations for the user, e.g. why an artist's name was not imitated.
    """

    genres: tuple[tuple[str, float], ...] = ()
    moods: tuple[str, ...] = ()
    mood: Mood = Mood()
    bpm: float | None = None
    key: Key | None = None
    mode: str | None = None
    metre: Metre | None = None
    seconds: float | None = None
    tempo_word: str = ""
    instruments: tuple[tuple[str, str], ...] = ()
    excluded: tuple[str, ...] = ()
    voice: tuple[str, ...] = ()
    era: str = ""
    production: tuple[str, ...] = ()
    language: str = ""
    swing: float | None = None
    instrumental: bool = False
    not_understood: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
