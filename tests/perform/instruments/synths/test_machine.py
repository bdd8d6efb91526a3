import numpy as np
import pytest

from descant.perform.instruments import presets
from descant.perform.instruments.presets import Preset, Variation
from descant.perform.instruments.synths import kit
from descant.perform.instruments.synths.kit import Layer, Machine, Sound

RATE = 48_000
KITS = [name for name in presets.names() if presets.load(name).machine]

KEYS = (
    *(35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 59, 60, 61, 62, 63),
    *(64, 65, 66, 67, 68, 69, 70, 73, 74, 75, 76, 77, 80, 81, 82, 85),
)
"""Every General MIDI drum key a groove uses."""


@pytest.mark.parametrize("name", KITS)
def test_every_key_of_a_groove_sounds_and_ends(name, synth, decibels):
    for key in KEYS:
        heard = synth.play((0.0, 0.1, key, 110), instrument=name, seconds=4.0)
        assert np.isfinite(heard).all()
        assert 0.01 < np.abs(heard).max() < 0.9, f"key {key}"
        assert decibels(heard[-4800:]) < -80, f"key {key}"


@pytest.mark.parametrize("name", KITS)
def test_any_window_is_the_same_window_of_the_whole(name, synth):
    notes = [(i * 0.11, 0.1, key, 60 + 4 * i) for i, key in enumerate((36, 42, 38, 46, 42, 39, 49, 51, 41, 56, 70, 54))]
    whole = synth.play(*notes, instrument=name)
    for start, stop in ((0.0, 0.4), (0.4, 1.2345), (1.2345, 2.0)):
        window = synth.play(*notes, instrument=name, start=start, seconds=stop)
        assert np.array_equal(window, whole[round(start * RATE) : round(stop * RATE)])


@pytest.mark.parametrize("name", KITS)
def test_a_closed_hat_chokes_an_open_one(name, synth, decibels):
    ringing = synth.play((0.0, 0.1, 46, 100), instrument=name)
    choked = synth.play((0.0, 0.1, 46, 100), (0.1, 0.1, 42, 1), instrument=name)
    assert np.array_equal(choked[:4800], ringing[:4800])
    late = slice(4800 + 1440, 4800 + 3840)
    assert decibels(choked[late]) < decibels(ringing[late]) - 12
    drum = synth.play((0.0, 0.1, 46, 100), (0.1, 0.1, 36, 100), instrument=name)
    alone = synth.play((0.1, 0.1, 36, 100), instrument=name)
    assert drum - alone == pytest.approx(ringing, abs=1e-6)


@pytest.mark.parametrize("name", KITS)
def test_no_two_hits_are_the_same_samples_and_all_have_the_same_character(name, synth, centroid):
    heard = synth.play(*((i * 0.4, 0.1, 38, 100) for i in range(4)), instrument=name)
    hits = [heard[round(i * 0.4 * RATE) :][:9600, 0] for i in range(4)]
    assert not any(np.array_equal(hits[0], hit) for hit in hits[1:])
    centres = [centroid(hit) for hit in hits]
    assert max(centres) / min(centres) < 1.25


@pytest.mark.parametrize("name", KITS)
def test_harder_is_louder_and_brighter(name, synth, decibels, centroid):
    for key in (36, 38):
        soft, hard = (
            synth.play((0.0, 0.1, key, velocity), instrument=name, seconds=0.5)[:, 0] for velocity in (30, 127)
        )
        assert decibels(hard) > decibels(soft) + 9
        assert centroid(hard) > centroid(soft)


@pytest.mark.parametrize("tonic", [0, 5, 9])
def test_a_tuned_bass_drum_rings_at_the_keynote(tonic, synth, pitch):
    sound = Sound(keys=(36,), tuned=(0,), layers=(Layer(kind="tone", frequency=49.0, decay=4.0),))
    synth.preset(kit=True, machine=Machine(sounds=(sound,)))
    heard = synth.play((0.0, 0.1, 36, 120), tonic=tonic)[:65_536, 0]
    key = 69 + 12 * np.log2(pitch(heard, 440 * 2 ** ((tonic + 24 - 69) / 12 + round((31 - tonic - 24) / 12))) / 440)
    assert (key - tonic) % 12 == pytest.approx(0.0, abs=0.05) or (key - tonic) % 12 == pytest.approx(12.0, abs=0.05)


