"""Separation: what is told apart sounds like its source, and what cannot be told apart is not given."""

import tracemalloc

import numpy as np
import pytest

from descant.listen import fourier
from descant.listen.separation import ROLES, separate
from descant.song.score import Role

from . import sounds

SECONDS = 5.0


def _decibels(truth: sounds.Sound, estimate: sounds.Sound) -> float:
    return float(10 * np.log10(np.sum(truth**2) / np.sum((truth - estimate) ** 2)))


def _click(seed: int) -> np.ndarray:
    return 4.0 * sounds.noise(0.05, seed) * np.exp(-np.arange(2400) / 300)


def _sources() -> tuple[sounds.Sound, sounds.Sound, sounds.Sound]:
    lead = [
        (0.5 + 0.5 * i, sounds.tone(key, 0.48, vibrato=0.3)) for i, key in enumerate((67, 69, 71, 72, 71, 69, 67, 64))
    ]
    chords = [(0.5 + 2 * i, 0.7 * sounds.tone(key, 1.9)) for i in range(2) for key in (52, 55, 60)]
    struck = [(0.25 * i, _click(i)) for i in range(1, 19)]
    return sounds.placed(lead, SECONDS), sounds.placed(chords, SECONDS, side=0.05), sounds.placed(struck, SECONDS)


def test_a_voice_in_the_middle_and_strokes_are_told_from_chords_at_the_side() -> None:
    voice, chords, struck = _sources()
    found = separate(voice + chords + struck)
    stem = found.stems[Role.LEAD_VOCAL]
    assert stem is not None
    assert _decibels(voice, stem.audio) > _decibels(voice, voice + chords + struck) + 5.0
    drums = found.stems[Role.DRUMS]
    assert drums is not None
    assert _decibels(struck, drums.audio) > 3.0
    assert 0.0 < stem.confidence < 1.0


def test_voice_and_accompaniment_add_up_to_the_recording() -> None:
    recording = np.sum(_sources(), axis=0, dtype=np.float32)
    found = separate(recording)
    stem, rest = found.stems[Role.LEAD_VOCAL], found.accompaniment
    assert stem is not None
    assert rest is not None
    np.testing.assert_allclose(stem.audio + rest.audio, recording, atol=1e-5)


def test_a_voice_is_told_from_strokes_without_a_stereo_picture_too() -> None:
    voice, _, struck = _sources()
    stem = separate(voice + struck).stems[Role.LEAD_VOCAL]
    assert stem is not None
    assert _decibels(voice, stem.audio) > _decibels(voice, voice + struck) + 5.0
    np.testing.assert_array_equal(stem.audio[:, 0], stem.audio[:, 1])


def test_what_is_not_there_is_not_given() -> None:
    _, chords, _ = _sources()
    stems = separate(chords).stems
    assert stems[Role.DRUMS] is None
    assert stems[Role.BASS] is None
    assert set(separate(np.zeros((48_000, 2), np.float32)).stems.values()) == {None}


def test_one_source_is_the_same_by_itself() -> None:
    recording = np.sum(_sources(), axis=0, dtype=np.float32)
    every = separate(recording)
    for role in ROLES:
        alone = separate(recording, (role,))
        assert list(alone.stems) == [role]
        assert (alone.accompaniment is not None) == (role is Role.LEAD_VOCAL)
        found, other = every.stems[role], alone.stems[role]
        if found is None:
            assert other is None
        else:
            assert other is not None
            assert np.array_equal(found.audio, other.audio)


def test_no_stretch_of_a_long_recording_is_heard_to_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    recording = np.sum(_sources(), axis=0, dtype=np.float32)
    whole = separate(recording)
    monkeypatch.setattr(fourier, "STRETCH", 37)
    pieces = separate(recording)
    for role, stem in whole.stems.items():
        other = pieces.stems[role]
        if stem is not None:
            assert other is not None
            assert _decibels(stem.audio, other.audio) > 30.0  # the network remembers a little beyond what it is shown


def test_memory_does_not_grow_with_the_spectra() -> None:
    short = np.tile(np.sum(_sources(), axis=0, dtype=np.float32), (6, 1))
    long = np.tile(short, (2, 1))
    separate(short[:48_000], (Role.DRUMS,))
    peaks = []
    for recording in (short, long):
        tracemalloc.start()
        try:
            separate(recording, (Role.DRUMS,))
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    assert peaks[1] - peaks[0] < 3 * (long.nbytes - short.nbytes), "the spectra alone take four times the recording"
