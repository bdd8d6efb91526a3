"""The sounds of every language but English, as symbols of the International Phonetic Alphabet (2020 chart).

One symbol a phone, in Unicode's composed form (NFC): nasal vowels carry the tilde ("ɔ̃"), affricates are one phone
without a tie bar ("tʃ"), and a diphthong that singers hold as one vowel is one phone ("aʊ"). Only consonants are
marked long ("tː"): the note says how long a vowel is. Glides that share a nucleus's syllable are consonants here: "j",
"w", "ɥ", and in synalepha the short first or second vowel ("e̯", "a̯", "o̯").
"""

from descant.words.data import words_of

MONOPHTHONGS = frozenset(words_of("a ɐ ɑ ɒ æ ʌ ə ɜ ɝ ɤ e ɛ ɪ i ɨ ɯ o ɔ ø œ u ʊ ʉ y ʏ"))
NASAL_VOWELS = frozenset(words_of("ã ɐ̃ ɑ̃ ẽ ə̃ ɛ̃ ĩ ɪ̃ õ ɔ̃ œ̃ ũ ʊ̃"))
DIPHTHONGS = frozenset(words_of("aɪ aʊ eɪ oʊ ɔɪ ɔʏ ɛi œy ʌu"))
SYLLABIC_CONSONANTS = frozenset(words_of("m̩ n̩ ŋ̩ ɴ̩ l̩ r̩ s̩ ʃ̩"))
NUCLEI = MONOPHTHONGS | NASAL_VOWELS | DIPHTHONGS | SYLLABIC_CONSONANTS
"""Phones that make a syllable."""

GLIDES = frozenset(words_of("j w ɥ e̯ a̯ o̯"))
NASALS = frozenset(words_of("m n ɲ ŋ"))
LIQUIDS = frozenset(words_of("l ʎ ɫ r ɾ ɹ ʁ"))
STOPS = frozenset(words_of("p b t d k g"))
FRICATIVES = frozenset(words_of("f v θ ð s z ʃ ʒ ʂ ʐ ɕ ʑ ç ʝ x ɣ β h"))
AFFRICATES = frozenset(words_of("ts dz tʃ dʒ tɕ dʑ tʂ dʐ pf"))
CONSONANTS = GLIDES | NASALS | LIQUIDS | STOPS | FRICATIVES | AFFRICATES
PALATALISED = frozenset(words_of("bʲ dʲ fʲ gʲ kʲ lʲ mʲ nʲ pʲ rʲ sʲ tʲ vʲ xʲ zʲ"))
ASPIRATED = frozenset(words_of("pʰ tʰ kʰ ʈʰ tsʰ tʃʰ tɕʰ tʂʰ bʱ dʱ gʱ ɖʱ dʒʱ ɽʱ"))
TENSE = frozenset(words_of("p͈ t͈ k͈ s͈ ɕ͈ tɕ͈"))
LONG = frozenset(words_of("pː tː kː bː dː gː fː sː ɕː ʃː vː zː ɸː tsː tʃː tɕː dzː dʒː dʑː çː hː lː ʎː rː mː nː ɲː"))
OTHERS = frozenset(words_of("ɒ̯ ə̯ ɤ̯ ɔ̯ ɛ̯ ɯ̯ ɰ ʔ ɸ ɦ ʋ q ʈ ɖ ɳ ɽ c ɟ χ ħ ʍ"))
PHONES = NUCLEI | CONSONANTS | PALATALISED | ASPIRATED | TENSE | LONG | OTHERS
"""Every phone that languages give."""


def is_nucleus(phone: str) -> bool:
    """Return whether a phone makes a syllable."""
    return phone in NUCLEI
