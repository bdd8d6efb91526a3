import itertools

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.perform.voice.conftest import phrase, score_of

from descant.perform.voice import singer, voices
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


def colour_of(voice: str, pitch: int) -> NDArray[np.float64]:
    """Return the long-time spectrum of a sung line in dB by third of an octave from 300 Hz to 10 kHz, mean removed."""
    score = score_of(phrase("follow the silver rain", [pitch] * 6, length=0.5), voice=voice)
    sound = singer.render(score.vocals[0], score, 1, 0, 4 * 48_000)[:, 0]
    power = np.abs(np.fft.rfft(sound)) ** 2
    hertz = np.fft.rfftfreq(sound.size, 1 / 48_000)
    edges = 300 * 2 ** (np.arange(17) / 3)
    bands = [power[(hertz >= a) & (hertz < b)].sum() for a, b in itertools.pairwise(edges)]
    levels = 10 * np.log10(bands)
    return np.asarray(levels - levels.mean(), np.float64)


@pytest.mark.parametrize(("gender", "pitch"), [("f", 64), ("m", 52)])
def test_every_voice_has_a_colour_of_its_own(gender: str, pitch: int) -> None:
    names = [profile.name for profile in voices.profiles() if profile.gender == gender]
    assert len(names) >= 6
    colours = {name: colour_of(name, pitch) for name in names}
    for one, other in itertools.combinations(names, 2):
        assert np.sqrt(np.mean((colours[one] - colours[other]) ** 2)) > 1.5, (one, other)


@pytest.mark.parametrize("word", ["soprano", "alto", "tenor", "baritone", "bass voice", "raspy", "breathy", "belting"])
def test_a_voice_word_that_tags_know_finds_a_singer(word: str) -> None:
    assert any(word in profile.words for profile in voices.profiles())


def test_a_voice_has_the_mends_of_its_source_at_its_own_size_of_throat() -> None:
    ewan, kit = voices.load("ewan"), voices.load("kit")
    assert ewan.source == kit.source
    ratio = kit.timbre.warp / ewan.timbre.warp
    assert [hertz * ratio for hertz, _ in ewan.timbre.voiced] == pytest.approx(
        [hertz for hertz, _ in kit.timbre.voiced]
    )
    assert max(decibels for _, decibels in ewan.timbre.voiced) > 6
