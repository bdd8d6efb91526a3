import numpy as np
import pytest

from descant.mix.chorus import Chorus
from descant.mix.delay import PingPong
from descant.mix.panning import MonoLows, Spreader, pan_gains, place

RATE = 48_000


@pytest.mark.parametrize("pan", np.linspace(-1, 1, 9))
def test_power_is_the_same_wherever_a_part_stands(pan):
    left, right = pan_gains(pan)
    assert left**2 + right**2 == pytest.approx(2.0)


def test_ends_and_centre_of_the_pan_law():
    assert pan_gains(0.0) == pytest.approx((1.0, 1.0))
    assert pan_gains(-1.0) == pytest.approx((2**0.5, 0.0), abs=1e-9)
    assert pan_gains(1.0) == pytest.approx((0.0, 2**0.5), abs=1e-9)


def test_width_zero_is_mono(noise):
    stem = np.zeros_like(noise)
    place(noise, stem, 1.0, 1.0, 0.0)
    assert np.array_equal(stem[:, 0], stem[:, 1])


@pytest.mark.parametrize(("frequency", "side"), [(40.0, -35.0), (60.0, -23.0)])
def test_lows_are_mono(sine, frequency, side):
    audio = sine(frequency, 2.0)
    audio[:, 1] *= -1
    out = MonoLows().process(audio)[RATE:]
    assert 20 * np.log10(np.abs(out[:, 0] - out[:, 1]).max() / 2) < side


def test_width_above_the_lows_is_kept(sine):
    audio = sine(1000.0, 1.0)
    audio[:, 1] *= -1
    assert np.abs(MonoLows().process(audio)[RATE // 2 :]).max() == pytest.approx(1.0, abs=0.01)


def test_echoes_alternate_left_and_right_in_time():
    send = np.zeros((RATE * 2, 1), np.float32)
    send[0] = 1.0
    out = np.abs(PingPong(0.25, 0.5, 20.0, 20_000.0).process(send))
    quarter = RATE // 4
    assert out[quarter - 2 : quarter + 20, 0].max() > 0.5
    assert out[quarter - 2 : quarter + 20, 1].max() < 0.01
    assert out[2 * quarter - 2 : 2 * quarter + 20, 1].max() > 0.5
    assert 0.1 < out[3 * quarter - 2 : 3 * quarter + 20, 0].max() < 0.5


def test_a_chorus_widens_and_keeps_the_level(noise):
    mono = np.repeat(noise[:, :1], 2, axis=1)
    out = Chorus(0.6).process(mono.copy())
    assert np.corrcoef(out.T)[0, 1] < 0.9
    assert 10 * np.log10((out**2).mean() / (mono**2).mean()) == pytest.approx(0.0, abs=0.7)


@pytest.mark.parametrize("make", [lambda: Chorus(0.6), lambda: Spreader(0.5), lambda: PingPong(0.11)])
def test_effects_fed_in_blocks_give_the_samples_of_the_whole(noise, make):
    source = noise if not isinstance(make(), PingPong) else noise[:, :1]
    effect = make()
    whole = make().process(source.copy())
    parts = [effect.process(source[start : start + 4016].copy()) for start in range(0, len(source), 4016)]
    assert np.array_equal(whole, np.concatenate(parts))


def test_a_spreader_parts_the_sides_and_cancels_in_mono(noise):
    mono = np.repeat(noise[:, :1], 2, axis=1)
    out = Spreader(0.8).process(mono.copy())
    assert np.abs(out.mean(axis=1) - mono[:, 0]).max() < 1e-6
    assert np.corrcoef(out.T)[0, 1] < 0.5


def test_a_spreader_leaves_the_lows_in_the_middle(sine):
    out = Spreader(1.0).process(sine(60.0, 1.0))[RATE // 2 :]
    assert 20 * np.log10(np.abs(out[:, 0] - out[:, 1]).max() / 2) < -20


def test_the_width_follows_its_curve(sine):
    audio = sine(1000.0, 1.0)
    audio[:, 1] *= -1
    half = np.full(RATE // 16, 0.5, np.float32)
    assert np.abs(MonoLows().process(audio, half)[RATE // 2 :]).max() == pytest.approx(0.5, abs=0.01)
