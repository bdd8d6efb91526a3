import pytest

from descant.song.lyrics import SyllableClass
from descant.words.languages.ipa import NUCLEI, PHONES
from descant.words.languages.japanese import cardinal, words
from descant.words.lyrics import parse

SOUNDS = {
    "さくら": "s a|k ɯ|ɾ a",
    "ひと": "ç i|t o",
    "ふゆ": "ɸ ɯ|j ɯ",
    "つき": "ts ɯ|k i",
    "ちから": "tɕ i|k a|ɾ a",
    "しずく": "ɕ i|dz ɯ|k ɯ",
    "じかん": "dʑ i|k a|ɴ̩",
    "にじ": "ɲ i|dʑ i",
    "きょう": "k j o|o",
    "しゃしん": "ɕ a|ɕ i|ɴ̩",
    "ちょっと": "tɕ o|o|tː o",
    "がっこう": "g a|a|kː o|o",
    "さんぽ": "s a|m̩|p o",
    "てんき": "t e|ŋ̩|k i",
    "はんたい": "h a|n̩|t a|i",
    "コーヒー": "k o|o|ç i|i",
    "ファン": "ɸ a|ɴ̩",
    "ティー": "t i|i",
    "ヴァイオリン": "b a|i|o|ɾ i|ɴ̩",
    "みんな": "m i|n̩|n a",
    "きって": "k i|i|tː e",
    "ざっし": "dz a|a|ɕː i",
    "りょこう": "ɾ j o|k o|o",
    "ひゃく": "ç a|k ɯ",
    "ぎゅっと": "g j ɯ|ɯ|tː o",
    "まって": "m a|a|tː e",
    "わたし": "w a|t a|ɕ i",
    "やみ": "j a|m i",
    "えいえん": "e|i|e|ɴ̩",
    "そら": "s o|ɾ a",
    "ぜんぶ": "dz e|m̩|b ɯ",
    "チェック": "tɕ e|e|kː ɯ",
    "パーティー": "p a|a|t i|i",
    "ゆめ": "j ɯ|m e",
}

READINGS = {
    "夜空に光る星": "よぞら に ひかる ほし",
    "今日は雨が降っていた": "きょう は あめ が ふっていた",
    "君の名は": "きみ の な は",
    "一人で歩いた道": "ひとり で あるいた みち",
    "東京へ行く": "とうきょう へ いく",
    "愛してる": "あいしてる",
    "涙を拭いて": "なみだ を ふいて",
    "風になる": "かぜ に なる",
    "心の声": "こころ の こえ",
    "未来": "みらい",
}


def sounds(text: str) -> str:
    return "|".join(" ".join(s.phones) for word in words(text) for s in word.syllables)


@pytest.mark.parametrize("kana", SOUNDS)
def test_kana_are_sung_mora_by_mora(kana: str) -> None:
    assert sounds(kana) == SOUNDS[kana]


@pytest.mark.parametrize("text", READINGS)
def test_chinese_characters_are_read_in_their_words(text: str) -> None:
    assert " ".join(word.spoken for word in words(text)) == READINGS[text]


def test_particles_are_said_as_they_sound_and_carry_no_weight() -> None:
    line = words("私は東京へ花を買いに行く")
    said = {word.text: word.syllables[0] for word in line}
    assert said["は"].phones == ("w", "a")
    assert said["へ"].phones == ("e",)
    assert said["を"].phones == ("o",)
    assert {said[p].weight for p in ("は", "へ", "を", "に")} == {SyllableClass.FUNCTION}
    assert line[0].syllables[0].weight is SyllableClass.CONTENT


def test_long_vowels_nasals_and_small_tsu_are_light_morae_of_their_own() -> None:
    syllables = words("がっこう")[0].syllables
    assert [s.text for s in syllables] == ["が", "っ", "こ", "う"]
    assert syllables[1].weight is SyllableClass.UNSTRESSED


def test_a_line_counts_its_morae() -> None:
    assert sum(len(word.syllables) for word in words("夜空に光る星を見上げて")) == 3 + 1 + 3 + 2 + 1 + 4
    assert sum(len(word.syllables) for word in words("古池や蛙飛び込む水の音")) == 17


def test_every_mora_has_one_nucleus_and_known_sounds() -> None:
    for word in words("あんなに頑張って、ちょっとキャンディーを「ヴァイオリン」で！"):
        for syllable in word.syllables:
            assert sum(phone in NUCLEI for phone in syllable.phones) == 1
            assert set(syllable.phones) <= PHONES


def test_words_are_as_written_with_their_punctuation() -> None:
    text = "「ずっと一緒にいようね」、２４時…"
    assert "".join(word.text for word in words(text)) == text


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "ゼロ"),
        (7, "なな"),
        (10, "じゅう"),
        (24, "にじゅうよん"),
        (100, "ひゃく"),
        (300, "さんびゃく"),
        (365, "さんびゃくろくじゅうご"),
        (1000, "せん"),
        (2024, "にせんにじゅうよん"),
        (10_000, "いちまん"),
    ],
)
def test_numbers_are_said_in_japanese(number: int, said: str) -> None:
    assert cardinal(number) == said


def test_numbers_with_their_counters_and_symbols_are_sung() -> None:
    assert [word.spoken for word in words("24時 100% & 3.5")] == [
        "にじゅうよん",
        "じ",
        "ひゃく",
        "ぱーせんと",
        "あんど",
        "さんてんご",
    ]


def test_no_character_is_left_out() -> None:
    assert sum(len(word.syllables) for word in words("人々 龘")) >= 5


def test_furigana_say_how_a_word_is_read_and_are_not_sung_twice() -> None:
    (line,) = parse("[Verse]\n笑う理由(わけ)を運命（さだめ）と呼ぶ").lines
    assert not line.echo
    spoken = {word.text: word.spoken for word in line.words}
    assert spoken["理由《わけ》"] == "わけ"
    assert spoken["運命《さだめ》"] == "さだめ"


def test_words_in_parentheses_after_a_space_are_still_backing_vocals() -> None:
    (line,) = parse("[Verse]\n会いたい今すぐに (ずっと)").lines
    assert [word.spoken for word in line.echo] == ["ずっと"]
