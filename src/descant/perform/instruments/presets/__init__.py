"""Instrument presets: which programs of a bank, or which synthesizer, play a part. One TOML file an instrument.

To add an instrument is to add a file. Its keys are the attributes of :class:`Preset`; ``[[layers]]`` those of
:class:`Layer`, or ``[synth]`` those of :class:`~descant.perform.instruments.synths.patch.Patch`, or ``[machine]`` those
of :class:`~descant.perform.instruments.synths.kit.Machine`; ``[touch]`` those of
:class:`~descant.perform.instruments.voice.Touch`, ``[variation]`` those of :class:`Variation` and ``[[tuned]]`` those
of :class:`Tuning`. Levels are set so
that every instrument, playing a phrase typical of it at velocity 100, measures about :data:`PRESET_LOUDNESS`; a mix can
then start from equal faders.
"""

import math
from bisect import bisect_right
from functools import cache
from importlib.resources import files

import msgspec

from descant.perform.instruments.synths.kit import Machine
from descant.perform.instruments.synths.patch import Patch
from descant.perform.instruments.voice import Touch

PRESET_LOUDNESS = -23.0
"""LUFS of a typical phrase at velocity 100, with the default bank."""


MEASURED_BANK = "MuseScore_General"
"""Beginning of the file name of the bank (in either format) on which the presets were measured."""


TIGHTENED = 1.0
"""Semitones by which a drum's tuning is rather raised than lowered."""


class Layer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One program of the bank that sounds with every note.

    Attributes
    ----------
    bank, program : as in the bank's list; drum kits are in bank 128. A bank that lacks it plays the same program of
        bank 0 (General MIDI), or kit 128:0, instead.
    gain : dB.
    transpose : semitones; ``detune`` in cents; ``pan`` −1–1.
    keys : the only sounding keys it answers; empty for all. ``omit``: keys it does not answer.
    beats : the written lengths it answers, from the first to before the second: a palm mute is a recording of its own.
    sway : dB by which its level differs from stroke to stroke, either way: two takes of one drum, mixed anew each time.
    """

    bank: int = 0
    program: int
    gain: float = 0.0
    transpose: int = 0
    detune: float = 0.0
    pan: float = 0.0
    keys: tuple[int, ...] = ()
    omit: tuple[int, ...] = ()
    beats: tuple[float, float] = (0.0, math.inf)
    sway: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.beats[0] < self.beats[1]:
            raise ValueError(f"no note lasts from {self.beats[0]} to before {self.beats[1]} beats")

    def answers(self, key: int, beats: float) -> bool:
        """Return whether the layer sounds for a key written ``beats`` long."""
        held = self.beats[0] <= beats < self.beats[1]
        return held and key not in self.omit and (not self.keys or key in self.keys)


class Variation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far one stroke differs from the next, so that no two in a row are the same samples.

    Attributes
    ----------
    cents : greatest detuning either way; ``level`` in dB either way; ``offset`` in milliseconds left out at most of
        the sample's beginning.
    brightness : cents by which the touch's cutoff moves, either way.
    """

    cents: float = 0.0
    level: float = 0.0
    offset: float = 0.0
    brightness: float = 0.0


class Tuning(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How drums of a kit are tuned to the song, as drummers tune what rings.

    Attributes
    ----------
    keys : the drums. tone : the MIDI pitch at which they ring as recorded.
    degrees : semitones over the song's keynote at which they may ring; a near one is taken.
    """

    keys: tuple[int, ...]
    tone: float
    degrees: tuple[int, ...]

    def cents(self, tonic: int) -> float:
        """Return how far the drums are moved in a song on a keynote (pitch class 0–11), in cents.

        Skins are rather tightened than slackened: a slack one loses its lows.
        """
        moves = ((tonic + degree - self.tone + 6.0) % 12.0 - 6.0 for degree in self.degrees)
        return 100.0 * min(moves, key=lambda move: abs(move - TIGHTENED))


class Preset(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An instrument.

    Attributes
    ----------
    description : what it is, for people.
    layers : programs of the bank that sound together; or
    synth : the synthesizer that plays it; or
    machine : the drum machine that plays it.
    gain : dB on all of it.
    low, high : playable range, MIDI numbers; notes outside are moved by octaves into it (not in kits).
    transpose : semitones from written to sounding.
    kit : whether notes are General MIDI drum keys, struck and left to ring.
    levels : (key, dB) pairs, rising: from that sounding key up to the next pair's, the preset is so much louder. Those
        of layers even out recordings that differ from their neighbours, and hold for :data:`MEASURED_BANK` alone.
    touch : changes to what the bank says of every voice.
    variation : differences between strokes.
    tuned : drums that are tuned to the song.
    """

    description: str
    layers: tuple[Layer, ...] = ()
    synth: Patch | None = None
    machine: Machine | None = None
    gain: float = 0.0
    low: int = 0
    high: int = 127
    transpose: int = 0
    kit: bool = False
    levels: tuple[tuple[int, float], ...] = ()
    touch: Touch = Touch()
    variation: Variation = Variation()
    tuned: tuple[Tuning, ...] = ()

    def __post_init__(self) -> None:
        if bool(self.layers) + (self.synth is not None) + (self.machine is not None) != 1:
            raise ValueError("a preset needs at least one layer, or a synth, or a machine")
        if self.machine is not None and not self.kit:
            raise ValueError("a drum machine is a kit")
        if not 0 <= self.low < self.high <= 127 or (not self.kit and self.high - self.low < 11):
            raise ValueError(f"range {self.low}–{self.high} is not an octave or more within 0–127")

    def tuning(self, key: int, tonic: int) -> float:
        """Return the cents by which a sounding key is tuned in a song on a keynote (pitch class 0–11)."""
        return next((tuning.cents(tonic) for tuning in self.tuned if key in tuning.keys), 0.0)

    def level(self, key: int) -> float:
        """Return the correction in dB for a sounding key."""
        place = bisect_right(self.levels, (key, math.inf)) - 1
        return self.levels[place][1] if place >= 0 else 0.0


class UnknownInstrumentError(Exception):
    """A part names an instrument that no preset describes."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no instrument preset {name!r}; there are: {', '.join(names())}")


@cache
def names() -> tuple[str, ...]:
    """Return the names of all presets, sorted."""
    return tuple(
        sorted(item.name.removesuffix(".toml") for item in files(__name__).iterdir() if item.name.endswith(".toml"))
    )


@cache
def load(name: str) -> Preset:
    """Return a preset by name.

    Raises
    ------
    UnknownInstrumentError : when there is none of that name.
    ValueError : when its file does not fit the schema; the message names the file and the key.
    """
    if name not in names():
        raise UnknownInstrumentError(name)
    try:
        return msgspec.toml.decode(files(__name__).joinpath(f"{name}.toml").read_bytes(), type=Preset)
    except msgspec.DecodeError as error:
        raise ValueError(f"instrument preset {name}.toml: {error}") from error
