import pytest

from descant.song.lyrics import SyllableClass
from descant.words.languages.ipa import NUCLEI, PHONES
from descant.words.languages.mandarin import cardinal, words

SOUNDS = {
    "爱": "aɪ4", "我": "w o3", "你": "n i3", "月": "ɥ ɛ4", "亮": "l j ɑ ŋ4","天": "tʰ j ɛ n1", "空": "kʰ ʊ ŋ1",
    "心": "ɕ i n1", "雨": "y3", "去": "tɕʰ y4", "女": "n y3", "绿": "l y4", "花": "x w a1", "知": "tʂ ɨ1",
    "是": "ʂ ɨ4", "日": "ʐ ɨ4", "四": "s ɨ4", "春": "tʂʰ w ə n1", "归": "k w eɪ1", "流": "l j oʊ2", "风": "f ə ŋ1",
    "云": "y n2", "永": "j ʊ ŋ3", "光": "k w ɑ ŋ1", "二": "ɝ4", "歌": "k ɤ1", "波": "p w o1", "元": "ɥ ɛ n2",
    "翁": "w ə ŋ1", "快": "kʰ w aɪ4", "白": "p aɪ2", "草": "tsʰ aʊ3", "手": "ʂ oʊ3", "学": "ɕ ɥ ɛ2", "军": "tɕ y n1",
    "嗯": "n̩", "王": "w ɑ ŋ2", "要": "j aʊ4",
}  # fmt: skip


def sounds(text: str) -> list[str]:
    return [" ".join(s.phones) + (str(s.tone)) for word in words(text) for s in word.syllables]


def tones(text: str) -> list[int]:
    return [s.tone for word in words(text) for s in word.syllables]


@pytest.mark.parametrize("character", SOUNDS)
def test_a_character_has_its_sounds_and_tone(character: str) -> None:
    assert sounds(character)[0].startswith(SOUNDS[character])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("银行的音乐", [2, 2, 5, 1, 4]),
        ("你好", [2, 3]),
        ("不是", [2, 4]),
        ("一起", [4, 3]),
        ("妈妈", [1, 5]),
        ("长大", [3, 4]),
        ("东西", [1, 5]),
        ("月亮", [4, 5]),
        ("快乐", [4, 4]),
    ],
)
def test_readings_follow_the_word_and_tones_their_neighbours(text: str, expected: list[int]) -> None:
    assert tones(text)[: len(expected)] == expected


def test_a_syllable_a_character_and_one_nucleus_each() -> None:
    text = "月亮代表我的心，轻轻的一个吻已经打动我的心"
    syllables = [s for word in words(text) for s in word.syllables]
    assert len(syllables) == 20
    for syllable in syllables:
        assert sum(phone in NUCLEI for phone in syllable.phones) == 1
        assert set(syllable.phones) <= PHONES


def test_words_are_as_written_with_their_punctuation() -> None:
    text = "「我爱你」，永远！ 再见…"
    assert "".join(word.text for word in words(text)) == text.replace(" ", "")


def test_small_words_are_light() -> None:
    of_me = [s.weight for word in words("我的") for s in word.syllables]
    assert of_me[-1] in (SyllableClass.FUNCTION, SyllableClass.UNSTRESSED)


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "零"), (12, "十二"), (20, "二十"), (105, "一百零五"), (110, "一百一十"), (200, "二百"),
     (1234, "一千二百三十四"), (2000, "两千"), (10_000, "一万"), (10_010, "一万零一十"), (120_000_000, "一亿两千万")],
)  # fmt: skip
def test_numbers_are_said_in_chinese(number: int, said: str) -> None:
    assert cardinal(number) == said


def test_digits_symbols_and_years_are_sung() -> None:
    assert [word.spoken for word in words("24小时 1999年 100% & 3.5")] == [
        "二十四", "小", "时", "一九九九", "年", "百分之一百", "和", "三点五",
    ]  # fmt: skip


def test_rare_characters_and_repetition_marks_are_never_left_out() -> None:
    assert len(sounds("人々𠀋龘")) == 4
