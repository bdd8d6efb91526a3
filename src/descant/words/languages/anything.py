"""Any language without rules of its own, read as best as can be from ``anything.toml``.

Letters are read by the language's own table where it has one, and otherwise turned into Latin letters (anyascii, ISC)
and read by the values most alphabets give them. Scripts without vowels get one between consonants. Each run of
neighbouring vowels that makes no diphthong is a syllable each. Nothing is left out, and whoever asked is told.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec
from anyascii import anyascii

from descant.song.lyrics import Word
from descant.words.data import load, phrases_of, words_of
from descant.words.languages import english
from descant.words.languages.ipa import NUCLEI
from descant.words.languages.language import Language
from descant.words.languages.orthography import Unit
from descant.words.languages.syllables import Sung, syllabify
from descant.words.languages.tokens import Reader

OTHER = "und"
"""BCP 47's code for a language nobody named."""

_ACUTES = frozenset("\u0301\u0384")
_THAI_ORDER = re.compile("([\u0e40-\u0e44\u0ec0-\u0ec4])([\u0e01-\u0e2e\u0e81-\u0eae])")
_ONSETS = frozenset(
    f"{stop} {liquid}" for stop in words_of("p b t d k g f v s x") for liquid in words_of("ɾ r l") if stop != liquid
)


def codes() -> tuple[str, ...]:
    """Return the codes of all languages read here."""
    return tuple(_table()["names"])


@lru_cache(maxsize=128)
def language(code: str) -> Language:
    """Return a language of this module."""
    names = phrases_of(_table()["names"][code])
    note = (
        f"{names[0]} has no rules of its own yet: it is read letter by letter as best as can be"
        if code != OTHER
        else "a script without rules of its own is read letter by letter as best as can be"
    )
    own = tuple(name.casefold() for name in names) if code != OTHER else ()

    reader = Reader(lambda word: say(word, code), lambda _: None)

    def words(text: str) -> tuple[Word, ...]:
        return tuple(word for token in text.split() for word in _token(token, reader))

    return Language(code, own, words, note=note)


def _token(token: str, reader: Reader) -> tuple[Word, ...]:
    """Return the words of a token; digits and symbols are said in English, which every singer knows."""
    found = reader.words(token)
    if found or not any(character.isdigit() or character in "&+@%=$€£" for character in token):
        return found
    plain = "".join(str(unicodedata.digit(c, c)) for c in token)
    return tuple(msgspec.structs.replace(word, text=token) for word in english.in_ipa(plain))


@lru_cache(maxsize=8192)
def say(word: str, code: str) -> tuple[Sung, ...]:
    """Return the syllables of a word, none when it holds no letter."""
    if not any(character.isalpha() for character in word):
        return ()
    found = _with_vowels(units(word, code), code)
    syllables = syllabify(found, _ONSETS)
    if len(syllables) == 1:
        return (syllables[0]._replace(stress=1),)
    place = _stressed(word, found, syllables, code)
    return tuple(s._replace(stress=int(i == place)) for i, s in enumerate(syllables))


def units(word: str, code: str) -> list[Unit]:
    """Return the letters of a word with their phones; a letter of no table is silent with the one before it."""
    text = _THAI_ORDER.sub(r"\2\1", unicodedata.normalize("NFC", word))
    own = _own(code)
    found: list[Unit] = []
    place = 0
    while place < len(text):
        size = next((n for n in (3, 2, 1) if text[place : place + n] in own), 0)
        letters = text[place : place + (size or 1)]
        if size:
            found.append(Unit(letters, words_of(own[letters])))
        elif unicodedata.normalize("NFD", letters)[0] in own:
            found.append(Unit(letters, words_of(own[unicodedata.normalize("NFD", letters)[0]])))
        else:
            found.extend(_transliterated(letters))
        place += size or 1
    return _folded(found)


@lru_cache(maxsize=64)
def _own(code: str) -> dict[str, str]:
    """Return the sounds of a language's own letters, Latin ones included where it is written in them."""
    table = _table()
    own = dict(table["own"].get(table["alike"].get(code, code), {}))
    return {**table["letters"], **own}


def _transliterated(letter: str) -> list[Unit]:
    """Return one letter of another script by its name in Latin letters."""
    latin = re.sub(r"[^a-z]", "", anyascii(letter).lower())
    general = _table()["letters"]
    phones: list[str] = []
    place = 0
    while place < len(latin):
        size = 2 if latin[place : place + 2] in general else 1
        phones.extend(words_of(general[latin[place : place + size]]))
        place += size
    nuclei = [i for i, phone in enumerate(phones) if phone in NUCLEI]
    cut = nuclei[0] if nuclei else len(phones)
    if not nuclei or len(nuclei) == 1:
        return [Unit(letter, tuple(phones))] if cut in (0, len(phones)) else [
            Unit(letter, tuple(phones[:cut])), Unit("", tuple(phones[cut:])),
        ]  # fmt: skip
    return [Unit(letter, tuple(phones[: nuclei[1]])), *(Unit("", (phone,)) for phone in phones[nuclei[1] :])]


def _folded(found: Sequence[Unit]) -> list[Unit]:
    """Join silent letters to the one before them, and cut letters that stand for vowel and consonant apart."""
    out: list[Unit] = []
    for unit in found:
        if not unit.phones and out:
            out[-1] = Unit(out[-1].letters + unit.letters, out[-1].phones)
        elif unit.phones:
            at = next((i for i, phone in enumerate(unit.phones) if phone in NUCLEI), -1)
            if at > 0 and unit.phones[0] not in ("j", "w"):
                out += [Unit(unit.letters, unit.phones[:at]), Unit("", unit.phones[at:])]
            else:
                out.append(unit)
    return out


def _with_vowels(found: list[Unit], code: str) -> list[Unit]:
    """Return the units with the vowels that are not written; w and j between consonants are u and i."""
    vowel = _table()["unwritten"].get(code)
    if vowel is None:
        return found
    out: list[Unit] = []
    for i, unit in enumerate(found):
        after = found[i + 1] if i + 1 < len(found) else None
        consonant_after = after is None or not after.has_nucleus
        if unit.phones in (("w",), ("j",)) and out and not out[-1].has_nucleus and consonant_after:
            out.append(Unit(unit.letters, ("u" if unit.phones == ("w",) else "i",)))
            continue
        if out and not out[-1].has_nucleus and not unit.has_nucleus:
            out.append(Unit("", (vowel,)))
        out.append(unit)
    return out


def _stressed(word: str, found: Sequence[Unit], syllables: Sequence[Sung], code: str) -> int:
    """Return which syllable is stressed: the one with an accent in Greek, else by the language's habit."""
    if code == "el":
        place = -1
        for unit in found:
            place += unit.has_nucleus
            if _ACUTES.intersection(unicodedata.normalize("NFD", unit.letters)):
                return min(max(place, 0), len(syllables) - 1)
    habits = _table()["stress"]
    if code in words_of(habits["first"]):
        return 0
    return len(syllables) - (1 if code in words_of(habits["last"]) else 2)


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return load("languages/anything.toml")
