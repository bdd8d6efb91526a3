"""Portuguese as sung in Brazil: sounds and stress by spelling (Barbosa & Albano 2004, JIPA 34)."""

from collections.abc import Sequence

from descant.song.lyrics import Word
from descant.words.languages import cardinals, numbers
from descant.words.languages.language import described, words_in
from descant.words.languages.spelled import Spelled
from descant.words.languages.stresses import at, last_accented
from descant.words.languages.syllables import Sung
from descant.words.languages.synalepha import merged

_ONSETS = frozenset(f"{stop} {liquid}" for stop in ("p", "b", "f", "k", "g", "v", "t", "d") for liquid in ("l", "ɾ"))
_PENULT = ("a", "e", "o", "as", "es", "os", "am", "em", "ens")


def _stress(word: str, syllables: Sequence[Sung]) -> list[Sung]:
    """Return the stress: an acute or circumflex, else a tilde, else what the last letters tell."""
    accented = last_accented(syllables, "áéíóúâêô")
    if accented is None:
        accented = last_accented(syllables, "ãõ")
    if accented is not None:
        return at(syllables, accented)
    return at(syllables, len(syllables) - (2 if word.endswith(_PENULT) else 1))


def _between(words: tuple[Word, ...]) -> tuple[Word, ...]:
    return merged(words, words_in("pt", "function"))


READ = Spelled("pt", _ONSETS, _stress, numbers.speaker("pt", cardinals.portuguese), _between)
LANGUAGE = described("pt", READ.words)
