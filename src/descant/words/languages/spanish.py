"""Spanish: the spelling tells every sound and, with its accents, every stress (Real Academia, Ortografía 2010)."""

from collections.abc import Sequence

from descant.song.lyrics import Word
from descant.words.languages import cardinals, numbers
from descant.words.languages.language import described, words_in
from descant.words.languages.spelled import Spelled
from descant.words.languages.stresses import at, last_accented
from descant.words.languages.syllables import Sung
from descant.words.languages.synalepha import merged

_ONSETS = frozenset(f"{stop} {liquid}" for stop in ("p", "b", "β", "f", "k", "g", "ɣ") for liquid in ("l", "ɾ")) | {
    "t ɾ",
    "d ɾ",
    "ð ɾ",
    "t l",
}


def _stress(word: str, syllables: Sequence[Sung]) -> list[Sung]:
    """Return the stress: the written accent, or the last but one before a vowel, n or s, or else the last.

    Adverbs in "-mente" stress the ending and keep a secondary stress on their adjective.
    """
    if word.endswith("mente") and len(syllables) > 3:
        stem = _stress(word[:-5], syllables[:-2])
        return [*(s._replace(stress=2 if s.stress else 0) for s in stem), *at(syllables[-2:], 0)]
    accented = last_accented(syllables, "áéíóú")
    if accented is not None:
        return at(syllables, accented)
    if word.endswith(("cion", "sion")):  # typed without the accent that every such word bears
        return at(syllables, len(syllables) - 1)
    return at(syllables, len(syllables) - (2 if word[-1] in "aeiouns" else 1))


def _between(words: tuple[Word, ...]) -> tuple[Word, ...]:
    return merged(words, words_in("es", "function"))


READ = Spelled("es", _ONSETS, _stress, numbers.speaker("es", cardinals.spanish), _between)
LANGUAGE = described("es", READ.words)
