"""Tempo maps of recordings: where the beats of their scores fall."""

import msgspec
import numpy as np
import pytest

from descant.edit.heard.beats import BeatMap, beat_map
from descant.song.tempo import Metre, TempoMap
from descant.song.theory import Key
from descant.song.transcription import HeardKey, HeardTempo, Transcription


def heard(
    beats: np.ndarray, downbeats: tuple[int, ...], bpm: float, metre: Metre = Metre(), seconds: float | None = None
) -> Transcription:
    return Transcription(
        seconds=float(beats[-1]) + 1.0 if seconds is None else seconds,
        tempo=HeardTempo(bpm, 0.9),
        beats=tuple(float(beat) for beat in beats),
        downbeats=downbeats,
        metre=metre,
        key=HeardKey(Key(0, "major"), 0.9),
        evidence={},
    )


def times(found: BeatMap, count: int) -> np.ndarray:
    clock = TempoMap(found.tempo)
    return np.array([found.lead_in + clock.seconds(float(n)) for n in range(count)])


def test_scattered_beats_of_a_steady_tempo_become_one_tempo() -> None:
    true = 0.31 + np.arange(120) * 60.0 / 97.0
    scattered = true + np.random.default_rng(3).normal(0.0, 0.012, 120)
    found = beat_map(heard(scattered, tuple(range(0, 120, 4)), 97.0))
    assert np.abs(times(found, 120) - true).max() < 0.006
    assert abs(found.bpm - 97.0) < 0.05
    assert len(found.tempo) <= 3


def test_a_tempo_that_drifts_is_followed() -> None:
    steps = 60.0 / (90.0 + 8.0 * np.sin(np.arange(160) / 25.0))
    true = 0.5 + np.concatenate([[0.0], np.cumsum(steps)])
    scattered = true + np.random.default_rng(4).normal(0.0, 0.008, 161)
    off = np.abs(times(beat_map(heard(scattered, tuple(range(0, 161, 4)), 90.0)), 161) - true)
    assert off.mean() < 0.005
    assert off[4:-4].max() < 0.015


def test_a_beat_that_was_missed_and_one_heard_twice_leave_the_others_in_place() -> None:
    true = 0.2 + np.arange(64) * 0.5
    mended = np.sort(np.append(np.delete(true, 21), 0.2 + 40 * 0.5 + 0.09))
    downbeats = tuple(int(np.abs(mended - time).argmin()) for time in true[::4] if np.abs(mended - time).min() < 0.01)
    found = beat_map(heard(mended, downbeats, 120.0))
    assert np.abs(times(found, 60) - true[:60]).max() < 0.01


def test_bars_are_counted_as_most_downbeats_say() -> None:
    beats = 1.0 + np.arange(48) * 0.5
    downbeats = (1, 5, 9, 12, 17, 21, 25, 29, 34, 37, 41, 45)
    found = beat_map(heard(beats, downbeats, 120.0))
    assert found.lead_in == pytest.approx(1.5, abs=0.01)


def test_bars_before_the_first_heard_beat_are_counted_back_to_the_beginning() -> None:
    beats = 8.0 + np.arange(40) * 0.5
    found = beat_map(heard(beats, tuple(range(0, 40, 4)), 120.0))
    assert found.lead_in == pytest.approx(0.0, abs=0.02)
    assert found.length >= 56


def test_a_waltz_has_three_beats_in_a_bar_and_six_eight_two_dotted_ones() -> None:
    beats = np.arange(60) * 0.4
    waltz = beat_map(heard(beats, tuple(range(0, 60, 3)), 150.0, Metre(3, 4)))
    assert waltz.bpm == pytest.approx(150.0, abs=0.1)
    assert waltz.length % 3 == 0
    compound = beat_map(heard(beats, tuple(range(0, 60, 2)), 225.0, Metre(6, 8)))
    assert compound.bpm == pytest.approx(225.0, abs=0.2)
    assert compound.length % 3 == 0


def test_a_recording_without_beats_gets_an_even_grid() -> None:
    empty = msgspec.structs.replace(heard(np.arange(8) * 0.75, (0, 4), 80.0), beats=(), downbeats=(), seconds=6.0)
    found = beat_map(empty)
    assert found.bpm == pytest.approx(80.0, abs=0.1)
    assert found.length >= 4


def test_beats_that_do_not_rise_are_refused() -> None:
    with pytest.raises(ValueError, match="rise"):
        beat_map(heard(np.array([0.0, 0.5, 0.4, 1.0]), (0,), 120.0))
