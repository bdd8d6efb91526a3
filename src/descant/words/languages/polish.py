"""Polish: sounds by spelling, the stress on the last syllable but one, and prepositions without a vowel.

Source: Jassem 2003 (Polish, JIPA 33). Voiced consonants lose their voice at a word's end and before voiceless ones;
ą and ę are nasal vowels before fricatives and at the end, elsewhere a vowel and a nasal consonant.
"""

from collections.abc import Sequence

import msgspec

from descant.song.lyrics import Word
from descant.words.data import words_of
from descant.words.languages import cardinals, numbers
from descant.words.languages.language import described, words_in
from descant.words.languages.spelled import Spelled
from descant.words.languages.stresses import at
from descant.words.languages.syllables import Sung

_OBSTRUENTS = words_of("p b t d k g f v s z ʂ ʐ ɕ ʑ x ts tʂ tɕ dz dʐ dʑ")
_ONSETS = frozenset(
    [f"{first} {second}" for first in _OBSTRUENTS for second in ("l", "r", "m", "n", "ɲ", "v", "f", "ʂ", "ʐ")]
    + [f"{first} {second}" for first in ("s", "ʂ", "ɕ", "z") for second in ("p", "t", "k", "x", "ts", "tʂ", "tɕ", "f")]
    + [f"s {stop} {liquid}" for stop in ("p", "t", "k") for liquid in ("l", "r")]
    + ["k t", "p t", "g d", "m l", "m r", "m n", "x f", "m ɲ"]
)
_CLITICS = {"w": ("v", "f"), "z": ("z", "s")}
_VOICELESS = frozenset(words_of("p t k f s ʂ ɕ x ts tʂ tɕ"))
_THIRD = ("liśmy", "łyśmy", "liście", "łyście", "łbym", "łbyś", "łabym", "łabyś", "łby", "łaby", "liby", "łyby")
"""Verb endings that leave the stress where it was: on the last syllable but two."""


def _stress(word: str, syllables: Sequence[Sung]) -> list[Sung]:
    late = word in words_in("pl", "antepenult") or word.endswith(_THIRD)
    return at(syllables, len(syllables) - (3 if late and len(syllables) > 2 else 2))


def _between(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Return a line's words with "w" and "z" joined to the word they lean on."""
    found: list[Word] = []
    waiting: Word | None = None
    for word in words:
        if waiting is not None:
            word = _leaning(waiting, word)
            waiting = None
        if word.spoken in _CLITICS:
            waiting = word
        else:
            found.append(word)
    return (*found, waiting) if waiting is not None else tuple(found)


def _leaning(clitic: Word, word: Word) -> Word:
    first = word.syllables[0]
    phone = _CLITICS[clitic.spoken][first.phones[0] in _VOICELESS]
    first = msgspec.structs.replace(
        first, text=f"{clitic.syllables[0].text} {first.text}", phones=(phone, *first.phones)
    )
    return msgspec.structs.replace(
        word,
        text=f"{clitic.text} {word.text}",
        spoken=f"{clitic.spoken} {word.spoken}",
        syllables=(first, *word.syllables[1:]),
    )


READ = Spelled("pl", _ONSETS, _stress, numbers.speaker("pl", cardinals.polish), _between)
LANGUAGE = described("pl", READ.words)
