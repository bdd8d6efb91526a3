"""Styles as data: one TOML file a genre, checked when it is loaded.

Owns the shape of a style file and its reading. Must not know how a style is used. Each file has a ``[writing]`` table
(:mod:`~descant.compose.styles.writing`), ``[band.*]`` tables (:mod:`~descant.compose.styles.band`; patterns are
explained in :mod:`~descant.compose.styles.notation`) and the top-level keys ``name``, ``synonyms`` and ``mix``. To add
a genre is to add a file; ``docs/styles.md`` says how.

What a file leaves out comes from ``shared/common.toml``: a table key by key, and patterns for each metre and manner of
playing that the file has none for.
"""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from descant.compose.styles.band import BandStyle
from descant.compose.styles.writing import WritingStyle

FOLDER = Path(__file__).parent
"""Where the style files lie."""

_COMMON = FOLDER / "shared" / "common.toml"
_WHOLE = ("lanes", "turn", "modes", "major", "minor")
"""Tables that are taken as they are, or not at all."""

_PATTERNS = ("grooves", "bass", "keys", "guitars", "percussion")


class Style(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A genre.

    Attributes
    ----------
    name : its file's name.
    synonyms : other words tags use for it.
    mix : name of the mix profile that suits it.
    writing, band : how its songs are written, and how its band plays.
    """

    name: str
    synonyms: tuple[str, ...] = ()
    mix: str = "pop"
    writing: WritingStyle
    band: BandStyle


class StyleError(ValueError):
    """A style file that cannot be read; the message names file, line and key."""


def names() -> tuple[str, ...]:
    """Return the names of all styles, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def by_word() -> dict[str, str]:
    """Return the style that each genre word (lower case) names: the styles' own names and synonyms."""
    words: dict[str, str] = {}
    for name in names():
        head = re.split(r"^\[", (FOLDER / f"{name}.toml").read_text(encoding="utf-8"), maxsplit=1, flags=re.MULTILINE)[
            0
        ]
        for word in (name, name.replace("_", "-"), name.replace("_", " "), *tomllib.loads(head).get("synonyms", ())):
            words.setdefault(word.lower(), name)
    return words


@cache
def load(name: str) -> Style:
    """Return the style of a name in :func:`names` (read once).

    Raises
    ------
    StyleError : when there is no such style, or its file is not a valid one.
    """
    if name not in names():
        raise StyleError(f"no style is called {name!r}; styles are {', '.join(names())}")
    return read(FOLDER / f"{name}.toml")


def read(path: Path) -> Style:
    """Return the style in a file.

    Raises
    ------
    StyleError : naming the file, and the line and key where they can be told, of what is wrong.
    """
    text = path.read_text(encoding="utf-8")
    try:
        style = msgspec.convert(_completed(tomllib.loads(text), _common()), Style)
    except msgspec.ValidationError as error:
        raise StyleError(f"{path.name}{_place(text, str(error))}: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise StyleError(f"{path.name}: {error}") from error
    if style.name != path.stem:
        raise StyleError(f"{path.name}: name is {style.name!r}, expected {path.stem!r} like the file")
    return style


@cache
def _common() -> dict[str, Any]:
    return tomllib.loads(_COMMON.read_text(encoding="utf-8"))


def _completed(written: dict[str, Any], common: dict[str, Any]) -> dict[str, Any]:
    """Return a style's tables with what they leave out taken from the common ones; its own patterns stay first."""
    whole = dict(written)
    for key, value in common.items():
        own = whole.get(key)
        if own is None:
            whole[key] = value
        elif isinstance(value, dict) and isinstance(own, dict) and key not in _WHOLE:
            whole[key] = _completed(own, value)
        elif key in _PATTERNS and isinstance(own, list):
            families = {_family(pattern) for pattern in own}
            whole[key] = own + [pattern for pattern in value if _family(pattern) not in families]
    return whole


def _family(pattern: dict[str, Any]) -> tuple[str, str]:
    return pattern.get("metre", "4/4"), pattern.get("manner", "main")


def _place(text: str, message: str) -> str:
    """Return ``", line N"`` for the key a validation message points at (``$.band.bass[2].steps``), or ``""``."""
    found = re.search(r"`\$\.?([^`]*)`", message)
    keys = re.findall(r"\w+|\[\d+\]", found.group(1)) if found else []
    unknown = re.search(r"unknown field `(\w+)`", message)
    if unknown:
        keys.append(unknown.group(1))
    lines = text.splitlines()
    at = -1
    for key in keys:
        if key.startswith("["):
            continue
        following = keys[keys.index(key) + 1 :][:1]
        skip = int(following[0][1:-1]) if following and following[0].startswith("[") else 0
        pattern = re.compile(rf"^\s*(\[+[\w.\"-]*\b{key}\b|[\"]?{key}[\"]?\s*=)")
        hits = [i for i, line in enumerate(lines) if i > at and pattern.match(line)]
        if hits:
            at = hits[min(skip, len(hits) - 1)]
    return f", line {at + 1}" if at >= 0 else ""
