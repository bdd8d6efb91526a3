"""Short tags told in full."""

import pytest

from descant.words.data import load
from descant.words.tags import read
from descant.words.upsample import MOST_CHARACTERS, MOST_WORDS, upsample

GENRES = [name for name in load("vocabulary/genres.toml") if name != "adjectives"]


@pytest.mark.parametrize("genre", GENRES)
def test_every_genre_becomes_a_text_that_is_understood_and_keeps_the_genre(genre):
    text = upsample(genre)
    wish = read(text)
    assert text.startswith(genre)
    assert wish.genres[0][0] == genre
    assert not wish.not_understood
    assert not wish.notes
    assert wish.bpm is not None
    assert wish.instruments
    assert len(text.split()) - len(genre.split()) <= MOST_WORDS


@pytest.mark.parametrize("name", load("vocabulary/production.toml"))
def test_every_entry_is_of_a_genre_and_names_what_tags_understand(name):
    entry = load("vocabulary/production.toml")[name]
    assert name in GENRES
    assert 50 <= entry["bpm"] <= 190
    wish = read(", ".join((entry["mood"], entry["band"], entry["voice"], entry["sound"])))
    assert not wish.not_understood
    assert wish.moods
    assert wish.instruments
    assert wish.voice
    assert wish.production or wish.era


@pytest.mark.parametrize("said", ["slow sad waltz, cello, female vocals, 84 bpm, in D minor", "xyzzy", "hip hop.", "é"])
def test_the_users_words_come_first_and_unchanged(said):
    assert upsample(said).startswith(said.rstrip("."))


def test_what_was_asked_is_not_said_again_or_contradicted():
    wish = read(upsample("rock, 90 bpm, melancholic, male vocals, no guitars, distorted"))
    assert wish.bpm == 90
    assert wish.moods == ("sad",)
    assert "male" in wish.voice
    assert not {"electric guitar", "distorted guitar"} & {name for name, _ in wish.instruments}


def test_an_instrumental_gets_no_voice():
    wish = read(upsample("instrumental jazz"))
    assert wish.instrumental
    assert not wish.voice


def test_words_for_tempo_and_mood_bend_the_genres_tempo():
    assert read(upsample("slow pop")).bpm < read(upsample("pop")).bpm < read(upsample("fast pop")).bpm


def test_the_same_tags_give_the_same_text_within_the_limit():
    assert upsample("lo-fi, rain") == upsample("lo-fi, rain")
    long = ("soft, " * 200)[:990]
    assert len(upsample(long)) <= MOST_CHARACTERS
