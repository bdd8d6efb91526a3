"""German: sounds by spelling within morphemes, the stress on the first root.

Sources: Kohler 1999 (Handbook of the IPA, German); schwa syllables and vowel length follow the spelling: a single
consonant lengthens the vowel before it, two shorten it. Prefixes be-, ge-, ver- … are unstressed.
"""

from functools import partial

from descant.words.languages import cardinals, germanic, numbers
from descant.words.languages.language import described
from descant.words.languages.spelled import Spelled

_ONSETS = frozenset(
    [f"{stop} {liquid}" for stop in ("p", "b", "f", "k", "g", "t", "d", "pf", "v") for liquid in ("l", "ʁ")]
    + ["k n", "g n", "k v", "ts v", "ʃ l", "ʃ m", "ʃ n", "ʃ v", "ʃ ʁ", "ʃ p", "ʃ t", "ʃ p ʁ", "ʃ t ʁ", "ʃ p l", "s k"]
) - {"t l", "d l", "v l"}

READ = Spelled(
    "de",
    _ONSETS,
    partial(germanic.stressed, code="de"),
    numbers.speaker("de", cardinals.german, cardinals.german_year),
    respelled=partial(germanic.units_of, code="de"),
)
LANGUAGE = described("de", READ.words)
