"""Listening as a whole: the same facts every time, whatever comes in."""

import numpy as np
import pytest

from descant.listen.listening import listen
from descant.song.transcription import Transcription

from . import sounds


def _song() -> sounds.Sound:
    played = []
    for i, root in enumerate((48, 45, 41, 43, 48)):
        played += [(i * 2.0, sounds.tone(root + step, 2.0)) for step in (-12, 12, 16 if root != 45 else 15, 19)]
        played += [(i * 2.0 + k * 0.5, 0.5 * sounds.noise(0.05, seed=k)) for k in range(4)]
    return sounds.placed(played, 10.5)


@pytest.fixture(scope="module")
def heard() -> Transcription:
    return listen(_song())


def test_the_same_samples_give_the_same_facts(heard: Transcription) -> None:
    assert listen(_song()) == heard


def test_chords_and_sections_cover_the_recording(heard: Transcription) -> None:
    for spans in (heard.chords, heard.sections):
        assert spans[0].start == 0.0
        assert spans[-1].stop == pytest.approx(heard.seconds)


def test_every_kind_that_was_listened_for_has_its_evidence(heard: Transcription) -> None:
    kinds = {"tempo", "beats", "metre", "key", "chords", "sections", "melody", "bass", "drums", "voices"}
    assert kinds <= set(heard.evidence)
    assert "words" not in heard.evidence
    assert all(0.0 <= found.confidence <= 1.0 and found.method for found in heard.evidence.values())


def test_beats_rise_inside_the_recording(heard: Transcription) -> None:
    assert list(heard.beats) == sorted(set(heard.beats))
    assert all(0.0 <= beat <= heard.seconds for beat in heard.beats)
    assert all(0 <= index < len(heard.beats) for index in heard.downbeats)
    assert heard.tempo.bpm == pytest.approx(120, rel=0.02)
    assert heard.key.key.name == "C major"


@pytest.mark.parametrize("samples", [1, 30_000])
@pytest.mark.parametrize("level", [0.0, 0.5])
def test_hardly_any_sound_is_listened_to_without_a_fault(samples: int, level: float) -> None:
    sound = level * sounds.noise(samples / sounds.RATE)[:samples]
    found = listen(np.stack([sound, sound], axis=1).astype(np.float32))
    assert found.seconds == pytest.approx(samples / sounds.RATE)
    assert found.tempo.bpm > 0
    assert found.chords[-1].stop == found.seconds


def test_a_recording_that_falls_silent_keeps_no_chord(heard: Transcription) -> None:
    found = listen(np.concatenate([_song(), np.zeros((6 * sounds.RATE, 2), np.float32)]))
    assert found.chords[-1].chord is None
    assert found.chords[-1].start == pytest.approx(10.5, abs=1.5)
    assert found.key.key == heard.key.key


def test_silence_has_no_chord_and_no_sure_key() -> None:
    found = listen(np.zeros((4 * sounds.RATE, 2), np.float32))
    assert [heard.chord for heard in found.chords] == [None]
    assert found.key.confidence < 0.2
    assert not found.pulse
