"""Tempo, beats and bars: found where they were put, at the speed people tap, and not where there are none."""

from functools import cache

import numpy as np
import pytest

from descant.listen.outline import Outline, outline

from . import sounds

KICK = sounds.tone(33, 0.12, harmonics=1, decay=25.0)
SNARE = 0.5 * sounds.noise(0.1) * np.exp(-40 * np.arange(4800) / sounds.RATE)
HAT = 0.15 * sounds.noise(0.03, seed=1) * np.exp(-150 * np.arange(1440) / sounds.RATE)
ROOTS = (45, 41, 48, 43)


def _chord(root: int, seconds: float, minor: bool = False) -> list[np.ndarray]:
    thirds = (0, 3 if minor else 4, 7)
    return [1.5 * sounds.tone(root - 12, seconds), *(0.5 * sounds.tone(root + 12 + t, seconds) for t in thirds)]


def _band(beats: np.ndarray, per_bar: int, snares: tuple[int, ...]) -> sounds.Sound:
    """Return kick on the first beat, snare and hats, and a new chord every bar."""
    played = []
    steps = np.append(np.diff(beats), beats[-1] - beats[-2])
    for i, (at, step) in enumerate(zip(beats, steps, strict=True)):
        played.append((at, KICK if i % per_bar == 0 else SNARE if i % per_bar in snares else HAT))
        played.append((at + step / 2, HAT))
        if i % per_bar == 0 and i + per_bar < len(beats):
            root = ROOTS[i // per_bar % len(ROOTS)]
            played += [(at, note) for note in _chord(root, beats[i + per_bar] - at, minor=root == 45)]
    return sounds.placed(played, beats[-1] + 1.0)


def _near(found: Outline, beats: np.ndarray, within: float) -> float:
    """Return the share of beats that were found."""
    return float(np.mean([np.abs(np.array(found.beats) - beat).min() < within for beat in beats]))


@cache
def _steady() -> tuple[np.ndarray, Outline]:
    beats = 0.7 + np.arange(48) * 60 / 104
    return beats, outline(_band(beats, 4, (1, 3)))


def test_a_steady_band_is_heard_at_its_tempo_and_on_its_beats() -> None:
    beats, found = _steady()
    assert found.pulse
    assert found.tempo.bpm == pytest.approx(104, abs=0.3)
    assert _near(found, beats[:-4], 0.02) == 1.0


def test_half_and_double_tempo_are_given_as_alternatives() -> None:
    _, found = _steady()
    for factor in (0.5, 2.0):
        assert any(other.bpm == pytest.approx(104 * factor, rel=0.02) for other in found.tempo_alternatives)
    assert all(other.confidence <= found.tempo.confidence for other in found.tempo_alternatives)


def test_bars_begin_where_kick_and_chords_do() -> None:
    beats, found = _steady()
    assert (found.metre.beats, found.metre.unit) == (4, 4)
    downbeats = np.array(found.beats)[list(found.downbeats)]
    assert all(np.abs(downbeats - beat).min() < 0.02 for beat in beats[:-4:4])
    assert len(downbeats) <= len(beats[::4]) + 1


def test_a_waltz_is_counted_in_three() -> None:
    beats = 0.5 + np.arange(48) * 60 / 138
    found = outline(_band(beats, 3, (1, 2)))
    assert (found.metre.beats, found.metre.unit) == (3, 4)
    assert found.tempo.bpm == pytest.approx(138, abs=1.0)


def test_beats_follow_a_player_whose_tempo_sways() -> None:
    steps = 60 / (96 + 6 * np.sin(2 * np.pi * np.arange(56) / 28))
    beats = 0.6 + np.cumsum(steps)
    found = outline(_band(beats, 4, (1, 3)))
    assert _near(found, beats[2:-4], 0.03) >= 0.95


def test_beats_in_three_are_dotted_quarters_of_six_eight() -> None:
    eighths = 0.5 + np.arange(120) * 60 / 210
    played = []
    for i, at in enumerate(eighths):
        played.append((at, KICK if i % 6 == 0 else SNARE if i % 6 == 3 else HAT))
        if i % 6 == 0 and i + 6 < len(eighths):
            played += [(at, note) for note in _chord(ROOTS[i // 6 % 4], eighths[i + 6] - at)]
    found = outline(sounds.placed(played, eighths[-1] + 1))
    assert (found.metre.beats, found.metre.unit) == (6, 8)
    assert found.tempo.bpm == pytest.approx(105, abs=1.0)  # in quarter notes, as tempi are everywhere
    assert np.median(np.diff(found.beats)) == pytest.approx(3 * 60 / 210, abs=0.01)


def test_noise_has_no_pulse_and_an_even_grid() -> None:
    sound = 0.1 * sounds.noise(20.0)
    found = outline(np.stack([sound, sound], axis=1).astype(np.float32))
    assert not found.pulse
    assert np.ptp(np.diff(found.beats)) < 0.001
    assert found.evidence["beats"].confidence == 0.0
    assert found.tempo.confidence < 0.2
