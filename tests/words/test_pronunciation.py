import pytest

from descant.edit import wording
from descant.song.document import WordTime
from descant.song.lyrics import Word
from descant.words import fields, pronunciation, timing
from descant.words.data import load
from descant.words.lyrics import parse
from descant.words.phones import CONSONANTS, VOWELS


def line_of(text: str, language: str = "") -> tuple[Word, ...]:
    return parse(text, language=language).lines[0].words


def sounds(word: Word) -> str:
    marks = {0: "", 1: "'", 2: ","}
    return " | ".join(marks[syllable.stress] + " ".join(syllable.phones) for syllable in word.syllables)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("liːd", "'l iy d"),
        ("/lid/", "'l iy d"),
        ("lɛd", "'l eh d"),
        ("shivawn", "'sh ih | v ao n"),
        ("shi-VAWN", "sh iy | 'v ao n"),
        ("ʃɪˈvɔːn", "sh ih | 'v ao n"),
        ("kəmpjˈuːtə", "k ax m | 'p y uw | t ax"),
        ("ˌkæl.ɪˈfɔːr.njə", ",k ae l | ih | 'f ao r | n y ax"),
        ("ˈɹɪðm̩", "'r ih | dh ax m"),
        ("ˈt͡ʃɜːrtʃ", "'ch er ch"),
        ("bɔ̃ʒuʁ", "'b ow n | zh uw r"),
    ],
)
def test_english_words_are_said_as_asked(said: str, expected: str) -> None:
    assert sounds(line_of(f"Never {{lead|{said}}} me there")[1]) == expected


def test_the_written_word_is_what_people_read() -> None:
    line = parse("Oh {Siobhan|ʃɪˈvɔːn}, *{lead|liːd}* me on (oh {lead|liːd})").lines[0]
    assert line.text == "Oh Siobhan, lead me on"
    assert [word.text for word in line.words] == ["Oh", "Siobhan,", "lead", "me", "on"]
    assert [word.text for word in line.echo] == ["oh", "lead"]
    assert [syllable.text for syllable in line.words[1].syllables] == ["Siob", "han"]
    assert line.words[2].syllables[0].weight == "S"
    assert all("{" not in word.text for word in (*line.words, *line.echo))


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("{Siobhan|shivawn}'s", "'sh ih | v ao n z"),
        ("{Max|mæks}’s", "'m ae k | s ax z"),
        ("{lead|liːd}ing", "'l iy d | 'ih ng"),
        ("({lead|liːd})", "'l iy d"),
        ("“{lead|liːd}!”", "'l iy d"),
    ],
)
def test_what_stands_beside_a_field_is_said_with_it(token: str, expected: str) -> None:
    assert sounds(line_of(token)[0]) == expected


def test_several_written_words_may_have_one_pronunciation() -> None:
    words = line_of("From {San José|sæn hoʊˈzeɪ} with love")
    assert [word.text for word in words] == ["From", "San José", "with", "love"]
    assert sounds(words[1]) == "s ae n | hh ow | 'z ey"


def test_a_sign_without_letters_can_be_said() -> None:
    words = line_of("I {♥|lʌv} you so")
    assert [word.text for word in words] == ["I", "♥", "you", "so"]
    assert sounds(words[1]) == "'l ah v"


@pytest.mark.parametrize(
    ("text", "language", "place", "expected"),
    [
        ("La {lune|/lyn/} brille sur la mer", "fr", 1, "'l y n"),
        ("La belle {Siobhan|chivône} dans la nuit", "fr", 2, "ʃ i | 'v o n"),
        ("Расцветали {яблони|ˈjabɫənʲɪ} и груши", "ru", 1, "'j a | b ɫ ə | nʲ ɪ"),
        ("夜空に{光|çika}る星", "ja", 2, "'ç i | k a"),
        ("{Zürich|ˈtsyːʁɪç} bei der Nacht und dem Mond", "de", 0, "'ts y | ʁ ɪ ç"),
    ],
)
def test_other_languages_take_their_ipa(text: str, language: str, place: int, expected: str) -> None:
    line = parse(text).lines[0]
    assert line.language == language
    assert sounds(line.words[place]) == expected


@pytest.mark.parametrize("said", ["", "l#d", "lʘd", "//", "ˈ", "ː"])
def test_what_cannot_be_said_is_told_and_the_word_read_as_spelled(said: str) -> None:
    lyrics = parse(f"Take a {{table|{said}}} home")
    assert [word.text for word in lyrics.lines[0].words] == ["Take", "a", "table", "home"]
    assert sounds(lyrics.lines[0].words[2]) == sounds(line_of("Take a table home")[2])
    assert any(f"{{table|{said}}}" in note and "as it is spelled" in note for note in lyrics.notes)


def test_words_without_fields_are_read_as_ever() -> None:
    assert parse("Take the lead [Am] home").lines == parse("Take the lead home").lines
    assert parse("{title: Moon}\nTake me home").title == "Moon"


def test_private_characters_in_lyrics_mark_nothing() -> None:
    assert [word.text for word in line_of("Take \ue100me\ue0ff {home|hoʊm}")] == ["Take", "me", "home"]


def test_aligned_words_show_no_braces() -> None:
    sung = [WordTime(t, float(i), i + 0.5, 0, 0, "vocals") for i, t in enumerate(("Take", "the", "lead"))]
    timed = timing.time_words("[Verse]\nTake the {lead|liːd}\n", sung)
    assert "".join(word.text for word in timed) == "[Verse]\nTake the lead\n"
    assert [word.certainty for word in timed] == [1.0, 1.0, 1.0]


def test_a_pronunciation_outlives_being_written_out_and_read_again() -> None:
    text = "[Chorus]\nOh {Siobhan|ʃɪˈvɔːn}'s a re-{lead|liːd}ing, friend (my {lead|liːd})"
    once = parse(text)
    again = parse(wording.text_of(once.sections))
    assert again.lines == once.lines
    assert fields.shown(wording.text_of(once.sections)) == "[Chorus]\nOh Siobhan's a re-leading, friend (my lead)"


def test_slashes_settle_that_a_pronunciation_is_ipa() -> None:
    assert pronunciation.is_ipa("/pol/", "fr")
    assert not pronunciation.is_ipa("pol", "fr")
    assert pronunciation.is_ipa("pol", "ru")


def test_every_symbol_for_english_gives_phones_that_english_has() -> None:
    for symbols in load("english/ipa.toml").values():
        for symbol, phones in symbols.items():
            assert set(phones.split()) <= VOWELS | CONSONANTS, symbol
