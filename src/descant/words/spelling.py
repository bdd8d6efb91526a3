"""Sounds for words no dictionary knows, read off their letters.

Ordered context rules in the tradition of Elovitz et al. (NRL report 7948, 1976); the rules themselves are our own
data (``english/spelling.toml``). The aim is a plausible, singable reading, never a perfect one.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from descant.words.data import load
from descant.words.phones import VOWELS, Sound, syllabify

_RULE = re.compile(r"(?P<left>[^()]*)\((?P<letters>[a-z]+)\)(?P<right>[^=]*)=(?P<phones>.*)")
_CLASSES = {"V": "[aeiouy]", "C": "[^aeiouy^]", "I": "[eiy]", "^": r"\^", "$": r"\^"}
_WEAK_PREFIXES = ("a", "be", "de", "re", "for", "con", "com", "ex", "en", "un", "pre", "pro", "dis")
_EARLY_STRESS_ENDINGS = ("tion", "sion", "ic", "ical", "ity", "ian", "ious", "ia", "io")


class _Rule(NamedTuple):
    left: re.Pattern[str]
    letters: str
    right: re.Pattern[str]
    phones: tuple[str, ...]


def _context(text: str) -> str:
    return "".join(_CLASSES.get(character, character) for character in text)


@lru_cache(maxsize=1)
def _rules() -> dict[str, tuple[_Rule, ...]]:
    compiled = {}
    for letter, texts in load("english/spelling.toml").items():
        rules = []
        for text in texts:
            match = _RULE.fullmatch(text)
            if match is None:
                raise ValueError(f"spelling rule {text!r} is not of the form left(letters)right=phones")
            left, right = re.compile(f"{_context(match['left'])}$"), re.compile(_context(match["right"]))
            rules.append(_Rule(left, match["letters"], right, tuple(match["phones"].split())))
        compiled[letter] = tuple(rules)
    return compiled


def phones(word: str) -> tuple[str, ...]:
    """Return the phones of a lower-case word of the letters a–z, by rule; empty for no letters."""
    padded = f"^{''.join(letter for letter in word if 'a' <= letter <= 'z')}^"
    found: list[str] = []
    place = 1
    while place < len(padded) - 1:
        for rule in _rules()[padded[place]]:
            stop = place + len(rule.letters)
            if (
                padded.startswith(rule.letters, place)
                and rule.right.match(padded, stop)
                and rule.left.search(padded[:place])
            ):
                found.extend(rule.phones)
                place = stop
                break
        else:
            place += 1
    return tuple(found)


def sound(word: str) -> Sound:
    """Return a pronunciation for any word of at least one letter: one vowel a syllable, one primary stress."""
    syllables = syllabify(phones(word) or ("ax",))
    primary = _primary(word, len(syllables))
    return tuple((_reduced(syllable, i, primary), int(i == primary)) for i, syllable in enumerate(syllables))


def _primary(word: str, count: int) -> int:
    if count == 1:
        return 0
    if word.endswith(_EARLY_STRESS_ENDINGS):
        return max(0, count - 2 - int(word.endswith(("ity", "ical"))))
    if count == 2:
        return int(any(word.startswith(prefix) and len(word) > len(prefix) + 3 for prefix in _WEAK_PREFIXES))
    return count - 3 if count > 3 else int(word.endswith(("a", "o", "i")))


def _reduced(syllable: tuple[str, ...], index: int, primary: int) -> tuple[str, ...]:
    """Weaken short open vowels away from the stress, as English does."""
    if abs(index - primary) != 1:
        return syllable
    return tuple("ax" if phone in {"ah", "eh"} and phone in VOWELS else phone for phone in syllable)
