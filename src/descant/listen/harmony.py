"""Pitch classes over time: what sounds between one beat and the next, in the treble and in the bass.

Task: chroma. Sources: treble and bass chroma, averaged beat by beat (Mauch & Dixon, ISMIR 2010; Bello & Pickens, "A
robust mid-level representation for harmonic content", ISMIR 2005). The bass is read from the pitch salience of
:mod:`~descant.listen.features`, and so is the treble unless the posteriors of :mod:`~descant.listen.posteriors` are at
hand: templates are 86 to 87 % right on chroma of those, and 78 to 81 % on that of the salience (13 songs).

Conventions: 12 pitch classes from C; a span is the stretch between two successive times.
"""

import numpy as np
from numpy.typing import NDArray

from descant.listen import posteriors
from descant.listen.features import LOWEST, PITCHES_PER_SECOND, Pitches
from descant.listen.posteriors import Posteriors

TREBLE = (36, 42, 72, 84)
"""MIDI numbers between which notes count into treble chroma: from nothing to all of it, and back to nothing."""

BASS = (20, 27, 46, 56)
LOW_KEYS = (20, 27, 46, 52)
"""The same for bass chroma of posteriors."""

COMPRESSION = 0.5
"""Power to which salience is raised: loud notes count little more than soft ones."""

POSTERIOR_COMPRESSION = 0.7


def treble_chroma(pitches: Pitches, times: NDArray[np.float64], heard: Posteriors | None = None) -> NDArray[np.float64]:
    """Return the chroma of chords and tunes in each span of ``times``: (len(times) − 1, 12), ≥ 0."""
    if heard is None:
        return _folded(pitches.salience**COMPRESSION, LOWEST, PITCHES_PER_SECOND, times, TREBLE)
    keys = heard.note**POSTERIOR_COMPRESSION
    return _folded(keys, posteriors.LOWEST, posteriors.FRAMES_PER_SECOND, times, TREBLE)


def bass_chroma(pitches: Pitches, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the chroma of the lowest notes in each span of ``times``: (len(times) − 1, 12), ≥ 0."""
    return _folded(pitches.salience**COMPRESSION, LOWEST, PITCHES_PER_SECOND, times, BASS)


def changes(chroma: NDArray[np.floating], reach: int) -> NDArray[np.float64]:
    """Return how unlike the ``reach`` rows of chroma from each one on are to those before it, 0–1: 1 − cosine."""
    sums = np.vstack([np.zeros((1, 12)), np.cumsum(chroma, axis=0, dtype=np.float64)])
    here = np.arange(len(chroma))
    before = sums[here] - sums[np.maximum(here - reach, 0)]
    after = sums[np.minimum(here + reach, len(chroma))] - sums[here]
    lengths = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    return np.where(lengths > 1e-9, 1 - (before * after).sum(axis=1) / np.maximum(lengths, 1e-9), 0.0)


def views(pitches: Pitches, heard: Posteriors, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return four views of each span of ``times``, each of length 1 or silent: (len(times) − 1, 4, 12).

    Treble chroma of the posteriors and of the salience, bass chroma of the salience and of the posteriors: what a
    network of chords looks at.
    """
    keys = heard.note**POSTERIOR_COMPRESSION
    shown = (
        treble_chroma(pitches, times, heard),
        treble_chroma(pitches, times),
        bass_chroma(pitches, times),
        _folded(keys, posteriors.LOWEST, posteriors.FRAMES_PER_SECOND, times, LOW_KEYS),
    )
    return np.stack([tones / np.maximum(np.linalg.norm(tones, axis=1, keepdims=True), 1e-6) for tones in shown], axis=1)


def _folded(
    levels: NDArray[np.float32],
    lowest: int,
    rate: float,
    times: NDArray[np.float64],
    register: tuple[int, int, int, int],
) -> NDArray[np.float64]:
    notes = lowest + np.arange(levels.shape[1])
    share = np.interp(notes, register, (0.0, 1.0, 1.0, 0.0))
    spans = spanned(levels * share, rate, times)
    folded = np.zeros((len(spans), 12))
    for column, note in enumerate(notes):
        folded[:, note % 12] += spans[:, column]
    return folded


def spanned(frames: NDArray[np.floating], rate: float, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean of ``frames`` (``rate`` a second) in each span of ``times``, the nearest one where none is in."""
    edges = np.clip(np.round(times * rate).astype(int), 0, len(frames))
    sums = np.vstack([np.zeros((1, frames.shape[1])), np.cumsum(frames, axis=0, dtype=np.float64)])
    lengths = np.diff(edges)[:, None]
    means = (sums[edges[1:]] - sums[edges[:-1]]) / np.maximum(lengths, 1)
    return np.asarray(np.where(lengths > 0, means, frames[np.minimum(edges[:-1], len(frames) - 1)]), np.float64)
