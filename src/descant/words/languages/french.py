"""French: sounds by spelling, the mute e as poets count it, liaison, and the accent at the end of the phrase.

The mute e is sung before a consonant and lost before a vowel, at a pause and at the line's end, as in sung verse
(Dell 1989; research: composition, §6.6); in small words such as "elle" and "une" it is always lost. Linked consonants
open the next word's first syllable. Every word's last full syllable is accented, and fully only where a phrase ends.
"""

import re
from collections.abc import Sequence

import msgspec

from descant.song.lyrics import Syllable, SyllableClass, Word
from descant.words.languages import cardinals, numbers
from descant.words.languages.ipa import GLIDES, NUCLEI
from descant.words.languages.language import described, words_in
from descant.words.languages.orthography import Unit, units
from descant.words.languages.spelled import Spelled
from descant.words.languages.stresses import at
from descant.words.languages.syllables import Sung

_ONSETS = frozenset(
    f"{stop} {liquid}" for stop in ("p", "b", "f", "v", "k", "g", "t", "d") for liquid in ("l", "ʁ")
) - {"t l", "d l"}
_PAUSE = re.compile(r"[^\w'’]$")
_MUTE = "ə"


def _units(word: str) -> tuple[Unit, ...]:
    """Return a word's letters and sounds; the ending of "ils chantent" is silent, that of "souvent" is not."""
    plain = word.removesuffix("s") if word.endswith("ents") else word
    verb = plain.endswith("ent") and plain not in words_in("fr", "ent_spoken") and plain[-5:] not in ("vient", "tient")
    if plain.endswith("ment"):
        verb = plain in words_in("fr", "ment_silent")
    if not verb or word.endswith(("aient", "oient")) or len(word) < 5:
        return units(word, "fr")
    found = units(word[:-2], "fr")
    return (*found[:-1], Unit(found[-1].letters + word[-2:], found[-1].phones))


def _stress(word: str, syllables: Sequence[Sung]) -> list[Sung]:
    """Return the stress on the last syllable that is not mute."""
    last = len(syllables) - 1
    return at(syllables, last - (syllables[last].phones[-1] == _MUTE))


def _between(words: tuple[Word, ...]) -> tuple[Word, ...]:
    found: list[Word] = []
    for i, word in enumerate(words):
        after = words[i + 1] if i + 1 < len(words) and not _PAUSE.search(word.text) else None
        linked = _linking(words[i - 1], word) if i and not _PAUSE.search(words[i - 1].text) else ""
        if linked:
            first = word.syllables[0]
            first = msgspec.structs.replace(first, phones=(linked, *first.phones))
            word = msgspec.structs.replace(word, syllables=(first, *word.syllables[1:]))
        word = _without_mute(word, after)
        found.append(_accented(word, ends_phrase=after is None))
    return tuple(found)


def _opens(word: Word) -> bool:
    """Return whether a word begins with a vowel sound that links and elides."""
    phone = word.syllables[0].phones[0]
    first = word.spoken.split()[0]
    return (phone in NUCLEI or phone in GLIDES) and first not in words_in("fr", "aspirated")


def _linking(before: Word, word: Word) -> str:
    """Return the consonant that a word adds before the next, or ""."""
    if not _opens(word):
        return ""
    last = before.spoken.split()[-1]
    return next((c for c in ("n", "z", "t") if last in words_in("fr", f"liaison_{c}")), "")


def _without_mute(word: Word, after: Word | None) -> Word:
    """Return a word without its mute last syllable where that is not sung; its consonants close the one before."""
    last = word.syllables[-1]
    if len(word.syllables) < 2 or last.phones[-1] != _MUTE:
        return word
    small = word.spoken in words_in("fr", "function") and len(last.phones) == 2
    if after is not None and not small and not _opens(after):
        return word
    closed = word.syllables[-2]
    closed = msgspec.structs.replace(closed, text=closed.text + last.text, phones=closed.phones + last.phones[:-1])
    if len(word.syllables) == 2:
        weight = SyllableClass.FUNCTION if word.spoken in words_in("fr", "function") else SyllableClass.CONTENT
        closed = msgspec.structs.replace(closed, weight=weight, stress=1)
    return msgspec.structs.replace(word, syllables=(*word.syllables[:-2], closed))


def _accented(word: Word, *, ends_phrase: bool) -> Word:
    """Return a word whose accent counts in full only where the phrase ends."""

    def weighed(syllable: Syllable) -> Syllable:
        full = ends_phrase or syllable.weight is not SyllableClass.STRESSED
        return syllable if full else msgspec.structs.replace(syllable, weight=SyllableClass.SECONDARY)

    return msgspec.structs.replace(word, syllables=tuple(weighed(syllable) for syllable in word.syllables))


READ = Spelled("fr", _ONSETS, _stress, numbers.speaker("fr", cardinals.french), _between, _units)
LANGUAGE = described("fr", READ.words)
