"""Decibels, the sample rate and the control rate that every processor of this room shares."""

import mmap
from contextlib import suppress
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

RATE = 48_000
"""Samples a second."""

CONTROL = 16
"""Samples a control period: gains are computed once a period (0.33 ms) and joined linearly."""

CHUNK = 28_800
"""Samples (0.6 s) processed at a time: whole control periods and whole hops of every measurement, small enough for the
cache. Whatever stretches a song is mixed in, they begin on multiples of it, so that they meet without a seam."""

Audio = NDArray[np.float32]
"""Samples, shape (samples, channels)."""

Curve = NDArray[np.float32]
"""One value a control period, or one value a sample, as the name says."""


def gain(decibels: float) -> float:
    """Return the amplitude factor of a level change in dB."""
    return float(10.0 ** (decibels / 20.0))


def decibels(amplitude: float) -> float:
    """Return the level in dB of an amplitude; silence gives −200 dB."""
    return float(20.0 * np.log10(max(abs(amplitude), 1e-10)))


def decibel_curve(amplitudes: NDArray[Any]) -> NDArray[np.float32]:
    """Return levels in dB of non-negative amplitudes; silence gives −200 dB."""
    return np.asarray(20.0 * np.log10(np.maximum(amplitudes, 1e-10)), np.float32)


def periods(samples: int) -> int:
    """Return how many control periods cover ``samples``."""
    return -(-samples // CONTROL)


def smoothing(seconds: float, rate: float = RATE / CONTROL) -> float:
    """Return the one-pole coefficient that covers 63 % of a step in ``seconds`` at ``rate`` steps a second."""
    return 0.0 if seconds <= 0 else float(np.exp(-1.0 / (seconds * rate)))


def apply_curve(audio: Audio, curve: Curve, before: float) -> float:
    """Multiply ``audio`` in place by a gain curve at control rate and return the curve's last value.

    Each period glides from the value before it, the first one from ``before``.
    """
    return float(_glide(interleaved(audio), curve, np.float32(before), audio.shape[1]))


def interleaved(audio: Audio) -> Audio:
    """Return the samples of ``audio`` (samples, channels) in one row that shares its memory.

    Kernels run over rows: with a known distance between neighbours the compiler uses whole vector registers.
    """
    if not audio.flags.c_contiguous:
        raise ValueError("the samples of a signal to process must lie one after another")
    return audio.reshape(-1)


@njit(cache=True, fastmath=False, nogil=True, inline="always")
def still(samples):  # type: ignore[no-untyped-def]
    """Return whether all samples are zero; for kernels, which pass over what is silent."""
    for i in range(samples.shape[0]):  # noqa: SIM110 (the compiler wants a loop)
        if samples[i] != 0.0:
            return False
    return True


@njit(cache=True, fastmath=False, nogil=True)
def _glide(audio, curve, before, channels):  # type: ignore[no-untyped-def]
    width = CONTROL * channels
    last = before
    for period in range(curve.shape[0]):
        block = audio[period * width : (period + 1) * width]
        target = curve[period]
        if target == last:
            if target != np.float32(1.0):
                for i in range(block.shape[0]):
                    block[i] *= target
            continue
        step = (target - last) / np.float32(CONTROL)
        if channels == 2:
            for i in range(block.shape[0] // 2):
                value = last + step * np.float32(i + 1)
                block[2 * i] *= value
                block[2 * i + 1] *= value
        else:
            for i in range(block.shape[0]):
                block[i] *= last + step * np.float32(i + 1)
        last = target
    return last


@njit(cache=True, fastmath=False, nogil=True)
def _peak_rows(audio, width, out):  # type: ignore[no-untyped-def]
    for period in range(out.shape[0]):
        block = audio[period * width : (period + 1) * width]
        top = np.float32(0.0)
        for i in range(block.shape[0]):
            top = max(top, abs(block[i]))
        out[period] = top


def peak_levels(audio: Audio) -> Curve:
    """Return the largest absolute sample of any channel in each control period, float32 (periods,)."""
    out = np.empty(periods(len(audio)), np.float32)
    _peak_rows(interleaved(audio), CONTROL * audio.shape[1], out)
    return out


@njit(cache=True, fastmath=False, nogil=True)
def _power_rows(audio, width, hop, out):  # type: ignore[no-untyped-def]
    for k in range(out.shape[0]):
        block = audio[k * width : (k + 1) * width]
        total = 0.0
        for i in range(block.shape[0]):
            total += block[i] * block[i]
        out[k] = total / hop


def mean_squares(audio: Audio, hop: int) -> NDArray[np.float64]:
    """Return the mean over ``hop`` samples of the squares summed over channels, float64 (ceil(samples / hop),)."""
    out = np.empty(-(-len(audio) // hop))
    _power_rows(interleaved(audio), hop * audio.shape[1], hop, out)
    return out


_POPULATE_WRITE = 23
"""Advice to have all pages at hand at once (Linux 5.14), a fifth of what faulting them in one by one costs."""


def set_aside(audio: Audio) -> None:
    """Let the pages of audio that lies in a file go from memory until it is asked for again; other audio stays."""
    _advise(audio, getattr(mmap, "MADV_DONTNEED", None))  # what was written stays in the file's own pages


def bring_back(audio: Audio) -> None:
    """Have the pages of audio that lies in a file in memory before it is worked on; where that is not to be had, each
    comes when it is touched.
    """
    _advise(audio, _POPULATE_WRITE)


def _advise(audio: Audio, advice: int | None) -> None:
    place: object = audio
    while isinstance(place, np.ndarray) and not isinstance(place, np.memmap):
        place = place.base
    pages = getattr(place, "_mmap", None)
    if not isinstance(pages, mmap.mmap) or advice is None:
        return
    first = audio.ctypes.data - np.frombuffer(pages, np.uint8).ctypes.data
    within = first % mmap.PAGESIZE
    with suppress(OSError):  # a kernel that does not know the advice
        pages.madvise(advice, first - within, audio.nbytes + within)
