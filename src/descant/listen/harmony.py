"""Pitch classes over time: what sounds between one beat and the next, in the treble and in the bass.

Task: chroma. Source: treble and bass chroma folded from non-negative pitch salience, averaged beat by beat (Mauch &
Dixon, ISMIR 2010; Bello & Pickens, "A robust mid-level representation for harmonic content", ISMIR 2005).

Conventions: 12 pitch classes from C; a span is the stretch between two successive times.
"""

import numpy as np
from numpy.typing import NDArray

from descant.listen.features import HIGHEST, LOWEST, PITCHES_PER_SECOND, Pitches

TREBLE = (44, 53, 74, 88)
"""MIDI numbers between which notes count into treble chroma: from nothing to all of it, and back to nothing."""

BASS = (20, 27, 46, 56)


def chroma(pitches: Pitches, times: NDArray[np.float64], register: tuple[int, int, int, int]) -> NDArray[np.float64]:
    """Return the mean salience of each pitch class in each span of ``times``: (len(times) − 1, 12), ≥ 0."""
    notes = np.arange(LOWEST, HIGHEST + 1)
    share = np.interp(notes, register, (0.0, 1.0, 1.0, 0.0))
    spans = spanned(np.sqrt(pitches.salience) * share, times)
    folded = np.zeros((len(spans), 12))
    for column, note in enumerate(notes):
        folded[:, note % 12] += spans[:, column]
    return folded


def spanned(frames: NDArray[np.floating], times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean of ``frames`` (20 a second) in each span of ``times``, weighted towards none of it."""
    edges = np.clip(np.round(times * PITCHES_PER_SECOND).astype(int), 0, len(frames))
    sums = np.vstack([np.zeros((1, frames.shape[1])), np.cumsum(frames, axis=0, dtype=np.float64)])
    lengths = np.diff(edges)
    means = (sums[edges[1:]] - sums[edges[:-1]]) / np.maximum(lengths, 1)[:, None]
    nearest = np.minimum(edges[:-1], len(frames) - 1)
    return np.where(lengths[:, None] > 0, means, frames[nearest])
