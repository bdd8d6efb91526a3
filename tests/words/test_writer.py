"""The lyric writer: form, hook, rhyme, variety, and the stock it draws from."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from descant.song.lyrics import SectionKind
from descant.words import rhyme, vocabulary
from descant.words.banks import open_bank, shared, themes
from descant.words.data import load
from descant.words.description import read
from descant.words.lexicon import can_say, word
from descant.words.lyrics import parse
from descant.words.sheet import Subject
from descant.words.tags import read as read_tags
from descant.words.writer import write

_PARTS = ("scene", "later", "lift", "answers", "turn")


def length(line):
    plain = re.sub(r"\{([^{}|]*)\|[^{}]*\}", r"\1", line)
    return sum(len(word(token).syllables) for token in plain.split() if can_say(token))


def test_the_stock_is_large_enough():
    assert len(themes()) >= 12
    assert sum(2 * len(getattr(open_bank(name), part)) for name in themes() for part in _PARTS) >= 300


@pytest.mark.parametrize("name", themes())
def test_every_couplet_rhymes_and_scans(name):
    bank = open_bank(name)
    assert len(bank.titles) >= 5
    for part in _PARTS:
        for first, second in getattr(bank, part):
            assert rhyme.rhymes(rhyme.last_word(first), rhyme.last_word(second)), (first, second)
            assert abs(length(first) - length(second)) <= 2, (first, second)
            assert 4 <= length(first) <= 12, first


def test_shared_couplets_rhyme():
    stock = shared()
    for couplets in (stock.place, stock.time, stock.name, stock.thing):
        for first, second in couplets:
            assert rhyme.rhymes(rhyme.last_word(first), rhyme.last_word(second)), (first, second)


def test_a_song_has_verses_choruses_and_a_bridge_with_the_title_in_the_chorus():
    sheet = write(Subject(themes=("sea",)), read_tags("folk"), 7)
    lyrics = parse(sheet.text)
    kinds = [section.kind for section in lyrics.sections]
    assert kinds.count(SectionKind.CHORUS) == 3
    assert kinds.count(SectionKind.VERSE) == 2
    assert SectionKind.BRIDGE in kinds
    choruses = [section for section in lyrics.sections if section.kind is SectionKind.CHORUS]
    for section in choruses:
        assert any(sheet.title.casefold() in line.text.casefold() for line in section.lines)
    assert choruses[0].lines == choruses[1].lines


def test_two_seeds_give_different_songs_and_one_seed_the_same():
    subject, wish = Subject(themes=("love",)), read_tags("pop")
    one, two = write(subject, wish, 1), write(subject, wish, 2)
    assert write(subject, wish, 1) == one
    first, second = set(one.text.splitlines()), set(two.text.splitlines())
    assert len(first & second) < 0.6 * len(first)


def test_no_verse_line_is_sung_twice():
    for seed in range(12):
        lyrics = parse(write(Subject(), read_tags("rock"), seed).text)
        verses = [
            line.text for section in lyrics.sections if section.kind is SectionKind.VERSE for line in section.lines
        ]
        assert len(verses) == len(set(verses))


@pytest.mark.parametrize("seed", range(6))
def test_written_lyrics_read_back_without_notes_and_without_open_slots(seed):
    wish, subject = read("a happy pop song for my friend Maria in Lisbon at midnight")
    sheet = write(subject, wish, seed)
    lyrics = parse(sheet.text)
    assert lyrics.notes == ()
    assert "{" not in sheet.text
    assert "Maria" in sheet.text
    assert "in Lisbon" in sheet.text or "In Lisbon" in sheet.text
    assert all(len(line.syllables) <= 18 for line in lyrics.lines)


def test_what_the_song_is_about_becomes_its_hook():
    wish, subject = read("a song about a lonely astronaut")
    sheet = write(subject, wish, 3)
    assert sheet.title == "Lonely Astronaut"
    assert sheet.text.count("Lonely astronaut") >= 3


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=80), st.integers(0, 2**31 - 1))
def test_any_description_gives_a_song_that_can_be_sung(text, seed):
    wish, subject = read(text)
    assert parse(write(subject, wish, seed).text).lines


def test_a_quoted_title_is_kept():
    wish, subject = read('a punk song called "Burn the Bills"')
    assert write(subject, wish, 5).title == "Burn the Bills"


def test_short_songs_get_short_forms():
    full = parse(write(Subject(), read_tags("ballad"), 1).text)
    short = parse(write(Subject(), read_tags("ballad"), 1, max_seconds=45).text)
    assert len(short.lines) < 0.5 * len(full.lines)


def test_genres_bring_their_sections():
    assert "[Guitar Solo]" in write(Subject(), read_tags("rock"), 1).text
    assert "[Drop]" in write(Subject(), read_tags("house"), 1).text
    assert all(line.delivery == "rap" for line in parse(write(Subject(), read_tags("trap"), 1).text).sections[1].lines)


@pytest.mark.parametrize(
    ("tags", "fitting"),
    [("party, disco", {"dance"}), ("romantic ballad", {"love"}), ("punk, aggressive", {"rebel", "work"})],
)
def test_mood_and_genre_choose_the_theme_when_nothing_else_does(tags, fitting):
    hooks = {title.casefold() for name in fitting for title in open_bank(name).titles}
    for seed in range(4):
        assert write(Subject(), read_tags(tags), seed).title.casefold() in hooks


def test_banks_name_moods_and_genres_of_the_vocabulary():
    moods = set(load("vocabulary/moods.toml"))
    for name in themes():
        assert open_bank(name).moods <= moods
        assert open_bank(name).genres <= set(vocabulary.genre_names())


def test_rhymes_are_heard_not_seen():
    assert rhyme.rhymes("blue", "through")
    assert rhyme.rhymes("years", "shears")
    assert not rhyme.rhymes("love", "move")
    assert not rhyme.rhymes("light", "light")
    assert rhyme.nearly_rhymes("time", "line")
    assert rhyme.last_word("Hold on to me! (oh, hold)") == "me"
