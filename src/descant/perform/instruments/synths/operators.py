"""Phase modulation with up to any number of sine operators ("FM").

Source: J. Chowning, *The synthesis of complex audio spectra by means of frequency modulation*, JAES 21(7), 1973. The
partials of a modulated sine reach as far as the Bessel functions of its index; an index that would carry them past
half the sampling rate at more than −60 dB is lowered to the greatest that does not.
"""

from typing import Any

import numpy as np
from numba import njit

from descant.perform.instruments.kernels import BLOCK, Control, Samples
from descant.perform.instruments.synths import contours, waves
from descant.perform.instruments.synths.patch import Operator
from descant.perform.instruments.voice import RATE

_CEILING = 23_500.0  # Hz that no partial over −60 dB may pass
_INDEX = np.concatenate([np.array([0.0, 0.001, 0.089, 0.36, 0.78]), np.arange(1.0, 40.0)])
_REACH = np.concatenate([np.arange(5.0), _INDEX[5:] + 2.6 * _INDEX[5:] ** (1 / 3) + 1.4])
"""How many partials either side a modulation index gives at more than −60 dB (from tables of Bessel functions)."""


def sound(
    operators: tuple[Operator, ...], key: float, velocity: int, held: float, steps: Control, length: int
) -> Samples:
    """Return what is heard of the operators, float32 (length,).

    Parameters
    ----------
    key : MIDI number; velocity : 1–127; held : seconds until the key is let go.
    steps : cycles a sample of the note's pitch, a value a block of the whole note.
    length : samples wanted.
    """
    at = contours.times(steps.size)
    strength = 1.0 - np.array([one.velocity for one in operators]) * (1.0 - velocity / 127.0)
    octaves = (key - 60.0) / 12.0
    scaled = [10.0 ** (-one.key * octaves / 20.0) * part for one, part in zip(operators, strength, strict=True)]
    ratios = np.array([one.ratio * 2.0 ** (one.tune / 1200.0) for one in operators])
    limits, feedback = _limits(operators, ratios * steps.max() * RATE)
    levels = np.stack(
        [
            contours.envelope(at, one.envelope, held) * min(one.level * scale, limit)
            for one, scale, limit in zip(operators, scaled, limits, strict=True)
        ]
    )
    into = np.array([one.into for one in operators])
    return _sound(length, waves.table("sine", 0.0), steps, ratios, into, levels, feedback)


def _limits(operators: tuple[Operator, ...], hertz: Control) -> tuple[Control, Control]:
    """Return the greatest level and feedback of each operator that keeps its partials under the ceiling."""
    limits = np.full(len(operators), np.inf)
    feedback = np.zeros(len(operators))
    highest = hertz.copy()
    for place, one in enumerate(operators):
        room = max(_CEILING - highest[place], 0.0) / max(hertz[place], 1.0) / 3.0  # its own overtones bend it again
        feedback[place] = min(one.feedback, float(np.interp(room, _REACH, _INDEX)))
        highest[place] += hertz[place] * float(np.interp(feedback[place], _INDEX, _REACH))
        if one.into >= 0:
            carrier = one.into
            room = max(_CEILING - highest[carrier], 0.0) / highest[place]
            limits[place] = float(np.interp(room, _REACH, _INDEX))
            index = min(one.level, limits[place])
            highest[carrier] += highest[place] * float(np.interp(index, _INDEX, _REACH))
    return limits, feedback


@njit(cache=True, fastmath=False, nogil=True)
def _sound(
    length: int,
    sine: Samples,
    steps: Control,
    ratios: Control,
    into: np.ndarray[Any, np.dtype[np.int64]],
    levels: Control,
    feedback: Control,
) -> Samples:
    count = ratios.size
    out = np.zeros(length, np.float32)
    places = np.zeros(count, np.int64)  # in the table, with a fraction as in :func:`waves.add_wave`
    moves = np.zeros(count, np.int64)
    pushed = np.zeros(count)
    last = np.zeros(count)
    level = np.zeros(count)
    slope = np.zeros(count)
    turns = waves.TABLE * waves.ONE / (2.0 * np.pi)
    for block in range((length + BLOCK - 1) // BLOCK):
        for one in range(count):
            moves[one] = int(steps[block] * ratios[one] * waves.TABLE * waves.ONE)
            level[one] = levels[one, block]
            slope[one] = (levels[one, block + 1] - level[one]) / BLOCK
        for i in range(block * BLOCK, min((block + 1) * BLOCK, length)):
            heard = 0.0
            for one in range(count):
                place = (places[one] + int((pushed[one] + feedback[one] * last[one]) * turns)) & waves.MASK
                index = place >> waves.FRACTION_BITS
                here = float(sine[index])
                value = here + (place & (waves.ONE - 1)) * waves.PART * (float(sine[index + 1]) - here)
                last[one] = 0.5 * (last[one] + value)  # the mean of two keeps feedback from hunting
                pushed[one] = 0.0
                value *= level[one]
                level[one] += slope[one]
                if into[one] >= 0:
                    pushed[into[one]] += value
                else:
                    heard += value
                places[one] += moves[one]
            out[i] = heard
    return out
