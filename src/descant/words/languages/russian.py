"""Russian: stress first, then sounds; prepositions without a vowel join the word after them.

Stress is taken from what is written (an acute, ё), from the words and stems of ``data/ru.toml``, and otherwise guessed
from the ending: Russian stress is free, so a word that is not listed may be sung with the wrong one; an acute on its
vowel mends it.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

import msgspec

from descant.song.lyrics import Word
from descant.words.data import words_of
from descant.words.languages import numbers
from descant.words.languages.cyrillic import VOWELS, units
from descant.words.languages.language import data, described, words_in
from descant.words.languages.syllables import Sung, syllabify
from descant.words.languages.tokens import Reader

_CODE = "ru"
_ACUTE = "\u0301"
_BEFORE = re.compile(r"(?<!\S)([вскВСК])\s+(?=[а-яёА-ЯЁ])")
_AFTER = re.compile(r"(?<=[а-яёА-ЯЁ])\s+(б|ж|ль|Б|Ж|ЛЬ)(?=[\s,.!?;:…]|$)")
_KEPT_G = frozenset(words_of("много немного дорого строго убого недорого ого"))
_SHORT_STEM, _SHORT_ENDING, _LONG_ENDING = 3, 3, 6
"""Letters of a short stem, and how many may follow it and a longer one: "пол" is a field, "поливает" is not."""

_UNITS = words_of(
    "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать "
    "пятнадцать шестнадцать семнадцать восемнадцать девятнадцать"
)
_TENS = words_of("двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто")
_HUNDREDS = words_of("сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот")
_SCALES = (
    (10**9, ("миллиард", "миллиарда", "миллиардов")),
    (10**6, ("миллион", "миллиона", "миллионов")),
    (1000, ("тысяча", "тысячи", "тысяч")),
)


def cardinal(number: int) -> str:
    """Return a number below 10^12 in words: 2024 → "две тысячи двадцать четыре"."""
    if number < 20:
        return _UNITS[number]
    if number < 100:
        return _TENS[number // 10 - 2] + (f" {_UNITS[number % 10]}" if number % 10 else "")
    if number < 1000:
        return _HUNDREDS[number // 100 - 1] + (f" {cardinal(number % 100)}" if number % 100 else "")
    size, forms = next(scale for scale in _SCALES if number >= scale[0])
    count, rest = divmod(number, size)
    form = forms[0] if count % 10 == 1 and count % 100 != 11 else forms[2]
    if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14):
        form = forms[1]
    said = cardinal(count)
    if size == 1000:
        said = re.sub(r"один$", "одна", re.sub(r"два$", "две", said))
    head = form if count == 1 else f"{said} {form}"
    return head + (f" {cardinal(rest)}" if rest else "")


@lru_cache(maxsize=8192)
def say(word: str) -> tuple[Sung, ...]:
    """Return the syllables of a word with their stress, none when it holds no Russian letter."""
    letters, stress = _letters(unicodedata.normalize("NFC", word).replace("ё" + _ACUTE, "ё"))
    plain = letters.replace("‿", "")
    if not any("а" <= character <= "я" or character == "ё" for character in plain):
        return ()
    said = _respelled(letters)
    index = _index_of_vowel(said, _count(letters, stress if stress >= 0 else _stressed(letters)))
    syllables = syllabify(units(said, index), _onsets())
    if len(syllables) == 1:
        return (syllables[0]._replace(stress=1, letters=letters.replace("‿", " ")),)
    heavy = _count(said, index)
    shown = _shown(letters, syllables)
    return tuple(
        s._replace(stress=int(i == heavy), letters=text)
        for i, (s, text) in enumerate(zip(syllables, shown, strict=True))
    )


def _letters(word: str) -> tuple[str, int]:
    """Return a word's letters without acutes, and the index of the vowel that had one, or −1."""
    out, stress = "", -1
    for character in unicodedata.normalize("NFD", word):
        if character == _ACUTE:
            stress = len(out) - 1
        elif character == "\u0306" and out.endswith("и"):
            out = out[:-1] + "й"
        elif character == "\u0308" and out.endswith("е"):
            out = out[:-1] + "ё"
        elif character.isalpha() or character == "‿":
            out += character.lower()
    return out, stress


