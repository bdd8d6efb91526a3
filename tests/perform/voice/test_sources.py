import numpy as np
import pytest
from tests.perform.voice.conftest import word

from descant.perform.voice.errors import MissingProgramError, PronunciationError
from descant.perform.voice.phones import CLASS, is_vowel, speakable
from descant.perform.voice.sources import open_source, process
from descant.perform.voice.spoken import LineText, SpokenSyllable, line_of

SOURCES = ("hts:slt", "flite:rms", "flite:awb")


def text(*names: str) -> LineText:
    return line_of(tuple(word(name) for name in names))


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_speaks_exactly_the_phones_of_the_score(name: str) -> None:
    lines = [text("follow", "the", "silver", "rain"), text("street", "home")]
    for line, spoken in zip(lines, open_source(name).speak(lines), strict=True):
        assert spoken.phones == line.phones
        assert np.all(spoken.stops > spoken.starts)
        assert np.all(np.diff(spoken.starts) > 0)
        assert spoken.cepstra.shape[0] >= spoken.stops[-1]
        assert np.all(np.isfinite(spoken.cepstra))


@pytest.mark.parametrize("name", SOURCES)
def test_every_sound_of_english_can_be_spoken_stressed_and_not(name: str) -> None:
    phones = [p for p in CLASS if p != "pau"]
    words = tuple(
        (SpokenSyllable(("b", p, "d") if is_vowel(p) else ("aa", p), stressed),)
        for p in phones
        for stressed in (True, False)
    )
    line = LineText(words)
    assert open_source(name).speak([line])[0].phones == line.phones


@pytest.mark.parametrize("name", SOURCES)
def test_a_line_does_not_depend_on_the_lines_spoken_with_it(name: str) -> None:
    line = text("silver", "rain")
    alone = open_source(name).speak([line])[0]
    in_company = open_source(name).speak([text("home", "street"), line])[1]
    assert np.array_equal(alone.cepstra, in_company.cepstra)
    assert np.array_equal(alone.starts, in_company.starts)


def test_a_missing_program_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process.shutil, "which", lambda _: None)
    with pytest.raises(MissingProgramError, match=r"festival.*apt install festival"):
        open_source("hts:slt").speak([text("home")])


def test_a_sound_no_english_voice_has_is_refused_by_name() -> None:
    with pytest.raises(PronunciationError, match="'ʁ'"):
        speakable(("ʁ", "aa"))


def test_a_syllable_without_a_vowel_gets_one() -> None:
    assert speakable(("sh",)) == ("sh", "ax")
    assert speakable(("T", "AXR0")) == ("t", "er")
