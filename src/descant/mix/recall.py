"""The recall sheet: every level that was measured in a mix, by name, so that any stretch can be mixed as it was.

A desk without memory sets its levels by measuring the whole song. What it measured is written down here; when a
stretch of the song, or of a changed song, is mixed later, what stands on the sheet is taken from it, and only what is
new is measured, on what is played. Levels are in dB unless their name says otherwise.
"""

from collections.abc import Callable, Sequence

import msgspec
import numpy as np


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A mix remembered: the ``profile`` it was made with, and ``levels`` by name ("lead.fader", "bus.level")."""

    profile: str
    levels: dict[str, float] = {}


def encode(sheet: Sheet) -> bytes:
    """Return the sheet as JSON (UTF-8); numbers come back as they were, to the last bit."""
    return msgspec.json.encode(sheet, order="sorted")


def decode(data: bytes) -> Sheet:
    """Return the sheet of :func:`encode`.

    Raises
    ------
    ValueError : when the data is no recall sheet.
    """
    try:
        return msgspec.json.decode(data, type=Sheet)
    except msgspec.DecodeError as error:
        raise ValueError(f"not a recall sheet: {error}") from error


def merged(first: Sheet, *others: Sheet) -> Sheet:
    """Return the first sheet with what only the others know added."""
    levels: dict[str, float] = {}
    for sheet in (first, *others):
        levels = {**sheet.levels, **levels}
    return Sheet(profile=first.profile, levels=levels)


class Notes:
    """Levels looked up where they are known, and measured and written down where they are not.

    Parameters
    ----------
    levels : what is known; it grows.
    place : put before every name.
    """

    def __init__(self, levels: dict[str, float] | None = None, place: str = "") -> None:
        self._levels = {} if levels is None else levels
        self._place = place

    def at(self, name: str) -> "Notes":
        """Return the same notes for one place of the desk: its names begin with ``name`` and a dot."""
        return Notes(self._levels, f"{self._place}{name}.")

    def level(self, name: str, measure: Callable[[], float]) -> float:
        """Return the level of a name, from ``measure`` when it is unknown.

        What cannot be measured, because nothing is played, comes as a value that is not finite and is not noted.
        """
        known = self._levels.get(self._place + name)
        if known is None:
            known = float(measure())
            if np.isfinite(known):
                self._levels[self._place + name] = known
        return known

    def known(self, names: Sequence[str]) -> tuple[float, ...]:
        """Return the levels of several names when all are known, else nothing."""
        full = [self._place + name for name in names]
        return tuple(self._levels[name] for name in full) if all(name in self._levels for name in full) else ()

    def levels(self, names: Sequence[str], measure: Callable[[], Sequence[float]]) -> tuple[float, ...]:
        """Return the levels of several names that are measured together."""
        if not self.known(names):
            self._levels.update(zip([self._place + name for name in names], map(float, measure()), strict=True))
        return self.known(names)

    def add(self, name: str, change: float) -> None:
        """Change a level by so many dB; one that was never found, as of a mix that begins in silence, counts as 0."""
        self._levels[self._place + name] = self._levels.get(self._place + name, 0.0) + change

    def sheet(self, profile: str) -> Sheet:
        """Return what is known as the sheet of a mix with ``profile``."""
        return Sheet(profile=profile, levels=dict(self._levels))
