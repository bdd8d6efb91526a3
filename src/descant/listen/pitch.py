"""The pitch of one voice, frame by frame.

Task: fundamental frequency and voicing of a single, perhaps accompanied, voice. Source: swift-f0 (MIT), a small
convolutional network whose ONNX file its package carries; it was measured best of the trackers that need no download
(research/analysis.md: raw pitch accuracy .97 alone, .90 in a mix).

Conventions: a frame every 16 ms, the first at 0 s; pitch in MIDI numbers with fractions, confidence 0–1, of which 0.5
divides voiced from unvoiced.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from swift_f0 import SwiftF0

from descant.listen.sampling import resampled

MODEL_RATE = 16_000
HOP = 256
FRAME_SECONDS = HOP / MODEL_RATE
LOWEST_HZ, HIGHEST_HZ = 46.875, 2093.75
"""What the model can tell."""

_PIECE, _CONTEXT = 512, 12
"""Frames that are heard at once, and how many are heard on either side: more than the model looks at (2815 samples)."""


@dataclass(frozen=True)
class PitchTrack:
    """Pitch (MIDI), confidence (0–1) and level (dB of full scale) of each frame of what was tracked."""

    pitch: NDArray[np.float64]
    confidence: NDArray[np.float64]
    level: NDArray[np.float64]


@cache
def _model() -> SwiftF0:
    return SwiftF0(threads=1, spin=False)  # one thread: the same bits every time


def track(sound: NDArray[np.float32], low: float = 65.0, high: float = 1500.0) -> PitchTrack:
    """Return the pitch of one channel of sound at 48 kHz, looked for between ``low`` and ``high`` Hz."""
    return track_at_model_rate(resampled(sound, MODEL_RATE), low, high)


def track_at_model_rate(sound: NDArray[np.float32], low: float, high: float) -> PitchTrack:
    """Return the pitch of one channel of sound that is taken to be at 16 kHz."""
    padded = np.pad(sound, (0, max(0, HOP - len(sound))))
    frames, rows = len(padded) // HOP, []
    for first in range(0, frames, _PIECE):
        last, before = min(first + _PIECE, frames), min(first, _CONTEXT)
        piece = padded[(first - before) * HOP : (last + _CONTEXT) * HOP]
        found = _model().detect(piece, MODEL_RATE, low, high)
        row = np.stack([found.pitch_hz, found.confidence, found.loudness_db])
        rows.append(row[:, before : before + last - first])
    hertz, confidence, level = np.concatenate(rows, axis=1)
    return PitchTrack(69.0 + 12.0 * np.log2(np.maximum(hertz, 1.0) / 440.0), confidence, level)
