"""Which strong syllable of a word is the primary one.

The dictionary marks strong syllables with 1 and does not tell primary from secondary. English puts the primary
stress on the last strong syllable unless that syllable ends the word (Chomsky & Halle's main stress rule), with
compounds and some endings keeping it early; the exceptions are data (``english/stress.toml``).
"""

from collections.abc import Callable
from functools import lru_cache

from descant.words.data import load, words_of
from descant.words.phones import Sound

_INFLECTIONS = ("ing", "ings", "ed", "es", "s", "er", "ers", "or", "ors", "ly", "ness", "less", "ful", "able", "'s")


@lru_cache(maxsize=1)
def _exceptions() -> tuple[frozenset[str], frozenset[str], tuple[str, ...], tuple[str, ...]]:
    table = load("english/stress.toml")
    return (
        frozenset(words_of(table["last"])),
        frozenset(words_of(table["first"])),
        tuple(table["last_endings"]),
        tuple(table["first_endings"]),
    )


def mark(word: str, sound: Sound, known: Callable[[str], Sound | None]) -> Sound:
    """Return the sound with exactly one primary stress when it has more than one syllable.

    Parameters
    ----------
    word : its spelling, lower case.
    sound : its pronunciation; strong syllables carry a stress above 0.
    known : looks a spelling up in the dictionary; used to find the stem and the parts of a compound.
    """
    if len(sound) == 1:
        return ((sound[0][0], 1),)
    if any(stress == 2 for _, stress in sound) and sum(stress == 1 for _, stress in sound) == 1:
        return sound
    strong = [i for i, (_, stress) in enumerate(sound) if stress > 0] or [0]
    primary = strong[0] if len(strong) == 1 else _choose(word, sound, strong, known)
    return tuple((phones, 1 if i == primary else 2 if i in strong else 0) for i, (phones, _) in enumerate(sound))


def _choose(word: str, sound: Sound, strong: list[int], known: Callable[[str], Sound | None]) -> int:
    last, first, last_endings, first_endings = _exceptions()
    word = word.split("'")[0] or word
    if word in last:
        return strong[-1]
    if word in first:
        return strong[0]
    if strong[-1] == len(sound) - 1:
        return strong[-1] if word.endswith(last_endings) else strong[0]
    if word.endswith(first_endings) or _is_compound(word, len(sound), known):
        return strong[0]
    for ending in _INFLECTIONS:
        stem = word.removesuffix(ending)
        for spelling in (stem, stem + "e") if stem != word else ():
            stem_sound = known(spelling)
            if stem_sound is not None and 1 < len(stem_sound) < len(sound):
                stem_strong = [i for i, (_, stress) in enumerate(stem_sound) if stress > 0]
                if len(stem_strong) > 1:
                    return _choose(spelling, stem_sound, stem_strong, known)
    return strong[-1]


def _is_compound(word: str, syllables: int, known: Callable[[str], Sound | None]) -> bool:
    for cut in range(3, len(word) - 2):
        left, right = known(word[:cut]), known(word[cut:])
        if left is not None and right is not None and len(left) + len(right) == syllables and left[0][1] > 0:
            return True
    return False