@pytest.mark.parametrize(("tonic", "rings"), [(7, 7), (0, 7), (9, 9), (1, 8)])
def test_a_drum_of_several_degrees_takes_the_nearest(tonic, rings, synth, pitch):
    sound = Sound(keys=(36,), tuned=(0, 7), layers=(Layer(kind="tone", frequency=48.0, decay=4.0),))
    synth.preset(kit=True, machine=Machine(sounds=(sound,)))
    heard = synth.play((0.0, 0.1, 36, 120), tonic=tonic)[:65_536, 0]
    hertz = 440 * 2 ** ((rings + 24 - 69) / 12)
    assert 12 * np.log2(pitch(heard, hertz) / hertz) == pytest.approx(0.0, abs=0.1)


def test_a_bass_drum_falls_to_its_pitch_and_decays_in_its_time(synth, pitch, decibels):
    layer = Layer(kind="tone", frequency=100.0, bend=4.0, bend_time=0.1, decay=1.2)
    synth.preset(kit=True, machine=Machine(sounds=(Sound(keys=(36,), layers=(layer,)),)), variation=Variation())
    heard = synth.play((0.0, 0.1, 36, 127))[:, 0]
    assert np.flatnonzero((heard[:-1] < 0) & (heard[1:] >= 0))[0] < 240  # its first turn takes half its last
    assert pitch(heard[9600:33_600], 100.0) == pytest.approx(100.0, rel=0.01)
    fall = decibels(heard[14_400:16_800]) - decibels(heard[38_400:40_800])
    assert fall == pytest.approx(25.0, rel=0.07)


def test_a_clap_is_several_bursts_apart(synth):
    heard = synth.play((0.0, 0.1, 39, 127), instrument="kit_808", seconds=0.1)[:, 0]
    energy = np.convolve(heard**2, np.ones(96), "same")
    starts = [round((i * 0.0105 + 0.0015) * RATE) for i in range(4)]
    valleys = [round((i * 0.0105 + 0.0098) * RATE) for i in range(3)]
    assert all(energy[low] < 0.25 * energy[high] for low, high in zip(valleys, starts, strict=False))


def test_metal_folds_nothing_back(synth):
    partials = (2466.0, 3656.0)
    layer = Layer(kind="metal", wave="pulse", partials=partials, decay=30.0, attack=0.05)
    synth.preset(kit=True, machine=Machine(sounds=(Sound(keys=(42,), layers=(layer,)),)))
    heard = synth.play((0.0, 0.1, 42, 127))[4800:70_336, 0]
    power = np.abs(np.fft.rfft(heard * np.kaiser(heard.size, 20.0)))
    at = np.fft.rfftfreq(heard.size, 1 / RATE)
    away = np.min([np.abs(at / one - np.round(at / one)) * one for one in partials], axis=0) > 20
    assert 20 * np.log10(power[away & (at > 100)].max() / power.max()) < -60


def test_a_kit_starts_from_the_common_loudness(synth):
    pyloudnorm = pytest.importorskip("pyloudnorm")
    for name in KITS:
        beats = [(i * 0.5, 0.1, key, 100) for i in range(8) for key in ((38, 42) if i % 2 else (36, 42))]
        heard = synth.play(*beats, instrument=name, seconds=4.0)
        loudness = pyloudnorm.Meter(RATE).integrated_loudness(heard.astype(np.float64))
        assert loudness == pytest.approx(presets.PRESET_LOUDNESS, abs=4.5), name


def test_a_kit_needs_no_recipe_for_what_all_machines_share():
    own = Sound(keys=(36,), layers=(Layer(kind="tone"),))
    answered = kit.sounds(Machine(sounds=(own,)))
    assert answered[36] is own
    assert set(KEYS) - {35, 36, 38, 40} <= set(answered)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [({"kind": "metal"}, "partials"), ({"kind": "noise", "partials": (1.0,)}, "partials")],
)
def test_a_layer_that_cannot_sound_is_refused(fields, fault):
    with pytest.raises(ValueError, match=fault):
        Layer(**fields)


def test_a_machine_that_is_no_kit_is_refused():
    with pytest.raises(ValueError, match="kit"):
        Preset(description="", machine=Machine(sounds=()))
