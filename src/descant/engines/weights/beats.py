"""Beats and downbeats by a trained network that hears log-mel frames, as beat_this does.

Source: Foscarin, Schlüter & Widmer, "Beat this! Accurate beat tracking without DBN postprocessing" (ISMIR 2024): frames
of 20 ms, 128 mel bands after Slaney from 30 Hz to 11 kHz; a beat is a logit above 0 that is the highest within 70 ms,
and each downbeat is the beat nearest to a peak of the second output.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.fft import rfft
from scipy.ndimage import maximum_filter1d
from scipy.signal.windows import hann

from descant.engines.weights import manifest
from descant.engines.weights.manifest import Network, open_network
from descant.listen.sampling import mid, resampled

MODEL_RATE = 22_050
HOP, WINDOW, BANDS = 441, 1024, 128
LOWEST_HZ, HIGHEST_HZ = 30.0, 11_000.0
COMPRESSION = 1000.0
FRAMES_PER_SECOND = MODEL_RATE / HOP
NEIGHBOURS = 7
"""Frames (±70 ms) of which a beat is the highest."""

EDGE = 6
"""Frames at each end of a segment that lack their surroundings."""

Beats = tuple[tuple[float, ...], tuple[int, ...]]
"""Times of the beats in seconds, and which of them begin a bar."""


def beat_tracker(folder: Path, entry: manifest.Beats) -> Callable[[NDArray[np.float32]], Beats]:
    """Return what finds the beats of a recording, float32 (samples, 2) at 48 kHz, with a network of a folder.

    Raises
    ------
    WeightsError : see :func:`~descant.engines.weights.manifest.open_network`.
    """
    network = open_network(folder, entry)

    def beats(audio: NDArray[np.float32]) -> Beats:
        beat, downbeat = _logits(network, mel_frames(audio), entry.segment)
        times, bars = _peaks(beat), _peaks(downbeat)
        if not len(times):
            return (), ()
        nearest = sorted({int(np.argmin(np.abs(times - bar))) for bar in bars})
        return tuple(round(float(t) / FRAMES_PER_SECOND, 3) for t in times), tuple(nearest)

    return beats


def mel_frames(audio: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the compressed mel levels (frames, 128) of a recording."""
    sound = resampled(mid(audio), MODEL_RATE)
    reach = WINDOW // 2
    padded = np.pad(sound, reach, mode="reflect" if len(sound) > reach else "constant")
    pieces = sliding_window_view(padded, WINDOW)[::HOP]
    shape = hann(WINDOW, sym=False).astype(np.float32) / np.float32(np.sqrt(WINDOW))
    levels = np.abs(rfft(pieces * shape, axis=1)) @ _filters()
    return np.asarray(np.log1p(COMPRESSION * levels), np.float32)


def _logits(
    network: Network, frames: NDArray[np.float32], segment: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the logits of beats and downbeats (frames,), segment by segment."""
    hop = segment - 2 * EDGE
    out = np.full((2, len(frames)), -100.0, np.float32)
    for first in range(0, len(frames), hop):
        low, high = first - EDGE, min(first + hop, len(frames)) + EDGE
        piece = np.pad(frames[max(0, low) : high], ((max(0, -low), max(0, high - len(frames))), (0, 0)))
        found = network(piece[None])
        if len(found) < 2 or any(logits.size != len(piece) for logits in found[:2]):
            raise network.wrong(found[-1], f"two of a value a frame, {len(piece)} here")
        for i in (0, 1):
            out[i, first : high - EDGE] = found[i].reshape(-1)[EDGE : len(piece) - EDGE]
    return out[0], out[1]


def _peaks(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the frames of the peaks above even chance; neighbours of one height are one peak, between them."""
    tops = np.flatnonzero((logits > 0) & (logits == maximum_filter1d(logits, NEIGHBOURS)))
    groups = np.split(tops, np.flatnonzero(np.diff(tops) > 1) + 1) if tops.size else []
    return np.array([float(group.mean()) for group in groups])


@cache
def _filters() -> NDArray[np.float32]:
    """Return triangles (bins, bands) whose tops are even on Slaney's mel scale: linear to 1 kHz, logarithmic above."""
    edges = _hertz(np.linspace(_mel(LOWEST_HZ), _mel(HIGHEST_HZ), BANDS + 2))
    hertz = np.arange(WINDOW // 2 + 1) * MODEL_RATE / WINDOW
    up = (hertz[:, None] - edges[None, :-2]) / np.diff(edges)[:-1]
    down = (edges[None, 2:] - hertz[:, None]) / np.diff(edges)[1:]
    return np.asarray(np.maximum(0.0, np.minimum(up, down)), np.float32)


_LINEAR_MELS = 15.0
_HERTZ_A_MEL = 200.0 / 3.0
_OCTAVE_STEP = np.log(6.4) / 27.0


def _mel(hertz: float) -> float:
    return hertz / _HERTZ_A_MEL if hertz < 1000.0 else float(_LINEAR_MELS + np.log(hertz / 1000.0) / _OCTAVE_STEP)


def _hertz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(mel < _LINEAR_MELS, mel * _HERTZ_A_MEL, 1000.0 * np.exp(_OCTAVE_STEP * (mel - _LINEAR_MELS)))
