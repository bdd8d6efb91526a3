"""Italian: sounds by spelling; stress by accent, by ending, or by the list in the data file.

Sources: Bertinetto & Loporcaro 2005 (The sound pattern of Standard Italian, JIPA 35) for sounds and doubled consonants;
the default of the last syllable but one and the endings that throw it back are school grammar.
"""

from collections.abc import Sequence

from descant.song.lyrics import Word
from descant.words.languages import cardinals, numbers
from descant.words.languages.language import described, words_in
from descant.words.languages.spelled import Spelled
from descant.words.languages.stresses import at, last_accented
from descant.words.languages.syllables import Sung
from descant.words.languages.synalepha import merged

_ONSETS = frozenset(
    [f"{stop} {liquid}" for stop in ("p", "b", "f", "k", "g", "v") for liquid in ("l", "r")]
    + ["t r", "d r", "p s", "p n"]
    + [f"s {one}" for one in ("p", "t", "k", "f", "p r", "t r", "k r", "p l", "k l", "f r")]
    + [f"z {one}" for one in ("b", "d", "g", "v", "m", "n", "l", "r", "b r", "d r", "g r")]
)


def _stress(word: str, syllables: Sequence[Sung]) -> list[Sung]:
    """Return the stress: accent, else the last before a final glide, else what the ending tells, else penult."""
    accented = last_accented(syllables, "àèéìíòóùú")
    if accented is not None:
        return at(syllables, accented)
    if word.endswith(("ai", "ei", "oi")):
        return at(syllables, len(syllables) - 1)
    back = len(syllables) > 2 and word not in words_in("it", "penult")
    back = back and word.endswith(tuple(words_in("it", "antepenult_endings"))) and not word.endswith("iano")
    if word.endswith("mente") and len(syllables) > 3:
        return at(syllables, len(syllables) - 2, secondary=_stem(word[:-5], syllables[:-2]))
    return at(syllables, len(syllables) - (3 if back else 2))


def _stem(word: str, syllables: Sequence[Sung]) -> int:
    return next(i for i, syllable in enumerate(_stress(word, syllables)) if syllable.stress == 1)


def _between(words: tuple[Word, ...]) -> tuple[Word, ...]:
    return merged(words, words_in("it", "function"))


READ = Spelled("it", _ONSETS, _stress, numbers.speaker("it", cardinals.italian), _between)
LANGUAGE = described("it", READ.words)
