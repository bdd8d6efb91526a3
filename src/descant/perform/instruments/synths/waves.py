"""Band-limited oscillators: one period in a table, made for the highest pitch a note reaches, read at any pitch.

A table holds only the partials that stay under :data:`HIGHEST_PARTIAL` at that pitch, so nothing folds back; what
remains is the error of straight lines between 4096 points, over 80 dB under the wave. A pulse is the difference of
two sawtooths a width apart (G. De Poli, *A tutorial on digital sound synthesis techniques*, 1983), which keeps it
band-limited while its width moves.
"""

from functools import lru_cache
from typing import Any

import numpy as np
from numba import njit

from descant.perform.instruments.kernels import BLOCK, Control, Samples
from descant.perform.instruments.voice import RATE

TABLE = 4096
"""Points of one period."""

HIGHEST_PARTIAL = 21_500.0
"""Hz up to which partials are kept."""

FRACTION_BITS = 28
"""A phase is a whole number: a table point and this many bits of the way to the next; so it wraps without rounding."""

ONE = 1 << FRACTION_BITS
"""A table point."""

MASK = (TABLE << FRACTION_BITS) - 1
"""What keeps a phase within its period."""

PART = 1.0 / ONE
"""The least difference of phases, in table points."""

_TABLES_PER_OCTAVE = 12


def table(wave: str, highest: float) -> Samples:
    """Return one period (4097 points, the first repeated) of a wave that may be played up to ``highest`` Hz."""
    if wave == "sine":
        return _period("sine", 1)
    partials = max(HIGHEST_PARTIAL / max(highest, 8.0), 1.0)
    if partials > _TABLES_PER_OCTAVE:  # fewer tables, at the cost of at most a semitone of treble
        partials = 2.0 ** (np.floor(np.log2(partials) * _TABLES_PER_OCTAVE) / _TABLES_PER_OCTAVE)
    return _period(wave, min(int(partials), TABLE // 2 - 1))


@lru_cache(maxsize=256)
def _period(wave: str, partials: int) -> Samples:
    number = np.arange(1, partials + 1)
    spectrum = np.zeros(TABLE // 2 + 1, complex)
    if wave == "sine":
        spectrum[1] = -1j
    elif wave == "saw":
        spectrum[1 : partials + 1] = -2j / (np.pi * number)
    elif wave == "square":
        spectrum[1 : partials + 1] = -4j / (np.pi * number) * (number % 2)
    elif wave == "triangle":
        odd = number % 2 == 1
        spectrum[1 : partials + 1][odd] = -8j / np.pi**2 * (-1.0) ** ((number[odd] - 1) // 2) / number[odd] ** 2
    elif wave == "stairs":
        spectrum[: partials + 1] = _stairs(partials)
    else:
        raise ValueError(f"no table is made for the wave {wave!r}")
    period = np.fft.irfft(spectrum * TABLE / 2, TABLE)
    return np.append(period, period[0]).astype(np.float32)


def _stairs(partials: int) -> np.ndarray[Any, np.dtype[np.complex128]]:
    """Return the spectrum of a triangle held in 32 steps of 16 levels."""
    levels = np.abs((np.arange(32) + 8) % 32 - 15.5) / 7.5 - 16.0 / 15.0
    number = np.arange(1, partials + 1)
    steps = np.exp(-2j * np.pi * number[:, None] * np.arange(32) / 32)
    one_step = (1.0 - np.exp(-2j * np.pi * number / 32)) / (2j * np.pi * number)
    spectrum = np.zeros(partials + 1, complex)
    spectrum[1:] = 2.0 * (steps @ levels) * one_step
    return spectrum


@njit(cache=True, fastmath=False, nogil=True)
def add_wave(
    left: Samples, right: Samples, period: Samples, phase: float, steps: Control, gain_left: float, gain_right: float
) -> None:
    """Add an oscillator to two channels.

    Parameters
    ----------
    left, right : added to in place; the same array twice, with ``gain_right`` 0, for one channel.
    period : a table of :data:`TABLE` + 1 points.
    phase : cycles at the beginning.
    steps : cycles a sample, a value a block.
    """
    position = int((phase % 1.0) * TABLE * ONE) & MASK
    scale = np.float32(PART)
    to_left, to_right = np.float32(gain_left), np.float32(gain_right)
    both = gain_right != 0.0
    for block in range((left.size + BLOCK - 1) // BLOCK):
        step = int(steps[block] * TABLE * ONE)
        for i in range(block * BLOCK, min((block + 1) * BLOCK, left.size)):
            index = position >> FRACTION_BITS
            part = np.float32(position & (ONE - 1)) * scale
            value = period[index] + part * (period[index + 1] - period[index])
            left[i] += value * to_left
            if both:
                right[i] += value * to_right
            position = (position + step) & MASK


@njit(cache=True, fastmath=False, nogil=True)
def noise(length: int, key: int) -> Samples:
    """Return white noise, uniform ±1: sample ``i`` depends on the key and ``i`` alone.

    Source: the output function of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014) on a counter.
    """
    out = np.empty(length, np.float32)
    state = np.uint64(key)
    for i in range(length):
        state += np.uint64(0x9E3779B97F4A7C15)
        z = state
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
        out[i] = np.float32(np.int64(z >> np.uint64(40)) * (2.0 / 16777216.0) - 1.0)
    return out


def cycles(key: float) -> float:
    """Return the cycles a sample of a MIDI number (69 is 440 Hz)."""
    return float(440.0 * 2.0 ** ((key - 69.0) / 12.0) / RATE)
