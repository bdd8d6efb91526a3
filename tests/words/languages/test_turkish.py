import pytest

from descant.song.lyrics import SyllableClass
from descant.words.languages.ipa import NUCLEI, PHONES
from descant.words.languages.turkish import LANGUAGE, cardinal, lower

SOUNDS = {
    "aşk": "'a ʃ k",
    "seni": "s e|'n i",
    "seviyorum": "s e|'v i|j o|ɾ u m",
    "gece": "g e|'dʒ e",
    "güneş": "g y|'n e ʃ",
    "yıldız": "j ɯ l|'d ɯ z",
    "deniz": "d e|'n i z",
    "gözlerin": "g ø z|l e|'ɾ i n",
    "gönül": "g ø|'n y l",
    "dağ": "'d a",
    "dağlar": "d a|'l a ɾ",
    "değil": "d e|'i l",
    "eğlence": "e j|l e n|'dʒ e",
    "yağmur": "j a|'m u ɾ",
    "ağladım": "a|l a|'d ɯ m",
    "istanbul": "i s|'t a n|b u l",
    "ankara": "'a n|k a|ɾ a",
    "anne": "'a n|n e",
    "belki": "'b e l|k i",
    "şimdi": "'ʃ i m|d i",
    "hayat": "h a|'j a t",
    "kalbim": "k a l|'b i m",
    "rüzgâr": "ɾ y z|'g a ɾ",
    "türkçe": "'t y ɾ k|tʃ e",
    "çocuk": "tʃ o|'dʒ u k",
    "unutma": "u|'n u t|m a",
    "gitme": "'g i t|m e",
    "saat": "s a|'a t",
    "kırk": "'k ɯ ɾ k",
    "jale": "ʒ a|'l e",
    "ölüm": "ø|'l y m",
    "artık": "'a ɾ|t ɯ k",
    "gidiyorsun": "g i|'d i|j o ɾ|s u n",
    "kalbimde": "k a l|b i m|'d e",
}


def sounds(text: str) -> str:
    syllables = [syllable for word in LANGUAGE.words(text) for syllable in word.syllables]
    return "|".join("'" * (s.stress == 1) + " ".join(s.phones) for s in syllables)


@pytest.mark.parametrize("word", SOUNDS)
def test_words_have_their_sounds_and_stress(word: str) -> None:
    assert sounds(word) == SOUNDS[word]


def test_every_syllable_has_one_nucleus_and_known_sounds() -> None:
    for word in LANGUAGE.words("Gözlerin Hayat verir, Ağlama DEĞER Mİ? Yıldızların altında"):
        for syllable in word.syllables:
            assert sum(phone in NUCLEI for phone in syllable.phones) == 1
            assert set(syllable.phones) <= PHONES


def test_capital_i_is_written_in_two_ways() -> None:
    assert lower("IŞIK İSTANBUL") == "ışık istanbul"
    assert sounds("IŞIK") == "ɯ|'ʃ ɯ k"


def test_small_words_are_light_and_text_is_kept() -> None:
    line = LANGUAGE.words("sen ve ben, aşk!")
    assert [word.text for word in line] == ["sen", "ve", "ben,", "aşk!"]
    assert line[1].syllables[0].weight is SyllableClass.FUNCTION
    assert line[3].syllables[0].weight is SyllableClass.CONTENT


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "sıfır"),
        (10, "on"),
        (24, "yirmi dört"),
        (365, "üç yüz altmış beş"),
        (1999, "bin dokuz yüz doksan dokuz"),
        (2_000_000, "iki milyon"),
    ],
)
def test_numbers_are_said_in_turkish(number: int, said: str) -> None:
    assert cardinal(number) == said


def test_numbers_and_symbols_are_sung() -> None:
    assert [word.spoken for word in LANGUAGE.words("24 saat & 100%")] == ["yirmi dört", "saat", "ve", "yüz yüzde"]
