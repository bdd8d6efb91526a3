"""Who sings: voices read from ``voices/*.toml``.

A voice is a source bent by a few figures. To add a voice is to add a file.
"""

import tomllib
from functools import cache
from pathlib import Path

import msgspec

from descant.perform.voice.errors import UnknownVoiceError
from descant.perform.voice.pitch import PitchManner
from descant.perform.voice.sources import roads
from descant.song.voices import VoiceProfile

FOLDER = Path(__file__).with_name("voices")
COLOURS = Path(__file__).with_name("colours.toml")


class Timbre(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a source's sound is bent.

    Attributes
    ----------
    warp : formants move up by this factor; 0.86 makes a woman's tract a man's size.
    tilt : dB an octave about 1 kHz, negative is darker.
    presence : dB at 3 kHz, the singer's formant.
    air : dB above 9 kHz.
    breath : 0–1, noise in the vowels.
    sharpness : formant strengthening, 0 for none.
    consonants : dB added to unvoiced consonants.
    equaliser : (centre Hz, width Hz, dB) mends to the source's own colour.
    voiced : (Hz, dB) points of a mend to voiced sounds alone; a voice gets its source's (``colours.toml``).
    dispersion : seconds of scatter in the upper harmonics' delay.
    roughness : 0–1, every other glottal pulse weaker and late by chance: husky.
    growl : 0–1, the false folds swing at a half or a third of the pitch: screamed.
    whisper : 1 for breath alone, 0 for voice.
    level : dB added to everything.
    """

    warp: float = 1.0
    tilt: float = 0.0
    presence: float = 0.0
    air: float = 0.0
    breath: float = 0.1
    sharpness: float = 0.0
    consonants: float = 2.0
    equaliser: tuple[tuple[float, float, float], ...] = ()
    voiced: tuple[tuple[float, float], ...] = ()
    dispersion: float = 0.0003
    roughness: float = 0.0
    growl: float = 0.0
    whisper: float = 0.0
    level: float = 0.0


class Manner(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the singer moves: see :class:`~descant.perform.voice.pitch.PitchManner`; ``vibrato`` scales the score's."""

    portamento: float = 0.13
    vibrato_rate: float = 5.6
    vibrato: float = 1.0
    drift: float = 4.0
    jitter: float = 2.5
    scoop: float = 1.0

    @property
    def pitch(self) -> PitchManner:
        """The part that pitch curves need."""
        return PitchManner(self.portamento, self.vibrato_rate, self.vibrato, self.drift, self.jitter, self.scoop)


class Range(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sung range in MIDI numbers, inclusive, and its comfortable middle.

    ``turn`` is where the voice turns to its light register, or 0 for three semitones under the top.
    """

    low: int
    centre: int
    high: int
    turn: int = 0

    @property
    def passage(self) -> float:
        """The MIDI number about which the register changes."""
        return float(self.turn or self.high - 3)


class Voice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One voice file. ``source`` is as :func:`~descant.perform.voice.sources.open_source` names it.

    ``clarity`` is the share of words understood when the voice sings, as ``benchmarks.singing`` measures it.
    """

    name: str
    gender: str
    source: str
    range: Range
    timbre: Timbre = Timbre()
    manner: Manner = Manner()
    words: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en",)
    clarity: float = 0.8


class Colour(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is wrong with a source's recordings: (Hz, dB) points of the mend to its voiced sounds, Hz rising."""

    voiced: tuple[tuple[float, float], ...]


@cache
def _colours() -> dict[str, Colour]:
    return msgspec.convert(tomllib.loads(COLOURS.read_text()), dict[str, Colour])


def _mended(voice: Voice) -> Voice:
    """Return a voice with its source's mends, moved with its formants."""
    colour = _colours().get(voice.source)
    if colour is None:
        return voice
    voiced = tuple((hertz * voice.timbre.warp, decibels) for hertz, decibels in colour.voiced)
    return msgspec.structs.replace(voice, timbre=msgspec.structs.replace(voice.timbre, voiced=voiced))


def _read(path: Path) -> Voice:
    try:
        voice = msgspec.convert(tomllib.loads(path.read_text()), Voice)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise UnknownVoiceError(f"voice file {path.name} is not right: {error}") from error
    if voice.name != path.stem:
        raise UnknownVoiceError(f"voice file {path.name} calls itself {voice.name!r}; the names must agree")
    return _mended(voice)


@cache
def load(name: str) -> Voice:
    """Return the voice of a name.

    Raises
    ------
    UnknownVoiceError : when there is no such file, or it does not fit the schema.
    """
    path = FOLDER / f"{name}.toml"
    if not path.is_file():
        raise UnknownVoiceError(f"no voice is called {name!r}; known: {', '.join(names())}")
    return _read(path)


@cache
def names() -> tuple[str, ...]:
    """Return the names of all voices, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def profiles() -> tuple[VoiceProfile, ...]:
    """Return what writing needs to know of every voice, sorted by name."""
    voices = [load(name) for name in names()]
    there, missing = roads.speakers()
    return tuple(
        VoiceProfile(
            v.name, v.gender, v.range.low, v.range.high, v.range.centre, v.words, v.languages, v.clarity, there, missing
        )
        for v in voices
    )
