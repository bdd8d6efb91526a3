"""Vowels that meet between words, sung on one note as singers of Spanish, Portuguese and Italian do.

A small word and its neighbour share a syllable where one ends and the other begins with a vowel ("que el", "mi amor",
"tierra y mar"), unless a comma stands between. Two words that both carry weight keep their vowels apart; a writer who
wants them together ties them with "‿" ("noche‿oscura"), and one who wants small words apart writes a comma.
"""

import re
from collections.abc import Collection

import msgspec

from descant.song.lyrics import Syllable, SyllableClass, Word

TIE = "‿"
"""Between two words: sing the vowels that meet as one."""

_PAUSE = re.compile(r"[^\w'’‿]$")
_OPENNESS = {phone: rank for rank, phones in enumerate(("i u", "e o", "ɛ ɔ", "a ɐ")) for phone in phones.split()}
_SHORT = {"i": "j", "u": "w", "e": "e̯", "ɛ": "e̯", "o": "o̯", "ɔ": "o̯", "a": "a̯", "ɐ": "a̯"}


def merged(words: tuple[Word, ...], small: Collection[str]) -> tuple[Word, ...]:
    """Return a line's words with small words joined to the neighbours they share a vowel with.

    Parameters
    ----------
    words : as read one by one. small : spoken forms of the words that lean on a neighbour.
    """
    found: list[Word] = []
    for word in words:
        if found and _meet(found[-1], word, small):
            found[-1] = joined(found[-1], word)
        else:
            found.append(word)
    return tuple(found)


def _meet(left: Word, right: Word, small: Collection[str]) -> bool:
    first, second = left.syllables[-1].phones[-1], right.syllables[0].phones[0]
    if first not in _SHORT or second not in _SHORT or _PAUSE.search(left.text):
        return False
    if " " in left.text or not (left.text[-1].isalpha() and right.text[0].isalpha()):
        return False
    return left.spoken in small or right.spoken in small


def joined(left: Word, right: Word) -> Word:
    """Return two words as one; vowels that meet share a syllable."""
    if left.syllables[-1].phones[-1] not in _SHORT or right.syllables[0].phones[0] not in _SHORT:
        shared: tuple[Syllable, ...] = (left.syllables[-1], right.syllables[0])
    else:
        shared = (_shared(left.syllables[-1], right.syllables[0]),)
    return msgspec.structs.replace(
        right,
        text=f"{left.text} {right.text}",
        spoken=f"{left.spoken} {right.spoken}",
        syllables=(*left.syllables[:-1], *shared, *right.syllables[1:]),
    )


def _shared(left: Syllable, right: Syllable) -> Syllable:
    """Return two syllables as one: the stressed or more open vowel carries the note, the other becomes a glide."""
    first, second = left.phones[-1], right.phones[0]
    if first == second:
        vowels: tuple[str, ...] = (first,)
    elif _OPENNESS[second] >= _OPENNESS[first]:
        vowels = (_SHORT[first], second)
    else:
        vowels = (first, _SHORT[second])
    ranks = (SyllableClass.STRESSED, SyllableClass.SECONDARY, SyllableClass.CONTENT, SyllableClass.UNSTRESSED)
    strong = min((left, right), key=lambda s: ranks.index(s.weight) if s.weight in ranks else len(ranks))
    return msgspec.structs.replace(
        strong,
        text=f"{left.text} {right.text}",
        phones=(*left.phones[:-1], *vowels, *right.phones[1:]),
        stress=strong.stress,
    )
