"""Strokes on drums.

Task: drum transcription. Strokes are peaks in the rise of the percussive part's level in three bands, each the mark of
one drum: below 120 Hz the kick, 150 Hz to 5 kHz the snare, above 7 kHz the hat.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

from descant.listen import fourier
from descant.listen.percussion import percussive_mask
from descant.listen.sampling import mid
from descant.song.transcription import Evidence, HeardHit

METHOD = "onsets of the percussive part by band"
KICK, SNARE, HAT = 36, 38, 42
BANDS = {KICK: (30.0, 120.0), SNARE: (150.0, 5000.0), HAT: (7000.0, 16000.0)}
LEAST = 0.25
"""A stroke's rise against the ninth decile of the strongest in its band."""


def drums(audio: NDArray[np.float32]) -> tuple[HeardHit, ...]:
    """Return the strokes on drums of a recording, float32 (samples, 2) at 48 kHz, by start."""
    magnitude = np.abs(fourier.spectrum(mid(audio)))
    struck = magnitude * percussive_mask(magnitude)
    found: list[HeardHit] = []
    for key, (low, high) in BANDS.items():
        level = np.sqrt((struck[:, round(low / fourier.BIN_HZ) : round(high / fourier.BIN_HZ)] ** 2).sum(1))
        found += _strokes(key, np.maximum(np.diff(level, prepend=level[:1]), 0.0))
    return tuple(sorted(found, key=lambda hit: (hit.start, hit.key)))


def evidence(found: tuple[HeardHit, ...]) -> Evidence:
    """Return how strokes were found and how sure they are on the whole."""
    return Evidence(METHOD, round(float(np.mean([hit.confidence for hit in found])), 3) if found else 0.0)


def _strokes(key: int, rise: NDArray[np.float32]) -> list[HeardHit]:
    top = float(np.quantile(rise, 0.99))
    if top <= 0.0:
        return []
    peaks, _ = find_peaks(rise, height=LEAST * top, distance=3)
    shares = np.minimum(rise[peaks] / top, 1.0)
    return [
        HeardHit(round(float(peak) / fourier.FRAMES_PER_SECOND, 4), key, round(40 + 80 * float(share)), float(share))
        for peak, share in zip(peaks, shares, strict=True)
    ]
