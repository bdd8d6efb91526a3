"""Taking a recording apart with a trained network: overlapping segments, faded into each other."""

from collections.abc import Callable
from math import gcd
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from descant.engines.weights import manifest
from descant.engines.weights.manifest import open_network
from descant.listen.sampling import RATE
from descant.listen.separation import Separation, Stem
from descant.song.score import Role

OVERLAP = 4
"""Each segment begins a quarter of one before the last ends."""

CERTAINTY_DECIBELS = 10.0
"""Quality at which a stem counts as certain."""


def separator(folder: Path, entry: manifest.Separator) -> Callable[[NDArray[np.float32]], Separation]:
    """Return what takes a recording, float32 (samples, 2) at 48 kHz, apart with a network of a folder.

    Raises
    ------
    WeightsError : see :func:`~descant.engines.weights.manifest.open_network`; or for a source that is no role.
    """
    roles = [None if source == "other" else _role(source) for source in entry.sources]
    session = open_network(folder, entry)
    name = session.get_inputs()[0].name

    def run(segment: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(session.run(None, {name: segment[None]})[0][0], np.float32)

    def separate(audio: NDArray[np.float32]) -> Separation:
        common = gcd(entry.rate, RATE)
        there, back = (entry.rate // common, RATE // common), (RATE // common, entry.rate // common)
        sound = np.asarray(resample_poly(audio, *there, axis=0), np.float32)
        sources = _in_segments(sound.T, entry.segment, len(roles), run)
        stems: dict[Role, Stem | None] = {}
        for role, source in zip(roles, sources, strict=True):
            if role is not None:
                whole = np.asarray(resample_poly(source.T, *back, axis=0), np.float32)[: len(audio)]
                stems[role] = _stem(np.pad(whole, ((0, len(audio) - len(whole)), (0, 0))), entry)
        vocals = stems.get(Role.LEAD_VOCAL)
        rest = None if vocals is None else _stem(audio - vocals.audio, entry)
        return Separation(stems, rest)

    return separate


def _role(source: str) -> Role:
    try:
        return Role(source)
    except ValueError as error:
        known = ", ".join(role.value for role in Role)
        raise manifest.WeightsError(f"no stem is called {source!r}; known are {known} and other") from error


def _stem(audio: NDArray[np.float32], entry: manifest.Separator) -> Stem:
    return Stem(audio, entry.name, float(np.clip(entry.quality / CERTAINTY_DECIBELS, 0.0, 1.0)), entry.quality)


def _in_segments(
    sound: NDArray[np.float32], segment: int, sources: int, run: Callable[[NDArray[np.float32]], NDArray[np.float32]]
) -> NDArray[np.float32]:
    """Return (sources, 2, samples): what the network makes of overlapping segments, weighted by triangles."""
    samples, hop = sound.shape[1], max(1, segment - segment // OVERLAP)
    weight = np.minimum(np.arange(1, segment + 1), np.arange(segment, 0, -1)).astype(np.float32)
    out = np.zeros((sources, 2, samples + segment), np.float32)
    total = np.zeros(samples + segment, np.float32)
    for start in range(0, samples, hop):
        piece = np.zeros((2, segment), np.float32)
        taken = sound[:, start : start + segment]
        piece[:, : taken.shape[1]] = taken
        out[:, :, start : start + segment] += run(piece) * weight
        total[start : start + segment] += weight
    return np.asarray(out[:, :, :samples] / total[:samples], np.float32)
