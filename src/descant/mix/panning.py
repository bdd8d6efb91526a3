"""Place and width in the stereo field."""

import numpy as np
from numba import njit

from descant.mix.filters import high_pass
from descant.mix.levels import Audio


def pan_gains(pan: float) -> tuple[float, float]:
    """Return the left and right gains of the constant-power law, 1 and 1 in the centre.

    Parameters
    ----------
    pan : −1 left … 1 right.
    """
    angle = (min(max(pan, -1.0), 1.0) + 1) * np.pi / 4
    return float(np.sqrt(2) * np.cos(angle)), float(np.sqrt(2) * np.sin(angle))


@njit(cache=True, fastmath=False, nogil=True)
def place(audio, stem, left, right, width, level):  # type: ignore[no-untyped-def]
    """Add ``audio`` (samples, 1 or 2) to the stereo ``stem`` at pan gains ``left``, ``right``, a width and a level."""
    mono = audio.shape[1] == 1
    for i in range(audio.shape[0]):
        if mono:
            middle, side = audio[i, 0], np.float32(0.0)
        else:
            middle = np.float32(0.5) * (audio[i, 0] + audio[i, 1])
            side = np.float32(0.5) * width * (audio[i, 0] - audio[i, 1])
        stem[i, 0] += level * left * (middle + side)
        stem[i, 1] += level * right * (middle - side)


@njit(cache=True, fastmath=False, nogil=True)
def send_to(audio, send, level):  # type: ignore[no-untyped-def]
    """Add the mono sum of ``audio`` (samples, 1 or 2) at ``level`` to ``send`` (samples, 1)."""
    channels = audio.shape[1]
    for i in range(audio.shape[0]):
        middle = audio[i, 0] if channels == 1 else np.float32(0.5) * (audio[i, 0] + audio[i, 1])
        send[i, 0] += level * middle


@njit(cache=True, fastmath=False, nogil=True)
def _centre_lows(audio, section, state):  # type: ignore[no-untyped-def]
    b0, b1, b2, a1, a2 = section
    s, t, u, v = state
    for i in range(audio.shape[0]):
        middle = 0.5 * (audio[i, 0] + audio[i, 1])
        x = 0.5 * (audio[i, 0] - audio[i, 1]) + 1e-18
        y = b0 * x + s
        s = b1 * x - a1 * y + t
        t = b2 * x - a2 * y
        z = b0 * y + u
        u = b1 * y - a1 * z + v
        v = b2 * y - a2 * z
        audio[i, 0] = middle + z
        audio[i, 1] = middle - z
    state[0], state[1], state[2], state[3] = s, t, u, v


class MonoLows:
    """Takes the side signal below ``frequency`` Hz away (24 dB an octave), so that lows are mono."""

    def __init__(self, frequency: float = 120.0) -> None:
        self._section = high_pass(frequency)
        self._state = np.zeros(4)

    def process(self, audio: Audio) -> Audio:
        """Centre the lows of ``audio`` (samples, 2) in place."""
        _centre_lows(audio, self._section, self._state)
        return audio