def _respelled(letters: str) -> str:
    """Return the letters as they are said ("что" → "што"); vowels keep their number."""
    said = letters
    for written, heard in data(_CODE)["respelled"].items():
        at_end = written in ("тся", "ться")
        said = re.sub(f"{written}$" if at_end else written, heard, said)
    if re.search("[ое]го$", said) and said not in _KEPT_G and len(said) > 2:
        said = f"{said[:-2]}во"
    return re.sub("[сз]ч", "щ", said)


def _stressed(letters: str) -> int:
    """Return the index of the stressed vowel."""
    if "ё" in letters:
        return letters.index("ё")
    first, joint, rest = letters.partition("‿")
    word = rest if any(letter in VOWELS for letter in rest) else first
    offset = len(first) + len(joint) if word is rest else 0
    vowels = [i for i, letter in enumerate(word) if letter in VOWELS]
    if len(vowels) < 2:
        return offset + (vowels[0] if vowels else 0)
    exact, stems = _listed()
    if word in exact:
        return offset + exact[word]
    for size in range(len(word), 2, -1):
        if word[:size] in stems and len(word) - size <= (_SHORT_ENDING if size <= _SHORT_STEM else _LONG_ENDING):
            return offset + stems[word[:size]]
    for size in range(min(len(word) - 1, 7), 1, -1):
        count = int(data(_CODE)["endings"].get(word[-size:], 0))
        if 0 < count <= len(vowels):
            return offset + vowels[-count]
    return offset + (vowels[-2] if word[-1] in VOWELS else vowels[-1])


@lru_cache(maxsize=1)
def _listed() -> tuple[dict[str, int], dict[str, int]]:
    """Return (words, stems) of the data file with the index of their stressed vowel; unmarked ones have one vowel."""
    exact: dict[str, int] = {}
    stems: dict[str, int] = {}
    for entry in words_of(data(_CODE)["stems"]):
        letters, stress = _letters(entry.rstrip("*"))
        if stress < 0:
            stress = letters.find("ё")
        if stress >= 0:
            (stems if entry.endswith("*") else exact)[letters] = stress
    return exact, stems


def _count(letters: str, index: int) -> int:
    """Return how many vowels stand before ``index``."""
    return sum(letter in VOWELS for letter in letters[:index])


def _index_of_vowel(letters: str, number: int) -> int:
    vowels = [i for i, letter in enumerate(letters) if letter in VOWELS]
    return vowels[min(number, len(vowels) - 1)] if vowels else -1


def _shown(letters: str, syllables: list[Sung]) -> list[str]:
    """Return the letters as written, cut where the letters as said are."""
    sizes = [len(syllable.letters) for syllable in syllables]
    if sum(sizes) != len(letters):
        short = len(letters) - sum(sizes)
        sizes[-1] += short
    cuts = [sum(sizes[:i]) for i in range(len(sizes) + 1)]
    return [letters[a:b].replace("‿", " ") for a, b in pairwise(cuts)]


@lru_cache(maxsize=1)
def _onsets() -> frozenset[str]:
    """Return the clusters that may begin a syllable: an obstruent and a sonorant, s or z and another, and both."""
    obstruents = words_of("p b t d k g f v s z x ʂ ʐ ts tɕ m")
    stops = words_of("p b t d k g x f v m n ts tɕ")
    soft = words_of("r l v n m rʲ lʲ vʲ nʲ mʲ")
    pairs = {f"{o}{mark} {s}" for o in obstruents for mark in ("", "ʲ") for s in soft if o != s[0]}
    hissed = {f"{h} {s}{mark}" for h in ("s", "z", "sʲ", "zʲ", "ʂ", "v", "f") for s in stops for mark in ("", "ʲ")}
    threes = {f"{h} {pair}" for h in ("s", "z", "v") for pair in pairs}
    return frozenset(pairs | hissed | threes)


_READER = Reader(say, numbers.speaker(_CODE, cardinal), words_in(_CODE, "function"))


def words(text: str) -> tuple[Word, ...]:
    """Return the words of a line; "в ночи" and "если б" are one word each."""
    joined = _AFTER.sub(r"‿\1", _BEFORE.sub(r"\1‿", text))
    return tuple(
        msgspec.structs.replace(word, text=word.text.replace("‿", " "), spoken=word.spoken.replace("‿", " "))
        for word in _READER.words(joined)
    )


LANGUAGE = described(_CODE, words)
