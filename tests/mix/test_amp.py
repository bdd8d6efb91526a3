import numpy as np
import pytest

from descant.mix.amp import VOICINGS, Amplifier

RATE = 48_000


def magnitudes(audio):
    window = np.kaiser(RATE, 16)
    return np.abs(np.fft.rfft(audio[RATE // 4 : RATE // 4 + RATE, 0].astype(float) * window))


@pytest.mark.parametrize("name", VOICINGS)
def test_it_compresses_what_it_bends(sine, name):
    quiet = Amplifier(name).process(sine(330.0, 1.0, -40.0, 1))[RATE // 2 :]
    loud = Amplifier(name).process(sine(330.0, 1.0, -6.0, 1))[RATE // 2 :]
    assert 20 * np.log10(np.abs(loud).max() / np.abs(quiet).max()) < 30.0


def test_the_cabinet_has_no_fizz(sine):
    levels = magnitudes(Amplifier("lead").process(sine(220.0, 2.0, -6.0, 1)))
    assert 20 * np.log10(levels[9000:].max() / levels.max()) < -35


@pytest.mark.parametrize("name", VOICINGS)
def test_aliases_stay_60_db_under_the_note(sine, name):
    levels = magnitudes(Amplifier(name).process(sine(1661.0, 2.0, -9.0, 1)))
    hertz = np.arange(len(levels))
    alias = (hertz > 60) & (hertz < 20_000)
    for harmonic in range(1, 15):
        alias &= np.abs(hertz - harmonic * 1661) > 40
    assert 20 * np.log10(levels[alias].max() / levels.max()) < -60


def test_hum_between_notes_is_gated(sine):
    audio = sine(200.0, 1.0, -80.0, 1)
    assert np.abs(Amplifier("lead").process(audio)[RATE // 2 :]).max() < 0.01


def test_a_whole_signal_comes_out_in_time():
    audio = np.zeros((RATE, 1), np.float32)
    audio[RATE // 2 :] = np.sin(np.arange(RATE // 2) / 10)[:, None] * 0.1
    out = np.abs(Amplifier("edge").process_aligned(audio)[:, 0])
    assert abs(int(np.argmax(out > out.max() * 0.2)) - RATE // 2) < 240


def test_an_unknown_amplifier_is_refused():
    with pytest.raises(ValueError, match="crunch"):
        Amplifier("boutique")
