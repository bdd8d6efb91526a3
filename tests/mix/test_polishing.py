"""A finished record mastered anew: louder and nearer to a tone, under the ceiling, its stems still its sum."""

import numpy as np
import pytest
from numpy.typing import NDArray

from descant.mix import balance, loudness, profile
from descant.mix.polishing import CEILING, polish
from descant.mix.variation import Variation
from descant.song.score import Role
from descant.song.streams import stream

RATE = 48_000
PLAIN = Variation()


def noise(level: float, slope: float, name: str = "noise") -> NDArray[np.float32]:
    """Six seconds of noise, ``slope`` dB an octave against white, in stereo, at ``level`` LUFS."""
    spectrum = np.fft.rfft(stream(1, name).standard_normal((6 * RATE, 2)), axis=0)
    hertz = np.fft.rfftfreq(6 * RATE, 1 / RATE)
    spectrum *= (np.maximum(hertz, 20.0) / 1000.0)[:, None] ** (slope / 6.02)
    sound = np.fft.irfft(spectrum, axis=0).astype(np.float32)
    return sound * np.float32(10 ** ((level - loudness.integrated(sound)) / 20))


def mastered(sound: NDArray[np.float32], depth: float = 1.0, change: Variation = PLAIN) -> NDArray[np.float32]:
    copy = sound.copy()
    polish({Role.RECORDING: copy}, profile.load("pop").bus, depth, change)
    return copy


@pytest.mark.parametrize("level", [-40.0, -24.0, -16.0])
def test_a_quiet_record_is_brought_to_the_loudness_of_a_song(level: float) -> None:
    assert loudness.integrated(mastered(noise(level, -4.5))) == pytest.approx(-14.0, abs=0.4)


def test_a_loud_record_stays_as_loud_as_its_peaks_allow() -> None:
    loud = noise(-9.0, -4.5)
    made = mastered(loud)
    assert loudness.integrated(made) > -12.0
    assert loudness.true_peak(made) <= CEILING + 0.05


def test_peaks_are_softened_a_little_instead_of_being_crushed() -> None:
    clicks = noise(-45.0, -4.5)
    clicks[::RATE] += np.float32(0.9)
    made = mastered(clicks)
    assert loudness.true_peak(made) <= CEILING + 0.05
    assert loudness.integrated(made) < -30.0


@pytest.mark.parametrize("depth", [0.35, 0.7, 1.0])
def test_the_tone_comes_nearer_to_the_profile_the_deeper_the_more(depth: float) -> None:
    dull, bus = noise(-20.0, -9.0), profile.load("pop").bus
    middle = (balance.CENTRES > 60) & (balance.CENTRES < 12_000)

    def off(sound: NDArray[np.float32]) -> float:
        return float(np.abs(balance.spectrum(sound) - balance.target(bus.balance))[middle].mean())

    assert off(mastered(dull, depth)) < off(dull) - 2.0 * depth


def test_stems_still_sum_to_the_record_and_nothing_moves() -> None:
    first, second = noise(-20.0, -4.5), noise(-24.0, -2.0, "other")
    stems = {Role.RECORDING: first.copy(), Role.LEAD_VOCAL: second.copy()}
    polish(stems, profile.load("pop").bus, 0.7, PLAIN)
    whole = {Role.RECORDING: first + second}
    polish(whole, profile.load("pop").bus, 0.7, PLAIN)
    total = stems[Role.RECORDING] + stems[Role.LEAD_VOCAL]
    assert np.abs(total - whole[Role.RECORDING]).max() < 1e-5
    lag = np.argmax(np.fft.irfft(np.fft.rfft(total[:, 0]) * np.conj(np.fft.rfft((first + second)[:, 0]))))
    assert lag == 0


def test_variations_are_heard_in_mono_too() -> None:
    sound = np.repeat(noise(-20.0, -4.5)[:, :1], 2, axis=1)
    close, open_ = (mastered(sound, 0.35, Variation(**how)) for how in ({"vocals": 1.0}, {"brightness": 0.5}))
    for made in (close, open_):
        assert np.abs(made - mastered(sound, 0.35)).max() > 1e-3
        assert np.array_equal(made[:, 0], made[:, 1])


def test_silence_stays_silent() -> None:
    assert not mastered(np.zeros((RATE, 2), np.float32)).any()
