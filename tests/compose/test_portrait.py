"""Styles are unlike one another in their notes alone, whatever plays them and at whatever tempo."""

from itertools import combinations

import pytest

from descant.compose import styles
from descant.compose.metrics.portrait import SLOTS, Portrait, apart, portray
from descant.compose.planning import make_plan
from descant.compose.writing import write_score
from descant.song.brief import Brief
from descant.song.lyrics import Lyrics
from descant.song.score import Score
from descant.song.wish import Wish

LEAST = 0.55
"""As the benchmark's genre table has it: more than between two samples of one style, at the median."""


def song(style: str, seed: int = 1, bpm: float | None = None) -> Score:
    wish = Wish(genres=((style, 1.0),), seconds=75.0, bpm=bpm)
    return write_score(make_plan(Brief(seed=seed, instrumental=True), Lyrics(()), wish, ()))


@pytest.fixture(scope="module")
def portraits() -> dict[str, Portrait]:
    return {name: portray([song(name)]) for name in styles.names()}


def test_no_two_styles_have_like_notes(portraits):
    near = {(a, b): apart(portraits[a], portraits[b]) for a, b in combinations(portraits, 2)}
    assert {pair: distance for pair, distance in near.items() if distance < LEAST} == {}


def test_a_style_is_nearer_to_itself_at_another_tempo_than_to_others(portraits):
    other = portray([song("house", bpm=100.0)])
    assert min(portraits, key=lambda name: apart(other, portraits[name])) == "house"


def test_four_on_the_floor_is_seen_as_such(portraits):
    kick = portraits["house"].onsets["kick"]
    assert len(kick) == SLOTS
    assert min(kick[::4]) > 0.5 > max(kick[1], kick[5], kick[9])


def test_a_swung_style_shows_its_swing(portraits):
    assert portraits["jazz"].swing > 0.56
    assert portraits["techno"].swing == pytest.approx(0.5, abs=0.02)
