"""From letters to sounds by ordered rules, keeping which letters make which sounds.

Rules are data (``[rules]`` of ``data/<code>.toml``), one a line, in the notation of Elovitz et al. (NRL report 7948,
1976): ``left(letters)right = phones``. The contexts are regular expressions over lower-case letters; "_" is the word's
edge and a capital stands for a class of letters the file names. The first rule that fits wins; no phones: silent.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from descant.words.languages.ipa import NUCLEI
from descant.words.languages.language import data

_RULE = re.compile(r"(?P<left>[^()]*)\((?P<letters>[^()A-Z]+)\)(?P<right>.*?)\s*=\s*(?P<phones>.*)")


class Unit(NamedTuple):
    """Letters and the phones they stand for."""

    letters: str
    phones: tuple[str, ...]

    @property
    def has_nucleus(self) -> bool:
        """Whether the letters make a syllable."""
        return any(phone in NUCLEI for phone in self.phones)


class _Rule(NamedTuple):
    left: re.Pattern[str]
    letters: str
    right: re.Pattern[str]
    phones: tuple[str, ...]


@lru_cache(maxsize=16)
def _rules(code: str) -> dict[str, tuple[_Rule, ...]]:
    table = data(code)
    classes = {name: f"[{letters}]" for name, letters in table["classes"].items()}
    found: dict[str, list[_Rule]] = {}
    for text in table["rules"].splitlines():
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        match = _RULE.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"{code}: spelling rule {text!r} is not of the form left(letters)right = phones")
        left, right = (
            "".join(classes.get(character, character) for character in match[side]) for side in ("left", "right")
        )
        rule = _Rule(
            re.compile(f"(?:{left})$"), match["letters"], re.compile(right or ""), tuple(match["phones"].split())
        )
        found.setdefault(rule.letters[0], []).append(rule)
    return {letter: tuple(rules) for letter, rules in found.items()}


def units(word: str, code: str) -> tuple[Unit, ...]:
    """Return the letters of a lower-case word with their phones; joined, the letters are the word again.

    Letters the language's rules do not know are read without their accents, and kept silent where that does not help.
    """
    rules = _rules(code)
    padded = f"_{word}_"
    found: list[Unit] = []
    place = 1
    while place < len(padded) - 1:
        if padded[place] not in rules:
            base = unicodedata.normalize("NFD", padded[place])[0]
            padded = padded[:place] + base + padded[place + 1 :]
        for rule in rules.get(padded[place], ()):
            stop = place + len(rule.letters)
            if (
                padded.startswith(rule.letters, place)
                and rule.right.match(padded, stop)
                and rule.left.search(padded[:place])
            ):
                break
        else:
            rule, stop = None, place + 1
        found.append(Unit(word[place - 1 : stop - 1], rule.phones if rule else ()))
        place = stop
    return tuple(found)
