import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from descant.words.languages import codes, language, read
from descant.words.languages.ipa import NUCLEI, PHONES
from descant.words.lyrics import parse

SOUNDS = {
    ("el", "αγαπώ"): "a|ɣ a|'p o",
    ("el", "θάλασσα"): "'θ a|l a s|s a",
    ("el", "ουρανός"): "u|ɾ a|'n o s",
    ("el", "καρδιά"): "k a ɾ|ð i|'a",
    ("el", "μπορώ"): "b o|'ɾ o",
    ("uk", "любов"): "l j u|'b ɔ ʋ",
    ("uk", "серце"): "s ɛ r|'ts ɛ",
    ("uk", "зірка"): "z i r|'k a",
    ("uk", "їхати"): "j i|x a|'t ɪ",
    ("ar", "حبيبي"): "ħ a|'b i|b i",
    ("ar", "نور"): "'n u r",
    ("ar", "قلب"): "'q a|l a b",
    ("ar", "سلام"): "'s a|l a m",
    ("fa", "دوست"): "d u|'s a t",
    ("he", "אוהב"): "ʔ u|'h e v",
    ("he", "שלום"): "ʃ e|'l u m",
    ("th", "รัก"): "'ɾ a k",
    ("ka", "ზღვა"): "'z ɣ v a",
    ("bn", "আমি"): "'a|m i",
    ("sv", "kärlek"): "'k ɛ ɾ|l e k",
    ("sv", "hjärta"): "'h j ɛ ɾ|t a",
    ("fi", "rakkaus"): "'ɾ a k|k a|u s",
    ("fi", "yö"): "'y|ø",
    ("cs", "láska"): "'l a s|k a",
    ("cs", "srdce"): "'s r d ts e",
    ("cs", "řeka"): "'r ʒ e|k a",
    ("hu", "szerelem"): "'s ɛ|r ɛ|l ɛ m",
    ("hu", "éjszaka"): "'e j|s ɒ|k ɒ",
    ("ro", "dragoste"): "d ɾ a|'g o s|t e",
    ("ro", "suflet"): "'s u|f l e t",
    ("id", "cinta"): "'tʃ i n|t a",
    ("sw", "nakupenda"): "n a|k u|'p e n|d a",
    ("eo", "ĉielo"): "tʃ i|'e|l o",
    ("la", "caelum"): "'k ɛ|l u m",
}


def sounds(code: str, text: str) -> str:
    syllables = [syllable for word in language(code).words(text) for syllable in word.syllables]
    return "|".join("'" * (s.stress == 1) + " ".join(s.phones) for s in syllables)


@pytest.mark.parametrize(("code", "word"), SOUNDS)
def test_words_are_read_as_their_letters_say(code: str, word: str) -> None:
    assert sounds(code, word) == SOUNDS[code, word]


@pytest.mark.parametrize(
    "text",
    [
        "Σ' αγαπώ",
        "Ти ж мене підманула",
        "أحبك يا حبيبي",
        "אני אוהב",
        "ฉันรักเธอ",
        "ზღვა",
        "ভালোবাসি",
        "காதல்",
        "ሰላም",
        "ខ្ញុំ",
        "བོད",
    ],
)
def test_every_script_is_sung_with_one_nucleus_a_syllable(text: str) -> None:
    lyrics = parse(f"[Verse]\n{text}")
    (line,) = lyrics.lines
    assert "".join(word.text for word in line.words) == text.replace(" ", "")
    for syllable in line.syllables:
        assert sum(phone in NUCLEI for phone in syllable.phones) == 1
        assert set(syllable.phones) <= PHONES


def test_users_are_told_which_languages_are_read_as_best_as_can_be() -> None:
    lyrics = parse("[Verse]\nΣ' αγαπώ πολύ\nSilver river calling me home\nΜάτια μου")
    notes = [note for note in lyrics.notes if "Greek" in note]
    assert len(notes) == 1
    assert "as best as can be" in notes[0]
    assert not parse("[Verse]\nЯ люблю тебя").notes


def test_languages_that_share_a_script_are_told_apart_by_their_letters() -> None:
    lyrics = parse("[Verse]\nЯ люблю тебя\nЇї очі, мої зорі\nأحبك\nدوستت دارم چشم")
    assert [line.language for line in lyrics.lines] == ["ru", "uk", "ar", "fa"]


def test_digits_and_symbols_are_said_even_where_no_language_says_how() -> None:
    assert [word.text for word in language("el").words("24 ώρες & ١٢")] == ["24", "ώρες", "&", "١٢"]
    assert all(word.syllables for word in language("el").words("24 ώρες & ١٢"))


def test_latin_words_in_another_script_are_english() -> None:
    assert [word.spoken for word in read("σ' αγαπώ baby", "el")][-1] == "baby"


def test_every_code_has_a_language_with_names() -> None:
    for code in codes():
        assert language(code).code == code
        assert language(code).names or code == "und"


_TOKENS = st.sampled_from(
    [
        "love,",
        "σ'αγαπώ",
        "любовь!",
        "в ночи",
        "愛してる",
        "月光",
        "사랑해",
        "दिल",
        "ฉันรัก",
        "حبيبي",
        "אהבה",
        "ძალა",
        "காதல்",
        "aşk",
        "tình",
        "łódź",
        "été",
        "niño",
        "24",
        "&",
        "100%",
        "ヴァイオリン",
    ]
)


@settings(max_examples=40, deadline=None)
@given(st.lists(_TOKENS, min_size=1, max_size=6))
def test_mixed_lines_are_sung_word_for_word(tokens: list[str]) -> None:
    lyrics = parse("[Verse]\n" + " ".join(["sing", *tokens]))
    kept = "".join(word.text for line in lyrics.lines for word in line.words)
    assert [c for c in kept if c.isalpha()] == [c for c in "sing" + "".join(tokens) if c.isalpha()]
    for line in lyrics.lines:
        for syllable in line.syllables:
            if line.language == "en":
                assert syllable.phones
            else:
                assert sum(phone in NUCLEI for phone in syllable.phones) == 1
                assert set(syllable.phones) <= PHONES


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Seni seviyorum aşkım", "tr"),
        ("Yollar uzun gece karanlik", "tr"),
        ("Gel bana bir daha", "tr"),
        ("Đêm nay trăng sáng quá", "vi"),
        ("anh yêu em", "vi"),
        ("月亮代表我的心", "zh"),
        ("夜空に光る星", "ja"),
        ("보고 싶다", "ko"),
        ("दिल है छोटा सा", "hi"),
        ("Расцветали яблони", "ru"),
        ("أحبك", "ar"),
        ("ᏣᎳᎩ", "und"),
    ],
)
def test_lines_are_heard_in_their_language(text: str, code: str) -> None:
    assert parse(f"[Verse]\n{text}").lines[0].language == code
