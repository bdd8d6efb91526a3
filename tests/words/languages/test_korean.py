import pytest

from descant.song.lyrics import SyllableClass
from descant.words.languages.ipa import NUCLEI, PHONES
from descant.words.languages.korean import cardinal, words

SOUNDS = {
    "사랑": "s a|ɾ a ŋ",
    "마음": "m a|ɯ m",
    "하늘": "h a|n ɯ l",
    "바다": "p a|d a",
    "별": "p j ʌ l",
    "꽃": "k͈ o t",
    "꽃이": "k͈ o|tɕʰ i",
    "옷이": "o|ɕ i",
    "음악": "ɯ|m a k",
    "음악이": "ɯ|m a|g i",
    "한국어": "h a n|g u|g ʌ",
    "국물": "k u ŋ|m u l",
    "합니다": "h a m|n i|d a",
    "있는": "i n|n ɯ n",
    "있어": "i|s͈ ʌ",
    "신라": "ɕ i l|l a",
    "설날": "s ʌ l|l a l",
    "종로": "tɕ o ŋ|n o",
    "독립": "t o ŋ|n i p",
    "좋아": "tɕ o|a",
    "좋다": "tɕ o|tʰ a",
    "많이": "m a|n i",
    "많다": "m a n|tʰ a",
    "입학": "i|pʰ a k",
    "같이": "k a|tɕʰ i",
    "굳이": "k u|dʑ i",
    "읽어": "i l|g ʌ",
    "값이": "k a p|s͈ i",
    "앉아": "a n|dʑ a",
    "학교": "h a k|k͈ j o",
    "식당": "ɕ i k|t͈ a ŋ",
    "빨리": "p͈ a l|l i",
    "시간": "ɕ i|g a n",
    "의사": "ɰ i|s a",
    "희망": "h i|m a ŋ",
    "오늘밤": "o|n ɯ l|b a m",
    "괜찮아": "k w ɛ n|tɕʰ a|n a",
    "싶어": "ɕ i|pʰ ʌ",
    "없이": "ʌ p|s͈ i",
}


def sounds(text: str) -> str:
    return "|".join(" ".join(s.phones) for word in words(text) for s in word.syllables)


@pytest.mark.parametrize("word", SOUNDS)
def test_blocks_sound_as_their_neighbours_make_them(word: str) -> None:
    heard = sounds(word).replace("ɕ͈", "s͈")
    assert heard == SOUNDS[word]


def test_a_syllable_a_block_with_one_nucleus() -> None:
    line = words("보고 싶다, 너를 사랑해 너무 많이…")
    assert [len(word.syllables) for word in line] == [2, 2, 2, 3, 2, 2]
    for word in line:
        for syllable in word.syllables:
            assert sum(phone in NUCLEI for phone in syllable.phones) == 1
            assert set(syllable.phones) <= PHONES


def test_words_begin_with_weight_and_small_words_have_none() -> None:
    line = words("난 사랑")
    assert line[0].syllables[0].weight is SyllableClass.FUNCTION
    assert [s.weight for s in line[1].syllables] == [SyllableClass.CONTENT, SyllableClass.SECONDARY]


def test_words_are_as_written() -> None:
    assert [word.text for word in words("“사랑해”, 너를! ㅋㅋ")] == ["“사랑해”,", "너를!", "ㅋㅋ"]


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "영"), (10, "십"), (24, "이십사"), (100, "백"), (365, "삼백육십오"), (1234, "천이백삼십사"), (20_000, "이만")],
)
def test_numbers_are_said_in_korean(number: int, said: str) -> None:
    assert cardinal(number) == said


def test_numbers_and_symbols_are_sung() -> None:
    assert [word.spoken for word in words("24 100% & 3:30")] == ["이십사", "백 퍼센트", "앤드", "세 시 삼십 분"]
