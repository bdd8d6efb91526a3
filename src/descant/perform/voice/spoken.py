"""A line before and after a source has spoken it."""

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from descant.perform.voice.accents import PLAIN, Accent, Spelling, spell, spell_natively
from descant.perform.voice.phones import nucleus
from descant.song.lyrics import Syllable, Word

FRAME = 0.005
"""Seconds between frames of every source."""


@dataclass(frozen=True)
class SpokenSyllable:
    """What a source has to say for one syllable: phones in the common set, and whether it is stressed.

    ``accents`` say how each phone is sung otherwise than the source says it (none: as it is); ``carrier`` is the index
    of the phone that carries the note, or −1 for the first vowel. ``native`` are the language's own sounds in IPA, one
    a phone, for sources that speak it.
    """

    phones: tuple[str, ...]
    stressed: bool
    accents: tuple[Accent, ...] = ()
    carrier: int = -1
    native: tuple[str, ...] = ()

    @property
    def nucleus(self) -> int:
        """Index of the phone that carries the note."""
        return self.carrier if self.carrier >= 0 else nucleus(self.phones)


@dataclass(frozen=True)
class LineText:
    """A line as sounds: for each word its syllables. Two lines with equal sounds are the same line.

    ``language`` is the code of the line's language for sources that speak it, or "" for those that learned English.
    """

    words: tuple[tuple[SpokenSyllable, ...], ...]
    language: str = ""

    @property
    def phones(self) -> tuple[str, ...]:
        """All phones in order."""
        return tuple(p for word in self.words for syllable in word for p in syllable.phones)

    @property
    def accents(self) -> tuple[Accent, ...]:
        """How each phone is sung, in order."""
        syllables = (syllable for word in self.words for syllable in word)
        return tuple(accent for s in syllables for accent in s.accents or (PLAIN,) * len(s.phones))

    def key(self, source: str) -> str:
        """Return the name under which a source's reading of this line is stored."""
        spelled = "|".join(
            ".".join(" ".join(s.native or s.phones) + ("'" if s.stressed else "") for s in word) for word in self.words
        )
        named = f"{source} {self.language}" if self.language else source
        return blake2b(f"{named}\n{spelled}".encode(), digest_size=16).hexdigest()


def line_of(words: tuple[Word, ...], language: str = "en", source: str = "hts:slt") -> LineText:
    """Return the sounds of a phrase's words as a source says them.

    Parameters
    ----------
    language : BCP 47 code of the line. source : as a voice file names it; places of phones do not depend on it.
    """
    return LineText(
        tuple(tuple(_spoken(s, spell(s.phones, language, source)) for s in word.syllables) for word in words)
    )


def native_line_of(words: tuple[Word, ...], language: str) -> LineText:
    """Return the sounds of a phrase's words as a source that speaks their language says them."""
    syllables = (tuple(_spoken(s, spell_natively(s.phones, language)) for s in word.syllables) for word in words)
    return LineText(tuple(syllables), language.split("-")[0])


def _spoken(syllable: Syllable, spelling: Spelling) -> SpokenSyllable:
    return SpokenSyllable(spelling.phones, syllable.stress > 0, spelling.accents, spelling.nucleus, spelling.native)


@dataclass(frozen=True)
class SpokenLine:
    """A line as a source spoke it, already in the form the synthesiser takes.

    Attributes
    ----------
    phones : the phones spoken, without pauses, equal to the line's.
    starts, stops : int arrays (phones,), frames where each begins and ends.
    cepstra : float32 (frames, order + 1), mel-cepstrum of the amplitude envelope in nepers.
    pitch : float32 (frames,), the speech melody in cents above MIDI note 0, 0 where unvoiced.
    alpha : frequency warping of the mel-cepstrum.
    rate : sampling rate of the source in Hz; it knows nothing above half of it.
    """

    phones: tuple[str, ...]
    starts: NDArray[np.int32]
    stops: NDArray[np.int32]
    cepstra: NDArray[np.float32]
    pitch: NDArray[np.float32]
    alpha: float
    rate: int
