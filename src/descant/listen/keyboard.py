"""What is known of each piano key at each moment, as inputs of the note network.

Beside the posteriors of :mod:`~descant.listen.posteriors` stands the sound's own level in each semitone, heard through
windows that shorten as pitch rises; a key's inputs are both, for the key itself, for its neighbours, and for the keys
whose overtones it may be or that may be its overtones, a little before and after.

Conventions: frames and keys are those of the posteriors.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.fft import rfft
from scipy.signal.windows import hann

from descant.listen import posteriors
from descant.listen.posteriors import HOP, LOWEST, MODEL_RATE, Posteriors

KEYS = posteriors.KEYS
BANDS = 103
"""Semitones from A0 up to 10.8 kHz, beyond the keyboard for overtones."""

_WINDOWS = ((8192, 0, 39), (4096, 39, 57), (2048, 57, BANDS))
"""Window in samples, first band and the band after the last: up to C4, F♯5 and the end."""

_REACH = 31
"""Semitones looked up and down."""

_LOOK = 18
"""Frames looked back and ahead."""

_RELATED = (-1, 1, -12, 12, -19, 19, -24, 24, 7, -7)
"""Keys beside the key itself whose posteriors are inputs: neighbours, octaves, twelfths and fifths."""

_OVERTONES = (-1, 1, -2, 2, 12, 19, 24, 28, 31, -12, -19, -24)

_Inputs = tuple[tuple[int, int], ...]
_ONSETS: _Inputs = tuple((0, t) for t in (-6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6)) + tuple(
    (key, t) for key in _RELATED for t in (-2, 0, 2)
)
_NOTES: _Inputs = tuple((0, t) for t in (-10, -6, -4, -2, -1, 0, 1, 2, 4, 6, 10, 16)) + tuple(
    (key, t) for key in _RELATED for t in (-2, 2, 8)
)
_LEVELS: _Inputs = tuple((0, t) for t in (-12, -8, -5, -3, -1, 0, 1, 3, 5, 8, 12, 18)) + tuple(
    (key, t) for key in _OVERTONES for t in (-5, 0, 5)
)
"""Inputs as (semitones from the key, frames from now)."""


def levels(sound: NDArray[np.float32], frames: int) -> NDArray[np.float32]:
    """Return the level (frames, BANDS) of each semitone in sound at 22 050 Hz, compressed, 0 for silence."""
    found = np.zeros((frames, BANDS), np.float32)
    for window, first, last in _WINDOWS:
        padded = np.zeros((frames - 1) * HOP + window, np.float32)
        padded[window // 2 : window // 2 + len(sound)] = sound[: len(padded) - window // 2]
        pieces = sliding_window_view(padded, window)[::HOP]
        shape = hann(window, sym=False).astype(np.float32) / (window / 4)
        filters = _filters(window, first, last)
        for start in range(0, frames, 512):
            power = np.abs(rfft(pieces[start : start + 512] * shape, axis=1)) ** 2
            found[start : start + 512, first:last] = np.sqrt(power @ filters)
    reference = float(np.quantile(found.max(axis=1), 0.95))
    return np.asarray(np.log1p(found * np.float32(300.0 / max(reference, 1e-5))), np.float32)


def inputs(heard: Posteriors, level: NDArray[np.float32], first: int, last: int) -> NDArray[np.float32]:
    """Return the inputs ((last − first) · 88, inputs) for the keys of frames ``first`` to ``last``, frame by frame."""
    thirds = [heard.contour[:, third::3] for third in range(3)]
    columns = [
        *_shifted(heard.onset, _ONSETS, first, last),
        *_shifted(heard.note, _NOTES, first, last),
        *_shifted(level, _LEVELS, first, last),
        *(column for third in thirds for column in _shifted(third, ((0, -3), (0, 0), (0, 3)), first, last)),
        np.broadcast_to(np.linspace(0.0, 1.0, KEYS, dtype=np.float32), (last - first, KEYS)),
    ]
    return np.stack([np.ascontiguousarray(column).reshape(-1) for column in columns], axis=1)


def _shifted(values: NDArray[np.float32], wanted: _Inputs, first: int, last: int) -> list[NDArray[np.float32]]:
    """Return ``values`` (frames, keys) of frames ``first`` to ``last`` as seen from each key, for each input wanted."""
    low, high = max(0, first - _LOOK), min(len(values), last + _LOOK)
    padding = ((low - (first - _LOOK), last + _LOOK - high), (_REACH, _REACH + KEYS))
    padded = np.pad(values[low:high], padding)
    return [padded[_LOOK + t : _LOOK + t + last - first, _REACH + key : _REACH + key + KEYS] for key, t in wanted]


def _filters(window: int, first: int, last: int) -> NDArray[np.float32]:
    """Return the share (bins, bands) that each bin has in each semitone: triangles of a semitone to each side."""
    hertz = np.arange(window // 2 + 1) * MODEL_RATE / window
    semitone = 69.0 + 12.0 * np.log2(np.maximum(hertz, 1.0) / 440.0)
    centres = LOWEST + np.arange(first, last)
    shares = np.maximum(0.0, 1.0 - np.abs(semitone[:, None] - centres[None, :]))
    nearest = np.round(440.0 * 2.0 ** ((centres - 69.0) / 12.0) * window / MODEL_RATE).astype(int)
    shares[nearest, np.arange(last - first)] = 1.0  # low semitones may lie between two bins
    return shares.astype(np.float32)
