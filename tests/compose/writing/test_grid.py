import numpy as np

from descant.compose.grid import Grid
from descant.song.tempo import Metre


def test_common_time_has_bar_half_beats_and_off_beats():
    assert list(Grid(Metre()).bar_levels) == [0, 4, 3, 4, 2, 4, 3, 4, 1, 4, 3, 4, 2, 4, 3, 4]


def test_a_waltz_has_no_half_bar():
    assert list(Grid(Metre(3, 4)).bar_levels) == [0, 4, 3, 4, 2, 4, 3, 4, 2, 4, 3, 4]


def test_compound_time_beats_in_dotted_quarters():
    assert list(Grid(Metre(6, 8)).bar_levels) == [0, 4, 3, 4, 3, 4, 1, 4, 3, 4, 3, 4]


def test_slots_before_the_bar_line_count_backwards():
    assert list(Grid(Metre()).levels(np.array([-4, -2, 16]))) == [2, 3, 0]
