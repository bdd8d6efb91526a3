import numpy as np
import pyloudnorm
import pytest

from descant.mix import loudness

RATE = 48_000


@pytest.mark.parametrize("level", [-23.0, -33.0, -14.0])
def test_a_stereo_sine_at_1_khz_reads_its_own_level(sine, level):
    # EBU Tech 3341, cases 1 and 2: a 1000 Hz stereo sine of −23 dBFS peak a channel reads −23.0 LUFS.
    assert loudness.integrated(sine(1000.0, 20.0, level)) == pytest.approx(level, abs=0.1)


def test_quiet_ends_are_gated_away(sine):
    # EBU Tech 3341, case 3: −36, −23, −36 dBFS reads −23.0 LUFS.
    audio = np.concatenate([sine(1000.0, 10.0, -36.0), sine(1000.0, 60.0, -23.0), sine(1000.0, 10.0, -36.0)])
    assert loudness.integrated(audio) == pytest.approx(-23.0, abs=0.1)


def test_silence_between_does_not_count(sine):
    # EBU Tech 3341, case 4 with its −72 dBFS ends.
    steps = ((10.0, -72.0), (10.0, -36.0), (60.0, -23.0), (10.0, -36.0), (10.0, -72.0))
    audio = np.concatenate([sine(1000.0, seconds, level) for seconds, level in steps])
    assert loudness.integrated(audio) == pytest.approx(-23.0, abs=0.1)


def test_it_agrees_with_an_outside_meter_on_noise(noise):
    audio = np.tile(noise, (3, 1)) * np.repeat([[0.2], [1.0], [0.5]], len(noise), axis=0).astype(np.float32)
    outside = pyloudnorm.Meter(RATE).integrated_loudness(audio.astype(float))
    assert loudness.integrated(audio) == pytest.approx(outside, abs=0.1)


def test_silence_reads_as_the_absolute_gate():
    assert loudness.integrated(np.zeros((RATE, 2), np.float32)) == loudness.SILENCE


@pytest.mark.parametrize(("divisor", "phase"), [(4, np.pi / 4), (6, np.pi / 6), (8, np.pi / 8)])
def test_peaks_between_samples_are_found(divisor, phase):
    # EBU Tech 3341, cases 15–18: sines whose samples miss the crest; tolerance +0.2 / −0.4 dB.
    wave = 0.5 * np.sin(2 * np.pi / divisor * np.arange(RATE) + phase)
    fade = np.clip(np.minimum(np.arange(RATE), np.arange(RATE)[::-1]) / 4800, 0, 1)
    audio = np.repeat((wave * fade)[:, None], 2, axis=1).astype(np.float32)
    assert -6.02 - 0.4 <= loudness.true_peak(audio) <= -6.02 + 0.2
