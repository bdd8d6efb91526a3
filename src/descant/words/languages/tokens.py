"""Lines of languages that are read word by word: what stands between the spaces, its numbers, symbols and hyphens.

For languages whose scripts have no capitals or whose sounds are decided by the whole word; Latin alphabets with rules
are read by :mod:`.spelled`.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from descant.song.lyrics import Syllable, SyllableClass, Word
from descant.words.languages.syllables import Sung

_SPOKEN_BEFORE = frozenset("'&+@%#$£€¥₽₺₩₹°=-×")
_SPOKEN_AFTER = frozenset("'%°&+@$£€¥₽₺₩₹=×")
_PARTS = re.compile(r"[-‐‑–—_/.,:;!?…·।॥؟،]+")
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ`´′", "'"))
_CLASSES = (SyllableClass.UNSTRESSED, SyllableClass.STRESSED, SyllableClass.SECONDARY)

Sounds = Sequence[Sung]


def without_edges(token: str) -> str:
    """Return a token without the punctuation around it; a script's marks (vowel signs) belong to its letters."""
    start, stop = 0, len(token)
    while start < stop and not _belongs(token[start]) and token[start] not in _SPOKEN_BEFORE:
        start += 1
    while stop > start and not _belongs(token[stop - 1]) and token[stop - 1] not in _SPOKEN_AFTER:
        stop -= 1
    return token[start:stop]


def _belongs(character: str) -> bool:
    return character == "_" or unicodedata.category(character)[0] in "LMN"


class Reader(NamedTuple):
    """What tells one language from another.

    Attributes
    ----------
    say : one word without punctuation, as written → its syllables, or none when it holds no letter of the language.
    numbers : a token with digits or symbols → the words to say, or None.
    function : spoken forms of the small words.
    lower : how the language writes in lower case.
    """

    say: Callable[[str], Sounds]
    numbers: Callable[[str], str | None]
    function: frozenset[str] = frozenset()
    lower: Callable[[str], str] = str.lower

    def words(self, text: str) -> tuple[Word, ...]:
        """Return the words of a line."""
        found = []
        for token in text.split():
            pieces = [(piece, sounds) for piece in self._pieces(token) if (sounds := self._sounds(piece))]
            if pieces:
                syllables = [syllable for piece, sounds in pieces for syllable in self._weighed(piece, sounds)]
                found.append(Word(token, " ".join(piece for piece, _ in pieces), tuple(syllables)))
        return tuple(found)

    def _sounds(self, piece: str) -> Sounds:
        """Return the syllables of a word; one in letters the language does not know is read as any language's."""
        known = self.say(piece)
        if known or not any(character.isalpha() for character in piece):
            return known
        from descant.words.languages import anything  # which reads its lines with this module

        return anything.say(piece, anything.OTHER)

    def _pieces(self, token: str) -> list[str]:
        core = without_edges(token.translate(_APOSTROPHES))
        pieces: list[str] = []
        for part in [core] if self.numbers(self.lower(core)) is not None else _PARTS.split(core):
            said = self.numbers(self.lower(part))
            pieces.extend(said.split() if said is not None else [self.lower(part)])
        return [piece for piece in pieces if piece]

    def _weighed(self, piece: str, sounds: Sounds) -> Iterable[Syllable]:
        if len(sounds) == 1:
            weight = SyllableClass.FUNCTION if piece in self.function else SyllableClass.CONTENT
            return [Syllable(sounds[0].letters or piece, sounds[0].phones, weight, 1)]
        return [Syllable(sound.letters, sound.phones, _CLASSES[sound.stress], sound.stress) for sound in sounds]
