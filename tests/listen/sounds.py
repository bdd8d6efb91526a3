"""Sounds whose facts are known, made of sines and noise, float32 (samples, 2) at 48 kHz."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

RATE = 48_000
Sound = NDArray[np.float32]


def tone(
    pitch: float, seconds: float, harmonics: int = 8, vibrato: float = 0.0, decay: float = 0.0
) -> NDArray[np.float64]:
    """Return a note of falling harmonics: ``vibrato`` in semitones at 5.5 Hz, ``decay`` in 1/s."""
    t = np.arange(round(seconds * RATE)) / RATE
    hertz = 440.0 * 2.0 ** ((pitch + vibrato * np.sin(2 * np.pi * 5.5 * t) - 69.0) / 12.0)
    phase = 2 * np.pi * np.cumsum(hertz) / RATE
    sound = sum(np.sin(k * phase) / k for k in range(1, harmonics + 1) if k * hertz.max() < 16_000)
    edge = np.minimum(1.0, np.minimum(t / 0.01, (seconds - t) / 0.02))
    return np.asarray(sound * edge * np.exp(-decay * t))


def placed(sounds: Iterable[tuple[float, NDArray[np.float64]]], seconds: float, side: float = 0.5) -> Sound:
    """Return sounds at their times in seconds, from the left (``side`` 0) to the right (1)."""
    out = np.zeros(round(seconds * RATE))
    for start, sound in sounds:
        at = round(start * RATE)
        out[at : at + len(sound)] += sound[: len(out) - at]
    return (0.15 * out[:, None] * np.sqrt([1.0 - side, side]) * np.sqrt(2.0)).astype(np.float32)


def noise(seconds: float, seed: int = 0) -> NDArray[np.float64]:
    """Return white noise of level 1."""
    return np.random.default_rng(seed).normal(0.0, 1.0, round(seconds * RATE))
