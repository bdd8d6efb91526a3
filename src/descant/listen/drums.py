"""Strokes on drums.

Task: drum transcription. A small network that learned from renders of our own songs (``training/drums.py``) gives for
each kind of drum how likely it is struck at each moment; strokes are the peaks. The approach is that of Vogl, Widmer &
Knees, "Towards multi-instrument drum transcription" (DAFx 2018), with far fewer weights and without their data.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

from descant.listen import networks, strokes
from descant.listen.sampling import mid
from descant.song.transcription import Evidence, HeardHit

METHOD = "own drum network on mel levels"


@dataclass(frozen=True)
class Kind:
    """A kind of drum: the General MIDI ``key`` it is given, and all ``keys`` that are of its kind.

    ``least`` is the probability from which a peak is a stroke; ``low`` to ``high`` are bands in which it is loud.
    """

    key: int
    keys: frozenset[int]
    least: float
    low: int
    high: int


KINDS = (
    Kind(36, frozenset({35, 36}), 0.35, 0, 6),
    Kind(38, frozenset({38, 40}), 0.3, 6, 40),
    Kind(37, frozenset({37}), 0.2, 12, 40),
    Kind(39, frozenset({39}), 0.12, 16, 44),
    Kind(42, frozenset({42, 44}), 0.15, 38, 52),
    Kind(46, frozenset({46}), 0.1, 36, 52),
    Kind(45, frozenset({41, 43, 45, 47, 48, 50}), 0.15, 2, 14),
    Kind(51, frozenset({51, 53, 59}), 0.15, 30, 52),
    Kind(49, frozenset({49, 52, 55, 57}), 0.15, 30, 52),
    Kind(54, frozenset({54, 69, 70, 82}), 0.12, 40, 52),
    Kind(62, frozenset({60, 61, 62, 63, 64, 65, 66}), 0.2, 8, 26),
)
"""Kick, snare, rim, clap, closed and open hat, tom, ride, crash, tambourine or shaker, hand drum.

The network is less sure of sounds it did not learn from, so that strokes begin well below even chance; where, was
chosen by the strokes of the songs of ``benchmarks/truth/tune.toml``, all counted together.
"""

APART = 4
"""Frames (40 ms) between two strokes on one drum."""

_STEP = 4096
"""Frames whose inputs are held at once."""


def drums(audio: NDArray[np.float32]) -> tuple[HeardHit, ...]:
    """Return the strokes on drums of a recording, float32 (samples, 2) at 48 kHz, by start."""
    level = strokes.levels(mid(audio))
    chances = probabilities(level)
    found = [hit for i, kind in enumerate(KINDS) for hit in _strokes(kind, chances[:, i], level)]
    return tuple(sorted(found, key=lambda hit: (hit.start, hit.key)))


def evidence(found: tuple[HeardHit, ...]) -> Evidence:
    """Return how strokes were found and how sure they are on the whole."""
    return Evidence(METHOD, round(float(np.mean([hit.confidence for hit in found])), 3) if found else 0.0)


def probabilities(level: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how likely each of ``KINDS`` is struck (frames, kinds), for the levels of :mod:`~.strokes`."""
    network, frames = networks.load("drum_network"), len(level)
    steps = [(first, min(first + _STEP, frames)) for first in range(0, frames, _STEP)]
    return np.concatenate([network(strokes.inputs(level, first, last)) for first, last in steps])


def _strokes(kind: Kind, chances: NDArray[np.float32], level: NDArray[np.float32]) -> list[HeardHit]:
    peaks, _ = find_peaks(np.pad(chances, 1), height=kind.least, distance=APART)
    peaks -= 1
    loudness = level[:, kind.low : kind.high].mean(axis=1)
    after = np.array([loudness[peak : peak + 4].max() for peak in peaks])
    top = float(np.quantile(after, 0.9)) if len(after) else 1.0
    return [
        HeardHit(
            start=round(_between(chances, int(peak)) / strokes.FRAMES_PER_SECOND, 4),
            key=kind.key,
            velocity=int(np.clip(round(100.0 + 127.0 * 1.6 * (heard - top)), 15, 127)),
            confidence=round(float(chances[peak]), 3),
        )
        for peak, heard in zip(peaks, after, strict=True)
    ]


def _between(chances: NDArray[np.float32], peak: int) -> float:
    """Return where between frames a peak stands: the top of the parabola through it and its neighbours."""
    if not 0 < peak < len(chances) - 1:
        return float(peak)
    left, top, right = (float(chances[peak + i]) for i in (-1, 0, 1))
    bend = left - 2 * top + right
    return peak + (float(np.clip(0.5 * (left - right) / bend, -0.5, 0.5)) if bend < 0 else 0.0)
