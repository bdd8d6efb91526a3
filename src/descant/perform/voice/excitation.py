"""What drives the vocal tract: a train of glottal pulses and the noise of breath.

The pulses are band-limited and placed to a fraction of a sample, so pitch is exact; each has the energy of its
period, so loudness does not depend on pitch. Breath noise swells and falls with the glottal cycle, which makes it
belong to the voice (Hermes 1991).
"""

import numpy as np
from numpy.typing import NDArray

from descant.song.streams import stream

SAMPLE_RATE = 48_000
HOP = 240
"""Samples between frames: 5 ms."""

TAPS = 24
"""Samples either side of a pulse over which it is drawn."""

SHIMMER = 0.012
"""Random change of pulse amplitude (standard deviation, ratio), as healthy voices have (0.1 dB)."""

NOISE_PULSING = 0.5
"""Depth with which breath noise follows the glottal cycle."""

Signal = NDArray[np.float32]


def phase_of(cents: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the glottal phase in cycles at every sample, for a pitch curve of cents every ``HOP`` samples."""
    hertz = 440.0 * 2.0 ** ((cents - 6900.0) / 1200.0)
    frames = np.arange(cents.size) * HOP
    samples = np.arange((cents.size - 1) * HOP)
    return np.cumsum(np.interp(samples, frames, hertz)) / SAMPLE_RATE


def pulses(phase: NDArray[np.float64], seed: int, name: str) -> Signal:
    """Return a pulse at every whole cycle of ``phase``, of mean power 1."""
    whole = np.floor(phase)
    after = np.flatnonzero(np.diff(whole) > 0) + 1
    step = phase[after] - phase[after - 1]
    place = after - (phase[after] - whole[after]) / step
    loud = 1 + SHIMMER * stream(seed, f"{name}.shimmer").standard_normal(after.size)
    height = loud / np.sqrt(step)
    base = np.floor(place).astype(np.int64)
    taps = np.arange(-TAPS + 1, TAPS + 1)
    distance = taps[None, :] - (place - base)[:, None]
    shape = np.sinc(distance) * np.cos(np.pi * distance / (2 * (TAPS + 1))) ** 2
    out = np.zeros(phase.size + 2 * TAPS)
    np.add.at(out, base[:, None] + taps[None, :] + TAPS, shape * height[:, None])
    return out[TAPS : TAPS + phase.size].astype(np.float32)


def noise(phase: NDArray[np.float64], voiced: NDArray[np.float64], seed: int, name: str) -> Signal:
    """Return white noise of mean power 1 that pulses with ``phase`` where ``voiced`` (0–1 at every sample)."""
    white = stream(seed, f"{name}.breath").standard_normal(phase.size)
    depth = NOISE_PULSING * voiced
    return (white * (1 + depth * np.cos(2 * np.pi * phase)) / np.sqrt(1 + depth**2 / 2)).astype(np.float32)
