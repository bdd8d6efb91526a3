"""How likely each moment of a recording is a beat, or the first of a bar: a small network that learned from renders.

Task: the front half of beat tracking. Source: a temporal convolutional network on mel levels (Davies & Böck, "Temporal
convolutional networks for musical audio beat tracking", EUSIPCO 2019; downbeats beside beats after Böck, Krebs &
Widmer, "Joint beat and downbeat tracking with recurrent neural networks", ISMIR 2016). It hears 20 s to either side of
a moment, and besides the levels how much harmony and bass change, whatever the key. It is fitted by
``python -m training beats`` to renders of written music (``training/beat_songs.py``).

Conventions: frame ``i`` is centred on ``i / FRAMES_PER_SECOND`` seconds.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d
from scipy.special import expit

from descant.listen import harmony
from descant.listen.features import BANDS_PER_SECOND, LOWEST, PITCHES_PER_SECOND, Bands, Pitches

FRAMES_PER_SECOND = 50
REACH = 2
"""Frames of the mel bands over which a rise is measured: 20 ms."""

TREBLE, BASS = (36, 42, 72, 84), (20, 27, 46, 56)
"""MIDI numbers between which pitches count: from nothing to all of it, and back to nothing."""

WINDOWS = (5, 10, 20, 40)
"""Frames of the pitches (0.25 to 2 s) before and after a moment that are compared."""

DEPTH = 9
"""Layers, each hearing twice as far as the one before."""

TAPS = 5
"""Moments that a layer looks at."""


@dataclass(frozen=True)
class Activations:
    """Probabilities (frames,): of a ``beat``, and of a ``downbeat``, which is the first beat of a bar."""

    beat: NDArray[np.float32]
    downbeat: NDArray[np.float32]


def activations(bands: Bands, pitches: Pitches) -> Activations:
    """Return what the network makes of a recording."""
    found = _network()(inputs(np.asarray(np.expm1(bands.level) / 1000.0, np.float32), novelty(pitches.salience)))
    return Activations(*np.ascontiguousarray(found[:, :2].T))  # what else it learned was there to learn better by


def inputs(magnitude: NDArray[np.float32], changes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what the network is given of each moment: (frames, inputs).

    Parameters
    ----------
    magnitude : mel magnitudes (frames of :mod:`~descant.listen.features`, bands), of any loudness.
    changes : those of :func:`novelty`.
    """
    loud = float(np.quantile(magnitude.max(axis=1), 0.95))
    level = np.log1p(magnitude * np.float32(1000.0 / max(loud, 1e-5))) / np.float32(np.log1p(1000.0))
    before = np.vstack([level[:1]] * REACH + [level[:-REACH]])
    rise = np.maximum(0, level - maximum_filter1d(before, 3, axis=1))
    frames = (len(level) - 1) * FRAMES_PER_SECOND // BANDS_PER_SECOND + 1
    at = np.arange(frames) * PITCHES_PER_SECOND / FRAMES_PER_SECOND
    columns = [np.interp(at, np.arange(len(changes)), column) for column in changes.T]
    return np.hstack([_halved(level), 4 * _halved(rise), np.stack(columns, axis=1)]).astype(np.float32)


def novelty(salience: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return how unlike harmony and bass are after each frame of pitches to before it: (frames, 2 · WINDOWS), 0–1."""
    notes = LOWEST + np.arange(salience.shape[1])
    columns = []
    for register in (TREBLE, BASS):
        heard = np.sqrt(salience.astype(np.float32)) * np.interp(notes, register, (0.0, 1.0, 1.0, 0.0))
        chroma = np.stack([heard[:, notes % 12 == pitch].sum(axis=1) for pitch in range(12)], axis=1)
        columns += [harmony.changes(chroma, window) for window in WINDOWS]
    return np.stack(columns, axis=1).astype(np.float32)


def _halved(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return every other frame, each a mean that a quarter of either neighbour goes into."""
    padded = np.pad(values, ((1, 1), (0, 0)), mode="edge")
    return np.asarray((0.25 * padded[:-2] + 0.5 * padded[1:-1] + 0.25 * padded[2:])[::2], np.float32)


@dataclass(frozen=True)
class _Network:
    """Layers as ``training/beats.py`` names them: taps (TAPS, inputs, outputs), biases and, between layers, mixes."""

    values: dict[str, NDArray[np.float32]]

    def __call__(self, seen: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the probabilities (frames, outputs) for inputs (frames, inputs)."""
        v = self.values
        flow = _elu(_convolved((seen - v["mean"]) * v["scale"], v["first"], 1) + v["first_bias"])
        for layer in range(DEPTH):
            inner = _elu(_convolved(flow, v[f"taps{layer}"], 2**layer) + v[f"bias{layer}"])
            flow = flow + inner @ v[f"mix{layer}"] + v[f"mix_bias{layer}"]
        return np.asarray(expit(_elu(flow) @ v["last"] + v["last_bias"]), np.float32)


def _convolved(values: NDArray[np.float32], taps: NDArray[np.float32], apart: int) -> NDArray[np.float32]:
    reach = apart * (TAPS // 2)
    padded = np.pad(values, ((reach, reach), (0, 0)))
    total = np.zeros((len(values), taps.shape[2]), np.float32)
    for i, weights in enumerate(taps):
        total += padded[i * apart : i * apart + len(values)] @ weights
    return total


def _elu(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.where(values > 0, values, np.expm1(np.minimum(values, 0))).astype(np.float32)


@cache
def _network() -> _Network:
    with files("descant.listen").joinpath("beat_network.npz").open("rb") as file:
        data = np.load(file)
        return _Network({name: data[name].astype(np.float32) for name in data.files})
