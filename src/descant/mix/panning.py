"""Place and width in the stereo field."""

import numpy as np
from numba import njit

from descant.mix.filters import all_pass, high_pass
from descant.mix.levels import Audio, interleaved


def pan_gains(pan: float) -> tuple[float, float]:
    """Return the left and right gains of the constant-power law, 1 and 1 in the centre.

    Parameters
    ----------
    pan : −1 left … 1 right.
    """
    angle = (min(max(pan, -1.0), 1.0) + 1) * np.pi / 4
    return float(np.sqrt(2) * np.cos(angle)), float(np.sqrt(2) * np.sin(angle))


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
    """Add ``audio`` (samples, 1 or 2) to the stereo ``stem`` at gains ``left`` and ``right`` and a width of its side."""
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
def _centre_lows(audio, cut, turn, state):  # type: ignore[no-untyped-def]
    b0, b1, b2, a1, a2 = cut
    d0, d1, d2, c1, c2 = turn
    s, t, u, v, p, q = state
    for i in range(0, audio.shape[0], 2):
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

    def process(self, audio: Audio) -> Audio:
        """Centre the lows of ``audio`` (samples, 2) in place."""
        _centre_lows(interleaved(audio), self._cut, self._turn, self._state)
        return audio
