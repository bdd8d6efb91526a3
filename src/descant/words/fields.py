"""Pronunciations that stand in lyrics: ``{lead|liːd}`` is written "lead" and said as what follows the bar.

A field is taken out of a line before anything else is read there, and its written words go on with marks around them
(characters of Unicode's private use area), so that brackets, parentheses and emphasis are found as ever.
"""

import re
from typing import NamedTuple

_FIELD = re.compile(r"\{([^{}|\n]*)\|([^{}|\n]*)\}")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_CLOSE = "\ue0ff"
_FIRST, _MOST = 0xE100, 4096
"""The mark that opens the first field of a line, and how many a line can have."""


class Field(NamedTuple):
    """Where a field's written words stand in a text, and how they are to be said."""

    start: int
    stop: int
    said: str


def shown(text: str) -> str:
    """Return a text as people read it, each field as its written words."""
    return _FIELD.sub(lambda match: match.group(1), text)


def marked(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a line with marks around what its fields say, and their pronunciations in order."""
    said: list[str] = []

    def replace(match: re.Match[str]) -> str:
        written = match.group(1).strip()
        if not written or len(said) == _MOST:
            return written
        said.append(match.group(2).strip())
        return f"{chr(_FIRST + len(said) - 1)}{written}{_CLOSE}"

    return _FIELD.sub(replace, _PRIVATE.sub("", text)), tuple(said)


def is_mark(character: str) -> bool:
    """Return whether a character marks a field of a line."""
    return character == _CLOSE or _FIRST <= ord(character) < _FIRST + _MOST


def found(text: str, said: tuple[str, ...]) -> tuple[str, tuple[Field, ...]]:
    """Return a marked text without the marks of its fields, and where each of them stands in it.

    A field that something cut in two ends with the text.
    """
    plain: list[str] = []
    fields: list[Field] = []
    opened: tuple[int, str] | None = None
    for character in text:
        index = ord(character) - _FIRST
        if 0 <= index < len(said):
            opened = len(plain), said[index]
        elif character == _CLOSE:
            fields += [Field(opened[0], len(plain), opened[1])] if opened else []
            opened = None
        else:
            plain.append(character)
    fields += [Field(opened[0], len(plain), opened[1])] if opened else []
    return "".join(plain), tuple(field for field in fields if field.start < field.stop)
