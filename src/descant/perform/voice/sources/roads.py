"""Which source sings a line: the voice's own for English, for other languages the one that sings them best.

``roads.toml`` names it for each language, by measurement. Where its program is not installed, and for all languages it
does not name, the voice's own English source sings with an accent.
"""

import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

import msgspec

from descant.perform.voice.errors import PronunciationError
from descant.perform.voice.sources import espeak, mei
from descant.perform.voice.spoken import LineText, line_of, native_line_of
from descant.song.lyrics import Word

_INSTALLED: dict[str, Callable[[], bool]] = {"espeak": espeak.is_installed, "mei": mei.is_installed}
"""The families of sources that speak other languages, each with the look whether it is there."""


_NAMES = {"espeak": "espeak-ng", "mei": "the Japanese voice Mei"}


class _Roads(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    languages: dict[str, str]


def family_of(language: str) -> str:
    """Return the family of sources that sings a language best ("espeak", "mei"), or "" for the voices' own."""
    return _roads().languages.get(language.split("-")[0], "")


def speakers() -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """Return (language code, who speaks it) of the languages with a source that is installed, and of those without."""
    there: list[tuple[str, str]] = []
    missing: list[tuple[str, str]] = []
    for code, family in sorted(_roads().languages.items()):
        (there if _INSTALLED[family]() else missing).append((code, _NAMES[family]))
    return tuple(there), tuple(missing)


def road(source: str, language: str) -> str:
    """Return the source that sings a language for a voice.

    Parameters
    ----------
    source : the voice's own, as its file names it ("hts:slt"). language : BCP 47 code of the line.
    """
    family = family_of(language)
    return f"{family}:{source}" if family and _INSTALLED[family]() else source


def text_of(words: tuple[Word, ...], language: str, source: str) -> LineText:
    """Return the sounds of a phrase's words as the source on a voice's road says them."""
    if road(source, language) == source:
        return line_of(words, language, source)
    return native_line_of(words, language)


@cache
def _roads() -> _Roads:
    path = Path(__file__).with_name("roads.toml")
    try:
        roads = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _Roads)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise PronunciationError(f"sources/roads.toml is not right: {error}") from error
    unknown = sorted(set(roads.languages.values()) - set(_INSTALLED))
    if unknown:
        raise PronunciationError(f"sources/roads.toml names sources that there are not: {' '.join(unknown)}")
    return roads
