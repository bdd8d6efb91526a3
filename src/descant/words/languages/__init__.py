"""The languages that can be sung: one module each, found here by code.

Conventions
-----------
English keeps its CMU phones. Every other language gives IPA, one symbol a phone (:mod:`.ipa`), exactly one nucleus a
syllable. English words inside a line of another language are given in IPA too, so a line never mixes the two sets.
A language's knowledge is data (``data/<code>.toml``); its module holds what rules cannot say.
"""

import re
from functools import lru_cache
from importlib import import_module

from descant.song.lyrics import Word
from descant.words.languages import anything
from descant.words.languages.language import Language
from descant.words.languages.scripts import runs

__all__ = ["Language", "asked", "codes", "language", "named", "read"]

_MODULES = {
    "en": "english",
    "de": "german",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "pl": "polish",
    "pt": "portuguese",
    "hi": "hindi",
    "ja": "japanese",
    "ko": "korean",
    "ru": "russian",
    "tr": "turkish",
    "vi": "vietnamese",
    "zh": "mandarin",
}
"""Each module defines ``LANGUAGE``."""

_ASKED = re.compile(
    r"""(?:language|lang|idioma|lengua|langue|lingua|sprache|taal|język)\s*[:=]?\s+(?P<a>\w+)
        | (?:(?:sung|lyrics|vocals|singing|words|all|entirely)\s+)?(?:in|en|auf|em|po)\s+(?P<b>\w+)(?:\s+language)?
        | (?P<c>\w+)\s+(?:lyrics|vocals|vocal|language|words|singing)
        | (?P<d>\w+)""",
    re.IGNORECASE | re.VERBOSE,
)


def codes() -> tuple[str, ...]:
    """Return the codes of all languages: English first, those with rules of their own, then the others."""
    return (*_MODULES, *(code for code in anything.codes() if code not in _MODULES))


@lru_cache(maxsize=64)
def language(code: str) -> Language:
    """Return a language by its code; a region is overlooked ("pt-BR" is "pt").

    Raises
    ------
    KeyError : when no module reads the language.
    """
    plain = code.casefold().split("-")[0]
    if plain not in _MODULES:
        return anything.language(plain)
    found = import_module(f"descant.words.languages.{_MODULES[plain]}").LANGUAGE
    assert isinstance(found, Language)
    return found


@lru_cache(maxsize=256)
def named(name: str) -> str:
    """Return the code of the language people call ``name`` ("Spanish", "español", "es"), or ""."""
    wanted = " ".join(name.casefold().split())
    return next((code for code in codes() if wanted == code or wanted in language(code).names), "")


@lru_cache(maxsize=256)
def asked(text: str) -> str:
    """Return the code of the language a tag asks for ("in Spanish", "Language: fr", "français"), or ""."""
    match = _ASKED.fullmatch(text.strip().replace(":", ": "))
    if match is None:
        return ""
    if match["a"]:
        return named(match["a"])
    name = match["b"] or match["c"] or match["d"]
    return named(name) if len(name) > 2 else ""


def read(text: str, code: str) -> tuple[Word, ...]:
    """Return the words of a line's text, in order.

    Parameters
    ----------
    text : one line, with its punctuation. code : the line's language.

    Returns
    -------
    tuple of Word
        Latin letters inside a line of another script are read as English, and letters of another script inside a
        Latin line in that script's language. Words that no language can read are left out; see :func:`readable`.
    """
    words: list[Word] = []
    for piece, run_code in runs(text, code, codes()):
        if run_code == "en" != code:
            words.extend(import_module("descant.words.languages.english").in_ipa(piece))
        else:
            words.extend(language(run_code).words(piece))
    return tuple(words)
