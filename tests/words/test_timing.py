"""Lyrics with the time of each word, and as LRC."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from descant.song.document import WordTime
from descant.words import lrc
from descant.words.timing import time_words


def sung(text: str, role: str = "vocals", start: float = 1.0) -> list[WordTime]:
    """Return words sung one after the other, half a second each."""
    return [WordTime(word, start + i / 2, start + i / 2 + 0.5, 0, 0, role) for i, word in enumerate(text.split())]


def test_words_keep_what_stands_around_them_and_together_are_the_text(small_song):
    words = time_words(small_song.lyrics, small_song.words)
    assert [word.text for word in words] == [
        "[Verse]\nPaper ",
        "boats ",
        "(boats)\n",
        "Rain ",
        "has ",
        "gone\n",
        "\n[Chorus]\nStay, ",
        "stay",
    ]
    assert all(word.certainty == 1 for word in words)
    assert [word.start for word in words] == pytest.approx([0.4, 0.9, 1.9, 2.4, 2.9, 3.4, 4.4, 6.4])


@given(st.text(alphabet="ab [](),-\n'é", max_size=60))
def test_any_text_is_cut_without_loss(text):
    words = time_words(text, sung("zzz"))
    assert "".join(word.text for word in words if word.text != "zzz ") in (text, "")


def test_without_singing_there_are_no_words():
    assert time_words("[Instrumental]", ()) == ()


def test_a_word_that_is_not_sung_says_so_and_stands_in_the_gap():
    words = time_words("one two three", [*sung("one"), *sung("three", start=4.0)])
    assert [(word.text, word.certainty) for word in words] == [("one ", 1.0), ("two ", 0.0), ("three", 1.0)]
    assert (words[1].start, words[1].stop) == (1.5, 4.0)


def test_a_word_sung_otherwise_than_written_is_less_certain():
    words = time_words("meet me at 9 tonight", sung("meet me at nine tonight"))
    assert [word.certainty for word in words] == [1, 1, 1, 0.5, 1]


def test_what_is_sung_without_being_written_is_there_too():
    words = time_words("[Verse]\nla la\n[Chorus]", [*sung("la la"), *sung("hey hey", start=5.0)])
    assert [word.text.strip() for word in words][-2:] == ["hey", "hey"]


def test_an_echo_is_the_backing_voices_though_the_lead_sings_the_same_words():
    lyrics = "grains of the sand\n(of the sand)\nevery word"
    lead = [*sung("grains of the sand"), *sung("every word", start=6.0)]
    harmony = sung("grains of the sand", "backing vocals")
    echo = sung("of the sand", "backing vocals", start=6.5)
    words = time_words(lyrics, [*lead, *harmony, *echo])
    assert [word.start for word in words] == [1.0, 1.5, 2.0, 2.5, 6.5, 7.0, 7.5, 6.0, 6.5]


def test_parentheses_the_lead_sings_are_its_own():
    words = time_words("hey (hey) ho", sung("hey hey ho"))
    assert [word.start for word in words] == [1.0, 1.5, 2.0]


def test_lrc_has_a_time_for_each_line_in_order(small_song):
    text = lrc.encode("Paper [Boats]", 65.004, time_words(small_song.lyrics, small_song.words))
    assert text.splitlines() == [
        "[ti:Paper (Boats)]",
        "[length:01:05]",
        "[00:00.40]Paper boats (boats)",
        "[00:02.40]Rain has gone",
        "[00:04.40]Stay, stay",
    ]


def test_lrc_of_an_instrumental_has_no_lines(small_song):
    song = msgspec.structs.replace(small_song, words=())
    assert lrc.encode("Title", 3.0, time_words(song.lyrics, song.words)) == "[ti:Title]\n[length:00:03]\n"


def test_words_that_share_a_syllable_share_its_time():
    words = time_words("Tierra y mar", [WordTime("Tierra y", 1.0, 2.4, 0, 0, "vocals"), *sung("mar", start=2.5)])
    assert [(word.text, word.certainty) for word in words] == [("Tierra ", 1), ("y ", 1), ("mar", 1)]
    assert words[0].stop == pytest.approx(words[1].start) == pytest.approx(2.2)
