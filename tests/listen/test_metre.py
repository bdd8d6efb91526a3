"""Bars begin where the network is sure, else where harmony changes."""

import numpy as np
import pytest

from descant.listen import metre
from descant.listen.features import LOWEST, PITCHES_PER_SECOND, Pitches

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
