import numpy as np
import pytest

from descant.mix import loudness
from descant.mix.levels import apply_curve
from descant.mix.limiter import limiting_gain

RATE = 48_000


def limited(audio, ceiling):
    curve = limiting_gain(loudness.true_peak_curve(audio), 10 ** (ceiling / 20))
    out = audio.copy()
    apply_curve(out, curve, curve[0])
    return out, curve


def intersample(seconds=2.0):
    wave = np.sin(np.pi / 2 * np.arange(round(seconds * RATE)) + np.pi / 4)
    return np.repeat(wave[:, None], 2, axis=1).astype(np.float32) * np.float32(2.0)


@pytest.mark.parametrize("ceiling", [-1.0, -3.0, -9.0])
def test_no_true_peak_passes_the_ceiling(noise, ceiling):
    bursts = noise * 6 * (np.sin(np.arange(len(noise)) / 900) > 0.7)[:, None].astype(np.float32)
    for audio in (intersample(), bursts):
        assert loudness.true_peak(limited(audio, ceiling)[0]) <= ceiling + 0.05


def test_what_is_under_the_ceiling_is_left_alone(noise):
    out, curve = limited(noise * np.float32(0.2), -1.0)
    assert np.all(curve == 1.0)
    assert np.array_equal(out, noise * np.float32(0.2))


def test_the_gain_has_fallen_when_the_peak_comes_and_recovers_after_it():
    audio = np.full((RATE, 2), 0.1, np.float32)
    audio[RATE // 2 : RATE // 2 + 8] = 1.0
    _, curve = limited(audio, -6.0)
    at = RATE // 2 // 16
    assert curve[at] <= 0.5
    assert curve[at - 30] == 1.0
    assert curve[-1] > 0.99


def test_the_gain_never_jumps(noise):
    _, curve = limited(noise * 10, -6.0)
    assert np.abs(np.diff(curve)).max() < 0.2
