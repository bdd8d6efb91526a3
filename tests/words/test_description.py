"""How a free description parts into sound and story."""

import pytest

from descant.song.tempo import Metre
from descant.words.description import read


def test_sound_and_story_are_told_apart():
    wish, subject = read("a sad country song about leaving my hometown in the rain, female vocals, 90 bpm")
    assert wish.genres == (("country", 1.0),)
    assert (wish.bpm, wish.voice, wish.moods) == (90.0, ("female",), ("sad",))
    assert subject.themes[:2] == ("home", "road")
    assert subject.thing == "leaving my hometown"
    assert subject.place == "in the rain"


def test_words_of_the_story_do_not_become_style():
    wish, subject = read("pop song about rock climbing with my brass band friends")
    assert wish.genres == (("pop", 1.0),)
    assert wish.instruments == ()
    assert subject.person in {"they", "I"}


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ('punk song called "Burn the Bills" about my boss', "Burn the Bills"),
        ("a waltz titled Winter of Glass about snow", "Winter of Glass"),
        ("a song about “Paper Boats”", "Paper Boats"),
        ("a song about paper boats", ""),
    ],
)
def test_quoted_and_called_titles(text, title):
    assert read(text)[1].title == title


@pytest.mark.parametrize(
    ("text", "name", "place", "time"),
    [
        ("a love song for my wife Anna in Lisbon at midnight", "Anna", "in Lisbon", "at midnight"),
        ("song about summer love on the beach", "", "on the beach", "in the summer"),
        ("about dancing in Tokyo every night", "", "in Tokyo", "every night"),
        ("about my dog Max", "Max", "", ""),
        ("about waiting by the river in June", "", "by the river", "in June"),
    ],
)
def test_names_places_and_times(text, name, place, time):
    subject = read(text)[1]
    assert (subject.name, subject.place, subject.time) == (name, place, time)


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("about a lonely astronaut", "stars"),
        ("about my awful boss", "work"),
        ("a lullaby for my daughter", "lullaby"),
        ("about snow in December", "winter"),
        ("about my best friend", "friendship"),
        ("about a breakup", "heartbreak"),
        ("about the night train through the city", "city"),
    ],
)
def test_themes(text, theme):
    assert theme in read(text)[1].themes[:2]


def test_turn_and_demands_inside_a_story():
    wish, subject = read("epic song about paper boats, but nobody comes home, 6/8 in D minor")
    assert subject.turn == "nobody comes home"
    assert wish.metre == Metre(6, 8)
    assert wish.key is not None


def test_a_bare_phrase_is_the_story():
    _, subject = read("my old red bicycle")
    assert subject.thing == "my old red bicycle"
    assert "memory" in subject.themes


def test_an_empty_description_says_nothing():
    wish, subject = read("")
    assert wish.genres == ()
    assert subject.themes == ()


@pytest.mark.parametrize(
    "text", ["happy, upbeat", "pop, female vocal, 120 bpm", "sad", "lo-fi beat to study", "dark trap"]
)
def test_tags_alone_tell_no_story(text):
    assert read(text)[1].thing == ""
