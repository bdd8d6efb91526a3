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


@pytest.mark.parametrize("name", presets.names())
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
