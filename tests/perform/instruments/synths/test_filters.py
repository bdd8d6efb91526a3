import numpy as np
import pytest

from descant.perform.instruments.synths import filters

RATE = 48_000
SIZE = 65_536


def response(mode, slope, cutoff=1000.0, resonance=filters.FLAT):
    """Return the filter's response in dB by frequency, from its impulse."""
    impulse = np.zeros((1, SIZE), np.float32)
    impulse[0, 0] = 1.0
    filters.run(impulse, np.full(SIZE // 48 + 2, cutoff), mode, slope, resonance)
    level = 20 * np.log10(np.abs(np.fft.rfft(impulse[0].astype(float))) + 1e-12)
    return lambda hertz: float(level[round(hertz * SIZE / RATE)])


@pytest.mark.parametrize("slope", [12, 24])
def test_the_cutoff_is_where_3_db_are_lost_and_beyond_it_the_slope_is_as_named(slope):
    low, high = response(filters.LOW, slope), response(filters.HIGH, slope)
    for at, inside in ((low, 100.0), (high, 10_000.0)):
        assert at(inside) == pytest.approx(0.0, abs=0.1)
        assert at(1000.0) == pytest.approx(-3.0, abs=0.1)
    assert low(3000.0) - low(1500.0) == pytest.approx(-slope, abs=slope * 0.12)
    assert high(250.0) - high(500.0) == pytest.approx(-slope, abs=slope * 0.05)


@pytest.mark.parametrize("slope", [12, 24])
@pytest.mark.parametrize("resonance", [2.0, 8.0])
def test_resonance_is_the_gain_at_the_cutoff(slope, resonance):
    assert response(filters.LOW, slope, resonance=resonance)(1000.0) == pytest.approx(20 * np.log10(resonance), abs=0.2)


def test_a_band_is_passed_at_its_middle_and_falls_both_ways():
    at = response(filters.BAND, 12, resonance=2.0)
    assert at(1000.0) == pytest.approx(0.0, abs=0.1)
    assert at(100.0) < -20
    assert at(10_000.0) < -20


def test_two_channels_are_filtered_as_one_is():
    signal = np.random.default_rng(1).normal(0, 0.3, (2, 4800)).astype(np.float32)
    cutoffs = np.geomspace(200.0, 8000.0, 102)
    apart = signal.copy()
    for channel in apart:
        filters.run(channel[None, :], cutoffs, filters.LOW, 24, 1.4)
    filters.run(signal, cutoffs, filters.LOW, 24, 1.4)
    assert np.array_equal(signal, apart)


def test_a_fast_sweep_makes_no_steps():
    """A sine under a cutoff sweeping two octaves in 20 ms, far above it, stays a sine."""
    tone = np.sin(2 * np.pi * 300 * np.arange(SIZE) / RATE).astype(np.float32)[None, :]
    blocks = SIZE // 48 + 2
    filters.run(tone, 9000.0 * 2 ** np.sin(2 * np.pi * np.arange(blocks) / 40), filters.LOW, 24, filters.FLAT)
    power = np.abs(np.fft.rfft(tone[0] * np.kaiser(SIZE, 20.0)))
    at = np.fft.rfftfreq(SIZE, 1 / RATE)
    assert 20 * np.log10(power[at > 900].max() / power.max()) < -80


@pytest.mark.parametrize("hertz", [1003.7, 3511.3, 5003.9])
@pytest.mark.parametrize("drive", [6.0, 15.0])
def test_saturation_adds_odd_partials_and_folds_none_back(hertz, drive, between_partials):
    heard = filters.saturate(0.8 * np.sin(2 * np.pi * hertz * np.arange(SIZE) / RATE).astype(np.float32), drive)
    assert between_partials(heard[500:], hertz) < -60
    power = np.abs(np.fft.rfft(heard[500:] * np.kaiser(heard.size - 500, 20.0)))
    at = np.fft.rfftfreq(heard.size - 500, 1 / RATE)
    third, second = (power[np.abs(at - n * hertz) < 10].max() / power.max() for n in (3, 2))
    assert third > 0.01
    assert second < 1e-4


def test_saturation_keeps_full_scale_time_and_quiet_sounds_shape():
    loud = np.sin(2 * np.pi * 100 * np.arange(4800) / RATE).astype(np.float32)
    driven = filters.saturate(loud, 6.0)
    assert driven.size == loud.size - filters.LATENCY
    assert np.abs(driven).max() == pytest.approx(1.0, abs=0.02)
    crossings = np.flatnonzero((driven[:-1] < 0) & (driven[1:] >= 0))
    assert crossings[1] % 480 in (479, 0)
    quiet = filters.saturate(loud * 0.001, 6.0)
    wanted = loud[100:4600] * 0.001 * 10 ** (6 / 20) / np.tanh(10 ** (6 / 20))
    assert quiet[100:4600] == pytest.approx(wanted, abs=1e-5)
