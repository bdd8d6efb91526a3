"""The sounds of every language but English, as symbols of the International Phonetic Alphabet (2020 chart).

One symbol a phone, in Unicode's composed form (NFC): nasal vowels carry the tilde ("ɔ̃"), affricates are one phone
without a tie bar ("tʃ"), and a diphthong that singers hold as one vowel is one phone ("aʊ"). Length is not marked: the
note says how long a vowel is. Glides that share a nucleus's syllable are consonants here: "j", "w", "ɥ", and in
synalepha the short first or second vowel ("e̯", "a̯", "o̯").
"""

from descant.words.data import words_of

MONOPHTHONGS = frozenset(words_of("a ɐ ɑ æ ʌ ə ɜ ɝ ɤ e ɛ ɪ i ɨ ɯ o ɔ ø œ u ʊ y ʏ"))
NASAL_VOWELS = frozenset(words_of("ã ɐ̃ ɑ̃ ẽ ɛ̃ ĩ õ ɔ̃ œ̃ ũ"))
DIPHTHONGS = frozenset(words_of("aɪ aʊ eɪ oʊ ɔɪ ɔʏ ɛi œy ʌu"))
SYLLABIC_CONSONANTS = frozenset(words_of("m̩ n̩ l̩ r̩ s̩ ʃ̩"))
NUCLEI = MONOPHTHONGS | NASAL_VOWELS | DIPHTHONGS | SYLLABIC_CONSONANTS
"""Phones that make a syllable."""

GLIDES = frozenset(words_of("j w ɥ e̯ a̯ o̯"))
NASALS = frozenset(words_of("m n ɲ ŋ"))
LIQUIDS = frozenset(words_of("l ʎ ɫ r ɾ ɹ ʁ"))
STOPS = frozenset(words_of("p b t d k g"))
FRICATIVES = frozenset(words_of("f v θ ð s z ʃ ʒ ʂ ʐ ɕ ʑ ç ʝ x ɣ β h"))
AFFRICATES = frozenset(words_of("ts dz tʃ dʒ tɕ dʑ tʂ dʐ pf"))
CONSONANTS = GLIDES | NASALS | LIQUIDS | STOPS | FRICATIVES | AFFRICATES
PHONES = NUCLEI | CONSONANTS
"""Every phone the languages with a module of rules give; others may add to the sets above."""


def is_nucleus(phone: str) -> bool:
    """Return whether a phone makes a syllable."""
    return phone in NUCLEI
