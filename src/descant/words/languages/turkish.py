"""Turkish: letters that sound as they are written, a syllable a vowel, stress mostly on the last.

ğ between vowels is silent, before a consonant it only holds the vowel ("dağ") or, after front vowels, is a glide
("eğlen"). A single consonant between vowels begins a syllable, of several only the last does (Göksel & Kerslake 2005,
ch. 2–4). Stress is last but for the words, endings and negatives the data file lists.
"""

from functools import lru_cache

from descant.words.data import words_of
from descant.words.languages import numbers
from descant.words.languages.language import data, described, words_in
from descant.words.languages.orthography import Unit
from descant.words.languages.syllables import Sung, syllabify
from descant.words.languages.tokens import Reader

_CODE = "tr"
_FRONT = frozenset("eiöü")
_UNITS = words_of("sıfır bir iki üç dört beş altı yedi sekiz dokuz")
_TENS = words_of("on yirmi otuz kırk elli altmış yetmiş seksen doksan")
_SCALES = ((10**9, "milyar"), (10**6, "milyon"), (1000, "bin"), (100, "yüz"))
_LOWER = str.maketrans({"I": "ı", "İ": "i"})


def lower(text: str) -> str:
    """Return a text in lower case as Turkish has it: I → ı, İ → i."""
    return text.translate(_LOWER).lower()


def cardinal(number: int) -> str:
    """Return a number below 10^12 in words: 1234 → "bin iki yüz otuz dört"."""
    if number < 10:
        return _UNITS[number]
    if number < 100:
        tens, rest = divmod(number, 10)
        return _TENS[tens - 1] + (f" {_UNITS[rest]}" if rest else "")
    size, name = next(scale for scale in _SCALES if number >= scale[0])
    count, rest = divmod(number, size)
    head = name if count == 1 and size <= 1000 else f"{cardinal(count)} {name}"
    return head + (f" {cardinal(rest)}" if rest else "")


@lru_cache(maxsize=8192)
def say(word: str) -> tuple[Sung, ...]:
    """Return the syllables of a lower-case word with their stress, none when it holds no letter."""
    letters = "".join(character for character in word if character.isalpha())
    if not letters:
        return ()
    syllables = syllabify(_units(letters), frozenset())
    if len(syllables) == 1:
        return (syllables[0]._replace(stress=1),)
    place = len(syllables) - _stressed(letters, len(syllables))
    return tuple(s._replace(stress=int(i == place)) for i, s in enumerate(syllables))


def _units(letters: str) -> list[Unit]:
    sounds, vowels = data(_CODE)["sounds"], words_in(_CODE, "vowels")
    found: list[Unit] = []
    for i, letter in enumerate(letters):
        before, after = letters[i - 1 : i], letters[i + 1 : i + 2]
        if letter == "ğ":
            if before in _FRONT and after and after not in vowels:
                found.append(Unit(letter, ("j",)))
            elif found:
                found[-1] = Unit(found[-1].letters + letter, found[-1].phones)
        else:
            found.append(Unit(letter, words_of(sounds.get(letter, ""))))
    return found


def _stressed(word: str, count: int) -> int:
    """Return which syllable is stressed, counted from the end, the last being 1."""
    table = data(_CODE)["stress"]
    listed = dict(entry.split(":") for entry in words_of(table["words"]))
    if word in listed:
        return min(int(listed[word]), count)
    for ending in sorted(words_of(table["endings"]), key=len, reverse=True):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            inside = sum(letter in words_in(_CODE, "vowels") for letter in ending)
            return min(inside + 1, count)
    if word.endswith(tuple(words_of(table["before_negative"]))) and len(word) > 3 and count >= 2:
        return 2 if word[-2:] in words_of(table["before_negative"]) and _is_negative(word) else 1
    return 1


def _is_negative(word: str) -> bool:
    """Whether a word in -ma or -me is more likely "do not" than a noun of action: no vowel stands before the ending."""
    return word[-3] not in words_in(_CODE, "vowels")


_READER = Reader(say, numbers.speaker(_CODE, cardinal), words_in(_CODE, "function"), lower)
LANGUAGE = described(_CODE, _READER.words)
