import numpy as np
import pytest

from descant.mix.dynamics import Compression, Compressor, DeEsser, Expander, static_gain

RATE = 48_000


def settled(audio):
    return 20 * np.log10(np.abs(audio[-RATE // 4 :]).max())


@pytest.mark.parametrize("level", [-40.0, -20.0, -12.0, 0.0])
def test_a_settled_compressor_follows_its_static_curve(sine, level):
    settings = Compression(threshold=-20.0, ratio=4.0, attack=0.005, release=0.3, knee=0.0)
    expected = level if level <= -20 else -20 + (level + 20) / 4
    assert settled(Compressor(settings).process(sine(1000.0, 1.5, level))) == pytest.approx(expected, abs=0.35)


def test_the_knee_joins_both_slopes_smoothly():
    levels = np.linspace(-40, 0, 401).astype(np.float32)
    gains = static_gain(levels, Compression(threshold=-20.0, ratio=3.0, knee=10.0))
    slopes = np.diff(levels + gains) / np.diff(levels)
    assert slopes.max() <= 1.02
    assert slopes.min() >= 1 / 3 - 0.02
    assert np.all(np.diff(slopes) <= 0.02)


@pytest.mark.parametrize(("attack", "release"), [(0.010, 0.1), (0.030, 0.3)])
def test_attack_and_release_cover_63_percent_in_their_time(attack, release):
    key = np.full((4 * RATE, 1), 1e-3, np.float32)
    key[RATE : 3 * RATE] = 1.0
    settings = Compression(threshold=-20.0, ratio=2.0, attack=attack, release=release, knee=0.0)
    gains = Compressor(settings).gains(key)
    per_second = RATE / 16
    assert gains[int(per_second * (1 + attack))] == pytest.approx(-10 * 0.632, abs=0.25)
    assert gains[int(per_second * (3 + release))] == pytest.approx(-10 * 0.368, abs=0.25)


def test_both_channels_get_the_same_gain(sine):
    audio = sine(500.0, 1.0, 0.0)
    audio[:, 1] *= 0.1
    before = audio.copy()
    Compressor(Compression(threshold=-20.0, ratio=4.0)).process(audio)
    active = np.abs(before[:, 1]) > 1e-3
    assert np.allclose(audio[active, 0] / before[active, 0], audio[active, 1] / before[active, 1], rtol=1e-3)


def test_a_side_chain_lowers_one_signal_by_another(sine):
    audio, key = sine(500.0, 1.0, -30.0), sine(60.0, 1.0, 0.0)
    Compressor(Compression(threshold=-20.0, ratio=4.0, attack=0.002, release=0.5)).process(audio, key)
    assert settled(audio) == pytest.approx(-45.0, abs=0.6)


def test_compressing_in_blocks_gives_the_samples_of_compressing_whole(noise):
    settings = Compression(threshold=-25.0, ratio=4.0)
    whole, parts = Compressor(settings).process(noise.copy()), noise.copy()
    compressor = Compressor(settings)
    for start in range(0, len(parts), 4800):
        compressor.process(parts[start : start + 4800])
    assert np.array_equal(whole, parts)


@pytest.mark.parametrize(("level", "expected"), [(-20.0, -20.0), (-50.0, -60.0), (-75.0, -95.0)])
def test_an_expander_leaves_loud_and_lowers_quiet(sine, level, expected):
    expanded = Expander(threshold=-40.0, ratio=2.0, depth=20.0).process(sine(1000.0, 1.5, level))
    assert settled(expanded) == pytest.approx(expected, abs=0.6)


def test_a_de_esser_lowers_sibilants_and_leaves_vowels(sine):
    hiss, vowel = sine(8000.0, 1.0, -12.0, 1), sine(300.0, 1.0, -12.0, 1)
    assert settled(DeEsser(depth=6.0).process(hiss)) == pytest.approx(-18.0, abs=1.0)
    assert settled(DeEsser(depth=6.0).process(vowel)) == pytest.approx(-12.0, abs=0.1)
