import numpy as np
import pytest

from descant.perform.voice import envelope, excitation, synthesis
from descant.perform.voice.breath import breath


def spoken_frames(count: int, level: float = -2.0) -> tuple[np.ndarray, np.ndarray]:
    return np.full((count, envelope.BINS), level, np.float32), np.zeros((count, envelope.BINS), np.float32)


@pytest.mark.parametrize("midi", [45, 57, 69, 81])
def test_pulses_through_a_flat_filter_have_the_filters_power_at_any_pitch(midi: int) -> None:
    spectrum, share = spoken_frames(200)
    phase = excitation.phase_of(np.full(200, 100.0 * midi))
    sound = synthesis.synthesise(spectrum, share, excitation.pulses(phase, 1, "a"), np.zeros(phase.size, np.float32))
    assert np.sqrt(np.mean(sound[4800:-7000] ** 2)) == pytest.approx(np.exp(-2.0), rel=0.06)


def test_noise_through_a_flat_filter_has_the_filters_power() -> None:
    spectrum, share = spoken_frames(400)
    phase = excitation.phase_of(np.full(400, 6900.0))
    noise = excitation.noise(phase, np.zeros(phase.size), 1, "a")
    sound = synthesis.synthesise(spectrum, share + 1, np.zeros_like(noise), noise)
    assert np.sqrt(np.mean(sound[4800:-7000] ** 2)) == pytest.approx(np.exp(-2.0), rel=0.05)


def test_a_pulse_comes_out_where_it_went_in() -> None:
    spectrum, share = spoken_frames(60, 0.0)
    train = np.zeros(59 * excitation.HOP, np.float32)
    train[5003] = 1.0
    sound = synthesis.synthesise(spectrum, share, train, np.zeros_like(train))
    assert int(np.argmax(np.abs(sound))) == 5003


def test_the_response_is_minimum_phase_with_the_given_magnitude() -> None:
    spectrum = np.cos(np.linspace(0, 9, envelope.BINS))[None, :].astype(np.float32)
    response = synthesis.minimum_phase(spectrum)
    assert np.allclose(np.log(np.abs(response)), spectrum, atol=2e-3)
    impulse = np.fft.irfft(response[0])
    assert np.sum(impulse[:1024] ** 2) > 0.999 * np.sum(impulse**2)


def test_pulse_places_are_exact_to_a_fraction_of_a_sample() -> None:
    phase = excitation.phase_of(np.full(400, 6931.0))
    train = excitation.pulses(phase, 1, "a").astype(np.float64)
    spectrum = np.abs(np.fft.rfft(train[:86400] * np.hanning(86400)))
    hertz = np.argmax(spectrum[100:2000]) + 100
    assert hertz * 48000 / 86400 == pytest.approx(440 * 2 ** (31 / 1200), abs=0.6)


def test_a_first_formant_below_the_pitch_is_raised_to_it() -> None:
    spectrum = np.tile(envelope.bell(400.0, 80.0, 20.0), (30, 1))
    envelope.raise_first_formant(spectrum, np.full(30, 523.0), np.ones(30))
    assert envelope.HERTZ[np.argmax(spectrum[15])] == pytest.approx(523 * 1.02, abs=30)
    assert envelope.HERTZ[np.argmax(np.tile(envelope.bell(700.0, 80.0, 20.0), (1, 1))[0])] == pytest.approx(700, abs=24)


def test_the_band_goes_on_above_what_the_source_knows() -> None:
    cepstra = np.zeros((1, 25), np.float32)
    spectrum = envelope.log_spectrum(cepstra, 0.42, 16000, 1.0, np.zeros(1))[0]
    at = {f: spectrum[np.searchsorted(envelope.HERTZ, f)] / envelope.DECIBEL for f in (4000, 8000, 15000)}
    assert at[4000] == pytest.approx(0, abs=0.1)
    assert at[15000] - at[8000] == pytest.approx(-16 * np.log2(15 / 8), abs=1.0)


def test_a_breath_has_its_length_and_level_and_its_own_stream() -> None:
    sound = breath(0.3, 1.0, 1, "a")
    assert sound.size == int(0.3 * 48000)
    assert np.array_equal(sound, breath(0.3, 1.0, 1, "a"))
    assert not np.array_equal(sound, breath(0.3, 1.0, 1, "b"))
    assert abs(sound[-20:]).max() < 1e-4


def test_hiss_in_a_voiced_frame_is_turned_down_and_left_where_nothing_is_voiced() -> None:
    spectrum = np.zeros((2, envelope.BINS), np.float32)
    envelope.calm_hiss(spectrum, np.array([1.0, 0.0]))
    at = {f: int(np.searchsorted(envelope.HERTZ, f)) for f in (4000, 12_000)}
    taken = envelope.HISS_TAKEN * envelope.HISS_UNDER
    assert spectrum[0, at[4000]] == 0
    assert spectrum[0, at[12_000]] / envelope.DECIBEL == pytest.approx(-taken, abs=0.1)
    assert not np.any(spectrum[1])


def test_a_mend_goes_through_its_points_and_stays_level_beyond_them() -> None:
    curve = envelope.points(((4000.0, 0.0), (5000.0, 10.0))) / envelope.DECIBEL
    at = [float(np.interp(f, envelope.HERTZ, curve)) for f in (1000, 4500, 20_000)]
    assert at == pytest.approx([0.0, 5.0, 10.0], abs=0.2)
    assert not np.any(envelope.points(()))


def test_the_models_resonances_are_smeared_only_above_seven_kilohertz() -> None:
    cepstra = np.zeros((1, 45), np.float32)
    cepstra[0, 40] = 0.5
    spectrum = envelope.log_spectrum(cepstra, 0.45, 32_000, 1.0, np.ones(1))[0]
    inside = {
        name: (low < envelope.HERTZ) & (low + 3000 > envelope.HERTZ) for name, low in (("low", 2500), ("high", 9500))
    }
    assert np.std(spectrum[inside["low"]]) > 0.3
    assert np.std(spectrum[inside["high"]]) < 0.5 * np.std(spectrum[inside["low"]])


def test_a_vocoders_carrier_has_mean_power_one_and_nothing_random() -> None:
    cents = np.full(400, 6000.0)
    drive = excitation.carrier(cents)
    assert np.mean(drive[4800:-4800] ** 2) == pytest.approx(1.0, rel=0.15)
    assert np.array_equal(drive, excitation.carrier(cents))
