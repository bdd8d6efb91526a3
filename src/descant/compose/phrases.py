"""Lines of lyrics as phrases to sing: split where too long, with their syllables laid flat."""

from collections.abc import Sequence
from functools import cached_property

import msgspec

from descant.song.lyrics import Line, Syllable, SyllableClass, Word
from descant.words import languages
from descant.words.languages.scripts import spaced

LONGEST_PHRASE = 16
"""Syllables a sung phrase may have before it is split in two at a comma or a conjunction."""

_PAUSES = (",", ";", ":", ".", "!", "?", "—", "–", "…")
_RAPPED = frozenset({"rap", "spoken", "whispered"})


class SungLine(msgspec.Struct, frozen=True, dict=True):
    """A phrase to sing: words, the echo after it, and how it is delivered.

    ``part`` counts the phrases a written line was split into, from 0.
    """

    text: str
    words: tuple[Word, ...]
    echo: tuple[Word, ...] = ()
    backing: bool = False
    language: str = "en"
    delivery: str = "sung"
    voice: str = ""
    part: int = 0

    @cached_property
    def places(self) -> tuple[tuple[int, int], ...]:
        """(word, syllable) of every syllable, in order."""
        return tuple((w, s) for w, word in enumerate(self.words) for s in range(len(word.syllables)))

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """Class letter of every syllable; a function word that ends the phrase is promoted to content."""
        letters = [str(self.words[w].syllables[s].weight.value) for w, s in self.places]
        if letters and letters[-1] == "F":
            letters[-1] = "C"
        return tuple(letters)

    @cached_property
    def pauses(self) -> tuple[bool, ...]:
        """Whether a comma or stop follows each syllable."""
        ends = {i for i, (w, s) in enumerate(self.places) if s == len(self.words[w].syllables) - 1}
        return tuple(
            i in ends and self.words[w].text.rstrip("\"'”’)").endswith(_PAUSES) for i, (w, _) in enumerate(self.places)
        )

    @property
    def rapped(self) -> bool:
        """Whether the line is spoken in rhythm: rapped, said or whispered."""
        return self.delivery in _RAPPED

    @property
    def wordless(self) -> bool:
        """Whether it is an instrument's line, shaped by a stress pattern (:func:`wordless`)."""
        return bool(self.text) and set(self.text) <= {"u", "S"}

    @property
    def same_words(self) -> tuple[str, ...]:
        """The spoken words: lines that agree in them are the same line."""
        return tuple(word.spoken for word in self.words)


def syllable_count(words: Sequence[Word]) -> int:
    """Return the number of syllables of some words."""
    return sum(len(word.syllables) for word in words)


def split(line: Line, *, whispered: bool = False) -> tuple[SungLine, ...]:
    """Return the phrases of a line: itself, or several where it has more than :data:`LONGEST_PHRASE` syllables.

    A line that is nothing but an echo becomes a backing line. ``whispered`` turns a line that would be sung into one
    that is whispered.
    """
    words = line.words or line.echo
    pieces: list[tuple[Word, ...]] = [words]
    limit = LONGEST_PHRASE if line.delivery != "rap" else 2 * LONGEST_PHRASE
    while max(map(syllable_count, pieces), default=0) > limit:
        longest = max(range(len(pieces)), key=lambda i: syllable_count(pieces[i]))
        at = _joint(pieces[longest], line.language)
        if at == 0:
            break
        pieces[longest : longest + 1] = [pieces[longest][:at], pieces[longest][at:]]
    return tuple(
        SungLine(
            line.text if len(pieces) == 1 else spaced(word.text for word in piece),
            piece,
            line.echo if line.words and i == len(pieces) - 1 else (),
            line.backing or not line.words,
            line.language,
            "whispered" if whispered and line.delivery == "sung" else line.delivery,
            line.voice,
            i,
        )
        for i, piece in enumerate(pieces)
    )


def halved(line: SungLine) -> tuple[SungLine, ...]:
    """Return a phrase as two, parted at the comma or conjunction nearest its middle; a lone word stays whole."""
    at = _joint(line.words, line.language)
    if at == 0:
        return (line,)
    pieces = (line.words[:at], line.words[at:])
    return tuple(
        msgspec.structs.replace(
            line,
            text=spaced(word.text for word in piece),
            words=piece,
            echo=line.echo if i else (),
            part=2 * line.part + i,
        )
        for i, piece in enumerate(pieces)
    )


def _joint(words: tuple[Word, ...], language: str) -> int:
    """Return the index of the word that best begins the second half of a line, 0 when there is none."""
    total = syllable_count(words)
    joints = languages.language(language).joints
    best, best_cost = 0, float("inf")
    before = 0
    for i in range(1, len(words)):
        before += len(words[i - 1].syllables)
        cost = abs(before - total / 2) / total
        if words[i - 1].text.endswith(_PAUSES):
            cost -= 0.35
        elif words[i].spoken.split()[0] in joints:
            cost -= 0.2
        if cost < best_cost:
            best, best_cost = i, cost
    return best


def wordless(pattern: str) -> SungLine:
    """Return a phrase for an instrument, shaped by a stress pattern such as ``"uSuSuuS"`` as if it had words."""
    words = tuple(
        Word(
            "la", "la", (Syllable("la", ("l", "aa"), SyllableClass.STRESSED if c == "S" else SyllableClass.UNSTRESSED),)
        )
        for c in pattern
    )
    return SungLine(pattern, words)
