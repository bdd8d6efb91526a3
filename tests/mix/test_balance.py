import numpy as np
import pytest

from descant.mix import balance
from descant.mix.filters import Filter, high_shelf, response

POINTS = ((31.5, 0.0), (16000.0, -24.0))


def pink(seconds=8):
    rng = np.random.default_rng(1)
    bins = np.fft.rfft(rng.standard_normal((seconds * 48_000, 2)), axis=0)
    bins /= np.sqrt(np.maximum(np.arange(len(bins)), 1))[:, None]
    return (np.fft.irfft(bins, axis=0) * 5).astype(np.float32)


def test_pink_noise_is_flat_in_third_octaves():
    inside = balance.CENTRES > 60
    assert np.abs(balance.spectrum(pink())[inside]).max() < 1.0


def test_the_correction_moves_a_mix_towards_its_target():
    flat = balance.target(((31.5, 0.0), (16000.0, 0.0)))
    bright = Filter([high_shelf(3000.0, 5.0)]).process(pink())
    measured = balance.spectrum(bright)
    mended = measured + response(balance.sections(balance.correction(measured, flat, 3.0, 0.5)), balance.CENTRES)
    inside = (balance.CENTRES > 60) & (balance.CENTRES < 12_000)
    mended -= mended[inside].mean()
    assert np.abs(mended[inside]).std() < 0.5 * np.abs(measured[inside] - measured[inside].mean()).std() + 0.4
    assert np.ptp(mended[inside]) < np.ptp(measured[inside]) - 1.5


def test_a_mix_inside_the_corridor_is_left_alone():
    wanted = balance.target(POINTS)
    assert balance.correction(wanted + 0.9 * np.sin(np.arange(len(wanted))), wanted, 3.0, 1.0) == (0.0,) * 6


@pytest.mark.parametrize("most", [1.0, 3.0])
def test_no_band_moves_more_than_allowed(most):
    wanted = balance.target(POINTS)
    gains = balance.correction(wanted + np.linspace(20, -20, len(wanted)), wanted, most, 1.0)
    assert np.abs(response(balance.sections(gains), [80.0, 16_000.0])).max() < 2 * most
