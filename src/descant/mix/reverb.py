"""A shared room: an eight-line feedback delay network after early reflections and diffusion.

Jot and Chaigne, "Digital delay networks for designing artificial reverberators", AES 90, 1991: a lossless Hadamard
matrix, and in each line the loss that its length needs for one decay time at low and a shorter one at high
frequencies. The lines are longer than the block, so each stage runs over a whole block at a time.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from descant.mix.filters import Filter, high_pass, low_pass
from descant.mix.levels import RATE, Audio

_BLOCK = 64
_LINES = 8
_LENGTHS = np.array([1427, 1637, 1871, 2053, 2281, 2539, 2801, 3121])
"""Delays in samples at size 1 (30–65 ms), mutually prime, so that echoes do not fall on one another."""

_DIFFUSERS = np.array([149, 211, 307, 433])
_EARLY_TIMES = np.array(
    [[0.0043, 0.0117, 0.0191, 0.0284, 0.0373, 0.0469], [0.0061, 0.0098, 0.0223, 0.0259, 0.0401, 0.0442]]
)
_EARLY_LEVELS = np.array([[0.80, -0.62, 0.55, -0.43, 0.35, -0.27], [0.76, 0.66, -0.51, 0.45, -0.33, 0.28]])


@dataclass(frozen=True)
class Room:
    """Settings of a reverb.

    Attributes
    ----------
    decay : seconds for −60 dB below about 1 kHz.
    damping : decay at 8 kHz as a fraction of ``decay``.
    size : scale of the delays, 0.4–1.6.
    pre_delay : seconds before the first reflection.
    early : level of the early reflections against the tail, amplitude.
    low_cut, high_cut : Hz, band of what enters the room.
    """

    decay: float = 1.6
    damping: float = 0.5
    size: float = 1.0
    pre_delay: float = 0.02
    early: float = 0.5
    low_cut: float = 250.0
    high_cut: float = 9000.0


@njit(cache=True, fastmath=False, nogil=True)
def _ring_read(ring, start, out, count):  # type: ignore[no-untyped-def]
    size = ring.shape[0]
    at = start % size
    first = min(count, size - at)
    out[:first] = ring[at : at + first]
    out[first:count] = ring[: count - first]


@njit(cache=True, fastmath=False, nogil=True)
def _ring_write(ring, start, block, count):  # type: ignore[no-untyped-def]
    size = ring.shape[0]
    at = start % size
    first = min(count, size - at)
    ring[at : at + first] = block[:first]
    ring[: count - first] = block[first:count]


@njit(cache=True, fastmath=False, nogil=True)
def _diffuse(block, ring, clock, count, delays):  # type: ignore[no-untyped-def]
    held = np.empty(_BLOCK, np.float32)
    for d in range(delays.shape[0]):
        _ring_read(ring[d], clock - delays[d], held, count)
        for i in range(count):
            inner = block[i] + np.float32(0.6) * held[i]
            block[i] = held[i] - np.float32(0.6) * inner
            held[i] = inner
        _ring_write(ring[d], clock, held, count)


@njit(cache=True, fastmath=False, nogil=True)
def _damp(v, gains, poles, low, count):  # type: ignore[no-untyped-def]
    # Four lines a pass: their recursions are independent, so the processor runs them side by side.
    tiny = np.float32(1e-20)
    for j in range(0, _LINES, 4):
        a, b, c, d = low[j], low[j + 1], low[j + 2], low[j + 3]
        p, q, r, s = poles[j], poles[j + 1], poles[j + 2], poles[j + 3]
        e, f, g, h = gains[j], gains[j + 1], gains[j + 2], gains[j + 3]
        w, x, y, z = v[j], v[j + 1], v[j + 2], v[j + 3]
        for i in range(count):
            a = w[i] + p * (a - w[i]) + tiny
            b = x[i] + q * (b - x[i]) + tiny
            c = y[i] + r * (c - y[i]) + tiny
            d = z[i] + s * (d - z[i]) + tiny
            w[i], x[i], y[i], z[i] = e * a, f * b, g * c, h * d
        low[j], low[j + 1], low[j + 2], low[j + 3] = a, b, c, d


@njit(cache=True, fastmath=False, nogil=True)
def _hadamard(v, count):  # type: ignore[no-untyped-def]
    span = 1
    while span < _LINES:
        for j in range(_LINES):
            if j & span == 0:
                for i in range(count):
                    a, b = v[j, i], v[j + span, i]
                    v[j, i] = a + b
                    v[j + span, i] = a - b
        span *= 2
    scale = np.float32(1.0 / np.sqrt(8.0))
    for j in range(_LINES):
        for i in range(count):
            v[j, i] *= scale


@njit(cache=True, fastmath=False, nogil=True)
def _run(send, out, entry, early_at, early_level, diffusers, allpass, lines, delays, gains, poles, low, clock):  # type: ignore[no-untyped-def]
    block = np.empty(_BLOCK, np.float32)
    tap = np.empty(_BLOCK, np.float32)
    v = np.empty((_LINES, _BLOCK), np.float32)
    wet = np.empty((2, _BLOCK), np.float32)
    for start in range(0, send.shape[0], _BLOCK):
        count = min(_BLOCK, send.shape[0] - start)
        _ring_write(entry, clock, send[start : start + count], count)
        for c in range(2):
            wet[c] = np.float32(0.0)
            for e in range(early_at.shape[1]):
                _ring_read(entry, clock - early_at[c, e], tap, count)
                level = early_level[c, e]
                for i in range(count):
                    wet[c, i] += level * tap[i]
        _ring_read(entry, clock - early_at[0, 0], block, count)
        _diffuse(block, allpass, clock, count, diffusers)
        for j in range(_LINES):
            _ring_read(lines[j], clock - delays[j], v[j], count)
            sign = np.float32(1.0 if j % 4 < 2 else -1.0)
            for i in range(count):
                wet[j % 2, i] += sign * v[j, i]
        for i in range(count):
            out[start + i, 0] = wet[0, i]
            out[start + i, 1] = wet[1, i]
        _damp(v, gains, poles, low, count)
        _hadamard(v, count)
        for j in range(_LINES):
            sign = np.float32(1.0 if j < 4 else -1.0)
            for i in range(count):
                v[j, i] += sign * block[i]
            _ring_write(lines[j], clock, v[j], count)
        clock += count
    return clock


def _losses(delays: NDArray[np.int64], room: Room) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return each line's gain and the pole of its one-pole low-pass for the two decay times."""
    low = 10 ** (-3 * delays / (RATE * room.decay))
    high = 10 ** (-3 * delays / (RATE * room.decay * room.damping))
    # |H(f)| = (1 − p) / |1 − p e^{−jω}| must be high / low at 8 kHz: a quadratic in p.
    ratio, cosine = (high / low) ** 2, np.cos(2 * np.pi * 8000 / RATE)
    b = (1 - ratio * cosine) / (1 - ratio)
    poles = b - np.sqrt(b * b - 1) if room.damping < 1 else np.zeros(_LINES)
    return low.astype(np.float32), np.asarray(poles, np.float32)


