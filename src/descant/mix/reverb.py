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
from descant.mix.halving import HALF_RATE, LATENCY, Doubler, Halver
from descant.mix.levels import RATE, Audio

_BLOCK = 64
_CHUNK = 4096
"""Samples at half rate between the moments at which a room may be found empty."""

_INAUDIBLE = 1e-6
_LINES = 8
_LENGTHS = np.array([719, 821, 937, 1031, 1151, 1279, 1409, 1567])
"""Delays in samples at half rate and size 1 (30–65 ms), prime, so that echoes do not fall on one another."""

_DIFFUSERS = np.array([73, 107, 151, 223])
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
def _add_tap(out, line, level):  # type: ignore[no-untyped-def]
    for i in range(out.shape[0]):
        out[i] += level * line[i]


@njit(cache=True, fastmath=False, nogil=True)
def _keep(line, used, kept):  # type: ignore[no-untyped-def]
    for i in range(kept):
        line[i] = line[used + i]


@njit(cache=True, fastmath=False, nogil=True)
def _diffuse(block, lines, delays):  # type: ignore[no-untyped-def]
    # A line holds its delay's worth of past in front of the chunk: reading at i is reading a delay ago.
    count = block.shape[0]
    for d in range(delays.shape[0]):
        delay = delays[d]
        for start in range(0, count, _BLOCK):
            stop = min(start + _BLOCK, count)
            held = lines[d, start:stop]
            new = lines[d, start + delay : stop + delay]
            part = block[start:stop]
            for i in range(stop - start):
                inner = part[i] + np.float32(0.6) * held[i]
                part[i] = held[i] - np.float32(0.6) * inner
                new[i] = inner
        _keep(lines[d], count, delay)


@njit(cache=True, fastmath=False, nogil=True)
def _damp(v, gains, poles, low, count):  # type: ignore[no-untyped-def]
    # Eight lines a pass: their recursions are independent, so the processor runs them side by side.
    for j in range(0, _LINES, 4):
        a, b, c, d = low[j], low[j + 1], low[j + 2], low[j + 3]
        p, q, r, s = poles[j], poles[j + 1], poles[j + 2], poles[j + 3]
        e, f, g, h = gains[j], gains[j + 1], gains[j + 2], gains[j + 3]
        w, x, y, z = v[j], v[j + 1], v[j + 2], v[j + 3]
        for i in range(count):
            a = w[i] + p * (a - w[i])
            b = x[i] + q * (b - x[i])
            c = y[i] + r * (c - y[i])
            d = z[i] + s * (d - z[i])
            w[i], x[i], y[i], z[i] = e * a, f * b, g * c, h * d
        low[j], low[j + 1], low[j + 2], low[j + 3] = a, b, c, d


@njit(cache=True, fastmath=False, nogil=True)
def _hadamard(v, block, count):  # type: ignore[no-untyped-def]
    span = 1
    while span < _LINES:
        for j in range(_LINES):
            if j & span == 0:
                upper, lower = v[j], v[j + span]
                for i in range(count):
                    a, b = upper[i], lower[i]
                    upper[i] = a + b
                    lower[i] = a - b
        span *= 2
    scale = np.float32(1.0 / np.sqrt(8.0))
    for j in range(_LINES):
        line = v[j]
        sign = np.float32(1.0 if j < 4 else -1.0)
        for i in range(count):
            line[i] = scale * line[i] + sign * block[i]


@njit(cache=True, fastmath=False, nogil=True)
def _circulate(block, wet, lines, delays, gains, poles, low):  # type: ignore[no-untyped-def]
    v = np.empty((_LINES, _BLOCK), np.float32)
    samples = block.shape[0]
    for start in range(0, samples, _BLOCK):
        stop = min(start + _BLOCK, samples)
        count = stop - start
        for j in range(_LINES):
            line = lines[j, start:stop]
            row = v[j]
            out = wet[j % 2, start:stop]
            sign = np.float32(1.0 if j % 4 < 2 else -1.0)
            for i in range(count):
                row[i] = line[i]
                out[i] += sign * line[i]
        _damp(v, gains, poles, low, count)
        _hadamard(v, block[start:stop], count)
        for j in range(_LINES):
            line = lines[j, start + delays[j] : stop + delays[j]]
            row = v[j]
            for i in range(count):
                line[i] = row[i]
    for j in range(_LINES):
        _keep(lines[j], samples, delays[j])


