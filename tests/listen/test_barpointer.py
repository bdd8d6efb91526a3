"""Beats and bars are read from where they are likely, through what is missing, too much, or swaying."""

import numpy as np
import pytest

from descant.listen import barpointer
from descant.listen.beat_network import FRAMES_PER_SECOND, Activations


def _heard(beats: np.ndarray, bar: int, level: float = 0.8) -> Activations:
    """Return what a sure network would say of beats in seconds."""
    frames = np.round(beats * FRAMES_PER_SECOND).astype(int)
    beat, down = (np.full(frames[-1] + 60, 0.01, np.float32) for _ in range(2))
    beat[frames] = level
    down[frames[::bar]] = level
    return Activations(beat, down)


def _found(heard: Activations, bar: int) -> barpointer.Path:
    return barpointer.path(heard, bar, 40.0, 220.0)


@pytest.mark.parametrize("bpm", [52.0, 97.0, 176.0])
def test_steady_beats_are_counted_from_the_first_of_a_bar(bpm: float) -> None:
    beats = 0.5 + np.arange(40) * 60 / bpm
    found = _found(_heard(beats, 4), 4)
    times = found.frames / FRAMES_PER_SECOND
    assert all(np.abs(times - beat).min() <= 0.031 for beat in beats)
    downbeats = times[found.place == 0]
    assert all(np.abs(downbeats - beat).min() <= 0.031 for beat in beats[::4])
    assert len(downbeats) <= len(beats) // 4 + 2


def test_a_swaying_tempo_is_followed() -> None:
    steps = 60 / (90 + 12 * np.sin(2 * np.pi * np.arange(60) / 24))
    beats = 0.4 + np.cumsum(steps)
    times = _found(_heard(beats, 4), 4).frames / FRAMES_PER_SECOND
    assert np.mean([np.abs(times - beat).min() <= 0.041 for beat in beats]) > 0.95


def test_beats_that_nobody_plays_are_counted_through() -> None:
    beats = 0.5 + np.arange(48) * 0.5
    heard = _heard(beats, 4)
    silent = slice(int(8 * FRAMES_PER_SECOND), int(12 * FRAMES_PER_SECOND))
    heard.beat[silent] = heard.downbeat[silent] = 0.01
    found = _found(heard, 4)
    times = found.frames / FRAMES_PER_SECOND
    assert all(np.abs(times - beat).min() <= 0.041 for beat in beats)
    assert all(np.diff(found.place) % 4 == 1)


@pytest.mark.parametrize(("bar", "other"), [(3, 4), (4, 3)])
def test_bars_of_the_right_length_are_likelier(bar: int, other: int) -> None:
    heard = _heard(0.5 + np.arange(48) * 0.5, bar)
    assert _found(heard, bar).likelihood > _found(heard, other).likelihood


def test_a_recording_shorter_than_a_beat_has_a_path() -> None:
    heard = Activations(*(np.full(3, 0.1, np.float32) for _ in range(2)))
    assert len(_found(heard, 4).frames) == 1
