"""The inner loops: resampling, control signals, low-pass, and adding a voice to a stem.

Sources: band-limited interpolation with a windowed sinc after J. O. Smith, *Digital Audio Resampling* (CCRMA, 2002);
low-pass as the trapezoidal state-variable filter of V. Zavalishin, *The Art of VA Filter Design* (2012), whose
response is the bilinear two-pole's and which stays clean while its cutoff moves.

Everything is a function of the time since the note began, in steps of :data:`BLOCK` samples counted from there: the
same note gives the same samples in whichever window it is asked for.
"""

from functools import cache
from typing import Any

import numpy as np
from numba import njit

Samples = np.ndarray[Any, np.dtype[np.float32]]
Control = np.ndarray[Any, np.dtype[np.float64]]

BLOCK = 48
"""Samples (1 ms, the format's shortest attack) between two points of an envelope, a pitch or a cutoff curve."""

TAPS = 32
"""Longest interpolation filter, source frames; sources carry as much padding."""

PHASES = 256
"""Positions between two source frames for which a filter is tabulated; between them it is joined linearly."""

_TAPS_UNSHORTENED = 16  # enough where nothing has to be filtered away
_BANDS_PER_OCTAVE = 4
_BANDS = 3 * _BANDS_PER_OCTAVE + 1
_GUARD = 0.9  # of the band that would just not fold, for the filter's slope to fall in
_KAISER_BETA = 7.0
_NEPERS = np.log(10.0) / 20.0


