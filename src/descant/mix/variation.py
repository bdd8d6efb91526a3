"""Variations of a mix: small named changes of brightness, width, balance, rooms and glue (``variations.toml``)."""

import math
import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import msgspec

from descant.song.score import Role

if TYPE_CHECKING:
    from descant.mix.profile import Profile

SEPARATOR = ":"
"""Parts a profile's name from a variation's: ``"pop:warm"``."""

_PIVOT = 1000.0  # Hz


class Variation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One variation; ``variations.toml`` explains its figures. As it stands it changes nothing."""

    brightness: float = 0.0
    width: float = 1.0
    vocals: float = 0.0
    drums: float = 0.0
    bass: float = 0.0
    rooms: float = 0.0
    glue: float = 0.0
    dynamics: float = 1.0


@cache
def _table() -> dict[str, Variation]:
    text = resources.files("descant.mix").joinpath("variations.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Variation])


def names() -> tuple[str, ...]:
    """Return the names of all variations, sorted."""
    return tuple(sorted(_table()))


def of(mix: str) -> Variation:
    """Return the variation that a profile's name asks for (``"pop:warm"``); one that changes nothing for none."""
    _, _, name = mix.partition(SEPARATOR)
    return _table()[name] if name else Variation()


def varied(profile: "Profile", name: str) -> "Profile":
    """Return a profile with a variation's changes.

    Raises
    ------
    ValueError : when there is no such variation.
    """
    if name not in _table():
        raise ValueError(f"no variation of a mix is called {name!r}; there are {', '.join(names())}")
    change = _table()[name]
    bus, space, riding = profile.bus, profile.space, profile.riding
    balance = tuple((hertz, db + change.brightness * math.log2(hertz / _PIVOT)) for hertz, db in bus.balance)
    return msgspec.structs.replace(
        profile,
        bus=msgspec.structs.replace(
            bus,
            balance=balance,
            glue_threshold=bus.glue_threshold - change.glue,
            dynamics=bus.dynamics * change.dynamics,
        ),
        riding=msgspec.structs.replace(riding, quiet=riding.quiet + change.vocals, loud=riding.loud + change.vocals),
        space=msgspec.structs.replace(
            space,
            quiet=space.quiet + change.rooms,
            loud=space.loud + change.rooms,
            narrow=space.narrow * change.width,
            wide=space.wide * change.width,
        ),
        roles=_roles(profile.roles, change),
    )


def _roles(roles: dict[str, dict[str, Any]], change: Variation) -> dict[str, dict[str, Any]]:
    """Return the strips with the levels of drums and bass changed, where the profile has such strips."""
    levels = {Role.DRUMS: change.drums, Role.BASS: change.bass}
    return {
        role: {**strip, "level": strip["level"] + levels[Role(role)]}
        if Role(role) in levels and "level" in strip
        else strip
        for role, strip in roles.items()
    }