class Reverb:
    """A reverb with its state: mono in, stereo out, no dry signal."""

    def __init__(self, room: Room) -> None:
        if not (room.decay > 0 and 0 < room.damping <= 1 and 0.3 <= room.size <= 2 and room.pre_delay >= 0):
            raise ValueError(f"no such room: {room}")
        self._filter = Filter([high_pass(room.low_cut), low_pass(room.high_cut)], channels=1)
        self._delays = np.round(_LENGTHS * room.size).astype(np.int64)
        self._gains, self._poles = _losses(self._delays, room)
        self._diffusers = np.maximum(_BLOCK, np.round(_DIFFUSERS * room.size)).astype(np.int64)
        self._early_at = np.round((_EARLY_TIMES * room.size + room.pre_delay) * RATE).astype(np.int64)
        self._early_level = (_EARLY_LEVELS * room.early).astype(np.float32)
        self._entry = np.zeros(int(self._early_at.max()) + 2 * _BLOCK, np.float32)
        self._allpass = np.zeros((len(_DIFFUSERS), int(self._diffusers.max()) + 2 * _BLOCK), np.float32)
        self._lines = np.zeros((_LINES, int(self._delays.max()) + 2 * _BLOCK), np.float32)
        self._low = np.zeros(_LINES, np.float32)
        # A tail of decay T carries power ∝ T / mean delay: dividing it out keeps rooms of any decay equally loud.
        self._level = np.float32(0.5 * np.sqrt(self._delays.mean() / RATE / max(room.decay, 0.1)))
        self._clock = int(self._lines.shape[1])

    def process(self, send: Audio) -> Audio:
        """Return the room's answer to ``send`` (samples, 1), which is filtered in place, as (samples, 2)."""
        send = self._filter.process(send)
        out = np.zeros((len(send), 2), np.float32)
        self._clock = _run(
            send[:, 0] if send.flags.c_contiguous else np.ascontiguousarray(send[:, 0]),
            out,
            self._entry,
            self._early_at,
            self._early_level / self._level,
            self._diffusers,
            self._allpass,
            self._lines,
            self._delays,
            self._gains,
            self._poles,
            self._low,
            self._clock,
        )
        out *= self._level
        return out