@cache
def _sinc_table(band: int) -> Samples:
    """Return the interpolation filter (phase, tap) for reading ``2 ** (band / _BANDS_PER_OCTAVE)`` times faster."""
    width = TAPS if band else _TAPS_UNSHORTENED
    cutoff = _GUARD * 2.0 ** (-band / _BANDS_PER_OCTAVE) if band else 1.0
    away = np.arange(width) - (width // 2 - 1) - np.arange(PHASES + 1)[:, None] / PHASES
    inside = np.clip(1.0 - (away / (width / 2)) ** 2, 0.0, None)
    table = np.sinc(cutoff * away) * np.i0(_KAISER_BETA * np.sqrt(inside))
    normed: Samples = (table / table.sum(axis=1, keepdims=True)).astype(np.float32)
    return normed


def sinc_table(step: float) -> Samples:
    """Return the interpolation filter (phase, tap) for a step of source frames an output sample.

    Steps over 1 get a longer filter with a lower cutoff, so that what they lift above half the sampling rate does
    not fold back.
    """
    band = int(np.ceil(np.log2(step) * _BANDS_PER_OCTAVE - 0.2)) if step > 1.0 else 0
    return _sinc_table(min(band, _BANDS - 1))


@njit(cache=True, fastmath=False, nogil=True)
def resample(
    source: Samples, table: Samples, steps: Control, length: int, first: float, wrap_at: float, wrap_by: float
) -> tuple[Samples, float]:
    """Read ``source`` at a changing speed.

    Parameters
    ----------
    source : frames, with at least ``TAPS`` of padding at both ends.
    table : interpolation filter (phase, tap).
    steps : source frames an output sample, one a block.
    length : output samples.
    first : position in ``source`` of the first output sample.
    wrap_at, wrap_by : on reaching the one, the position goes back by the other (a loop, in a source where it is
        written out far enough for the filter to reach); no wrapping when ``wrap_by`` is 0.

    Returns
    -------
    the samples (length,), and the position after the last.
    """
    out = np.zeros(length, np.float32)
    position = first
    taps = table.shape[1]
    half = taps // 2 - 1
    last = source.size - TAPS
    for i in range(length):
        whole = int(position)
        if whole >= last:
            break
        scaled = (position - whole) * PHASES
        phase = int(scaled)
        part = np.float32(scaled - phase)
        a = np.float32(0.0)
        b = np.float32(0.0)
        base = whole - half
        for tap in range(taps):
            frame = source[base + tap]
            a += frame * table[phase, tap]
            b += frame * table[phase + 1, tap]
        out[i] = a + part * (b - a)
        position += steps[i // BLOCK]
        if wrap_by > 0.0 and position >= wrap_at:
            position -= wrap_by
    return out, position


@njit(cache=True, fastmath=False, nogil=True)
def contour(blocks: int, times: Control, release_at: float) -> Control:
    """Return a modulation envelope, 0–1, a value a block.

    Parameters
    ----------
    times : delay, attack, hold, decay, sustain, release as in :class:`~.voice.Contour`.
    release_at : sample at which the note is let go; infinite for never.

    Notes
    -----
    The attack is convex (specification, section 8.1.2, generator 26), the rest linear.
    """
    delay, attack, hold, decay, sustain, release = times
    values = np.empty(blocks)
    for block in range(blocks):
        t = min(block * BLOCK, release_at) - delay
        if t < 0.0:
            level = 0.0
        elif t < attack:
            level = max(0.0, 1.0 + 40.0 / 96.0 * np.log10(max(t / attack, 1e-9)))
        elif t < attack + hold or decay <= 0.0:
            level = 1.0 if t < attack + hold else sustain
        else:
            level = max(1.0 - (t - attack - hold) / decay, sustain)
        late = block * BLOCK - release_at
        if late > 0.0:
            level = max(0.0, level - late / release) if release > 0.0 else 0.0
        values[block] = level
    return values


@njit(cache=True, fastmath=False, nogil=True)
def triangle(blocks: int, delay: float, cycles: float) -> Control:
    """Return a triangle wave from 0 upwards, −1–1, a value a block; ``cycles`` a sample, after ``delay`` samples."""
    values = np.zeros(blocks)
    for block in range(blocks):
        t = block * BLOCK - delay
        if t > 0.0:
            phase = (t * cycles + 0.25) % 1.0
            values[block] = 4.0 * phase - 1.0 if phase < 0.5 else 3.0 - 4.0 * phase
    return values


@njit(cache=True, fastmath=False, nogil=True)
def lowpass(samples: Samples, cutoffs: Control, resonance: float) -> None:
    """Filter in place: two poles, ``cutoffs`` as fractions of the sampling rate a block, ``resonance`` as Q."""
    damping = 1.0 / resonance
    low = 0.0
    band = 0.0
    blocks = cutoffs.size
    cutoff = -1.0
    a1, a2, a3 = 0.0, 0.0, 0.0
    for block in range((samples.size + BLOCK - 1) // BLOCK):
        if cutoffs[min(block, blocks - 1)] != cutoff:
            cutoff = cutoffs[min(block, blocks - 1)]
            g = np.tan(np.pi * cutoff)
            a1 = 1.0 / (1.0 + g * (g + damping))
            a2 = g * a1
            a3 = g * a2
        for i in range(block * BLOCK, min((block + 1) * BLOCK, samples.size)):
            v3 = samples[i] - low
            v1 = a1 * band + a2 * v3
            v2 = low + a2 * band + a3 * v3
            band = 2.0 * v1 - band
            low = 2.0 * v2 - low
            samples[i] = v2
        if abs(low) < 1e-15 and abs(band) < 1e-15:  # keep denormals out of the loop
            low = 0.0
            band = 0.0


@njit(cache=True, fastmath=False, nogil=True)
def tremolo(samples: Samples, gains: Control) -> None:
    """Multiply in place by ``gains``, a value a block, joined linearly (one more than there are blocks)."""
    for i in range(samples.size):
        block = i // BLOCK
        part = (i - block * BLOCK) / BLOCK
        samples[i] *= gains[block] + part * (gains[block + 1] - gains[block])


@njit(cache=True, fastmath=False, nogil=True)
def level_at(t: float, times: Control, release_at: float, choke_at: float, choke: float) -> float:
    """Return the volume envelope's linear level ``t`` samples after the note began.

    Parameters
    ----------
    times : delay, attack, hold, decay, sustain (dB), release as in :class:`~.voice.Contour`.
    release_at : sample at which the note is let go; infinite for never.
    choke_at, choke : sample from which the voice is silenced, falling 96 dB in ``choke`` samples.

    Notes
    -----
    The attack is linear in amplitude, decay and release linear in dB.
    """
    delay, attack, hold, decay, sustain, release = times
    held = min(t, release_at, choke_at) - delay
    if held <= 0.0:
        if t > min(release_at, choke_at):
            return 0.0
        level = 1.0 if held == 0.0 and attack <= 0.0 else 0.0
        fall = 0.0
    elif held < attack:
        level = held / attack
        fall = 0.0
    else:
        level = 1.0
        fall = 0.0
        past = held - attack - hold
        if past > 0.0:
            fall = sustain if decay <= 0.0 else min(96.0 * past / decay, sustain)
    if t > release_at:
        fall += 96.0 * (t - release_at) / release
    if t > choke_at:
        fall += 96.0 * (t - choke_at) / choke
    if fall >= 96.0:
        return 0.0
    return float(level * np.exp(-fall * _NEPERS))


@njit(cache=True, fastmath=False, nogil=True)
def _add_block(target: Samples, source: Samples, here: Any, slope: Any, left: Any, right: Any) -> None:
    """Add a whole block; the fixed length lets the compiler use vector instructions (3 times as fast, measured)."""
    for i in range(BLOCK):
        value = source[i] * (here + slope * np.float32(i))
        target[i, 0] += value * left
        target[i, 1] += value * right


@njit(cache=True, fastmath=False, nogil=True)
def add_voice(
    window: Samples,
    offset: int,
    end: int,
    atom: Samples,
    skip: int,
    left: float,
    right: float,
    times: Control,
    release_at: float,
    choke_at: float,
    choke: float,
) -> None:
    """Add one voice to a window of a stem.

    Parameters
    ----------
    window : (samples, 2), added to in place.
    offset : sample of the window at which the note begins; negative when it began before.
    end : samples of the note to add at most.
    atom : the note's samples at full level.
    skip : samples of the atom left out at its beginning.
    left, right : linear gains.
    times, release_at, choke_at, choke : as for :func:`level_at`.
    """
    length = min(end, atom.size - skip, window.shape[0] - offset)
    gain_left, gain_right = np.float32(left), np.float32(right)
    block = max(0, -offset) // BLOCK
    here = level_at(block * BLOCK, times, release_at, choke_at, choke)
    while block * BLOCK < length:
        begin = block * BLOCK
        after = level_at(begin + BLOCK, times, release_at, choke_at, choke)
        if here > 0.0 or after > 0.0:
            low, high = max(begin, -offset), min(begin + BLOCK, length)
            target = window[offset + low : offset + high]
            source = atom[skip + low : skip + high]
            level, slope = np.float32(here), np.float32((after - here) / BLOCK)
            if high - low == BLOCK:
                _add_block(target, source, level, slope, gain_left, gain_right)
            else:
                for i in range(high - low):
                    value = source[i] * (level + slope * np.float32(low - begin + i))
                    target[i, 0] += value * gain_left
                    target[i, 1] += value * gain_right
        elif begin > times[0] + BLOCK:
            return
        here = after
        block += 1


@njit(cache=True, fastmath=False, nogil=True)
def voice_end(times: Control, release_at: float, choke_at: float, choke: float, floor: float) -> float:
    """Return the sample after which a voice stays more than ``floor`` dB down: infinite when it never does."""
    delay, attack, hold, decay, sustain, release = times
    end = np.inf
    if sustain >= floor:
        end = delay + attack + hold + decay * floor / 96.0
    end = min(end, release_at + release * floor / 96.0)
    return float(min(end, choke_at + choke * floor / 96.0))


@njit(cache=True, fastmath=False, nogil=True)
def swell(window: Samples, first: int, gains: Control) -> None:
    """Multiply a window in place by a gain curve.

    Parameters
    ----------
    window : (samples, 2).
    first : place of the window's first sample after the first point of the curve.
    gains : linear, a point every :data:`BLOCK` samples, joined linearly.
    """
    for i in range(window.shape[0]):
        block = (first + i) // BLOCK
        part = (first + i - block * BLOCK) / BLOCK
        gain = np.float32(gains[block] + part * (gains[block + 1] - gains[block]))
        window[i, 0] *= gain
        window[i, 1] *= gain
