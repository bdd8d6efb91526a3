"""Loudness in LUFS and true peak in dBTP (ITU-R BS.1770-4, EBU R 128)."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from descant.mix.levels import CONTROL, RATE, Audio, Curve, decibels, interleaved, periods, still

HOP = RATE // 10
"""Samples between gating blocks: 400 ms blocks overlap by 75 %."""

SILENCE = -70.0
"""The absolute gate in LUFS; nothing above it reads as this."""

_SHELF = (1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585)
_HIGH_PASS = (1.0, -2.0, 1.0, -1.99004745483398, 0.99007225036621)
_TAPS = 24
_PHASES = 4
_BLOCK = 512
_REST = 1e-9
"""State below which a filter that is fed silence is silent."""


@njit(cache=True, fastmath=False, nogil=True)
def _weighted_mono(audio, shelf, high_pass, out, state):  # type: ignore[no-untyped-def]
    b0, b1, b2, a1, a2 = shelf
    d1, d2 = high_pass[3], high_pass[4]
    s, t, u, v = state[0], state[1], state[2], state[3]
    for k in range(out.shape[0]):
        block = audio[k * HOP : (k + 1) * HOP]
        total = 0.0
        if abs(s) + abs(t) + abs(u) + abs(v) < _REST and still(block):
            s, t, u, v, out[k] = 0.0, 0.0, 0.0, 0.0, 0.0
            continue
        for i in range(block.shape[0]):
            x = block[i] + 1e-18
            y = b0 * x + s
            s = b1 * x - a1 * y + t
            t = b2 * x - a2 * y
            z = y + u
            u = -2.0 * y - d1 * z + v
            v = y - d2 * z
            total += z * z
        out[k] = total / HOP
    state[0], state[1], state[2], state[3] = s, t, u, v


@njit(cache=True, fastmath=False, nogil=True)
def _weighted_stereo(audio, shelf, high_pass, out, state):  # type: ignore[no-untyped-def]
    # Both channels in one loop: neither waits for its own last result.
    b0, b1, b2, a1, a2 = shelf
    d1, d2 = high_pass[3], high_pass[4]
    s, t, u, v = state[0], state[1], state[2], state[3]
    p, q, g, h = state[4], state[5], state[6], state[7]
    for k in range(out.shape[0]):
        block = audio[2 * k * HOP : 2 * (k + 1) * HOP]
        total, other = 0.0, 0.0
        held = abs(s) + abs(t) + abs(u) + abs(v) + abs(p) + abs(q) + abs(g) + abs(h)
        if held < _REST and still(block):
            s, t, u, v, p, q, g, h = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
            out[k] = 0.0
            continue
        for i in range(0, block.shape[0], 2):
            x, w = block[i] + 1e-18, block[i + 1] + 1e-18
            y, r = b0 * x + s, b0 * w + p
            s, p = b1 * x - a1 * y + t, b1 * w - a1 * r + q
            t, q = b2 * x - a2 * y, b2 * w - a2 * r
            z, c = y + u, r + g
            u, g = -2.0 * y - d1 * z + v, -2.0 * r - d1 * c + h
            v, h = y - d2 * z, r - d2 * c
            total += z * z
            other += c * c
        out[k] = (total + other) / HOP
    state[0], state[1], state[2], state[3] = s, t, u, v
    state[4], state[5], state[6], state[7] = p, q, g, h


def weighting(frequencies: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return by how much K-weighting multiplies the power at ``frequencies`` (Hz)."""
    z = np.exp(-2j * np.pi * frequencies / RATE)
    power = np.ones(frequencies.shape)
    for b0, b1, b2, a1, a2 in (_SHELF, _HIGH_PASS):
        power *= np.abs((b0 + b1 * z + b2 * z * z) / (1 + a1 * z + a2 * z * z)) ** 2
    return power


