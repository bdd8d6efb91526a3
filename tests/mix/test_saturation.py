import numpy as np
import pytest

from descant.mix.saturation import LATENCY, Saturator

RATE = 48_000


def spectrum(audio):
    window = np.kaiser(RATE, 16)
    magnitude = np.abs(np.fft.rfft(audio[RATE // 4 : RATE // 4 + RATE, 0].astype(float) * window))
    return 20 * np.log10(magnitude / magnitude.max() + 1e-12)


@pytest.mark.parametrize("frequency", [1234.0, 5000.0, 7777.0])
def test_aliases_stay_60_db_under_the_tone(sine, frequency):
    levels = spectrum(Saturator(20 * np.log10(3.0)).process(sine(frequency, 2.0, 0.0)))
    hertz = np.arange(len(levels))
    alias = (hertz > 60) & (hertz < 20_000)
    for harmonic in range(1, int(24_000 // frequency) + 1):
        alias &= np.abs(hertz - harmonic * frequency) > 40
    assert levels[alias].max() < -60


def test_it_adds_odd_harmonics_and_with_a_bias_even_ones(sine):
    plain, biased = (spectrum(Saturator(9.0, bias).process(sine(1000.0, 2.0, 0.0))) for bias in (0.0, 0.2))
    assert plain[3000] > -40
    assert plain[2000] < -90
    assert biased[2000] > -40


def test_a_quiet_signal_passes_unchanged(noise):
    quiet = noise * np.float32(1e-4)
    out = Saturator(6.0).process_aligned(quiet.copy())
    assert np.abs(out - quiet).max() < 1e-3 * np.abs(quiet).max()


def test_saturating_in_blocks_gives_the_samples_of_saturating_whole(noise):
    whole, parts, saturator = Saturator(9.0).process(noise.copy()), noise.copy(), Saturator(9.0)
    for start in range(0, len(parts), 1600):
        saturator.process(parts[start : start + 1600])
    assert np.array_equal(whole, parts)


def test_the_latency_is_as_stated():
    impulse = np.zeros((200, 1), np.float32)
    impulse[10] = 1e-3
    assert int(np.abs(Saturator(0.0, channels=1).process(impulse)).argmax()) == 10 + LATENCY
