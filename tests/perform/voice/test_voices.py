import pytest

from descant.perform.voice import voices
from descant.perform.voice.errors import UnknownVoiceError


def test_the_four_first_singers_exist_with_their_registers() -> None:
    profiles = {profile.name: profile for profile in voices.profiles()}
    assert {"clara", "vera", "jonas", "ewan"} <= set(profiles)
    assert profiles["clara"].gender == profiles["vera"].gender == "f"
    assert profiles["jonas"].gender == profiles["ewan"].gender == "m"
    for profile in profiles.values():
        assert profile.low < profile.centre < profile.high
        assert profile.words
        assert "en" in profile.languages


def test_an_unknown_voice_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownVoiceError, match="clara"):
        voices.load("nobody")


def test_a_voice_file_with_a_wrong_key_is_refused_by_name(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "odd.toml").write_text('name = "odd"\ngender = "f"\nsource = "hts:slt"\nloudnes = 3\n')
    monkeypatch.setattr(voices, "FOLDER", tmp_path)
    with pytest.raises(UnknownVoiceError, match=r"odd\.toml"):
        voices.load("odd")
