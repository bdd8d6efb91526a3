"""Short-time spectra of recordings, and back.

Frames of ``WINDOW`` samples under a periodic Hann window every ``HOP`` samples; frame ``k`` is centred on sample
``k · HOP``. What is taken apart and put together again is the same sound, to float32's precision.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.fft import irfft, rfft
from scipy.signal.windows import hann

from descant.listen.sampling import RATE

WINDOW = 4096
HOP = 1024
FRAMES_PER_SECOND = RATE / HOP
BIN_HZ = RATE / WINDOW
BINS = WINDOW // 2 + 1

_SHAPE = hann(WINDOW, sym=False).astype(np.float32)


def spectrum(sound: NDArray[np.float32]) -> NDArray[np.complex64]:
    """Return the spectrum (frames, bins) of one channel."""
    frames = len(sound) // HOP + WINDOW // HOP
    padded = np.zeros((frames - 1) * HOP + WINDOW, np.float32)
    padded[WINDOW // 2 : WINDOW // 2 + len(sound)] = sound
    return np.asarray(rfft(sliding_window_view(padded, WINDOW)[::HOP] * _SHAPE, axis=1), np.complex64)


def sound(spectrum: NDArray[np.complex64], samples: int) -> NDArray[np.float32]:
    """Return the first ``samples`` samples of the sound whose spectrum is given."""
    pieces = np.asarray(irfft(spectrum, WINDOW, axis=1), np.float32) * _SHAPE
    weights = np.broadcast_to(_SHAPE**2, pieces.shape)
    whole = _overlapped(pieces) / np.maximum(_overlapped(weights), np.float32(1e-3))
    return np.asarray(whole[WINDOW // 2 :][:samples], np.float32)


def _overlapped(pieces: NDArray[np.float32]) -> NDArray[np.float32]:
    out = np.zeros((len(pieces) + WINDOW // HOP - 1, HOP), np.float32)
    for quarter in range(WINDOW // HOP):
        out[quarter : quarter + len(pieces)] += pieces[:, quarter * HOP : (quarter + 1) * HOP]
    return out.reshape(-1)
