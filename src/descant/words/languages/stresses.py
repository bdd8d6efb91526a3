"""Putting stress on syllables."""

from collections.abc import Sequence

from descant.words.languages.syllables import Sung


def at(syllables: Sequence[Sung], primary: int, secondary: int = -1) -> list[Sung]:
    """Return syllables with the primary stress on one of them, and a secondary one where it is asked for."""
    place = max(0, min(primary, len(syllables) - 1))
    return [
        syllable._replace(stress=1 if i == place else 2 if i == secondary else 0)
        for i, syllable in enumerate(syllables)
    ]


def last_accented(syllables: Sequence[Sung], accents: str) -> int | None:
    """Return the index of the last syllable written with one of the accented letters, or None."""
    return next((i for i in range(len(syllables) - 1, -1, -1) if set(syllables[i].letters) & set(accents)), None)
