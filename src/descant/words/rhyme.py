"""Rhyme by sound: from the last stressed vowel of a word to its end.

Near rhymes share the vowel and end in consonants of one family (nasals, stops by voicing, hissing sounds, liquids),
as singers hear them.
"""

import re
from functools import lru_cache

from descant.words import lexicon
from descant.words.phones import VOWELS

_FAMILIES = ("m n ng", "p t k", "b d g", "s sh f th ch", "z zh v dh jh", "l r")
_FAMILY = {phone: str(i) for i, phones in enumerate(_FAMILIES) for phone in phones.split()}
_ALIKE = {"ax": "ah", "ao": "aa", "axr": "er"}
_BEFORE_R = {"ih": "iy", "uh": "ao"}  # the dictionary spells "years" and "shears" apart; nobody hears it


def last_word(line: str) -> str:
    """Return the last word of a line, lower case, without punctuation and without what stands in parentheses."""
    words = re.findall(r"[\w'’]+", re.sub(r"\([^)]*\)", " ", line))
    return lexicon.bare(words[-1]) if words else ""


@lru_cache(maxsize=4096)
def tail(word: str) -> tuple[str, ...]:
    """Return the rhyming part of a word: its phones from the last stressed vowel on."""
    sound = lexicon.sound(word)
    strong = [i for i, (_, stress) in enumerate(sound) if stress > 0]
    start = strong[-1] if strong else len(sound) - 1
    phones = [phone for syllable, _ in sound[start:] for phone in syllable]
    vowel = next(i for i, phone in enumerate(phones) if phone in VOWELS)
    return tuple(phones[vowel:])


def rhymes(left: str, right: str) -> bool:
    """Return whether two different words rhyme perfectly."""
    return left != right and bool(left and right) and _heard(tail(left)) == _heard(tail(right))


def nearly_rhymes(left: str, right: str) -> bool:
    """Return whether two different words rhyme perfectly or nearly."""
    if left == right or not left or not right:
        return False
    return _blurred(tail(left)) == _blurred(tail(right))


def _heard(phones: tuple[str, ...]) -> tuple[str, ...]:
    alike = tuple(_ALIKE.get(phone, phone) for phone in phones)
    return (_BEFORE_R.get(alike[0], alike[0]), *alike[1:]) if alike[1:2] == ("r",) else alike


def _blurred(phones: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_FAMILY.get(phone, phone) for phone in _heard(phones))
