"""Units of letters and sounds gathered into syllables, one nucleus each."""

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import NamedTuple

from descant.words.languages.ipa import GLIDES, NUCLEI
from descant.words.languages.orthography import Unit

_SILENT_ONSETS = frozenset({"h"})
"""Silent letters that stand with the vowel right after them."""


class Sung(NamedTuple):
    """One syllable: its letters, its phones and its stress (0 none, 1 primary, 2 secondary)."""

    letters: str
    phones: tuple[str, ...]
    stress: int = 0

    @property
    def nucleus(self) -> str:
        """The phone that carries the note."""
        return next(phone for phone in self.phones if phone in NUCLEI)


def syllabify(units: Sequence[Unit], onsets: Collection[str]) -> list[Sung]:
    """Return the syllables of a word, each consonant given to the next syllable as far as an onset allows.

    Parameters
    ----------
    units : letters with their phones. onsets : the clusters of two or more phones, joined by spaces, that may begin
        a syllable; a single consonant always may. Glides before a nucleus join the cluster before them.

    Returns
    -------
    list of Sung
        Without stress. A word without a nucleus gets "ə" at its end.
    """
    nuclei = [i for i, unit in enumerate(units) if unit.has_nucleus]
    if not nuclei:
        letters = "".join(unit.letters for unit in units)
        return [Sung(letters, (*(phone for unit in units for phone in unit.phones), "ə"))]
    cuts = [0]
    for left, right in pairwise(nuclei):
        cuts.append(_cut(units, left, right, onsets))
    cuts.append(len(units))
    return [_joined(units[start:stop]) for start, stop in pairwise(cuts)]


def _joined(units: Sequence[Unit]) -> Sung:
    return Sung("".join(unit.letters for unit in units), tuple(phone for unit in units for phone in unit.phones))


def _cut(units: Sequence[Unit], left: int, right: int, onsets: Collection[str]) -> int:
    """Return the unit that begins the second of two neighbouring syllables."""
    best = right
    own = _before_nucleus(units[right].phones)
    for start in range(right - 1, left, -1):
        cluster = [phone for unit in units[start:right] for phone in unit.phones] + own
        consonants = [phone.removesuffix("ː") for phone in cluster if phone not in GLIDES]
        if any(
            phone in GLIDES for phone in cluster[: len(consonants)]
        ):  # a glide before a consonant ends the first syllable
            break
        if cluster[:1] == ["ŋ"] or (len(consonants) > 1 and " ".join(consonants) not in onsets):
            break
        if units[start].phones or (units[start].letters in _SILENT_ONSETS and start == right - 1):
            best = start
    return best


def _before_nucleus(phones: Sequence[str]) -> list[str]:
    return list(phones[: next(i for i, phone in enumerate(phones) if phone in NUCLEI)])
