"""Words to sing: sections, lines, words and syllables."""

from enum import StrEnum

import msgspec

MELODIC = frozenset({"sung", "shouted", "screamed"})
"""Deliveries of lines that keep to the written pitches; all others have the melody of speech."""


class SectionKind(StrEnum):
    """The part a section plays in the form."""

    INTRO = "intro"
    VERSE = "verse"
    PRE_CHORUS = "pre-chorus"
    CHORUS = "chorus"
    POST_CHORUS = "post-chorus"
    BRIDGE = "bridge"
    SOLO = "solo"
    INTERLUDE = "interlude"
    BREAK = "break"
    BUILD = "build"
    DROP = "drop"
    OUTRO = "outro"


class SyllableClass(StrEnum):
    """How strongly a syllable wants a strong beat (research/composition.md §2.3)."""

    STRESSED = "S"  # primary stress of a polysyllable, or a promoted syllable
    SECONDARY = "s"
    UNSTRESSED = "U"
    CONTENT = "C"  # a content monosyllable
    FUNCTION = "F"  # a function monosyllable


class Syllable(msgspec.Struct, frozen=True, omit_defaults=True):
    """One syllable of a word.

    Attributes
    ----------
    text : its letters, for display and MIDI lyric events.
    phones : its sounds; for lines in English in the CMU set as festival spells it, lower case, no stress digits
        (``("hh", "ax")``); "ax" is the reduced vowel. For lines in any other language in IPA, one symbol a phone
        (``("tʃ", "a", "w")``, :mod:`descant.words.languages.ipa`). Exactly one nucleus a syllable: a vowel, a
        diphthong written as one symbol, or a syllabic consonant.
    weight : see :class:`SyllableClass`.
    stress : 0 none, 1 primary, 2 secondary, as the dictionary or the language's rules give it.
    """

    text: str
    phones: tuple[str, ...]
    weight: SyllableClass
    stress: int = 0
    tone: int = 0


class Word(msgspec.Struct, frozen=True, omit_defaults=True):
    """A word as written (with its punctuation) and as spoken (plain lower case), with its syllables.

    Written words that are sung as one ("que el" in Spanish) are one word, with the space in ``text`` and ``spoken``.
    ``written`` is the word with the pronunciation its writer gave it, ``{lead|liːd}``, or "" for none.
    """

    text: str
    spoken: str
    syllables: tuple[Syllable, ...]
    written: str = ""


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of lyrics: one musical phrase.

    Attributes
    ----------
    words : the lead's words, in order.
    echo : words in parentheses at the line's end, sung by the backing voices after the lead.
    backing : True when the whole line stood in parentheses and only the backing voices sing it.
    language : BCP 47 code, e.g. "en".
    delivery : "sung", "rap", "spoken", "shouted", "screamed" or "whispered".
    voice : "" for the lead, or a name, "female", "male", "both" where the lyrics ask for it.
    """

    text: str
    words: tuple[Word, ...]
    echo: tuple[Word, ...] = ()
    backing: bool = False
    language: str = "en"
    delivery: str = "sung"
    voice: str = ""

    @property
    def syllables(self) -> tuple[Syllable, ...]:
        """The lead's syllables, in order."""
        return tuple(syllable for word in self.words for syllable in word.syllables)


class LyricSection(msgspec.Struct, frozen=True, omit_defaults=True):
    """A section of the lyrics: its kind, the label people see, its lines and its local directives.

    ``directives`` are what stood in the tag besides the name, lower case: ``[Verse 2: whispered, half-time]`` gives
    ``("whispered", "half-time")``; ``[Guitar Solo]`` gives kind SOLO and ``("guitar",)``. No lines: instrumental.
    """

    kind: SectionKind
    label: str
    lines: tuple[Line, ...] = ()
    directives: tuple[str, ...] = ()


class Lyrics(msgspec.Struct, frozen=True, omit_defaults=True):
    """A whole lyric. ``notes`` says what was understood differently than written, in words for the user."""

    sections: tuple[LyricSection, ...]
    title: str = ""
    notes: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines in the order they are sung."""
        return tuple(line for section in self.sections for line in section.lines)