class Meter:
    """Measures K-weighted power of a signal that comes in stretches of whole :data:`HOP` samples, but for the last."""

    def __init__(self) -> None:
        self._state = np.zeros(8)

    def powers(self, audio: Audio) -> NDArray[np.float64]:
        """Return the power of each :data:`HOP` samples, channels summed, float64 (ceil(samples / HOP),)."""
        out = np.zeros(-(-len(audio) // HOP))
        kernel = _weighted_stereo if audio.shape[1] == 2 else _weighted_mono
        kernel(interleaved(audio), _SHELF, _HIGH_PASS, out, self._state)
        return out


def powers(audio: Audio) -> NDArray[np.float64]:
    """Return the K-weighted power of each :data:`HOP` samples, channels summed, float64 (ceil(samples / HOP),)."""
    return Meter().powers(audio)


def _lufs(power: float) -> float:
    return float(-0.691 + 10 * np.log10(max(power, 1e-20)))


def integrated_power(hops: NDArray[np.float64]) -> float:
    """Return the integrated loudness in LUFS of K-weighted powers from :func:`powers`, gated at −70 and −10 LU.

    A signal shorter than one block is measured as if it went on in silence.
    """
    if len(hops) < 4:
        hops = np.concatenate([hops, np.zeros(4 - len(hops))])
    blocks = np.convolve(hops, np.full(4, 0.25), mode="valid")
    loud = blocks[blocks > 10 ** ((SILENCE + 0.691) / 10)]
    if not len(loud):
        return SILENCE
    gate = loud.mean() * 0.1
    return max(SILENCE, _lufs(float(loud[loud > gate].mean())))


def integrated(audio: Audio) -> float:
    """Return the integrated loudness of ``audio`` (samples, channels) in LUFS."""
    return integrated_power(powers(audio))


def _interpolators() -> NDArray[np.float32]:
    """Windowed-sinc fractional delays by 0, ¼, ½ and ¾ of a sample, float32 (phases, taps)."""
    offset = np.arange(_PHASES)[:, None] / _PHASES - (np.arange(_TAPS)[None, :] - (_TAPS // 2 - 1))
    window = np.i0(9.0 * np.sqrt(np.maximum(1 - (offset / (_TAPS / 2)) ** 2, 0.0))) / np.i0(9.0)
    taps = np.sinc(offset) * window
    return np.asarray(taps / taps.sum(axis=1, keepdims=True), np.float32)


@njit(cache=True, fastmath=False, nogil=True)
def _peaks(audio, taps, floor, rising):  # type: ignore[no-untyped-def]
    # Taps run in the outer loop over a block of outputs: the inner loop then has no sum to reorder and vectorises.
    # A block whose samples lie so low that no tap sum could reach ``floor`` gives its sample peaks; ``rising`` lifts
    # the floor to the largest peak so far, for callers who want the largest alone.
    samples, channels = audio.shape
    count = (samples + CONTROL - 1) // CONTROL
    out = np.zeros(count, np.float32)
    reach = np.float32(np.max(np.sum(np.abs(taps), axis=1)))
    width = taps.shape[1]
    history = width // 2 - 1
    line = np.zeros(_BLOCK + width, np.float32)
    total = np.empty(_BLOCK, np.float32)
    crest = np.empty(_BLOCK, np.float32)
    for c in range(channels):
        for start in range(0, samples, _BLOCK):
            for j in range(_BLOCK + width):
                i = start + j - history
                line[j] = audio[i, c] if 0 <= i < samples else np.float32(0.0)
            top = np.float32(0.0)
            for j in range(_BLOCK + width):
                top = max(top, abs(line[j]))
            crest[:] = np.float32(0.0)
            for p in range(1 if top * reach <= floor else taps.shape[0]):
                total[:] = np.float32(0.0)
                for k in range(width):
                    tap = taps[p, k]
                    for j in range(_BLOCK):
                        total[j] += tap * line[j + k]
                for j in range(_BLOCK):
                    crest[j] = max(crest[j], abs(total[j]))
            for k in range(min(_BLOCK // CONTROL, count - start // CONTROL)):
                top = out[start // CONTROL + k]
                for j in range(k * CONTROL, (k + 1) * CONTROL):
                    top = max(top, crest[j])
                out[start // CONTROL + k] = top
                if rising:
                    floor = max(floor, top)
    return out


def true_peak_curve(audio: Audio, floor: float = 0.0) -> Curve:
    """Return the largest 4× oversampled magnitude of any channel in each control period, float32 (periods,).

    Stretches whose peak must lie under the amplitude ``floor`` give the largest sample magnitude instead.
    """
    if not len(audio):
        return np.zeros(periods(0), np.float32)
    return _peaks(audio, _interpolators(), np.float32(floor), False)  # type: ignore[no-any-return]


def true_peak(audio: Audio) -> float:
    """Return the true peak of ``audio`` in dBTP."""
    if not len(audio):
        return -200.0
    return decibels(float(_peaks(audio, _interpolators(), np.float32(0.0), True).max()))
