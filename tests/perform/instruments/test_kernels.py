import math

import numpy as np
import pytest

from descant.perform.instruments import kernels
from descant.perform.instruments.kernels import BLOCK, TAPS

RATE = 48_000
NEVER = math.inf


def level(t, release_at=NEVER, choke_at=NEVER, **times):
    shape = {"delay": 0.0, "attack": 0.0, "hold": 0.0, "decay": 0.0, "sustain": 0.0, "release": 9600.0} | times
    return kernels.level_at(float(t), np.array(list(shape.values())), release_at, choke_at, 4800.0)


def decibels(value):
    return 20 * math.log10(value)


def read(hertz, step, seconds=0.5):
    source = np.zeros(int(RATE * seconds * step) + 3 * TAPS, np.float32)
    source[TAPS:] = np.sin(2 * np.pi * hertz * np.arange(source.size - TAPS) / RATE)
    length = int(RATE * seconds)
    steps = np.full(length // BLOCK + 2, step)
    return kernels.resample(source, kernels.sinc_table(step), steps, length, float(TAPS), 0.0, 0.0)[0][500:-500]


def spectrum(signal):
    """Return the power of each frequency bin against the strongest, in dB."""
    power = np.abs(np.fft.rfft(signal * np.kaiser(signal.size, 14.0))) ** 2
    return np.fft.rfftfreq(signal.size, 1 / RATE), 10 * np.log10(power / power.max() + 1e-20)


@pytest.mark.parametrize("step", [0.5, 2 ** (-5 / 12), 44100 / 48000, 1.0])
def test_reading_slower_adds_nothing_above_minus_eighty_decibels(step):
    hertz, power = spectrum(read(3000.0, step))
    peak = hertz[power.argmax()]
    assert peak == pytest.approx(3000 * step, abs=2)
    assert power[np.abs(hertz - peak) > 60].max() < -80


@pytest.mark.parametrize("semitones", [5, 12, 19])
def test_reading_faster_folds_little_back(semitones):
    """A tone that would land above half the sampling rate is kept out of the audible spectrum."""
    step = 2 ** (semitones / 12)
    folded = read(30_000 / step, step)
    passed = read(1000.0, step)
    assert decibels(folded.std() / passed.std()) < -40


def test_volume_decays_and_releases_linearly_in_decibels():
    shape = {"hold": 1000.0, "decay": 96_000.0, "sustain": 30.0}
    assert level(900, **shape) == 1.0
    assert decibels(level(1000 + 10_000, **shape)) == pytest.approx(-10)
    assert decibels(level(80_000, **shape)) == pytest.approx(-30)
    assert decibels(level(81_000, release_at=80_000.0, **shape)) == pytest.approx(-40)
    assert level(80_000 + 9600, release_at=80_000.0, **shape) == 0.0


def test_attack_rises_linearly_and_a_note_let_go_in_it_falls_from_where_it_was():
    shape = {"delay": 100.0, "attack": 1000.0}
    assert level(100, **shape) == 0.0
    assert level(600, **shape) == pytest.approx(0.5)
    assert level(600 + 960, release_at=600.0, **shape) == pytest.approx(0.5 * 10 ** (-9.6 / 20))


def test_choking_hastens_a_release():
    assert decibels(level(2000, choke_at=1000.0)) == pytest.approx(-20)
    assert decibels(level(2000, release_at=1000.0, choke_at=1000.0)) == pytest.approx(-30)


def test_modulation_envelope_attacks_convexly_and_falls_linearly():
    times = np.array([0.0, 4800.0, 0.0, 9600.0, 0.5, 9600.0])
    values = kernels.contour(400, times, 14_400.0)
    assert values[50] == pytest.approx(1 + 40 / 96 * math.log10(0.5))
    assert values[100] == 1.0
    assert values[150] == pytest.approx(0.75)
    assert values[250] == pytest.approx(0.5)
    assert values[350] == pytest.approx(0.25)
    assert values[399] == pytest.approx(0.5 - 99 * BLOCK / 9600)


def test_triangle_starts_at_nought_and_keeps_its_frequency():
    wave = kernels.triangle(3000, 4800.0, 5.0 / RATE)
    assert not wave[:101].any()
    quarter = RATE // 5 // 4 // BLOCK
    assert wave[100 + quarter] == pytest.approx(1.0)
    assert wave[100 + 3 * quarter] == pytest.approx(-1.0)
    assert np.allclose(wave[101:1000], wave[101 + 4 * quarter : 1000 + 4 * quarter])


@pytest.mark.parametrize("cutoff", [200.0, 1000.0, 6000.0])
def test_lowpass_is_a_two_pole_butterworth_without_resonance(cutoff):
    impulse = np.zeros(48_000, np.float32)
    impulse[0] = 1.0
    kernels.lowpass(impulse, np.array([cutoff / RATE]), math.sqrt(0.5))
    response = 20 * np.log10(np.abs(np.fft.rfft(impulse)))
    assert response[1] == pytest.approx(0.0, abs=0.02)
    assert response[int(cutoff)] == pytest.approx(-3.01, abs=0.05)
    assert response[int(cutoff * 2)] < -11.5


def test_resonance_lifts_the_cutoff_by_its_decibels():
    impulse = np.zeros(48_000, np.float32)
    impulse[0] = 1.0
    kernels.lowpass(impulse, np.array([1000.0 / RATE]), 10 ** (9 / 20))
    assert 20 * np.log10(np.abs(np.fft.rfft(impulse))[1000]) == pytest.approx(9.0, abs=0.05)


def test_a_moving_cutoff_does_not_click():
    tone = np.sin(2 * np.pi * 100 * np.arange(48_000) / RATE).astype(np.float32)
    kernels.lowpass(tone, 10.0 ** np.linspace(2.5, 3.7, 1001) / RATE, math.sqrt(0.5))
    hertz, power = spectrum(tone[2000:-2000])
    assert power[hertz > 1500].max() < -70