@njit(cache=True, fastmath=False, nogil=True)
def _answer(send, wet, entry, early_at, early_level, diffusers, allpass, lines, delays, gains, poles, low):  # type: ignore[no-untyped-def]
    count = send.shape[0]
    past = entry.shape[0] - _CHUNK
    entry[past : past + count] = send
    for c in range(2):
        wet[c, :count] = np.float32(0.0)
        for e in range(early_at.shape[1]):
            first = past - early_at[c, e]
            _add_tap(wet[c, :count], entry[first : first + count], early_level[c, e])
    first = past - early_at[0, 0]
    block = entry[first : first + count].copy()
    _keep(entry, count, past)
    _diffuse(block, allpass, diffusers)
    _circulate(block, wet[:, :count], lines, delays, gains, poles, low)


def _losses(delays: NDArray[np.int64], room: Room) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return each line's gain and the pole of its one-pole low-pass for the two decay times."""
    low = 10 ** (-3 * delays / (HALF_RATE * room.decay))
    high = 10 ** (-3 * delays / (HALF_RATE * room.decay * room.damping))
    # |H(f)| = (1 − p) / |1 − p e^{−jω}| must be high / low at 8 kHz: a quadratic in p.
    ratio, cosine = (high / low) ** 2, np.cos(2 * np.pi * 8000 / HALF_RATE)
    b = (1 - ratio * cosine) / (1 - ratio)
    poles = b - np.sqrt(b * b - 1) if room.damping < 1 else np.zeros(_LINES)
    return low.astype(np.float32), np.asarray(poles, np.float32)


class Reverb:
    """A reverb with its state: mono in, stereo out, no dry signal.

    It runs at half the sample rate: rooms have little above 10 kHz, and cost half.
    """

    def __init__(self, room: Room) -> None:
        if not (room.decay > 0 and 0 < room.damping <= 1 and 0.3 <= room.size <= 2 and room.pre_delay >= 0):
            raise ValueError(f"no such room: {room}")
        # At half the rate a design for twice the frequency has its corner at the frequency meant.
        cuts = [high_pass(2 * room.low_cut), low_pass(min(2 * room.high_cut, 0.48 * RATE))]
        self._filter, self._halver, self._doubler = Filter(cuts, channels=1), Halver(), Doubler()
        self._delays = np.round(_LENGTHS * room.size).astype(np.int64)
        self._gains, self._poles = _losses(self._delays, room)
        self._diffusers = np.maximum(_BLOCK + 6 * np.arange(4), np.round(_DIFFUSERS * room.size)).astype(np.int64)
        early = np.round((_EARLY_TIMES * room.size + room.pre_delay) * HALF_RATE) - LATENCY // 2
        self._early_at = np.maximum(early, 0).astype(np.int64)
        # A tail of decay T carries power ∝ T / mean delay: dividing it out keeps rooms of any decay equally loud.
        self._level = np.float32(0.5 * np.sqrt(self._delays.mean() / HALF_RATE / max(room.decay, 0.1)))
        self._early_level = (_EARLY_LEVELS * room.early / self._level).astype(np.float32)
        self._entry = np.zeros(int(self._early_at.max()) + _CHUNK, np.float32)
        self._allpass = np.zeros((len(_DIFFUSERS), int(self._diffusers.max()) + _CHUNK), np.float32)
        self._lines = np.zeros((_LINES, int(self._delays.max()) + _CHUNK), np.float32)
        self._low = np.zeros(_LINES, np.float32)
        self._clock, self._asleep = 0, True

    def process(self, send: Audio) -> Audio:
        """Return the room's answer to ``send`` (samples, 1) as (samples, 2)."""
        half = self._filter.process(self._halver.process(send))
        wet = np.zeros((2, len(half)), np.float32)
        start = 0
        while start < len(half):
            count = min(_CHUNK - self._clock % _CHUNK, len(half) - start)
            self._step(half[start : start + count, 0], wet[:, start : start + count])
            start += count
            self._clock += count
            if self._clock % _CHUNK == 0:
                self._rest()
        wet *= self._level
        return self._doubler.process(wet)[: len(send)]

    def _step(self, send: NDArray[np.float32], wet: NDArray[np.float32]) -> None:
        """Answer one chunk; an empty room that hears nothing is left asleep."""
        if self._asleep and not send.any():
            return
        self._asleep = False
        _answer(
            send,
            wet,
            self._entry,
            self._early_at,
            self._early_level,
            self._diffusers,
            self._allpass,
            self._lines,
            self._delays,
            self._gains,
            self._poles,
            self._low,
        )

    def _rest(self) -> None:
        """Empty the room when what is left in it is inaudible: only at whole chunks, so that blocks do not matter."""
        if self._asleep:
            return
        held = (self._entry, self._allpass, self._lines)
        if all(max(-float(line.min()), float(line.max())) < _INAUDIBLE for line in held):
            for line in (*held, self._low):
                line[:] = 0.0
            self._asleep = True
