import pytest

from descant.song.lyrics import SyllableClass
from descant.words.languages.hindi import LANGUAGE, cardinal
from descant.words.languages.ipa import NUCLEI, PHONES

SOUNDS = {
    "दिल": "d ɪ l",
    "प्यार": "p j a ɾ",
    "इश्क़": "ɪ ʃ q",
    "मोहब्बत": "m o|ɦ ə b|b ə t",
    "ज़िंदगी": "z ɪ n|d ə|g i",
    "सपना": "s ə p|n a",
    "सपने": "s ə p|n e",
    "आँखें": "ã|kʰ ẽ",
    "चाँद": "tʃ ã d",
    "रात": "ɾ a t",
    "बारिश": "b a|ɾ ɪ ʃ",
    "लड़की": "l ə ɽ|k i",
    "कमल": "k ə|m ə l",
    "नमक": "n ə|m ə k",
    "नमकीन": "n ə m|k i n",
    "तेरा": "t e|ɾ a",
    "मेरे": "m e|ɾ e",
    "हम": "ɦ ə m",
    "तुम": "t ʊ m",
    "मैं": "m ɛ̃",
    "हूँ": "ɦ ũ",
    "यहाँ": "j ə|ɦ ã",
    "सूरज": "s u|ɾ ə dʒ",
    "धरती": "dʱ ə ɾ|t i",
    "आसमान": "a s|m a n",
    "बादल": "b a|d ə l",
    "पागल": "p a|g ə l",
    "साथ": "s a tʰ",
    "हमदम": "ɦ ə m|d ə m",
    "मित्र": "m ɪ t|ɾ ə",
    "संगीत": "s ə ŋ|g i t",
    "अंबर": "ə m|b ə ɾ",
    "घर": "gʱ ə ɾ",
    "झूठ": "dʒʱ u ʈʰ",
    "वह": "ʋ o",
    "कृष्ण": "k ɾ ɪ ʃ|ɳ ə",
    "शाम": "ʃ a m",
    "ख़्वाब": "x ʋ a b",
}


def sounds(text: str) -> str:
    return "|".join(" ".join(s.phones) for word in LANGUAGE.words(text) for s in word.syllables)


@pytest.mark.parametrize("word", SOUNDS)
def test_words_have_their_sounds(word: str) -> None:
    assert sounds(word) == SOUNDS[word]


@pytest.mark.parametrize(("word", "place"), [("आसमान", 0), ("बादल", 0), ("दीवाना", 1), ("मोहब्बत", 1), ("सपना", 0)])
def test_the_heaviest_syllable_is_stressed(word: str, place: int) -> None:
    (read,) = LANGUAGE.words(word)
    assert [s.stress for s in read.syllables].index(1) == place


def test_every_syllable_has_one_nucleus_and_known_sounds_and_letters_are_kept() -> None:
    for word in LANGUAGE.words("तुझे देखा तो ये जाना सनम, प्यार होता है दीवाना सनम। ॐ दुःख राष्ट्र"):
        assert word.text
        for syllable in word.syllables:
            assert sum(phone in NUCLEI for phone in syllable.phones) == 1
            assert set(syllable.phones) <= PHONES
        assert "".join(s.text for s in word.syllables) == word.text.strip(",।")


def test_small_words_are_light() -> None:
    line = LANGUAGE.words("दिल का चाँद")
    assert [word.syllables[0].weight for word in line] == [
        SyllableClass.CONTENT,
        SyllableClass.FUNCTION,
        SyllableClass.CONTENT,
    ]


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "शून्य"), (24, "चौबीस"), (49, "उनचास"), (79, "उनासी"), (99, "निन्यानवे"), (150_000, "एक लाख पचास हज़ार")],
)
def test_numbers_are_said_in_hindi(number: int, said: str) -> None:
    assert cardinal(number) == said


def test_numbers_in_either_digits_and_symbols_are_sung() -> None:
    assert [word.spoken for word in LANGUAGE.words("२४ 24 & 100%")] == ["चौबीस", "चौबीस", "और", "एक सौ प्रतिशत"]
