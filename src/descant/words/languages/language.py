"""What a language offers to whoever reads lyrics."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from descant.song.lyrics import Word
from descant.words.data import load, names, phrases_of, words_of


class Language(NamedTuple):
    """One language that can be sung.

    Attributes
    ----------
    code : BCP 47, e.g. "es".
    names : how people call it, lower case: ("spanish", "español", "castellano").
    words : reads a line's text. Every letter, digit and spoken symbol of the text is in some word, in order;
        a word's ``text`` is as written with its punctuation, and where two written words are sung as one syllable
        ("que el") they are one :class:`Word` whose ``text`` and ``spoken`` hold the space. Every word has at least
        one syllable and every syllable exactly one nucleus.
    function_words : spoken forms of the small words that carry no weight of their own.
    joints : spoken forms of the words before which an overlong line is best cut.
    vocables : spoken forms of sung sounds without meaning.
    marked : a line with what only looks like backing vocals in parentheses marked otherwise (Japanese readings).
    note : what users are told about lines in it, where it is read less well than others; "" for nothing.
    """

    code: str
    names: tuple[str, ...]
    words: Callable[[str], tuple[Word, ...]]
    function_words: frozenset[str] = frozenset()
    joints: frozenset[str] = frozenset()
    vocables: frozenset[str] = frozenset()
    note: str = ""
    marked: Callable[[str], str] = str


def described(code: str, words: Callable[[str], tuple[Word, ...]]) -> Language:
    """Return a language whose names and small words stand in its data file (``data/<code>.toml``).

    The file holds ``names`` and ``vocables`` (comma separated), ``function`` and ``joints`` (space separated).
    """
    table = data(code)
    return Language(
        code,
        phrases_of(table["names"]),
        words,
        words_in(code, "function"),
        words_in(code, "joints"),
        words_in(code, "vocables") | frozenset(words_of(load("languages/shared.toml")["vocables"])),
    )


@lru_cache(maxsize=64)
def words_in(code: str, entry: str) -> frozenset[str]:
    """Return the words of a space-separated entry of a language's data file; none when it has no such entry."""
    return frozenset(words_of(data(code).get(entry, "")))


def data(code: str) -> dict[str, Any]:
    """Return the data file of a language."""
    return load(f"languages/data/{code}.toml")


def has_data(code: str) -> bool:
    """Return whether a language has a data file."""
    return code in names("languages/data")
