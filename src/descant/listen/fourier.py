"""Short-time spectra of recordings, and back.

Frames of ``WINDOW`` samples under a periodic Hann window every ``HOP`` samples; frame ``k`` is centred on sample
``k · HOP``. What is taken apart and put together again is the same sound, to float32's precision.

The spectra of a long recording are many times its size, so they are worked on stretch by stretch: :func:`stretches`
says which frames, :func:`spectrum` gives those, a :class:`Resynthesis` takes what is made of them.
"""

from collections.abc import Iterator

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

STRETCH = 512
"""Frames that are worked on at once (11 s)."""

_OVERLAP = WINDOW // HOP

_SHAPE = hann(WINDOW, sym=False).astype(np.float32)


def frames(samples: int) -> int:
    """Return the frames of a sound of so many samples."""
    return samples // HOP + _OVERLAP


def stretches(frames: int, context: int) -> Iterator[tuple[slice, slice]]:
    """Yield stretches of a sound's frames, one after the other: the frames to look at, and which of those are its own.

    ``context`` is how many frames are looked at on either side, where there are so many: what is worked out of no wider
    surroundings comes out as if the whole sound were looked at.
    """
    for first in range(0, frames, STRETCH):
        last = min(first + STRETCH, frames)
        begin = max(0, first - context)
        yield slice(begin, min(last + context, frames)), slice(first - begin, last - begin)


def spectrum(sound: NDArray[np.float32], seen: slice) -> NDArray[np.complex64]:
    """Return the spectrum (frames, bins) of some frames of one channel."""
    begin, end = seen.start * HOP - WINDOW // 2, (seen.stop - 1) * HOP + WINDOW // 2
    inside = sound[max(begin, 0) : max(end, 0)]
    before = max(-begin, 0)
    padded = np.zeros(end - begin, np.float32)
    padded[before : before + len(inside)] = inside
    return np.asarray(rfft(sliding_window_view(padded, WINDOW)[::HOP] * _SHAPE, axis=1), np.complex64)


class Resynthesis:
    """A sound that is put together from the spectra of its stretches.

    Parameters
    ----------
    samples : its length; ``channels`` how many it has.
    """

    def __init__(self, samples: int, channels: int) -> None:
        self._samples = samples
        self._frames = frames(samples)
        self._rows = np.zeros((self._frames + _OVERLAP - 1, HOP, channels), np.float32)

    def add(self, first: int, channel: int, spectrum: NDArray[np.complex64]) -> None:
        """Take the spectrum (frames, bins) of the frames from ``first`` on; each frame is to be given once."""
        pieces = np.asarray(irfft(spectrum, WINDOW, axis=1), np.float32) * _SHAPE
        for part in range(_OVERLAP):
            rows = self._rows[first + part : first + part + len(pieces), :, channel]
            rows += pieces[:, part * HOP : (part + 1) * HOP]

    def sound(self) -> NDArray[np.float32]:
        """Return the sound, float32 (samples, channels), when every frame was given; to be called once."""
        shares = (_SHAPE**2).reshape(_OVERLAP, HOP)
        for row, samples in enumerate(self._rows):
            parts = range(max(0, row - self._frames + 1), min(row, _OVERLAP - 1) + 1)
            samples /= np.maximum(shares[parts.start : parts.stop].sum(axis=0), np.float32(1e-3))[:, None]
        whole = self._rows.reshape(-1, self._rows.shape[2])
        return whole[WINDOW // 2 : WINDOW // 2 + self._samples]
