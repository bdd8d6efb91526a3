"""A plucked string: a burst of noise going round a damped delay line.

Source: D. Jaffe and J. O. Smith, *Extensions of the Karplus-Strong plucked-string algorithm*, Computer Music Journal
7(2), 1983: the loop's two-point average with a variable weight (brightness), its gain set for a decay time, an
all-pass for the fraction of a sample, and a comb for the place of the pluck. Everything in the loop is linear, so
nothing can fold back.
"""

import math

import numpy as np
from numba import njit

from descant.perform.instruments.kernels import Samples
from descant.perform.instruments.synths import waves
from descant.perform.instruments.synths.patch import String
from descant.perform.instruments.voice import RATE

_MIDDLE_C = 261.6
_LEVEL = 0.35  # RMS of the burst: then the note begins near full scale


def pluck(string: String, hertz: float, velocity: int, noise_key: int, length: int) -> Samples:
    """Return a plucked note, float32 (length,); a longer one begins with the samples of a shorter one.

    Parameters
    ----------
    string : how it is made. hertz : its pitch.
    velocity : 1–127, how bright the pluck.
    noise_key : which noise it begins with.
    """
    turn = 2 * math.pi * hertz / RATE
    weight = 0.5 * (1.0 - string.brightness)
    damping = math.atan2(weight * math.sin(turn), 1.0 - weight + weight * math.cos(turn)) / turn
    whole = int(RATE / hertz - damping - 0.1)
    rest = RATE / hertz - damping - whole
    allpass = math.sin((1.0 - rest) * turn / 2) / math.sin((1.0 + rest) * turn / 2)
    seconds = string.decay * math.sqrt(_MIDDLE_C / hertz)
    passed = math.hypot(1.0 - weight + weight * math.cos(turn), weight * math.sin(turn))
    gain = min(10.0 ** (-3.0 / (seconds * hertz)) / passed, 0.99999)
    burst = _burst(string, whole, velocity, noise_key)
    samples: Samples = _ring(burst, length, gain, weight, allpass)
    return samples


def _burst(string: String, length: int, velocity: int, noise_key: int) -> Samples:
    """Return one period of noise as the pick leaves it: dark when soft, without what has a node at its place."""
    cents = -string.velocity * (1.0 - velocity / 127.0)
    cutoff = string.pick * 2.0 ** (cents / 1200.0)
    spectrum = np.fft.rfft(waves.noise(length, noise_key))
    hertz = np.fft.rfftfreq(length, 1 / RATE)
    spectrum *= 1.0 / (1.0 + (hertz / cutoff) ** 2)
    spectrum *= np.abs(np.sin(np.pi * string.place * np.arange(hertz.size)))
    spectrum[0] = 0.0
    burst = np.fft.irfft(spectrum, length)
    burst *= _LEVEL / np.sqrt(np.mean(burst**2) + 1e-12)
    return burst.astype(np.float32)


@njit(cache=True, fastmath=False, nogil=True)
def _ring(burst: Samples, length: int, gain: float, weight: float, allpass: float) -> Samples:
    out = np.empty(length, np.float32)
    size = burst.size
    line = burst.astype(np.float64)
    before = 0.0
    passed = 0.0
    entered = 0.0
    place = 0
    for i in range(length):
        value = line[place]
        out[i] = value
        damped = gain * ((1.0 - weight) * value + weight * before)
        before = value
        passed = allpass * (damped - passed) + entered
        entered = damped
        line[place] = passed
        place += 1
        if place == size:
            place = 0
    return out
