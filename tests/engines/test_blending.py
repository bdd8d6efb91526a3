"""Performances fitted to recorded sound: measured on what comes out; what is recorded is never changed."""

import numpy as np
import pytest

from descant.engines.score import blending, ringing
from descant.mix import balance, loudness
from descant.mix.levels import decibels, gain
from descant.mix.mixdown import Mixdown
from descant.mix.recall import Sheet
from descant.song.score import Role

RATE = 48_000


def noise(seconds: float, level: float, *, seed: int, width: float = 1.0, tilt: float = 0.0) -> np.ndarray:
    """Return stereo noise; ``width`` is the share of each channel's own, ``tilt`` dB an octave."""
    rng = np.random.default_rng(seed)
    samples = round(seconds * RATE)
    shared, own = rng.standard_normal((samples, 1)), rng.standard_normal((samples, 2))
    spectrum = np.fft.rfft(shared * np.sqrt(1 - width**2) + own * width, axis=0)
    frequencies = np.maximum(np.fft.rfftfreq(samples, 1 / RATE), 20.0)
    spectrum *= 10 ** (tilt * np.log2(frequencies / 1000.0) / 20)[:, None]
    audio = np.fft.irfft(spectrum, samples, axis=0)
    return (gain(level) * audio / np.sqrt(np.mean(audio**2))).astype(np.float32)


def mixdown(**stems: np.ndarray) -> Mixdown:
    roles = {Role(name): np.ascontiguousarray(stem) for name, stem in stems.items()}
    master = np.sum(list(roles.values()), axis=0, dtype=np.float32)
    return Mixdown(master, roles, loudness.integrated(master), loudness.true_peak(master), Sheet(profile="pop"))


def width(audio: np.ndarray) -> float:
    return float(np.std(audio[:, 0] - audio[:, 1]) / np.std(audio[:, 0] + audio[:, 1]))


def residual(mix: Mixdown) -> float:
    off = mix.master - np.sum(list(mix.stems.values()), axis=0, dtype=np.float32)
    return decibels(float(np.sqrt(np.mean(off**2) / np.mean(mix.master**2))))


def test_a_performance_beside_a_recording_is_as_loud_as_wide_and_as_bright_as_it() -> None:
    made = mixdown(drums=noise(6, -16, seed=1), bass=noise(6, -20, seed=2))
    recorded = noise(6, -26, seed=3, width=0.2, tilt=-2.0)
    fitted = blending.beside(made, recorded)
    assert loudness.integrated(fitted.master) == pytest.approx(loudness.integrated(recorded), abs=0.6)
    assert width(fitted.master) == pytest.approx(width(recorded), rel=0.15)
    before = np.abs(balance.spectrum(noise(6, -16, seed=1)) - balance.spectrum(recorded)).mean()
    after = np.abs(balance.spectrum(fitted.master) - balance.spectrum(recorded)).mean()
    assert after < 0.5 * before
    assert residual(fitted) < -90


def test_a_performance_beside_a_loud_recording_keeps_under_the_ceiling() -> None:
    made = mixdown(drums=noise(4, -20, seed=4))
    fitted = blending.beside(made, np.clip(noise(4, -6, seed=5), -1, 1))
    assert loudness.true_peak(fitted.master) <= blending.CEILING + 0.1


def test_a_performance_beside_silence_is_left_as_it_is() -> None:
    made = mixdown(drums=noise(2, -20, seed=4))
    before = made.master.copy()
    assert np.array_equal(blending.beside(made, np.zeros((RATE, 2), np.float32)).master, before)


def test_a_performance_that_opens_in_silence_is_not_turned_up_for_it() -> None:
    sound = noise(20, -16, seed=1)
    sound[: 12 * RATE] = 0.0
    recorded = noise(6, -26, seed=3)
    fitted = blending.beside(mixdown(drums=sound), recorded)
    assert loudness.integrated(fitted.master) < loudness.integrated(recorded) + 9.0


