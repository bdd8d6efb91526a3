from itertools import pairwise

import numpy as np
import pytest

from descant.perform.instruments import player, presets
from descant.perform.instruments.presets import Preset

NAMES = {
    *("grand_piano", "electric_piano", "electric_bass", "picked_bass", "synth_bass", "upright_bass", "clean_guitar"),
    *("acoustic_guitar", "nylon_guitar", "distorted_guitar", "muted_guitar", "strings", "slow_strings", "warm_pad"),
    *("choir_pad", "bells", "synth_pluck", "saw_lead", "organ", "flute", "standard_kit", "power_kit", "room_kit"),
    *("brush_kit", "electronic_kit", "percussion"),
}

KIT_KEYS = (36, 37, 38, 39, 42, 44, 46, 49, 51)
"""Keys every kit must answer: bass drum, side stick, snare, clap, hats, crash, ride."""


def test_every_instrument_the_styles_may_name_is_there():
    assert set(presets.names()) >= NAMES


SAMPLED = [name for name in presets.names() if presets.load(name).layers]


@pytest.mark.parametrize("name", SAMPLED)
def test_a_preset_is_made_of_programs_the_bank_has_and_sounds_over_its_range(name, installed_bank):
    preset = presets.load(name)
    for layer in preset.layers:
        zones = installed_bank.zones(layer.bank, layer.program)
        keys = layer.keys or (KIT_KEYS if preset.kit else range(preset.low, preset.high + 1, 6))
        for key in set(keys) - set(layer.omit):
            moved = min(max(key + layer.transpose, 0), 127)
            assert any(zone.answers(moved, 100) for zone in zones), f"key {key}"


@pytest.mark.parametrize("name", presets.names())
def test_a_preset_plays_clean_sound_that_grows_with_velocity(name, installed_bank, studio):
    preset = presets.load(name)
    keys = (36, 38, 42, 54) if preset.kit else ((preset.low + preset.high) // 2,)
    levels = []
    for velocity in (40, 80, 120):
        made = studio.score(*((0.0, 0.6, key, velocity) for key in keys), instrument=name)
        heard = player.render(*made, installed_bank, 3, 0, 48_000)
        assert heard.dtype == np.float32
        assert np.isfinite(heard).all()
        assert np.abs(heard).max() < 1.0
        levels.append(float(np.square(heard, dtype=np.float64).sum()))
    assert 0 < levels[0] < levels[1] < levels[2]


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"layers": ()}, "at least one layer"),
        ({"low": 60, "high": 65}, "not an octave"),
        ({"low": -1}, "not an octave"),
    ],
)
def test_a_preset_that_cannot_be_played_is_refused(fields, fault):
    with pytest.raises(ValueError, match=fault):
        Preset(**{"description": "", "layers": (presets.Layer(program=0),), **fields})


def test_a_file_with_an_unknown_key_is_refused_by_name(tmp_path, monkeypatch):
    (tmp_path / "odd.toml").write_text('description = "?"\nlayers = [{ program = 0 }]\nloudness = 3\n')
    monkeypatch.setattr(presets, "files", lambda _: tmp_path)
    monkeypatch.setattr(presets, "names", lambda: ("odd",))
    with pytest.raises(ValueError, match=r"odd\.toml.*loudness"):
        presets.load("odd")


def test_levels_hold_from_their_key_to_the_next():
    preset = Preset(description="", layers=(presets.Layer(program=0),), levels=((40, 2.0), (52, -1.0)))
    assert [preset.level(key) for key in (39, 40, 51, 52, 90)] == [0.0, 2.0, 2.0, -1.0, -1.0]


def test_levels_even_out_the_bank_they_were_measured_on_only(studio, installed_bank, decibels):
    def spread(bank):
        heard = [
            player.render(*studio.score((0.0, 0.9, key, 100), instrument="electric_bass"), bank, 1, 0, 43_200)
            for key in range(28, 50)
        ]
        levels = [decibels(one) for one in heard]
        return max(levels) - min(levels)

    if not installed_bank.name.startswith(presets.MEASURED_BANK):
        pytest.skip("the installed bank is not the one measured")
    assert spread(installed_bank) < 5.0  # 7.9 dB as recorded

    tone = studio.Sample(studio.sine(480, 0.2), loop=(2000, 6000))
    zone = studio.Settings([(54, 1), (53, 0)])
    other = studio.bank([tone], [studio.Program([zone], program=33)])
    assert spread(other) < 1.5  # only the strokes' own variation


@pytest.mark.parametrize("name", ["grand_piano", "electric_bass", "strings", "acoustic_guitar", "standard_kit"])
def test_instruments_start_from_equal_loudness(name, studio, installed_bank):
    """A bar of what the instrument typically plays, at velocity 100, K-weighted by the reference meter."""
    pyloudnorm = pytest.importorskip("pyloudnorm")
    chord = {"electric_bass": (36,), "standard_kit": (36, 42)}.get(name, (60, 64, 67))
    second = {"standard_kit": (38, 42)}.get(name, chord)
    beats = [(i * 0.55, 0.5, key, 100) for i in range(8) for key in (second if i % 2 else chord)]
    heard = player.render(*studio.score(*beats, instrument=name), installed_bank, 3, 0, 4 * 48_000)
    loudness = pyloudnorm.Meter(48_000).integrated_loudness(heard.astype(np.float64))
    assert loudness == pytest.approx(presets.PRESET_LOUDNESS, abs=3.5)


def test_a_layer_answers_only_the_written_lengths_it_is_for():
    muted = presets.Layer(program=28, beats=(0.0, 0.2))
    assert muted.answers(40, 0.17)
    assert not muted.answers(40, 0.2)
    with pytest.raises(ValueError, match="lasts"):
        presets.Layer(program=28, beats=(0.5, 0.5))


@pytest.mark.parametrize("name", ["distorted_guitar", "overdriven_guitar"])
def test_a_palm_mute_is_a_recording_of_its_own(name, installed_bank, studio):
    def heard(duration):
        made = studio.score((0.0, duration, 45, 90), instrument=name)
        sound = player.render(*made, installed_bank, 3, 0, 12_000)[:2400, 0].astype(float)
        return sound / np.linalg.norm(sound)

    ringing, muted = heard(0.5), heard(0.17)
    assert abs(float(ringing @ muted)) < 0.9


def test_a_tuned_drum_rings_in_the_key_of_the_song():
    kick = presets.Tuning(keys=(36,), tone=34.6, degrees=(0, 7))
    for tonic in range(12):
        rung = 34.6 + kick.cents(tonic) / 100 - tonic
        assert min(abs((rung - degree + 6) % 12 - 6) for degree in (0, 7)) < 1e-9
        assert -250 <= kick.cents(tonic) <= 450


@pytest.mark.parametrize("name", ["power_kit", "standard_kit", "room_kit"])
def test_no_two_strokes_of_an_acoustic_drum_are_the_same_samples(name, installed_bank, studio):
    for key in (36, 38, 42):
        made = studio.score(*((float(beat), 0.2, key, 100) for beat in range(8)), instrument=name)
        heard = player.render(*made, installed_bank, 3, 0, 8 * 48_000).mean(axis=1).reshape(8, 48_000)[:, :4800]
        for one, other in pairwise(heard):
            alike = max(float(one[48:-48] @ np.roll(other, lag)[48:-48]) for lag in range(-48, 49))
            assert alike < 0.9999 * np.linalg.norm(one) * np.linalg.norm(other)
