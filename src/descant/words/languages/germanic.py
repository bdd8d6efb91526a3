"""Stress in languages that stress the first root of a compound (German, Dutch)."""

import re
from collections.abc import Sequence

from descant.words.data import words_of
from descant.words.languages.language import data, words_in
from descant.words.languages.morphemes import is_root, parts
from descant.words.languages.orthography import Unit, units
from descant.words.languages.stresses import at
from descant.words.languages.syllables import Sung

_REDUCED = frozenset({"ə", "ɐ"})


def units_of(word: str, code: str) -> tuple[Unit, ...]:
    """Return a word's letters and sounds, each of its parts read on its own."""
    return tuple(unit for piece in parts(word, code).pieces for unit in units(piece, code))


def stressed(word: str, syllables: Sequence[Sung], code: str) -> list[Sung]:
    """Return a polysyllable with its stress.

    It lies on the first syllable after an unstressed prefix; the data file lists borrowed words and their endings that
    are stressed late (``late``: last full syllable, ``second``, and ``late_endings`` of the table ``morphemes``). A
    compound's second root has a secondary stress. Prefixes that are ``yielding`` leave the stress to the root of verbs
    (words with an ending that ``verbal`` matches and not in ``first``).
    """
    table = data(code)["morphemes"]
    full = [i for i, syllable in enumerate(syllables) if syllable.nucleus not in _REDUCED]
    if full and (word in words_in(code, "late") or word.endswith(tuple(words_of(table["late_endings"])))):
        return at(syllables, full[-1])
    if word in words_in(code, "second"):
        return at(syllables, 1)
    cut = parts(word, code)
    opening = len(cut.pieces[0])
    if cut.pieces[0] in words_of(table["strong_late"]):
        return at(syllables, _syllable_of(opening - 1, syllables))
    yields = cut.pieces[0] in words_of(table["yielding"]) and re.search(table["verbal"], word) is not None
    if yields and word not in words_in(code, "first"):
        return at(syllables, _syllable_of(opening, syllables))
    first = _syllable_of(opening, syllables) if cut.weak else 0
    pieces = cut.pieces[int(cut.weak) :]
    second = -1
    if len(pieces) > 1 and is_root(pieces[1], code):
        second = _syllable_of((opening if cut.weak else 0) + len(pieces[0]), syllables)
    return at(syllables, first, secondary=second)


def _syllable_of(place: int, syllables: Sequence[Sung]) -> int:
    """Return the index of the syllable that holds the letter at ``place``."""
    seen = 0
    for i, syllable in enumerate(syllables):
        seen += len(syllable.letters)
        if seen > place:
            return i
    return len(syllables) - 1
