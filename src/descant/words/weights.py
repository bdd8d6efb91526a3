"""How strongly each syllable of a line wants a strong beat (research: composition, §2.3).

A word's own classes come from the lexicon; this module adds what its place and its typography say: a small word
that ends a phrase ("let it *be*") carries weight, and capitals, asterisks and "!" ask for stress.
"""

import re
from collections.abc import Sequence

import msgspec

from descant.song.lyrics import Syllable, SyllableClass, Word

_PHRASE_END = re.compile(r"[,.;:?!…—–]+[\"”’')\]]*$")
_SHOUTED = re.compile(r"[^\W\d_]{2,}")


def in_line(words: Sequence[Word], *, emphasised: frozenset[int] = frozenset()) -> tuple[Word, ...]:
    """Return a line's words with the classes their places give them.

    Parameters
    ----------
    words : the words of one line, in order.
    emphasised : indices of words that stood between asterisks.
    """
    capitals_mean_stress = not is_shouted(" ".join(word.text for word in words))
    weighed = []
    for i, word in enumerate(words):
        ends_phrase = i == len(words) - 1 or _PHRASE_END.search(word.text) is not None
        loud = i in emphasised or "!" in word.text or (capitals_mean_stress and _is_capitals(word.text))
        weighed.append(_weigh(word, ends_phrase=ends_phrase, loud=loud))
    return tuple(weighed)


def is_shouted(text: str) -> bool:
    """Return whether a whole line stands in capitals (more than one word, or one long one)."""
    words = _SHOUTED.findall(text)
    return bool(words) and all(word.isupper() for word in words) and (len(words) > 1 or len(words[0]) > 4)


def _is_capitals(text: str) -> bool:
    letters = "".join(character for character in text if character.isalpha())
    return len(letters) > 1 and letters.isupper()


def _weigh(word: Word, *, ends_phrase: bool, loud: bool) -> Word:
    syllables = list(word.syllables)
    if loud:
        place = max(range(len(syllables)), key=lambda i: (syllables[i].stress == 1, -i))
        syllables[place] = _as(syllables[place], SyllableClass.STRESSED)
    elif ends_phrase and len(syllables) == 1 and syllables[0].weight is SyllableClass.FUNCTION:
        syllables[0] = _as(syllables[0], SyllableClass.CONTENT)
    return msgspec.structs.replace(word, syllables=tuple(syllables))


def _as(syllable: Syllable, weight: SyllableClass) -> Syllable:
    return msgspec.structs.replace(syllable, weight=weight)
