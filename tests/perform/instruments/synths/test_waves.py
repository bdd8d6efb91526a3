import numpy as np
import pytest

from descant.perform.instruments.synths import waves

RATE = 48_000
SIZE = 65_536


def oscillate(wave, hertz, length=SIZE, phase=0.0):
    heard = np.zeros(length, np.float32)
    steps = np.full(length // 48 + 1, hertz / RATE)
    waves.add_wave(heard, heard, waves.table(wave, hertz), phase, steps, 1.0, 0.0)
    return heard


SHAPES = {
    "saw": lambda number: 2 / (np.pi * number),
    "triangle": lambda number: 8 / (np.pi * number) ** 2 * (number % 2),
    "sine": lambda number: (number == 1) * 1.0,
}


@pytest.mark.parametrize("wave", SHAPES)
def test_partials_are_those_of_the_ideal_wave(wave):
    hertz = 100 * RATE / SIZE  # a whole number of periods: no window needed
    partials = np.abs(np.fft.rfft(oscillate(wave, hertz).astype(float)))[100::100] / (SIZE / 2)
    number = np.arange(1, 21)
    assert partials[:20] == pytest.approx(SHAPES[wave](number), abs=2e-4)


@pytest.mark.parametrize("wave", ["saw", "triangle", "stairs"])
@pytest.mark.parametrize("hertz", [55.3, 440.7, 1301.9, 3011.3, 7039.1])
def test_nothing_folds_back(wave, hertz, between_partials):
    assert between_partials(oscillate(wave, hertz), hertz) < -80


@pytest.mark.parametrize("hertz", [30.0, 261.63, 4000.0])
def test_treble_reaches_to_the_edge_of_hearing(hertz):
    heard = oscillate("saw", hertz)
    power = np.abs(np.fft.rfft(heard * np.hanning(SIZE))) ** 2
    at = np.fft.rfftfreq(SIZE, 1 / RATE)
    assert power[at > 15_500].sum() > 1e-4 * power.sum() * hertz / 4000  # partials fall by 6 dB an octave, no faster


def test_a_triangle_in_stairs_has_its_steps_where_a_counter_of_32_has_them():
    table = waves.table("stairs", 12.0)[:-1]
    settled = table.reshape(32, -1)[:, 40:-40]
    assert np.ptp(np.round(settled.mean(axis=1) * 7.5 + 7.5, 1)) == pytest.approx(15.0, abs=0.1)
    assert np.abs(settled - settled.mean(axis=1, keepdims=True)).max() < 0.03
    assert len(np.unique(np.round(settled.mean(axis=1), 2))) == 16


def test_noise_is_white_uniform_and_the_same_however_much_is_asked_for():
    heard = waves.noise(SIZE, 5)
    assert np.array_equal(waves.noise(1000, 5), heard[:1000])
    assert not np.array_equal(waves.noise(1000, 6), heard[:1000])
    assert heard.mean() == pytest.approx(0.0, abs=0.01)
    assert heard.std() == pytest.approx(1 / np.sqrt(3), rel=0.01)
    bands = (np.abs(np.fft.rfft(heard)) ** 2)[1:].reshape(8, -1).mean(axis=1)
    assert bands.max() / bands.min() < 1.2
    lagged = [abs(np.corrcoef(heard[:-lag], heard[lag:])[0, 1]) for lag in (1, 2, 48, 1000)]
    assert max(lagged) < 0.015


def test_an_unknown_wave_is_refused():
    with pytest.raises(ValueError, match="hexagon"):
        waves.table("hexagon", 100.0)
