import numpy as np
import pytest

from descant.mix import loudness
from descant.mix.mixdown import mix, mix_again
from descant.mix.predicting import SECONDS, predict

RATE = 48_000


@pytest.fixture(scope="module", params=["pop", "rock", "jazz"])
def record(request, score, perform, length):
    return request.param, mix(score, request.param, perform, length)


def test_a_few_bars_foretell_the_levels_of_the_record(record, score, perform, length):
    name, whole = record
    foretold = predict(score, name, perform, length)
    faders = [level for level in whole.recall.levels if level.endswith(".fader")]
    off = [foretold.levels[level] - whole.recall.levels[level] for level in faders if level in foretold.levels]
    assert len(off) >= 6
    assert np.abs(off).max() < 1.5


def test_a_beginning_mixed_early_is_about_as_loud_as_in_the_record(record, score, perform, length):
    name, whole = record
    early = mix_again(score, predict(score, name, perform, length), perform, (0, 6 * RATE), length)
    late = loudness.integrated(whole.master[: 6 * RATE])
    assert loudness.integrated(early.master) == pytest.approx(late, abs=2.0)
    assert early.true_peak <= -1.0


def test_only_a_few_seconds_are_played(score, perform, length):
    played = []

    def listening(part, start, stop):
        played.append(stop - start)
        return perform(part, start, stop)

    predict(score, "pop", listening, length)
    assert max(played) < (SECONDS + 8) * RATE
