"""A drum machine's data: what the ``[machine]`` table of a preset may say.

Each sound is a sum of layers struck together: a tone falling to its pitch, noise in a band, or the metal of several
square waves in no harmonic relation. Times are in seconds (decays those of 60 dB), frequencies in Hz.
"""

from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec


class Layer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One layer of a drum sound.

    Attributes
    ----------
    kind : "tone", "noise" or "metal". wave : of a tone or of metal.
    gain : dB.
    frequency : of a tone, where its fall ends; ``partials`` : of metal, the frequencies of its waves.
    bend : factor on the frequency at the beginning; ``bend_time`` in which 60 dB of the way is gone.
    delay, attack, hold, decay : seconds; ``delay`` before the layer begins.
    bursts : how often its first moment is repeated ``spacing`` seconds apart before the decay (hands that clap).
    low_cut, high_cut : edges of the band, 0 for none; ``slope`` of both, dB an octave.
    resonance : Q at the edges.
    velocity : cents by which edges (and, a tenth of it, the bend) fall when velocity falls from 127 to 0.
    """

    kind: Literal["tone", "noise", "metal"]
    wave: Literal["sine", "triangle", "saw", "pulse"] = "sine"
    gain: float = 0.0
    frequency: float = 100.0
    partials: tuple[float, ...] = ()
    bend: float = 1.0
    bend_time: float = 0.05
    delay: float = 0.0
    attack: float = 0.0005
    hold: float = 0.0
    decay: float = 0.3
    bursts: int = 1
    spacing: float = 0.011
    low_cut: float = 0.0
    high_cut: float = 0.0
    slope: Literal[12, 24] = 12
    resonance: float = 0.71
    velocity: float = 1200.0

    def __post_init__(self) -> None:
        if (self.kind == "metal") != bool(self.partials):
            raise ValueError("metal has partials, and nothing else has")
        if self.decay <= 0 or self.bend_time <= 0 or self.bursts < 1:
            raise ValueError("a layer's decay and bend_time are over 0, and it has a burst at least")


class Sound(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One drum.

    Attributes
    ----------
    keys : General MIDI keys it answers; each is ``step`` semitones above the one before it in the list.
    layers : what it is made of.
    gain : dB. pan : −1–1. drive : dB into saturation, 0 for none.
    choke : name of the group whose next stroke silences it; empty for none.
    tuned : semitones over the song's keynote to which its lowest tone may move: it takes the nearest octave of the
        nearest one. None for a drum that stays as it is.
    """

    keys: tuple[int, ...]
    layers: tuple[Layer, ...]
    step: float = 0.0
    gain: float = 0.0
    pan: float = 0.0
    drive: float = 0.0
    choke: str = ""
    tuned: tuple[int, ...] = ()


class Machine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A drum machine: its sounds; keys it has none for are played by ``machine_percussion.toml``.

    ``dynamics`` is the range of loudness between velocities as a part of the 40 dB a tenfold velocity gives.
    """

    sounds: tuple[Sound, ...]
    dynamics: float = 0.8


class _Percussion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sounds: tuple[Sound, ...]


@cache
def percussion() -> tuple[Sound, ...]:
    """Return the sounds every machine shares."""
    data = files(__package__).joinpath("machine_percussion.toml").read_bytes()
    return msgspec.toml.decode(data, type=_Percussion).sounds


def sounds(machine: Machine) -> dict[int, Sound]:
    """Return the sound of each key a machine answers."""
    answered: dict[int, Sound] = {}
    for sound in (*machine.sounds, *percussion()):
        for key in sound.keys:
            answered.setdefault(key, sound)
    return answered
