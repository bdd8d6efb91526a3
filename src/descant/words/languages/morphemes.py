"""Words cut into prefixes, roots and suffixes, for languages that build compounds (German, Dutch).

The data file names the pieces: ``roots``, ``whole`` (words not to be cut), and in the table ``morphemes`` the prefixes,
``weak`` (never stressed) and ``strong`` (stressed), ``openings`` (what a word after a strong prefix may begin with;
those in ``free`` stand before anything), ``heavy`` suffixes (those that begin with a consonant), ``endings``
(inflections), ``links`` between the parts of a compound, and the patterns ``barred`` (prefix|rest that is no prefix)
and ``schwa`` (endings without a full vowel).
"""

import re
from functools import lru_cache
from typing import NamedTuple

from descant.words.data import words_of
from descant.words.languages.language import data, words_in

_SHORT_ENDINGS = "(?:e|en|er|es|el|em|ers|els|ern|eln)$"


class Parts(NamedTuple):
    """A word's pieces in order; joined, they are the word. ``weak`` is True when the first is an unstressed prefix."""

    pieces: tuple[str, ...]
    weak: bool = False


@lru_cache(maxsize=8192)
def parts(word: str, code: str) -> Parts:
    """Return the pieces of a lower-case word; a simple word is one piece."""
    if word in words_in(code, "whole"):
        return Parts((word,))
    table = data(code)["morphemes"]
    strong = next((p for p in words_of(table["strong"]) if _opens(word, p, code)), "")
    rest = word[len(strong) :]
    weak = next((p for p in words_of(table["weak"]) if _weakens(rest, p, code)), "")
    rest = rest[len(weak) :]
    pieces = [*([strong] if strong else []), *([weak] if weak else []), *_compound(rest, code)]
    return Parts(tuple(pieces), bool(weak) and not strong)


def _opens(word: str, prefix: str, code: str) -> bool:
    """Whether a word is a stressed prefix before something that can only begin a word, or before a root."""
    rest = word[len(prefix) :]
    if not word.startswith(prefix) or len(rest) < 4 or not _has_full_vowel(rest, code):
        return False
    table = data(code)["morphemes"]
    if prefix in words_of(table["free"]):
        return True
    opening = tuple(words_of(table["openings"]))
    return rest.startswith(opening) or is_root(rest, code)


def _weakens(word: str, prefix: str, code: str) -> bool:
    """Whether a word begins with an unstressed prefix: what follows must be sayable on its own."""
    rest = word[len(prefix) :]
    if not word.startswith(prefix) or len(rest) < 3 or not _has_full_vowel(rest, code):
        return False
    doubled = rest[0] == rest[1] or rest[:2] == "ck"
    barred = re.match(str(data(code)["morphemes"]["barred"]), prefix + "|" + rest) is not None
    return not doubled and not barred


def _has_full_vowel(text: str, code: str) -> bool:
    """Whether a text has a vowel besides the e of endings, and does not begin with an impossible cluster."""
    short = len(re.findall("[aeiouäöüyé]+", text)) == 1  # "kend" and "weld" are roots, though "-end" is an ending
    stem = re.sub(_SHORT_ENDINGS if short else str(data(code)["morphemes"]["schwa"]), "", text)
    return re.search("[aeiouäöüyé]", stem) is not None and re.match(r"[bcdfgklmnprstvwxz]{4}", text) is None


def is_root(text: str, code: str) -> bool:
    """Return whether a text is a root of the data file, with or without an inflection."""
    roots = words_in(code, "roots")
    return text in roots or any(text.endswith(e) and text[: -len(e)] in roots for e in _endings(code))


@lru_cache(maxsize=4)
def _endings(code: str) -> tuple[str, ...]:
    return words_of(data(code)["morphemes"]["endings"])


def _compound(word: str, code: str) -> list[str]:
    """Cut off a heavy suffix, then part what is left where two roots meet."""
    for suffix in words_of(data(code)["morphemes"]["heavy"]):
        for ending in ("", *_endings(code)):
            tail = suffix + ending
            stem = word[: -len(tail)]
            if word.endswith(tail) and len(stem) > 2 and re.search("[aeiouäöüy]", stem):
                return [*_compound(stem, code), tail]
    for cut in range(len(word) - 3, 2, -1):
        if _is_left(word[:cut], code) and is_root(word[cut:], code):
            return [*_compound(word[:cut], code), word[cut:]]
    return [word]


def _is_left(text: str, code: str) -> bool:
    links = words_of(data(code)["morphemes"]["links"])
    roots = words_in(code, "roots")
    return text in roots or any(text.endswith(link) and text[: -len(link)] in roots for link in links)
