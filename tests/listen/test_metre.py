"""Bars begin where the network is sure, else where harmony changes; beats divide in three where thirds sound."""

import numpy as np
import pytest

from descant.listen import beats, division, metre
from descant.listen.features import BANDS, BANDS_PER_SECOND, LOWEST, PITCHES_PER_SECOND, Bands, Pitches

TIMES = 0.5 + np.arange(48) * 0.5
CHORDS = ((60, 64, 67), (57, 60, 64), (53, 57, 60), (55, 59, 62))


def _harmony(first: int) -> Pitches:
    """Return chords that change every four beats, counted from beat ``first``."""
    salience = np.zeros((26 * PITCHES_PER_SECOND, 73), np.float32)
    for frame, row in enumerate(salience):
        beat = int(np.floor((frame / PITCHES_PER_SECOND - 0.5) / 0.5))
        row[[pitch - LOWEST for pitch in CHORDS[(beat - first) // 4 % 4]]] = 1.0
    return Pitches(salience, 0.0)


@pytest.mark.parametrize("first", range(4))
def test_bars_begin_where_harmony_changes_when_the_network_is_unsure(first: int) -> None:
    found = metre.places(np.arange(48) % 4, np.full(48, 0.2), TIMES, 4, _harmony(first))
    assert list(found[8:16]) == [(i - first) % 4 for i in range(8, 16)]


def test_a_sure_network_is_believed_against_harmony() -> None:
    places = (np.arange(48) + 1) % 4
    likely = np.where(places == 0, 0.8, 0.05)
    assert np.array_equal(metre.places(places, likely, TIMES, 4, _harmony(0)), places)


def _struck(strength: dict[float, float], length: float = 1.0) -> Bands:
    """Return bands that rise at shares of every stretch of ``length`` seconds, by so much."""
    level = np.zeros((26 * BANDS_PER_SECOND, BANDS), np.float32)
    for number in range(int(24 / length)):
        for share, height in strength.items():
            at = round((number + share) * length * BANDS_PER_SECOND)
            level[at : at + 3] += height
    return Bands(level, level.mean(axis=1))


def test_the_middle_of_a_bar_of_three_tells_six_eight_from_a_waltz() -> None:
    times, place = np.arange(48) / 2, np.arange(48) % 3
    six = _struck({0: 1.0, 1 / 6: 0.3, 1 / 3: 0.3, 1 / 2: 0.8, 2 / 3: 0.3, 5 / 6: 0.3}, 1.5)
    waltz = _struck({0: 1.0, 1 / 3: 0.6, 1 / 2: 0.3, 2 / 3: 0.6}, 1.5)
    assert division.dotted_beats(six, times, place, 3) == pytest.approx(80, rel=0.01)
    assert division.dotted_beats(waltz, times, place, 3) is None


def test_both_thirds_of_a_beat_tell_twelve_eight_from_a_shuffle() -> None:
    times, place = np.arange(24.0), np.arange(24) % 4
    assert division.dotted_beats(_struck({0: 1.0, 1 / 3: 0.4, 2 / 3: 0.5}), times, place, 4) == pytest.approx(60)
    assert division.dotted_beats(_struck({0: 1.0, 2 / 3: 0.5}), times, place, 4) is None


def test_beats_near_a_line_are_put_on_it_and_swaying_ones_are_not() -> None:
    scatter = np.random.default_rng(1).normal(0, 0.004, 60)
    line = 0.5 + 0.6 * np.arange(60)
    assert np.abs(beats.straightened(line + scatter) - line).max() < 0.003
    swaying = line + 0.05 * np.sin(np.arange(60) / 5)
    assert np.array_equal(beats.straightened(swaying), swaying)
