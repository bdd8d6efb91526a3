"""Recorded sound at another pace and pitch: beats on time, pitches in tune, strokes sharp, the image kept."""

import numpy as np
import pytest

from descant.engines.score.stretching import warped

RATE = 48_000
BEAT = 0.5


def clicks(seconds: float, step: float = BEAT) -> np.ndarray:
    """Return short noise bursts, each on a beat, louder on the left."""
    rng = np.random.default_rng(1)
    out = np.zeros((round(seconds * RATE), 2))
    for at in np.arange(0.0, seconds - 0.1, step):
        first = round(at * RATE)
        burst = rng.standard_normal(2400) * np.exp(-np.arange(2400) / 300)
        out[first : first + 2400] += 0.3 * burst[:, None] * np.array([1.0, 0.5])
    return out.astype(np.float32)


def onsets(audio: np.ndarray) -> np.ndarray:
    """Return the seconds at which something is struck: where a level passes a third of the loudest."""
    level = np.abs(audio).max(axis=1)
    level = level[: len(level) // 48 * 48].reshape(-1, 48).max(axis=1)
    loud = level > 0.33 * level.max()
    first = [n for n in np.flatnonzero(loud) if not loud[max(0, n - 60) : n].any()]
    return np.array(first) * 48 / RATE


@pytest.mark.parametrize("spacing", [0.44, 0.56, 0.7])
def test_strokes_fall_on_the_new_beats(spacing: float) -> None:
    moments = [2.0 + BEAT * n for n in range(9)]
    found = onsets(warped(clicks(8.0), moments, spacing, 0.0, 0.012))
    wanted = 0.012 + spacing * np.arange(9)
    assert len(found) == pytest.approx(9, abs=1)
    for at in found:
        assert np.abs(wanted - at).min() < 0.008


def test_beats_that_drift_are_made_even() -> None:
    drifting = np.cumsum([0.0, 0.5, 0.52, 0.54, 0.5, 0.47, 0.5, 0.53, 0.5])
    rng = np.random.default_rng(2)
    audio = np.zeros((round(6.5 * RATE), 2), np.float32)
    for at in drifting:
        first = round((1.0 + at) * RATE)
        audio[first : first + 2400] += 0.3 * rng.standard_normal((2400, 2)) * np.exp(-np.arange(2400) / 300)[:, None]
    found = onsets(warped(audio, list(1.0 + drifting), 0.5, 0.0, 0.012))
    for at in found:
        assert np.abs(0.012 + 0.5 * np.arange(9) - at).min() < 0.008


@pytest.mark.parametrize(("spacing", "semitones"), [(0.5, 2.0), (0.56, -1.0), (0.6, 0.0)])
def test_tones_sound_as_high_as_wanted(spacing: float, semitones: float) -> None:
    time = np.arange(8 * RATE) / RATE
    tone = np.repeat(0.2 * np.sin(2 * np.pi * 440.0 * time)[:, None], 2, axis=1).astype(np.float32)
    found = warped(tone, [1.0 + BEAT * n for n in range(9)], spacing, semitones, 0.0)
    assert len(found) == round(8 * spacing * RATE)
    middle = found[RATE : 3 * RATE, 0]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle)), 8 * len(middle)))
    peak = np.fft.rfftfreq(8 * len(middle), 1 / RATE)[spectrum.argmax()]
    assert 1200 * np.log2(peak / 440.0) == pytest.approx(100 * semitones, abs=3.0)
    assert np.sqrt(np.mean(middle**2)) == pytest.approx(0.2 / np.sqrt(2), rel=0.1)
    around = spectrum[np.abs(np.fft.rfftfreq(8 * len(middle), 1 / RATE) - peak) > 30.0]
    assert around.max() < 0.02 * spectrum.max()


def test_the_image_is_kept() -> None:
    found = warped(clicks(8.0), [1.0 + BEAT * n for n in range(9)], 0.57, 0.0, 0.012)
    left, right = np.std(found, axis=0)
    assert right / left == pytest.approx(0.5, abs=0.03)
    assert np.corrcoef(found[:, 0], found[:, 1])[0, 1] > 0.99


def test_sound_at_its_own_pace_and_pitch_is_copied() -> None:
    audio = clicks(8.0)
    found = warped(audio, [1.0 + BEAT * n for n in range(9)], BEAT, 0.0, 0.012)
    first = round((1.0 - 0.012) * RATE)
    assert np.array_equal(found, audio[first : first + len(found)])
