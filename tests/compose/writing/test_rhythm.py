import numpy as np
import pytest

from descant.compose import rhythm
from descant.compose.grid import Grid
from descant.song.streams import stream
from descant.song.tempo import Metre

GRID = Grid(Metre())


def task(letters: str = "SUSUFSUS", **changes):
    given = {
        "classes": tuple(letters),
        "words": tuple(range(len(letters))),
        "pauses": (False,) * len(letters),
        "first": -4,
        "last": 26,
        "target": 22.0,
        "density": "eighth",
        "syncopation": 0.3,
        "rewards": {},
    }
    return rhythm.RhythmTask(**(given | changes))


def test_syllables_rise_in_time_inside_their_window():
    onsets, _ = rhythm.draw(rhythm.lattice(task(), GRID), stream(1, "test"), 200)
    assert (np.diff(onsets, axis=1) >= 1).all()
    assert onsets.min() >= -4
    assert onsets.max() <= 26


def test_stressed_syllables_take_stronger_slots_than_unstressed_ones():
    onsets, _ = rhythm.draw(rhythm.lattice(task("USUSUSUS"), GRID), stream(2, "test"), 400)
    levels = GRID.levels(onsets)
    assert levels[:, 1::2].mean() + 0.5 < levels[:, 0::2].mean()


def test_rewarded_slots_become_onsets():
    wanted = {0: (4.0, 4.0), 3: (4.0, 4.0), 6: (4.0, 4.0), 10: (4.0, 4.0)}
    free, _ = rhythm.draw(rhythm.lattice(task(), GRID), stream(3, "test"), 200)
    drawn, _ = rhythm.draw(rhythm.lattice(task(rewards=wanted), GRID), stream(3, "test"), 200)
    assert np.isin(drawn, list(wanted)).sum() > 1.5 * np.isin(free, list(wanted)).sum()


def test_a_comma_is_followed_by_a_longer_gap():
    pauses = (False, False, False, True, False, False, False, False)
    plain, _ = rhythm.draw(rhythm.lattice(task(), GRID), stream(4, "test"), 300)
    parted, _ = rhythm.draw(rhythm.lattice(task(pauses=pauses), GRID), stream(4, "test"), 300)
    assert np.diff(parted, axis=1)[:, 3].mean() > np.diff(plain, axis=1)[:, 3].mean() + 1


def test_a_word_stressed_wrongly_is_counted():
    onsets = np.array([[0, 2], [2, 4]])
    wrong = rhythm.misplaced_words(task("US", words=(0, 0)), onsets, GRID)
    assert list(wrong) == [1, 0]


def test_too_many_syllables_for_the_window_are_refused():
    with pytest.raises(ValueError, match="do not fit"):
        rhythm.draw(rhythm.lattice(task(first=0, last=4), GRID), stream(5, "test"), 1)


def test_the_same_stream_gives_the_same_rhythm():
    first = rhythm.choose(rhythm.lattice(task(), GRID), stream(6, "test"))
    second = rhythm.choose(rhythm.lattice(task(), GRID), stream(6, "test"))
    assert np.array_equal(first[0], second[0])


def test_lines_too_long_for_two_bars_are_sung_as_two_phrases_and_their_like_with_them(make_section):
    from descant.compose.layout import bar_size, lay_out
    from descant.song.lyrics import SectionKind
    from descant.song.tempo import Metre

    long = "there's a SIR.en ON the RIDGE and a SHAD.ow IN the DARK.en.ing CORN"
    near = "we were BORN to STAND the WA.ter AND the FALL.ing of the SKY"
    windows = lay_out(make_section(SectionKind.VERSE, long, near, "so COLD"), bar_size(Metre(), 120.0), 2.6)
    assert [window.line.text.split()[0] for window in windows] == ["there's", "and", "we", "and", "so"]
    assert [window.bar for window in windows] == list(range(0, 10, 2))
