"""Which files an order needs of its sources."""

import pytest

from descant.engines.sources import needed
from descant.song.brief import Brief
from descant.song.orders import AddInstrumental, AddVocals, Concat, Cover, Create, Extract, Mashup, Remaster, Replace

HELD = (
    "song.json",
    "mix.json",
    "audio.wav",
    "audio.mp3",
    "cover.jpeg",
    "score.mid",
    "stems/bass.flac",
    "stems/drums.flac",
)
BRIEF = Brief(seed=1)


def test_a_new_song_needs_nothing() -> None:
    assert needed(Create(BRIEF), HELD) == ()


def test_a_stem_needs_itself_and_what_tells_of_the_song() -> None:
    assert set(needed(Extract("bass", ("bass",)), HELD)) == {"song.json", "cover.jpeg", "stems/bass.flac"}


@pytest.mark.parametrize("order", [Replace(BRIEF, 1.0, 2.0), Concat()])
def test_what_keeps_audio_needs_the_lossless_files_and_how_they_were_mixed(order: Replace | Concat) -> None:
    assert set(needed(order, HELD)) == {"song.json", "mix.json", "audio.wav", "stems/bass.flac", "stems/drums.flac"}


@pytest.mark.parametrize("order", [Cover(BRIEF), Remaster(1), Mashup(BRIEF)])
def test_what_is_performed_anew_needs_no_audio(order: Cover | Remaster | Mashup) -> None:
    assert set(needed(order, HELD)) == {"song.json", "mix.json"}


def test_a_recording_that_is_mastered_anew_needs_its_sound() -> None:
    held = ("song.json", "audio.wav", "audio.mp3", "stems/recording.flac")
    assert set(needed(Remaster(1), held)) == {"song.json", "audio.wav", "stems/recording.flac"}


def test_a_recording_that_is_the_band_of_a_mashup_needs_its_sound() -> None:
    held = ("song.json", "mix.json", "audio.wav", "audio.mp3", "stems/recording.flac")
    assert set(needed(Mashup(BRIEF), held)) == {"song.json", "mix.json", "audio.wav"}


def test_a_recording_that_is_covered_needs_no_audio() -> None:
    assert set(needed(Cover(BRIEF), ("song.json", "audio.wav", "stems/recording.flac"))) == {"song.json"}


@pytest.mark.parametrize("order", [AddVocals(BRIEF), AddInstrumental(BRIEF)])
def test_what_is_laid_over_a_recording_needs_its_sound(order: AddVocals | AddInstrumental) -> None:
    held = ("song.json", "audio.wav", "audio.mp3", "stems/recording.flac")
    assert set(needed(order, held)) == {"song.json", "audio.wav", "stems/recording.flac"}


def test_only_files_that_are_there_are_asked_for() -> None:
    assert needed(Concat(), ("song.json", "audio.wav")) == ("song.json", "audio.wav")
