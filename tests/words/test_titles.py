"""Titles found in lyrics."""

from descant.words.lyrics import parse
from descant.words.titles import find, title_case


def test_the_most_repeated_chorus_line_is_the_title():
    lyrics = parse(
        "[Verse]\nwalking home alone\n[Chorus]\nOh, hold on to the glow\nHold on to the glow\n"
        "I know the river knows the way we go\nHold on to the glow"
    )
    assert find(lyrics, 1) == "Hold on to the Glow"


def test_a_given_title_stays():
    assert find(parse("la la la", title="My Song"), 1) == "My Song"


def test_without_a_chorus_some_line_is_found_and_the_seed_decides_alone():
    lyrics = parse(
        "[Verse]\nthe paper boats are gone\nthe water took them all\nI watched until the dawn\nthe river was so small"
    )
    assert find(lyrics, 5) == find(lyrics, 5)
    assert len({find(lyrics, seed) for seed in range(20)}) > 1


def test_long_lines_are_shortened_to_their_first_clause():
    title = find(parse("[Chorus]\nRun to the river, my darling, and never look back at the town that we knew"), 1)
    assert title == "Run to the River"


def test_vocables_are_a_last_resort():
    assert find(parse("[Chorus]\nla la la la\nla la la la\nstay with me"), 1) == "Stay with Me"


def test_title_case_keeps_small_words_small():
    assert title_case("the end of THE world") == "The End of the World"
