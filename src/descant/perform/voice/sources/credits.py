"""Who made the sounds the voices sing with, under which licences, and whether they are installed.

The knowledge is ``credits.toml``.
"""

import ctypes.util
import shutil
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import msgspec

from descant.perform.voice.errors import VoiceError
from descant.perform.voice.sources import mei


class Credit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One piece of speech software or data.

    Attributes
    ----------
    name, what_for, licence, attribution : as they are shown.
    looks_for : what shows that it is installed: "program:NAME", "library:NAME", "file:PATH" or "voice:mei".
    comes_with : how to install it.
    needed : whether no voice sings without it.
    """

    name: str
    looks_for: str
    what_for: str
    licence: str
    attribution: str
    comes_with: str
    needed: bool

    @property
    def is_installed(self) -> bool:
        """Whether it is there."""
        kind, _, what = self.looks_for.partition(":")
        return _LOOKS[kind](what)


_LOOKS: dict[str, Callable[[str], bool]] = {
    "program": lambda name: shutil.which(name) is not None,
    "library": lambda name: ctypes.util.find_library(name) is not None,
    "file": lambda path: Path(path).is_file(),
    "voice": lambda _: mei.voice_file() is not None,
}


class _Credits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sources: tuple[Credit, ...]


@cache
def credits_of_sources() -> tuple[Credit, ...]:
    """Return every piece the voices' sounds come from.

    Raises
    ------
    VoiceError : when the file does not fit the schema.
    """
    path = Path(__file__).with_name("credits.toml")
    try:
        known = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _Credits)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise VoiceError(f"sources/credits.toml is not right: {error}") from error
    unknown = [credit.looks_for for credit in known.sources if credit.looks_for.partition(":")[0] not in _LOOKS]
    if unknown:
        raise VoiceError(f"sources/credits.toml looks for what cannot be looked for: {', '.join(unknown)}")
    return known.sources
