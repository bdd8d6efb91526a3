"""What the arranger knows of an instrument: its stem, its way of playing and its range."""

from functools import cache
from pathlib import Path

import msgspec

from descant.song.score import Role

PLAYS = ("keys", "tines", "strum", "pick", "muted", "driven", "bass", "sustain", "line", "kit", "shakers")
"""Ways of playing; ``instruments.toml`` explains them."""

CHORDAL_LAYERS = ("comp", "comp2", "guitar", "guitar2", "horns")
"""Layers that carry harmony with a rhythm."""


class Instrument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A preset as a player sees it: stem, way of playing (one of :data:`PLAYS`), lowest and highest MIDI pitch.

    ``scoop`` and ``vibrato`` are the most, in cents, that a soloist on it gives a note.
    """

    role: Role
    plays: str
    low: int
    high: int
    scoop: float = 0.0
    vibrato: float = 0.0

    def __post_init__(self) -> None:
        if self.plays not in PLAYS:
            raise ValueError(f"plays {self.plays!r} is not one of {', '.join(PLAYS)}")


_BY_LAYER = {
    "drums": Instrument(Role.DRUMS, "kit", 27, 87),
    "percussion": Instrument(Role.PERCUSSION, "shakers", 27, 87),
    "bass": Instrument(Role.BASS, "bass", 28, 55),
    "pad": Instrument(Role.SYNTH, "sustain", 40, 84),
    "strings": Instrument(Role.STRINGS, "sustain", 40, 88),
    "horns": Instrument(Role.BRASS, "keys", 52, 84),
    "fx": Instrument(Role.FX, "sustain", 24, 96),
    "lead": Instrument(Role.SYNTH, "line", 55, 88),
    "guitar": Instrument(Role.GUITAR, "strum", 40, 81),
    "guitar2": Instrument(Role.GUITAR, "pick", 40, 81),
}


@cache
def _table() -> dict[str, Instrument]:
    data = Path(__file__).with_name("instruments.toml").read_bytes()
    return msgspec.toml.decode(data, type=dict[str, Instrument])


def instrument(preset: str, layer: str) -> Instrument:
    """Return what is known of a preset; one not in the table is played as its layer usually is."""
    return _table().get(preset) or _BY_LAYER.get(layer) or Instrument(Role.KEYBOARD, "keys", 36, 90)
