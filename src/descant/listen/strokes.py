"""What surrounds each moment of a recording, as inputs of the drum network.

A frame every 10 ms: levels in mel bands through a window of 43 ms, compressed, and how much each band has risen since
20 ms before, at some frames before and after.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.fft import rfft
from scipy.signal.windows import hann

from descant.listen.sampling import RATE

HOP = 480
FRAMES_PER_SECOND = RATE / HOP
WINDOW = 2048
BANDS = 52
LOWEST_HZ, HIGHEST_HZ = 30.0, 17_000.0
LEVELS_AT = (-20, -10, -5, -3, -2, -1, 0, 1, 2, 3, 5, 8, 12, 20)
RISES_AT = (-3, -1, 0, 1, 2, 4)
"""Frames from now."""

RISE = 2
"""Frames over which a rise is taken."""

_REACH = max(map(abs, LEVELS_AT))


def levels(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the compressed level (frames, BANDS) of one channel at 48 kHz; 0 is silence, 1 about the loudest."""
    frames = len(sound) // HOP + 1
    padded = np.zeros((frames - 1) * HOP + WINDOW, np.float32)
    padded[WINDOW // 2 : WINDOW // 2 + len(sound)] = sound[: len(padded) - WINDOW // 2]
    pieces = sliding_window_view(padded, WINDOW)[::HOP]
    shape = hann(WINDOW, sym=False).astype(np.float32) / (WINDOW / 4)
    filters, found = _filters(), np.empty((frames, BANDS), np.float32)
    for start in range(0, frames, 1024):
        found[start : start + 1024] = np.sqrt(np.abs(rfft(pieces[start : start + 1024] * shape, axis=1)) ** 2 @ filters)
    reference = float(np.quantile(found.max(axis=1), 0.95))
    compressed = np.log1p(found * np.float32(1000.0 / max(reference, 1e-5))) / np.float32(np.log1p(1000.0))
    return np.asarray(compressed, np.float32)


def inputs(level: NDArray[np.float32], first: int = 0, last: int | None = None) -> NDArray[np.float32]:
    """Return the inputs (frames, inputs) of frames ``first`` to ``last``, of all when none are named."""
    last = len(level) if last is None else last
    low, high = max(0, first - _REACH - RISE), min(len(level), last + _REACH)
    seen = np.pad(level[low:high], ((low - (first - _REACH - RISE), last + _REACH - high), (0, 0)))
    rise = np.maximum(seen[RISE:] - seen[:-RISE], 0.0)
    columns = [seen[RISE + _REACH + at : RISE + _REACH + at + last - first] for at in LEVELS_AT]
    columns += [rise[_REACH + at : _REACH + at + last - first] for at in RISES_AT]
    return np.concatenate(columns, axis=1)


def _filters() -> NDArray[np.float32]:
    """Return triangles (bins, bands) whose tops are even on the mel scale."""
    mel = np.linspace(_mel(LOWEST_HZ), _mel(HIGHEST_HZ), BANDS + 2)
    tops = 700.0 * (10.0 ** (mel / 2595.0) - 1.0)
    hertz = np.arange(WINDOW // 2 + 1) * RATE / WINDOW
    up = (hertz[:, None] - tops[None, :-2]) / (tops[1:-1] - tops[:-2])
    down = (tops[None, 2:] - hertz[:, None]) / (tops[2:] - tops[1:-1])
    shares = np.clip(np.minimum(up, down), 0.0, 1.0)
    nearest = np.round(tops[1:-1] * WINDOW / RATE).astype(int)
    shares[nearest, np.arange(BANDS)] = 1.0  # low bands may lie between two bins
    return shares.astype(np.float32)


def _mel(hertz: float) -> float:
    return float(2595.0 * np.log10(1.0 + hertz / 700.0))
