"""How style tags are read: any order, spelling and separator; negations; numbers; names of artists."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from descant.song.tempo import Metre
from descant.song.theory import Key
from descant.words import tags, vocabulary
from descant.words.tags import read


def genres(text):
    return [name for name, _ in read(text).genres]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pop", ["pop"]),
        ("Dream Pop, shoegaze", ["dream-pop"]),
        ("hiphop", ["boom-bap"]),
        ("drum & bass, R&B, lo-fi hip-hop", ["drum-and-bass", "r-and-b", "lo-fi-hip-hop"]),
        ("jazzy hip hop", ["boom-bap", "jazz"]),
        ("indie rock with folky touches", ["indie-rock", "folk"]),
        ("UPBEAT ELECTRONIC DANCE MUSIC", ["edm"]),
        ("celtic / sea shanty", ["folk"]),
        ("Indy rok", ["indie-pop", "rock"]),
        ("reggeaton", ["reggaeton"]),
        ("synthwve", ["synthwave"]),
        ("sad piano ballad", ["ballad"]),
        ("rock anthem", ["rock"]),
    ],
)
def test_genres_in_any_spelling(text, expected):
    assert genres(text) == expected


def test_genre_weights_fall_with_position_and_sum_to_one():
    weights = [weight for _, weight in read("house, jazz, folk").genres]
    assert weights == sorted(weights, reverse=True)
    assert sum(weights) == pytest.approx(1.0)
    assert weights[1] / weights[0] == pytest.approx(tags.POSITION_DECAY)


def test_an_adjective_weighs_less_than_a_genre():
    wish = dict(read("jazzy house").genres)
    assert wish["house"] > 1.5 * wish["jazz"]


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("92 bpm", "bpm", 92.0),
        ("128BPM house", "bpm", 128.0),
        ("tempo 75", "bpm", 75.0),
        ("bpm: 140", "bpm", 140.0),
        ("90-100 bpm", "bpm", 95.0),
        ("in D minor", "key", Key(2, "minor")),
        ("key of F#", "key", Key(6, "major")),
        ("C# minor", "key", Key(1, "minor")),
        ("B flat major", "key", Key(10, "major")),
        ("Am", "key", Key(9, "minor")),
        ("f sharp minor", "key", Key(6, "minor")),
        ("D dorian", "key", Key(2, "dorian")),
        ("E phrygian dominant", "key", Key(4, "phrygian dominant")),
        ("a minor key", "key", None),
        ("a minor key", "mode", "minor"),
        ("3/4", "metre", Metre(3, 4)),
        ("6/8 time", "metre", Metre(6, 8)),
        ("2:30", "seconds", 150.0),
        ("90 seconds", "seconds", 90.0),
        ("3 minutes long", "seconds", 180.0),
        ("1.5 minutes", "seconds", 90.0),
        ("slow", "tempo_word", "slow"),
        ("uptempo", "tempo_word", "fast"),
        ("80s", "era", "80s"),
        ("1990s", "era", "90s"),
        ("90s hip hop", "era", "90s"),
        ("old-school", "era", "vintage"),
        ("shuffle", "swing", 0.66),
        ("instrumental", "instrumental", True),
        ("no vocals", "instrumental", True),
        ("without singing", "instrumental", True),
        ("instrumental break", "instrumental", False),
    ],
)
def test_demands(text, field, value):
    assert getattr(read(text), field) == value


def test_impossible_tempi_are_told():
    wish = read("900 bpm")
    assert wish.bpm is None
    assert any("900" in note for note in wish.notes)


@pytest.mark.parametrize(
    ("text", "instruments"),
    [
        ("jazzy piano", (("piano", "jazzy"),)),
        ("warm pads, muted trumpet", (("pad", "warm"), ("trumpet", "muted"))),
        ("sad piano ballad with soft strings", (("piano", ""), ("strings", "soft"))),
        ("banjo and fiddle", (("banjo", ""), ("violin", ""))),
        ("808s", (("synth bass", ""),)),
    ],
)
def test_instruments_keep_their_adjectives(text, instruments):
    assert [(name, adjective) for name, adjective in read(text).instruments] == list(instruments)


@pytest.mark.parametrize(
    ("text", "negative", "excluded"),
    [
        ("rock, no drums", "", ("drums",)),
        ("rock without guitar", "", ("guitar",)),
        ("pop -piano", "", ("piano",)),
        ("pop", "drums, autotune", ("drums", "auto-tune")),
        ("pop with no strings or brass", "", ("strings", "brass")),
        ("house but no piano", "", ("piano",)),
    ],
)
def test_negations_exclude(text, negative, excluded):
    wish = read(text, negative)
    assert wish.excluded == excluded
    assert all(name not in excluded for name, _ in wish.instruments)


def test_negative_tags_win_over_tags():
    wish = read("pop, metal, sad, banjo", "metal, sad, banjo")
    assert wish.genres == (("pop", 1.0),)
    assert wish.moods == ()
    assert wish.instruments == ()


def test_no_male_vocals_asks_for_a_woman():
    assert read("pop, no male vocals").voice == ("female",)


@pytest.mark.parametrize(
    "text", ["in the style of Taylor Swift, country", "like Zorblax Band, country", "country, sounds like Johnny Cash"]
)
def test_artists_are_not_imitated_and_the_rest_is_read(text):
    wish = read(text)
    assert wish.genres == (("country", 1.0),)
    assert any("imitate" in note for note in wish.notes)
    assert wish.not_understood == ()


def test_likeness_to_a_style_is_not_a_name():
    wish = read("in the style of 80s synth pop")
    assert wish.genres[0][0] in {"synth-pop", "synthwave"}
    assert wish.era == "80s"
    assert wish.notes == ()


def test_moods_add_up():
    happy, both = read("happy").mood, read("happy, energetic").mood
    assert both.tempo_percent > happy.tempo_percent > 0
    assert read("sad").mood.minor > 0 > read("sad").mood.tempo_percent


def test_voices():
    assert read("breathy female vocals, harmonies").voice == ("breathy", "female", "harmonies")
    assert read("male baritone").voice == ("male", "baritone")


def test_what_no_rule_knows_is_reported_and_corrections_are_noted():
    wish = read("pop, quirky xyzzy frobnication, melancolic")
    assert wish.not_understood == ("xyzzy frobnication",)
    assert any("melancholic" in note for note in wish.notes)


def test_short_english_words_are_not_taken_for_misspellings():
    wish = read("late night jazz, late")
    assert wish.instruments == ()
    assert wish.not_understood == ("late",)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_read(text):
    wish = read(text, text[::-1])
    assert sum(weight for _, weight in wish.genres) == pytest.approx(1.0 if wish.genres else 0.0)


def test_order_does_not_matter_for_what_is_found():
    one, two = read("sad, 90 bpm, folk, female"), read("female, folk, 90 bpm, sad")
    assert (one.genres, one.moods, one.bpm, one.voice) == (two.genres, two.moods, two.bpm, two.voice)


def test_empty_tags_wish_nothing():
    assert read("") == read(" , ;")
    assert read("").genres == ()


def test_all_sixty_five_genres_are_known_and_lead_to_pop():
    names = vocabulary.genre_names()
    assert len(names) == 65
    for name in names:
        assert genres(name) == [name]
        assert name == "pop" or "pop" in tags.relatives(name)


def test_distances_count_swaps_as_one():
    assert vocabulary.distance("raggea", "reggae", 3) == 2
    assert vocabulary.distance("jazz", "jzaz", 2) == 1
    assert vocabulary.distance("pop", "polka", 1) == 2
