import pytest

from descant.words.languages.ipa import NUCLEI, PHONES
from descant.words.languages.vietnamese import cardinal, words

SOUNDS = {
    "yêu": "j e w1", "em": "ɛ m1", "anh": "a ŋ1", "đêm": "d e m1", "nay": "n a j1", "nhớ": "ɲ ɤ2", "trời": "tɕ ɤ j4",
    "mưa": "m ɯ ə̯1", "biển": "b j e n3", "tình": "t i ŋ4", "người": "ŋ ɯ ɤ̯ j4", "khóc": "x ɔ k2", "cười": "k ɯ ɤ̯ j4",
    "quê": "k w e1", "hương": "h ɯ ɤ̯ ŋ1", "hoa": "h w a1", "thương": "tʰ ɯ ɤ̯ ŋ1", "mùa": "m u ə̯4", "xuân": "s w ə n1",
    "giấc": "z ə k2", "mộng": "m o ŋ4", "chờ": "tɕ ɤ4", "đợi": "d ɤ j4", "mãi": "m a j2", "nước": "n ɯ ɤ̯ k2",
    "mắt": "m a t2",
    "sông": "s o ŋ1", "núi": "n u j2", "phố": "f o2", "gió": "z ɔ2", "lá": "l a2", "buồn": "b u o̯ n4",
}  # fmt: skip


@pytest.mark.parametrize("word", SOUNDS)
def test_a_word_is_a_syllable_with_its_tone(word: str) -> None:
    (read,) = words(word)
    (syllable,) = read.syllables
    assert " ".join(syllable.phones) + str(syllable.tone) == SOUNDS[word]


def test_every_syllable_has_one_nucleus_and_known_sounds() -> None:
    for word in words("Đêm nay em nhớ anh nhiều lắm, khuya rồi! Nghe tiếng mưa rơi, quý, gì, uyên"):
        (syllable,) = word.syllables
        assert sum(phone in NUCLEI for phone in syllable.phones) == 1
        assert set(syllable.phones) <= PHONES


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "không"), (10, "mười"), (24, "hai mươi bốn"), (105, "một trăm lẻ năm"), (2024, "hai nghìn hai mươi bốn")],
)
def test_numbers_are_said_in_vietnamese(number: int, said: str) -> None:
    assert cardinal(number) == said


def test_numbers_and_symbols_are_sung() -> None:
    assert [word.spoken for word in words("24 & 100%")] == ["hai mươi bốn", "và", "một trăm phần trăm"]
