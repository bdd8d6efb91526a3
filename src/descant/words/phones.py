"""English phones and how they gather into syllables.

The phone set is festival's CMU set ("radio" phones). Syllables are cut so that each takes the longest onset English
allows (Kahn 1976), as the pronouncing dictionary itself does.
"""

from collections.abc import Sequence
from itertools import pairwise

from descant.words.data import words_of

Sound = tuple[tuple[tuple[str, ...], int], ...]
"""A pronunciation: (phones, stress) for each syllable; stress 0 none, 1 primary, 2 secondary."""

VOWELS = frozenset(words_of("aa ae ah ao aw ax axr ay eh er ey ih iy ow oy uh uw"))
"""Phones that make a syllable. The dictionary itself never uses ``axr``; the singer may."""

CONSONANTS = frozenset(words_of("b ch d dh f g hh jh k l m n ng p r s sh t th v w y z zh"))

_PAIRS = (
    "b l,b r,b y,d r,d w,d y,f l,f r,f y,g l,g r,g w,g y,hh w,hh y,k l,k r,k w,k y,l y,m y,n y,p l,p r,p w,p y,"
    "s f,s k,s l,s m,s n,s p,s t,s w,sh l,sh m,sh n,sh r,sh w,t r,t w,t y,th r,th w,v y"
)
_TRIPLES = "s k l,s k r,s k w,s k y,s p l,s p r,s p y,s t r,s t y"
ONSETS = frozenset(tuple(cluster.split()) for cluster in f"{_PAIRS},{_TRIPLES}".split(","))
"""Consonant clusters that may begin an English syllable."""


def is_vowel(phone: str) -> bool:
    """Return whether a phone makes a syllable."""
    return phone in VOWELS


def onset_length(consonants: Sequence[str]) -> int:
    """Return how many of the consonants between two vowels begin the second syllable."""
    for length in range(min(3, len(consonants)), 1, -1):
        if tuple(consonants[-length:]) in ONSETS:
            return length
    if consonants and consonants[-1] != "ng":
        return 1
    return 0


def syllabify(phones: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return the phones cut into syllables with the longest onsets, one vowel each.

    A sequence without a vowel is given a reduced one before its last consonant, so that it can be sung.
    """
    sequence = list(phones)
    nuclei = [i for i, phone in enumerate(sequence) if phone in VOWELS]
    if not nuclei:
        sequence.insert(max(0, len(sequence) - 1), "ax")
        return (tuple(sequence),)
    cuts = [0]
    for left, right in pairwise(nuclei):
        cuts.append(right - onset_length(sequence[left + 1 : right]))
    cuts.append(len(sequence))
    return tuple(tuple(sequence[start:stop]) for start, stop in pairwise(cuts))


def sound_of(text: str) -> Sound:
    """Return a sound written as in the data files: "|" between syllables, "'" primary and "," secondary stress.

    ``"m ay | 's eh l f"`` is *myself*. A single syllable without a mark has stress 1.
    """
    syllables = []
    for part in text.split("|"):
        phones = part.strip()
        stress = {"'": 1, ",": 2}.get(phones[:1], 0)
        syllables.append((tuple(phones.lstrip("',").split()), stress))
    if len(syllables) == 1 and syllables[0][1] == 0:
        syllables = [(syllables[0][0], 1)]
    return tuple(syllables)


def joined(*sounds: Sound) -> Sound:
    """Return several sounds in a row, as one."""
    return tuple(syllable for sound in sounds for syllable in sound)
