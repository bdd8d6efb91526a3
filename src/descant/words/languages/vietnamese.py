"""Vietnamese: a syllable a written word, with its tone.

The marks over and under vowels tell the tone: none is level, the acute and the tilde rise, the hook dips, the grave
and the dot below fall (Kirby 2011, northern speech).
"""

import unicodedata
from functools import lru_cache

from descant.song.lyrics import Syllable, SyllableClass, Word
from descant.words.data import words_of
from descant.words.languages import numbers
from descant.words.languages.ipa import NUCLEI
from descant.words.languages.language import data, described, words_in
from descant.words.languages.syllables import Sung
from descant.words.languages.tokens import Reader

_CODE = "vi"
_TONES = {"\u0301": 2, "\u0303": 2, "\u0309": 3, "\u0300": 4, "\u0323": 4}
_LEVEL = 1
_SCALES = ((10**9, "tỷ"), (10**6, "triệu"), (1000, "nghìn"), (100, "trăm"))


def cardinal(number: int) -> str:
    """Return a number below 10^12 in words: 24 → "hai mươi bốn"."""
    digits = words_of(data(_CODE)["numbers"]["digits"])
    if number < 10:
        return digits[number]
    if number < 20:
        return "mười" + (f" {digits[number - 10]}" if number > 10 else "")
    if number < 100:
        return f"{digits[number // 10]} mươi" + (f" {digits[number % 10]}" if number % 10 else "")
    size, name = next(scale for scale in _SCALES if number >= scale[0])
    count, rest = divmod(number, size)
    gap = " lẻ" if size == 100 and 0 < rest < 10 else ""
    return f"{cardinal(count)} {name}{gap}" + (f" {cardinal(rest)}" if rest else "")


@lru_cache(maxsize=8192)
def say(word: str) -> tuple[Sung, ...]:
    """Return the one syllable of a word, none when it holds no letter."""
    letters, _ = _toned(word)
    if not letters:
        return ()
    table = data(_CODE)
    initial = next((letters[:n] for n in (3, 2, 1) if letters[:n] in table["initials"]), "")
    if initial in ("gi", "qu") and len(letters) == 2:
        initial = initial[0]
    rest = letters[len(initial) :]
    final = next((rest[-n:] for n in (2, 1) if rest[-n:] in table["finals"] and len(rest) > n), "")
    middle = rest[: len(rest) - len(final)] or "ơ"
    vowel = table["groups"].get(middle) or " ".join(table["vowels"].get(letter, "") for letter in middle)
    phones = [*words_of(table["initials"].get(initial, "")), *_one_nucleus(words_of(vowel) or ("ɤ",))]
    return (Sung(word, (*phones, *words_of(table["finals"].get(final, ""))), 1),)


def _one_nucleus(phones: tuple[str, ...]) -> list[str]:
    """Return the sounds of a vowel group with only its first vowel carrying the note."""
    out: list[str] = []
    carried = False
    for phone in phones:
        if phone in NUCLEI and carried:
            out.append({"i": "j", "u": "w"}.get(phone, f"{phone}\u032f"))
        else:
            out.append(phone)
        carried = carried or phone in NUCLEI
    return out


def _toned(word: str) -> tuple[str, int]:
    """Return a word's letters without tone marks, and its tone."""
    tone, letters = _LEVEL, ""
    for character in unicodedata.normalize("NFD", word.lower()):
        if character in _TONES:
            tone = _TONES[character]
        elif character.isalpha() or unicodedata.combining(character):
            letters += character
    return unicodedata.normalize("NFC", letters), tone


_READER = Reader(say, numbers.speaker(_CODE, cardinal), words_in(_CODE, "function"))


def words(text: str) -> tuple[Word, ...]:
    """Return the words of a line, each syllable with its tone."""
    return tuple(
        Word(word.text, word.spoken, tuple(_with_tone(s, word.spoken) for s in word.syllables))
        for word in _READER.words(text)
    )


def _with_tone(syllable: Syllable, spoken: str) -> Syllable:
    small = spoken in words_in(_CODE, "function")
    weight = SyllableClass.FUNCTION if small else SyllableClass.CONTENT
    return Syllable(syllable.text, syllable.phones, weight, 1, _toned(syllable.text)[1])


LANGUAGE = described(_CODE, words)
