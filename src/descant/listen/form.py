"""Form: where sections begin, and which are alike.

Task: structural segmentation. Source: novelty along the diagonal of a self-similarity matrix (Foote, "Automatic audio
segmentation using a measure of audio novelty", ICME 2000) over timbre, loudness and harmony bar by bar; sections are
labelled by how like one another they sound.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

from descant.listen import harmony
from descant.listen.features import BANDS_PER_SECOND, Bands, Pitches
from descant.song.transcription import HeardSection

KERNEL = 4
"""Bars either side of a boundary that are compared."""

SHORTEST = 4
"""Bars."""


def bar_features(bands: Bands, pitches: Pitches, lines: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the timbre, loudness and harmony of each bar between ``lines`` (seconds), of mean 0."""
    timbre = harmony.spanned(bands.level, BANDS_PER_SECOND, lines)
    tones = harmony.treble_chroma(pitches, lines)
    tones /= np.maximum(np.linalg.norm(tones, axis=1, keepdims=True), 1e-9)
    together = np.hstack([timbre, 4 * timbre.std() * tones])
    return np.asarray(together - together.mean(axis=0), np.float64)


def sections(bars: NDArray[np.float64], times: NDArray[np.float64]) -> tuple[HeardSection, ...]:
    """Return the sections from ``times[0]`` to ``times[-1]``.

    Parameters
    ----------
    bars : (bars, features), standardised.
    times : (bars + 1,) bar lines in seconds.
    """
    novelty = _novelty(bars)
    peaks, _ = find_peaks(novelty, height=novelty.mean() + 0.5 * novelty.std(), distance=SHORTEST)
    edges = [0, *(int(p) for p in peaks if SHORTEST // 2 <= p <= len(bars) - SHORTEST // 2), len(bars)]
    means = np.array([bars[a:b].mean(axis=0) for a, b in pairwise(edges)])
    labels = _labels(means)
    top = float(novelty.max()) or 1.0
    return tuple(
        HeardSection(float(times[a]), float(times[b]), labels[i], round(float(min(1.0, novelty[a] / top)), 3))
        for i, (a, b) in enumerate(pairwise(edges))
    )


def _novelty(bars: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return at each bar line how unlike what follows is to what went before."""
    distance = np.linalg.norm(bars[:, None] - bars[None], axis=2)
    likeness = np.exp(-distance / max(float(np.median(distance)), 1e-9))
    count = len(bars)
    out = np.zeros(count + 1)
    for line in range(1, count):
        reach = min(KERNEL, line, count - line)
        a, b = slice(line - reach, line), slice(line, line + reach)
        out[line] = (likeness[a, a].mean() + likeness[b, b].mean() - 2 * likeness[a, b].mean()) * reach / KERNEL
    return out[:-1]


def _labels(means: NDArray[np.float64]) -> list[str]:
    distance = np.linalg.norm(means[:, None] - means[None], axis=2)
    limit = 0.6 * float(np.median(distance[distance > 0])) if (distance > 0).any() else 0.0
    labels: list[str] = []
    for i in range(len(means)):
        alike = [j for j in range(i) if distance[i, j] <= limit]
        nearest = min(alike, key=lambda j: distance[i, j], default=None)
        labels.append(chr(ord("A") + min(25, len(set(labels)))) if nearest is None else labels[nearest])
    return labels
