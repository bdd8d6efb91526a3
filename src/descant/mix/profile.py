"""Mix profiles: how each kind of song is mixed, as data (``profiles/*.toml``).

A file may name a ``base`` and then says only what differs. A part's strip is put together from four layers, each
overriding the one before: ``[roles.*]`` by stem, ``[instruments.*]`` by preset, ``[parts.*]`` by part name, and for
drum kits ``[drums.*]`` by piece.
"""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from descant.mix import variation
from descant.mix.dynamics import Compression
from descant.mix.reverb import Room
from descant.song.score import Part, Role, VocalPart


class Bell(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One equalizer band: ``kind`` "bell", "low" or "high" (shelves), Hz, dB, quality."""

    kind: str
    hertz: float
    db: float
    q: float = 0.8


class Squeeze(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A channel's compressor. ``threshold`` is in dB on a part staged at −20 LUFS."""

    threshold: float
    ratio: float
    attack: float = 0.012
    release: float = 0.12

    @property
    def settings(self) -> Compression:
        """The same as a compressor takes it."""
        return Compression(self.threshold, self.ratio, self.attack, self.release)


class Strip(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A channel strip.

    Attributes
    ----------
    level : loudness of the part against the lead vocal, LU. ``trim``: dB of a drum piece against the kit as it is.
    pan, spread : place −1…1 of a single part, and how far several parts of one role fan out.
    width : side against mid, 0 mono, 1 as recorded.
    low_cut, high_cut : Hz, 0 for none. ``eq``: bands. ``deess``: dB at most, 0 for none.
    compress : the compressor, or None. ``drive``: saturation in dB, 0 for none. ``amp``: an amplifier's name or "".
    chorus : level of the copies, 0 for none.
    room : a name in the profile's rooms. ``send``, ``echo``: send levels in dB, −100 for none.
    widen : level of the side that is made for a part in one channel, amplitude, 0 for none.
    gate : seconds for which a role's room is heard after a hit, 0 for a room that rings out.
    throw : dB by which the last word of a line before a rest is sent further into the echo.
    sweep : Hz to which a high-pass rises through a build, 0 for none.
    kick_release : seconds for the part to come back after a kick.
    kick_duck, vocal_duck, pocket : dB by which the kick and the lead vocal turn the part down, and by which the
        lead vocal clears its band around 2.8 kHz.
    """

    level: float = -9.0
    trim: float = 0.0
    pan: float = 0.0
    spread: float = 0.0
    width: float = 1.0
    low_cut: float = 30.0
    high_cut: float = 0.0
    eq: tuple[Bell, ...] = ()
    deess: float = 0.0
    compress: Squeeze | None = None
    drive: float = 0.0
    amp: str = ""
    chorus: float = 0.0
    room: str = "hall"
    send: float = -100.0
    echo: float = -100.0
    widen: float = 0.0
    gate: float = 0.0
    throw: float = 0.0
    sweep: float = 0.0
    kick_duck: float = 0.0
    kick_release: float = 0.11
    vocal_duck: float = 0.0
    pocket: float = 0.0


class Echo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The tempo echo: its time in beats, its feedback and its band in Hz."""

    beats: float = 0.75
    feedback: float = 0.3
    low_cut: float = 300.0
    high_cut: float = 5000.0


class Kit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The drum bus: ``compress`` for all pieces together, ``parallel`` the level in dB of a crushed copy (−100 for
    none), ``clip`` dB of drive into soft clipping, 0 for none. Thresholds are for a kit staged at −20 LUFS.
    """

    compress: Squeeze | None = None
    parallel: float = -100.0
    clip: float = 0.0


class Space(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far the sections open: dB on every send, and factors on the width, at energy 0 and at energy 1."""

    quiet: float = -2.5
    loud: float = 1.0
    narrow: float = 0.8
    wide: float = 1.1


class Riding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the lead vocal is held against the band: dB above it in the vocal's band at energy 0 and 1, and the reach."""

    quiet: float = 4.0
    loud: float = 2.0
    reach: float = 4.0


class Bus(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The master bus.

    Attributes
    ----------
    loudness : integrated LUFS. ``ceiling``: dBTP, with the margin that lossy encoding needs.
    peak_to_loudness : dB between true peak and loudness that the limiter may not exceed.
    glue_threshold : dB of the mix at −18 LUFS. ``glue_ratio``, ``glue_attack``, ``glue_release``: the compressor.
    dynamics : dB by which a section of energy 1 stands above one of energy 0.
    correction : largest correction of the tonal balance in dB. ``corridor``: dB off target that are left alone.
    balance : (Hz, dB) points of the wanted third-octave spectrum, joined linearly over log frequency.
    """

    loudness: float = -14.0
    ceiling: float = -1.9
    peak_to_loudness: float = 12.5
    glue_threshold: float = -20.0
    glue_ratio: float = 2.0
    glue_attack: float = 0.03
    glue_release: float = 0.2
    dynamics: float = 7.0
    correction: float = 3.0
    corridor: float = 1.0
    balance: tuple[tuple[float, float], ...] = ((31.5, -6.0), (63.0, 0.0), (1000.0, -9.0), (16000.0, -30.0))


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One profile as loaded, its base folded in."""

    bus: Bus
    riding: Riding
    echo: Echo
    kit: Kit
    space: Space
    rooms: dict[str, Room]
    roles: dict[str, dict[str, Any]]
    instruments: dict[str, dict[str, Any]]
    parts: dict[str, dict[str, Any]]
    drums: dict[str, dict[str, Any]]

    def strip(self, part: Part | VocalPart, piece: str = "") -> Strip:
        """Return the strip of a part, or of one piece of a drum part."""
        layers = [self.roles.get(part.role, {})]
        if isinstance(part, Part):
            layers.append(self.instruments.get(part.instrument, {}))
        layers += [self.parts.get(part.name, {}), self.drums.get(piece, {}) if piece else {}]
        return _strip({key: value for layer in layers for key, value in layer.items()})

    def stem(self, role: Role) -> Strip:
        """Return the strip of a role, for what is done to a stem as a whole."""
        return _strip(self.roles.get(role, {}))


def _strip(fields: dict[str, Any]) -> Strip:
    return msgspec.convert(fields, Strip)


def _merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        deep = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merge(merged[key], value) if deep else value
    return merged


def names() -> tuple[str, ...]:
    """Return the names of all profiles, sorted."""
    files = resources.files("descant.mix").joinpath("profiles").iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


def _read(name: str) -> dict[str, Any]:
    if name not in names():
        raise ValueError(f"no mix profile {name!r}; there are {', '.join(names())}")
    text = resources.files("descant.mix").joinpath("profiles", f"{name}.toml").read_text("utf-8")
    fields = tomllib.loads(text)
    base = fields.pop("base", "")
    return _merge(_read(base), fields) if base else fields


@cache
def load(name: str) -> Profile:
    """Return the profile of a name, checked; ``"pop:warm"`` is the profile "pop" in its variation "warm".

    Raises
    ------
    ValueError : when there is no such profile or variation, or its file does not fit the schema.
    """
    if variation.SEPARATOR in name:
        plain, _, change = name.partition(variation.SEPARATOR)
        return variation.varied(load(plain), change)
    fields: dict[str, Any] = {
        "bus": {},
        "riding": {},
        "echo": {},
        "kit": {},
        "space": {},
        "rooms": {},
        "roles": {},
        "instruments": {},
        "parts": {},
        "drums": {},
    }
    try:
        profile = msgspec.convert(_merge(fields, _read(name)), Profile)
        for group in (profile.roles, profile.instruments, profile.parts, profile.drums):
            for layer in group.values():
                if _strip(layer).room not in profile.rooms:
                    raise msgspec.ValidationError(f"room {_strip(layer).room!r} is not among its rooms")
    except msgspec.ValidationError as error:
        raise ValueError(f"mix profile {name!r}: {error}") from error
    unknown = set(profile.roles) - set(Role)
    if unknown:
        raise ValueError(f"mix profile {name!r} has strips for unknown roles: {', '.join(sorted(unknown))}")
    return profile
