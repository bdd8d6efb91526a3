import pytest

from descant.song.lyrics import SyllableClass
from descant.words.languages.ipa import NUCLEI, PHONES
from descant.words.languages.russian import cardinal, words

SOUNDS = {
    "любовь": "lʲ ʊ|'b o fʲ",
    "люблю": "lʲ ʊ|'b lʲ u",
    "сердце": "'sʲ e r|ts ɨ",
    "солнце": "'s o n|ts ɨ",
    "ночь": "'n o tɕ",
    "жизнь": "'ʐ ɨ z nʲ",
    "душа": "d ʊ|'ʂ a",
    "звезда": "z vʲ ɪ|'z d a",
    "звёзды": "'z vʲ o|z d ɨ",
    "молоко": "m ɐ|l ɐ|'k o",
    "города": "g ɐ|r ɐ|'d a",
    "голос": "'g o|l ə s",
    "тебя": "tʲ ɪ|'bʲ a",
    "меня": "mʲ ɪ|'nʲ a",
    "моего": "m ə|j ɪ|'v o".replace("ə", "ɐ"),
    "что": "'ʂ t o",
    "конечно": "k ɐ|'nʲ e|ʂ n ə",
    "сегодня": "sʲ ɪ|'v o|d nʲ ə",
    "счастье": "'ɕː a|s tʲ j ɪ",
    "ещё": "j ɪ|'ɕː o",
    "её": "j ɪ|'j o",
    "друг": "'d r u k",
    "снег": "'s nʲ e k",
    "поезд": "'p o|j ɪ s t",
    "сделать": "'z dʲ e|l ə tʲ",
    "отдать": "ɐ d|'d a tʲ",
    "водка": "'v o t|k ə",
    "вокзал": "v ɐ g|'z a l",
    "легко": "lʲ ɪ x|'k o",
    "смеётся": "s mʲ ɪ|'j o ts|ts ə",
    "жена": "ʐ ɨ|'n a",
    "живу": "ʐ ɨ|'v u",
    "цирк": "'ts ɨ r k",
    "чьи": "'tɕ j i",
    "семья": "sʲ ɪ|'mʲ j a",
    "объект": "ɐ|'b j e k t",
    "большая": "b ɐ lʲ|'ʂ a|j ə",
    "берег": "'bʲ e|rʲ ɪ k",
    "хорошо": "x ɐ|r ɐ|'ʂ o",
}


def sounds(text: str) -> str:
    syllables = [syllable for word in words(text) for syllable in word.syllables]
    return "|".join("'" * (s.stress == 1) + " ".join(s.phones) for s in syllables)


@pytest.mark.parametrize("word", SOUNDS)
def test_words_have_their_stress_and_sounds(word: str) -> None:
    assert sounds(word) == SOUNDS[word]


def test_an_acute_and_yo_say_where_the_stress_is() -> None:
    assert sounds("за\u0301мок") == "'z a|m ə k"
    assert sounds("замо\u0301к") == "z ɐ|'m o k"
    assert sounds("вёсла") == "'vʲ o|s l ə"


def test_prepositions_without_a_vowel_join_the_word_after_them() -> None:
    line = words("в ночи с тобой к ней, если б")
    assert [word.text for word in line] == ["в ночи", "с тобой", "к ней,", "если б"]
    assert sounds("в саду") == "f s ɐ|'d u"
    assert sounds("в июле") == "v ɨ|'j u|lʲ ɪ"
    assert all(sum(p in NUCLEI for p in s.phones) == 1 for word in line for s in word.syllables)


def test_a_preposition_alone_is_still_sung() -> None:
    assert sounds("в")


def test_every_syllable_has_one_nucleus_and_known_sounds() -> None:
    text = "Расцветали яблони и груши, поплыли туманы над рекой. Взгляд, вздох, чувства: здравствуй, объятья!"
    for word in words(text):
        for syllable in word.syllables:
            assert sum(phone in NUCLEI for phone in syllable.phones) == 1
            assert set(syllable.phones) <= PHONES


def test_letters_of_syllables_join_to_the_word() -> None:
    for word in words("Расцветали смеётся сегодня здравствуй"):
        assert "".join(s.text for s in word.syllables) == word.text.lower()


def test_small_words_are_light() -> None:
    line = words("я и ты, ночь")
    assert [word.syllables[0].weight for word in line] == [SyllableClass.FUNCTION] * 3 + [SyllableClass.CONTENT]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "ноль"),
        (24, "двадцать четыре"),
        (100, "сто"),
        (365, "триста шестьдесят пять"),
        (2024, "две тысячи двадцать четыре"),
        (21_000, "двадцать одна тысяча"),
        (5_000_000, "пять миллионов"),
    ],
)
def test_numbers_are_said_in_russian(number: int, said: str) -> None:
    assert cardinal(number) == said


def test_numbers_and_symbols_are_sung() -> None:
    assert [word.spoken for word in words("24 часа & 100%")] == ["двадцать четыре", "часа", "и", "сто процентов"]
