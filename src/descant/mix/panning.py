"""Place and width in the stereo field."""

import numpy as np
from numba import njit

from descant.mix.filters import Filter, all_pass, high_pass
from descant.mix.levels import CONTROL, Audio, Curve, interleaved

_SPREAD = np.array([397, 541, 853])
"""Samples of the all-pass delays, 8–18 ms: long enough to part the sides, too short to be heard as echoes."""


def pan_gains(pan: float) -> tuple[float, float]:
    """Return the left and right gains of the constant-power law, 1 and 1 in the centre.

    Parameters
    ----------
    pan : −1 left … 1 right.
    """
    angle = (min(max(pan, -1.0), 1.0) + 1) * np.pi / 4
    return float(np.sqrt(2) * np.cos(angle)), float(np.sqrt(2) * np.sin(angle))


_RING = 1024


@njit(cache=True, fastmath=False, nogil=True)
def _place_mono(audio, stem, left, right):  # type: ignore[no-untyped-def]
    for i in range(audio.shape[0]):
        stem[2 * i] += left * audio[i]
        stem[2 * i + 1] += right * audio[i]


@njit(cache=True, fastmath=False, nogil=True)
def _place_stereo(audio, stem, left, right, near, far):  # type: ignore[no-untyped-def]
    for i in range(audio.shape[0] // 2):
        a, b = audio[2 * i], audio[2 * i + 1]
        stem[2 * i] += left * (near * a + far * b)
        stem[2 * i + 1] += right * (far * a + near * b)


def place(audio: Audio, stem: Audio, left: float, right: float, width: float) -> None:
    """Add ``audio`` (samples, 1 or 2) to the stereo ``stem`` at gains ``left``, ``right``, its side ``width`` times."""
    gains = np.float32(left), np.float32(right)
    if audio.shape[1] == 1:
        _place_mono(interleaved(audio), interleaved(stem), *gains)
    else:
        near, far = np.float32((1 + width) / 2), np.float32((1 - width) / 2)
        _place_stereo(interleaved(audio), interleaved(stem), *gains, near, far)


@njit(cache=True, fastmath=False, nogil=True)
def _send_mono(audio, send, level):  # type: ignore[no-untyped-def]
    for i in range(send.shape[0]):
        send[i] += level * audio[i]


@njit(cache=True, fastmath=False, nogil=True)
def _send_stereo(audio, send, level):  # type: ignore[no-untyped-def]
    for i in range(send.shape[0]):
        send[i] += np.float32(0.5) * level * (audio[2 * i] + audio[2 * i + 1])


def send_to(audio: Audio, send: Audio, level: float) -> None:
    """Add the mono sum of ``audio`` (samples, 1 or 2) at ``level`` to ``send`` (samples, 1)."""
    kernel = _send_mono if audio.shape[1] == 1 else _send_stereo
    kernel(interleaved(audio), interleaved(send), np.float32(level))


@njit(cache=True, fastmath=False, nogil=True)
def _centre_lows(audio, cut, turn, state, curve):  # type: ignore[no-untyped-def]
    b0, b1, b2, a1, a2 = cut
    d0, d1, d2, c1, c2 = turn
    s, t, u, v, p, q = state
    level = curve[0] if curve.shape[0] else 1.0
    for i in range(0, audio.shape[0], 2):
        if i % (2 * CONTROL) == 0 and curve.shape[0]:
            level = curve[i // (2 * CONTROL)]
        x = 0.5 * (audio[i] - audio[i + 1]) + 1e-18
        y = b0 * x + s
        s = b1 * x - a1 * y + t
        t = b2 * x - a2 * y
        side = b0 * y + u
        u = b1 * y - a1 * side + v
        v = b2 * y - a2 * side
        w = 0.5 * (audio[i] + audio[i + 1]) + 1e-18
        middle = d0 * w + p
        p = d1 * w - c1 * middle + q
        q = d2 * w - c2 * middle
        side *= level
        audio[i] = middle + side
        audio[i + 1] = middle - side
    state[0], state[1], state[2], state[3], state[4], state[5] = s, t, u, v, p, q


class MonoLows:
    """Takes the side signal below ``frequency`` Hz away (24 dB an octave), so that lows are mono.

    The middle goes through the all-pass that has the phase of the side's filter (a Linkwitz-Riley high-pass);
    without it what is panned hard would leak across just above ``frequency``.
    """

    def __init__(self, frequency: float = 120.0) -> None:
        self._cut, self._turn = high_pass(frequency), all_pass(frequency)
        self._state = np.zeros(6)

    def process(self, audio: Audio, width: Curve | None = None) -> Audio:
        """Centre the lows of ``audio`` (samples, 2) in place, and scale its side by ``width``, one factor a period."""
        curve = np.empty(0, np.float32) if width is None else width
        _centre_lows(interleaved(audio), self._cut, self._turn, self._state, curve)
        return audio


@njit(cache=True, fastmath=False, nogil=True)
def _spread(mono, out, rings, delays, amount, clock):  # type: ignore[no-untyped-def]
    last = _RING - 1  # a power of two less one: masking costs a hundredth of a division
    inner = np.float32(0.6)
    for i in range(mono.shape[0]):
        x = mono[i]
        for d in range(delays.shape[0]):
            held = rings[d, (clock - delays[d]) & last]
            fresh = x + inner * held
            rings[d, clock & last] = fresh
            x = held - inner * fresh
        out[2 * i] += amount * x
        out[2 * i + 1] -= amount * x
        clock += 1
    return clock


class Spreader:
    """Gives a middle a side of its own: the middle through all-pass delays, added left and taken away right.

    What is added cancels in mono, so the fold-down keeps the sound it had (Schroeder's complementary combs, "An
    artificial stereophonic effect obtained from a single audio signal", JAES 6(2), 1958).

    Parameters
    ----------
    amount : level of the side against the middle, amplitude. ``low_cut``: Hz under which nothing is spread.
    """

    def __init__(self, amount: float, low_cut: float = 250.0) -> None:
        if not 0 <= amount <= 1.5:
            raise ValueError(f"a side of {amount} times the middle is not stereo; 0–1.5")
        self._amount, self._filter = np.float32(amount), Filter([high_pass(low_cut)], channels=1)
        self._rings = np.zeros((len(_SPREAD), _RING), np.float32)
        self._clock = 0

    def process(self, audio: Audio) -> Audio:
        """Widen ``audio`` (samples, 2) in place."""
        middle = (np.float32(0.5) * (audio[:, 0] + audio[:, 1]))[:, None]
        middle = self._filter.process(middle)
        self._clock = _spread(middle[:, 0], interleaved(audio), self._rings, _SPREAD, self._amount, self._clock)
        return audio
