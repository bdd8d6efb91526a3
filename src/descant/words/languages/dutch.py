"""Dutch: sounds by spelling within morphemes, the stress on the first root.

Sources: Gussenhoven 1999 (Handbook of the IPA, Dutch); a vowel in an open syllable is long, in a closed one short, and
endings and the prefixes ge-, be-, ver- have schwa. Final n is kept, as singers do.
"""

from functools import partial

from descant.words.languages import cardinals, germanic, numbers
from descant.words.languages.language import described
from descant.words.languages.spelled import Spelled

_ONSETS = frozenset(
    [f"{stop} {liquid}" for stop in ("p", "b", "f", "k", "x", "t", "d", "v", "w") for liquid in ("l", "r")]
    + ["k n", "k w", "t w", "d w", "z w", "s l", "s m", "s n", "s p", "s t", "s k", "s x", "s x r", "s p r", "s t r"]
    + ["s p l"]
) - {"t l", "d l", "w l"}

READ = Spelled(
    "nl",
    _ONSETS,
    partial(germanic.stressed, code="nl"),
    numbers.speaker("nl", cardinals.dutch, cardinals.dutch_year),
    respelled=partial(germanic.units_of, code="nl"),
)
LANGUAGE = described("nl", READ.words)
