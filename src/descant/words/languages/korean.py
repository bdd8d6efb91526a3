"""Korean: a syllable a block of Hangul, with what neighbouring blocks do to one another.

The rules are those of the standard pronunciation (표준 발음법, chapters 4–6): a final moves to a syllable that begins
with a vowel, stops become nasal before nasals, n and l become l, h joins stops, lax sounds grow tense after stops, d
and t before i become affricates. Between voiced sounds lax stops are voiced. There is no stress: words begin with some
weight.
"""

import unicodedata
from functools import lru_cache
from itertools import pairwise

from descant.song.lyrics import Syllable, SyllableClass, Word
from descant.words.data import words_of
from descant.words.languages import numbers
from descant.words.languages.language import data, described, words_in
from descant.words.languages.syllables import Sung
from descant.words.languages.tokens import Reader

_CODE = "ko"
_FIRST, _LAST = 0xAC00, 0xD7A3
_VOWELS, _FINALS = 21, 28
_NH, _LH, _H = 6, 15, 27
_NASAL = {"k": "ŋ", "t": "n", "p": "m"}
_TENSE = {"k": "k͈", "t": "t͈", "p": "p͈", "s": "s͈", "tɕ": "tɕ͈"}
_ASPIRATED = {"k": "kʰ", "t": "tʰ", "p": "pʰ", "tɕ": "tɕʰ"}
_VOICED = {"k": "g", "t": "d", "p": "b", "tɕ": "dʑ"}
_SCALES = ((10**8, "억"), (10**4, "만"), (1000, "천"), (100, "백"), (10, "십"))
_LETTERS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"


class _Block:
    """One block: its initial ("" for none), the phones of its vowel, and what its final leaves and gives on."""

    def __init__(self, text: str, initial: str, vowel: tuple[str, ...], final: int) -> None:
        self.text, self.initial, self.vowel, self.final = text, initial, vowel, final
        self.coda = str(data(_CODE)["finals"][final][0])

    @property
    def phones(self) -> tuple[str, ...]:
        """All phones of the block."""
        return (*filter(None, [self.initial]), *self.vowel, *filter(None, [self.coda]))


def cardinal(number: int) -> str:
    """Return a number below 10^12 as Sino-Korean says it: 1234 → 천이백삼십사."""
    digits = words_of(data(_CODE)["numbers"]["digits"])
    if number < 10:
        return digits[number]
    size, name = next(scale for scale in _SCALES if number >= scale[0])
    count, rest = divmod(number, size)
    head = name if count == 1 and size < 10**8 else cardinal(count) + name
    return head + (cardinal(rest) if rest else "")


@lru_cache(maxsize=8192)
def say(word: str) -> tuple[Sung, ...]:
    """Return the syllables of a word of Hangul; single letters (ㅋ) are read with the vowel ɯ."""
    blocks = [block for character in unicodedata.normalize("NFC", word) if (block := _block(character)) is not None]
    for left, right in pairwise(blocks):
        _meet(left, right)
    for i, block in enumerate(blocks):
        before = blocks[i - 1] if i else None
        if before is not None and before.coda not in ("k", "t", "p") and block.initial in _VOICED:
            block.initial = _VOICED[block.initial]
        if block.initial in ("s", "s͈") and block.vowel[0] in ("i", "j"):
            block.initial = "ɕ" if block.initial == "s" else "ɕ͈"
        if block.vowel[0] == "ɰ" and block.initial:
            block.vowel = block.vowel[1:]
    return tuple(Sung(block.text, block.phones, 1 if i == 0 else 0) for i, block in enumerate(blocks))


def _block(character: str) -> _Block | None:
    initials = words_of(data(_CODE)["initials"])
    if character in _LETTERS:
        return _Block(character, initials[_LETTERS.index(character)].replace("-", ""), ("ɯ",), 0)
    code = ord(character)
    if "ㅏ" <= character <= "ㅣ":
        return _Block(character, "", words_of(data(_CODE)["vowels"][code - ord("ㅏ")]), 0)
    if not _FIRST <= code <= _LAST:
        return _Block(character, "", ("ɯ",), 0) if character.isalpha() else None
    index = code - _FIRST
    initial = initials[index // (_VOWELS * _FINALS)].replace("-", "")
    vowel = words_of(data(_CODE)["vowels"][index // _FINALS % _VOWELS])
    return _Block(character, initial, vowel, index % _FINALS)


def _meet(left: _Block, right: _Block) -> None:
    """Apply what happens where two blocks meet, in place."""
    if not right.initial:
        _move(left, right)
    elif right.initial == "h" and left.coda in _ASPIRATED:
        joined = "tɕ" if left.final in (5, 22) else left.coda
        right.initial, left.coda = _ASPIRATED[joined], ""
        if right.initial == "tʰ" and right.vowel == ("i",):
            right.initial = "tɕʰ"
    elif left.final in (_NH, _LH, _H) and right.initial in _ASPIRATED:
        right.initial = _ASPIRATED[right.initial]
    elif left.final in (_NH, _LH, _H) and right.initial == "s":
        right.initial = "s͈"
    elif left.coda in _NASAL:
        _after_stop(left, right)
    elif left.final == _H and right.initial == "n":
        left.coda = "n"
    _liquids(left, right)


def _move(left: _Block, right: _Block) -> None:
    """Give a final to the next block, which begins with a vowel; h falls silent, ŋ stays."""
    moved = str(data(_CODE)["finals"][left.final][1])
    if moved in ("", "ŋ"):
        return
    if right.vowel == ("i",) and moved in ("t", "tʰ"):
        moved = "tɕ" if moved == "t" else "tɕʰ"
    right.initial = moved
    left.coda = str(data(_CODE)["split"].get(str(left.final), ""))


def _after_stop(left: _Block, right: _Block) -> None:
    """A stop before a nasal becomes one; before a lax sound it makes that tense."""
    if right.initial in ("n", "m", "ɾ"):
        left.coda = _NASAL[left.coda]
        right.initial = "n" if right.initial == "ɾ" else right.initial
    else:
        right.initial = _TENSE.get(right.initial, right.initial)


def _liquids(left: _Block, right: _Block) -> None:
    """n and l beside one another become l; l after m and ŋ becomes n; a doubled l is lateral."""
    if (left.coda, right.initial) in (("n", "ɾ"), ("l", "n"), ("l", "ɾ")):
        left.coda, right.initial = "l", "l"
    elif left.coda in ("m", "ŋ") and right.initial == "ɾ":
        right.initial = "n"


_READER = Reader(say, numbers.speaker(_CODE, cardinal), words_in(_CODE, "function"))


def words(text: str) -> tuple[Word, ...]:
    """Return the words of a line; no syllable is stressed, the first of a word carries some weight."""
    return tuple(_weighed(word) for word in _READER.words(text))


def _weighed(word: Word) -> Word:
    if len(word.syllables) == 1:
        return word
    classes = [SyllableClass.CONTENT, *(SyllableClass.SECONDARY for _ in word.syllables[1:])]
    syllables = (
        Syllable(s.text, s.phones, weight, 1 if i == 0 else 2)
        for i, (s, weight) in enumerate(zip(word.syllables, classes, strict=True))
    )
    return Word(word.text, word.spoken, tuple(syllables))


LANGUAGE = described(_CODE, words)
