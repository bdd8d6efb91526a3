"""A small, careful list of what Descant will not set to music.

Only two things are refused: sexual content about minors, and calls to harm people for who they are or to take one's
own life. Anger, grief, sex, crime and politics are what songs are made of; they are not judged here. The rules ask
for two things close together (a child *and* sex; a group *and* a call to kill), so that single words never refuse a
song. Artists' names are not refused either: :mod:`descant.words.tags` leaves them out with a note.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from descant.words.data import load, phrases_of
from descant.words.errors import RefusedText, RefusedTextError
from descant.words.lexicon import fold

__all__ = ["RefusedText", "RefusedTextError", "check"]

_NEAR = 8
"""Words within which two signs must stand together."""

_CONTEXT = 4
"""Words before and after in which a reporting or protesting word lifts the refusal."""

_LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})


def check(text: str) -> None:
    """Let a text pass, or refuse it.

    Raises
    ------
    RefusedTextError : naming the words that led to the refusal.
    """
    words = [word.translate(_LEET) if not word.isdigit() else word for word in re.findall(r"[\w'@$!]+", fold(text))]
    for rule in load("vocabulary/refused.toml")["rule"]:
        if rule.get("phrases"):
            joined = " ".join(words)
            for phrase in phrases_of(rule["phrases"]):
                found = re.search(rf"(?<!\w){phrase}(?!\w)", joined)
                if found is not None:
                    raise RefusedTextError(found.group(), rule["reason"])
            continue
        near = int(rule.get("near", _NEAR))
        for start, stop in _together(words, _signs(rule["first"]), _signs(rule["second"]), near):
            context = " ".join(words[max(0, start - _CONTEXT) : stop + _CONTEXT])
            if not any(re.search(rf"(?<!\w){sign}(?!\w)", context) for sign in _signs(rule["unless"])):
                raise RefusedTextError(" ".join(words[start : stop + 1]), rule["reason"])


@lru_cache(maxsize=32)
def _signs(text: str) -> tuple[str, ...]:
    return phrases_of(text)


def _together(
    words: list[str], first: tuple[str, ...], second: tuple[str, ...], near: int
) -> Iterator[tuple[int, int]]:
    """Yield (first, last) word indices where a sign of each list stands within reach of the other."""
    starts = [i for i in range(len(words)) if _stands(words, i, first)]
    stops = [i for i in range(len(words)) if _stands(words, i, second)]
    for i in starts:
        for j in stops:
            if i != j and abs(i - j) <= near:
                yield min(i, j), max(i, j)


def _stands(words: list[str], i: int, signs: tuple[str, ...]) -> bool:
    return any(words[i : i + len(parts)] == parts for sign in signs if (parts := sign.split()))
