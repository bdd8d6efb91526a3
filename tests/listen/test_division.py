"""Beats divide in three where thirds sound, and the middle of a bar of three tells six eight."""

import numpy as np
import pytest

from descant.listen import division
from descant.listen.features import BANDS, BANDS_PER_SECOND, Bands


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
