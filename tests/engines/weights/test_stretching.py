"""Sound whose rate is changed part by part is what it is when it is changed as a whole."""

import numpy as np
import pytest
from scipy.signal import resample_poly

from descant.engines.weights.stretching import Ratio, Stretching, resampled_part

RATES = [(48_000, 44_100), (44_100, 48_000), (48_000, 16_000), (16_000, 48_000), (48_000, 48_000)]


def _noise(samples: int) -> np.ndarray:
    return np.random.default_rng(4).normal(0, 0.1, (samples, 2)).astype(np.float32)


@pytest.mark.parametrize(("rate", "other"), RATES)
@pytest.mark.parametrize(("first", "last"), [(0, 700), (1234, 5001), (9_000, 20_000)])
def test_a_part_is_the_same_as_in_the_whole(rate: int, other: int, first: int, last: int) -> None:
    sound, ratio = _noise(61_001), Ratio.between(rate, other)
    whole = resample_poly(sound, ratio.up, ratio.down, axis=0)
    np.testing.assert_allclose(resampled_part(sound, ratio, first, last), whole[first:last], atol=1e-6)


@pytest.mark.parametrize(("rate", "other"), RATES)
@pytest.mark.parametrize("stretch", [97, 5_000, 50_000])
def test_stretches_put_together_are_the_whole(rate: int, other: int, stretch: int) -> None:
    sound, ratio = _noise(10_007), Ratio.between(rate, other)
    together = Stretching(ratio.length(len(sound)), ratio)
    for first in range(0, len(sound), stretch):
        together.take(sound[first : first + stretch])
    np.testing.assert_allclose(together.whole(), resample_poly(sound, ratio.up, ratio.down, axis=0), atol=1e-6)
