"""English: the lexicon's reading of a whole line, and the same in IPA for English words in other languages' lines."""

import msgspec
from anyascii import anyascii

from descant.song.lyrics import Syllable, Word
from descant.words import lexicon
from descant.words.data import load, words_of
from descant.words.languages.language import Language

_IPA = {
    "aa": "ɑ", "ae": "æ", "ah": "ʌ", "ao": "ɔ", "aw": "aʊ", "ax": "ə", "axr": "ɝ", "ay": "aɪ", "eh": "ɛ", "er": "ɝ",
    "ey": "eɪ", "ih": "ɪ", "iy": "i", "ow": "oʊ", "oy": "ɔɪ", "uh": "ʊ", "uw": "u", "ch": "tʃ", "dh": "ð", "hh": "h",
    "jh": "dʒ", "ng": "ŋ", "r": "ɹ", "sh": "ʃ", "th": "θ", "y": "j", "zh": "ʒ",
}  # fmt: skip
"""CMU phones that are written otherwise in IPA; the rest are the same letter."""

_JOINTS = words_of(
    "and but or so because 'cause when while where if though although that than 'till 'til until as like with "
    "without for from into to in on at by through before after since who which what how"
)


def words(text: str) -> tuple[Word, ...]:
    """Return the words of an English line with their CMU phones; tokens without anything sayable are left out."""
    written = [(token, plain) for token in text.split() if lexicon.can_say(plain := _plain(token))]
    tokens = [plain for _, plain in written]
    return tuple(
        msgspec.structs.replace(
            lexicon.word(plain, before=tokens[max(0, i - 3) : i], after=tokens[i + 1 : i + 3]), text=token
        )
        for i, (token, plain) in enumerate(written)
    )


def _plain(token: str) -> str:
    """Return a token that the lexicon can say: letters it does not know ("ħ") as the nearest it does."""
    if lexicon.can_say(token) or not any(character.isalpha() for character in token):
        return token
    return anyascii(token)


def in_ipa(text: str) -> tuple[Word, ...]:
    """Return the words of some English text with IPA phones, to stand in a line of another language."""
    return tuple(
        msgspec.structs.replace(word, syllables=tuple(_ipa(syllable) for syllable in word.syllables))
        for word in words(text)
    )


def _ipa(syllable: Syllable) -> Syllable:
    return msgspec.structs.replace(syllable, phones=tuple(_IPA.get(phone, phone) for phone in syllable.phones))


LANGUAGE = Language(
    "en",
    ("english", "inglés", "anglais", "inglese", "inglês", "englisch", "engels", "angielski"),
    words,
    frozenset(words_of(load("english/words.toml")["function"])),
    frozenset(_JOINTS),
    frozenset(load("english/pronunciations.toml")["vocables"]),
)