def test_what_goes_on_and_what_follows_do_not_clip_together() -> None:
    recorded = np.clip(noise(4, -9, seed=3), -0.99, 0.99)
    made = mixdown(drums=noise(4, -12, seed=1), bass=noise(4, -20, seed=2))
    end = len(recorded)
    blended = blending.after(blending.beside(made, recorded), recorded, end - RATE // 2, end - RATE // 10, end, seed=1)
    assert loudness.true_peak(blended.master) <= loudness.true_peak(recorded) + 0.1
    assert residual(blended) < -90


def test_a_recording_goes_on_under_what_follows_and_dies_away() -> None:
    recorded = noise(3, -14, seed=6)
    made = mixdown(drums=np.zeros((3 * RATE, 2), np.float32))
    going_on = round(0.2 * RATE)
    end = len(recorded)
    after = blending.after(made, recorded, end - going_on, end, end, seed=1)
    tail = after.stems[Role.RECORDING]
    whole = going_on - round(0.05 * RATE)
    assert np.array_equal(tail[:whole], recorded[end - going_on :][:whole])
    levels = [decibels(float(np.std(tail[round(t * RATE) : round((t + 0.1) * RATE)]))) for t in (0.05, 0.25, 0.6, 1.2)]
    assert levels[0] > levels[1] > levels[2] > levels[3]
    assert levels[1] > -34
    assert levels[3] < -60
    steps = np.abs(np.diff(tail[:, 0]))
    assert steps[whole - 10 : going_on + 200].max() <= steps[:whole].max()  # no click where it is cut off


def struck(at: float) -> np.ndarray:
    """Return three seconds of a chord that is held, and struck anew, with another pitch, at a second."""
    time = np.arange(3 * RATE) / RATE
    chord = sum(np.sin(2 * np.pi * f * time) for f in (220.0, 277.2, 329.6))
    new = np.where(time >= at, np.sin(2 * np.pi * 246.9 * time) * np.exp(-3 * np.maximum(time - at, 0)), 0.0)
    noise_of_it = np.random.default_rng(3).standard_normal(len(time)) * np.exp(-400 * np.maximum(time - at, 0))
    sound = np.where(time < at, 0.05 * chord, 0.15 * new + 0.2 * noise_of_it)
    return np.repeat(sound[:, None], 2, axis=1).astype(np.float32)


@pytest.mark.parametrize("early", [0.03, 0.0, -0.015])
def test_a_recording_is_cut_off_just_before_it_strikes_what_was_next(early: float) -> None:
    recorded = struck(2.0 - early)
    cut = ringing.cut_before(recorded, round(1.92 * RATE), 2 * RATE)
    assert 0.0 < (2.0 - early) - cut.place / RATE < 0.012


def test_what_is_struck_where_a_recording_may_first_be_cut_off_is_not_heard() -> None:
    time = np.arange(3 * RATE) / RATE
    loud = np.where(
        time < 1.95, 0.4 * np.cos(2 * np.pi * 50.0 * (time - 1.946)), 0.0
    )  # loud from the first sample looked at
    noise_of_it = np.random.default_rng(3).standard_normal(len(time)) * np.exp(-400 * np.maximum(time - 1.95, 0))
    recorded = np.repeat((loud + np.where(time < 1.95, 0.0, 0.1 * noise_of_it))[:, None], 2, axis=1).astype(np.float32)
    earliest = round(1.948 * RATE)
    assert ringing.cut_before(recorded, earliest, 2 * RATE).place == earliest


def test_what_sounds_when_a_recording_is_cut_off_is_held_up_to_the_bar_line_and_gives_way_there() -> None:
    recorded = struck(1.93)
    cut = ringing.cut_before(recorded, round(1.9 * RATE), 2 * RATE)
    rest = ringing.tail(recorded, cut, RATE, 2 * RATE, 3 * RATE, seed=1)
    before, held = rest[: round(0.8 * RATE), 0], rest[round(0.94 * RATE) : round(0.99 * RATE), 0]
    after, late = rest[round(1.2 * RATE) : round(1.4 * RATE), 0], rest[round(2.2 * RATE) :, 0]
    usual = decibels(float(np.std(before)))
    assert decibels(float(np.std(held))) == pytest.approx(usual, abs=2.0)  # no hole
    assert usual - 35 < decibels(float(np.std(after))) < usual - 8
    assert decibels(float(np.std(late)) + 1e-9) < usual - 60
    spectrum = np.abs(np.fft.rfft(after * np.hanning(len(after))))
    assert np.fft.rfftfreq(len(after), 1 / RATE)[spectrum.argmax()] == pytest.approx(220.0, abs=120.0)
    assert np.abs(np.diff(rest[:, 0])).max() < 2.0 * np.abs(np.diff(before)).max()


def test_a_recording_that_ends_before_the_bar_line_is_held_up_to_it() -> None:
    recorded = struck(9.0)[: round(1.94 * RATE)]
    line, begins = 2 * RATE, round(1.955 * RATE)
    for earliest in (round(1.9 * RATE), round(1.98 * RATE)):
        cut = ringing.cut_before(recorded, earliest, line)
        assert cut.place == len(recorded)
        for first in (RATE, begins):
            rest = ringing.tail(recorded, cut, first, line, 3 * RATE, seed=1)
            held = rest[line - first - round(0.03 * RATE) : line - first, 0]
            usual = float(np.std(recorded[RATE:]))
            assert decibels(float(np.std(held))) == pytest.approx(decibels(usual), abs=2.5)
    alone = ringing.cut_before(recorded[:2000], 0, 5000)
    assert not ringing.tail(recorded[:2000], alone, 0, 5000, RATE, seed=1)[2000:].any()  # too short to tell


def test_a_performance_that_begins_louder_than_it_goes_on_is_ridden_to_the_level_of_the_join() -> None:
    made = mixdown(drums=np.concatenate([noise(3, -12, seed=20), noise(12, -20, seed=21)]))
    recorded = noise(20, -24, seed=22)
    fitted = blending.beside(made, recorded)
    for seconds in (3, 10):
        level = loudness.integrated(fitted.master[: seconds * RATE])
        wanted = loudness.integrated(recorded[-seconds * RATE :])
        assert level == pytest.approx(wanted, abs=3.5 if seconds == 3 else 0.5)
    assert residual(fitted) < -90


def test_a_performance_over_a_recording_takes_its_level_from_it_where_both_sound() -> None:
    recorded = np.concatenate([noise(3, -40, seed=7), noise(3, -20, seed=8)])
    voice = np.concatenate([np.zeros((3 * RATE, 2), np.float32), noise(3, -10, seed=9)])
    over = blending.over(mixdown(vocals=voice), recorded, level=-2.0)
    heard = loudness.integrated(recorded[3 * RATE :])
    assert loudness.integrated(over.master[3 * RATE :]) == pytest.approx(heard - 2.0, abs=0.5)


@pytest.mark.parametrize("hot", [-1.5, 0.0])
def test_what_is_laid_over_a_recording_gives_way_where_both_would_clip(hot: float) -> None:
    recorded = noise(4, -22, seed=10)
    struck = np.exp(-(np.arange(len(recorded)) % 12_000) / 300).astype(np.float32)[:, None]
    recorded += struck * np.sin(np.arange(len(recorded)) * 0.05, dtype=np.float32)[:, None]
    recorded *= np.float32(gain(hot) / np.abs(recorded).max())
    kept = recorded.copy()
    over = blending.over(mixdown(vocals=noise(4, -12, seed=11)), recorded, level=0.0)
    assert np.array_equal(recorded, kept)
    ceiling = max(blending.CEILING, loudness.true_peak(recorded))
    assert loudness.true_peak(recorded + over.master) <= ceiling + 0.2
    assert loudness.integrated(over.master) > loudness.integrated(recorded) - 4.0


def test_a_voice_may_ring_longer_than_the_recording_it_is_laid_over() -> None:
    over = blending.over(mixdown(vocals=noise(5, -20, seed=12)), noise(3, -18, seed=13), level=0.0)
    assert len(over.master) == 5 * RATE
    assert np.isfinite(over.master).all()
