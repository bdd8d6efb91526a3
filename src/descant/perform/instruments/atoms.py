"""Atoms: samples rendered once and shared by every note that needs them.

A note before its level is a recording read at its pitch, then passed through its filter. Both are shared: a *reading*
by all notes of one pitch, an *atom* (a coloured reading) by all notes that differ only in level and length. A
repeated hi-hat or a piano under the pedal plays thousands of notes from a few of each, which makes it the sampler's
one important economy. They are made one at a time and dropped when their notes are placed, so memory does not grow
with the song.
"""

import math
from typing import Any

import numpy as np

from descant.perform.instruments import kernels
from descant.perform.instruments.bank import SoundBank
from descant.perform.instruments.kernels import BLOCK, TAPS, Control, Samples
from descant.perform.instruments.synths.contours import approach, times
from descant.perform.instruments.voice import OPEN_FILTER, RATE, SCOOP_SECONDS, Contour, Reading, Timbre, Wave

Frames = np.ndarray[Any, Any]
"""A sample's frames as the bank gives them: int16, or float32 ±1."""

_HIGHEST_CUTOFF = 0.45
"""Highest cutoff as a fraction of the sampling rate; above it the filter's tangent runs away."""

_BUTTERWORTH = 3.01
"""dB at resonance of the filter that has no resonance (specification, generator 9)."""


def read(bank: SoundBank, reading: Reading, length: int, release_at: float = math.inf) -> Samples:
    """Return the first ``length`` samples of a recording at its pitch, its loop repeated as asked.

    Parameters
    ----------
    bank : where its sample is.
    length : samples wanted; fewer come back when the recording ends before.
    release_at : sample at which the note is let go; heard only where :attr:`Reading.hears_release` says so.

    Returns
    -------
    float32 (samples,), full scale ±1. A longer reading begins with exactly the samples of a shorter one.
    """
    pcm = bank.pcm(reading.sample)
    steps = _steps(reading, length // BLOCK + 2, release_at)
    table = kernels.sinc_table(reading.step)
    reach = int(steps[: length // BLOCK + 1].sum() * BLOCK) + 2 * TAPS
    loop_end = min(reading.loop_end, pcm.size)
    unlooped = reading.loop == 0 or loop_end - reading.loop_start < 2
    if unlooped or (reading.loop == 1 and reading.start + reach < loop_end):
        source = _source(pcm, reading.start, min(reading.end, reading.start + reach))
        usable = int((source.size - TAPS) / steps.min())
        samples, _ = kernels.resample(source, table, steps, min(length, usable), float(TAPS), 0.0, 0.0)
        return samples
    return _read_loop(pcm, reading, steps, table, length, release_at)


def _read_loop(
    pcm: Frames, reading: Reading, steps: Control, table: Samples, length: int, release_at: float
) -> Samples:
    """Return a recording with its loop, which is written out as far as the interpolation filter reaches."""
    looped = int(min(length, release_at)) // BLOCK * BLOCK if reading.loop == 3 else length
    loop_end = min(reading.loop_end, pcm.size)
    period = loop_end - reading.loop_start
    behind, ahead = -(-TAPS // period), -(-2 * TAPS // period)
    head = _source(pcm, reading.start, loop_end)[:-TAPS]
    cycle = head[head.size - period :]
    source = np.concatenate([head, np.tile(cycle, behind + ahead), cycle[:1].repeat(2 * TAPS)])
    wrap_at = float(head.size + (behind + ahead) * period - TAPS)
    samples, position = kernels.resample(source, table, steps, looped, float(TAPS), wrap_at, float(ahead * period))
    if looped >= length:
        return samples
    while position >= head.size:
        position -= period
    rest = _source(pcm, reading.start, reading.end)
    tail, _ = kernels.resample(rest, table, steps[looped // BLOCK :], length - looped, position, 0.0, 0.0)
    return np.concatenate([samples, tail])


def _source(pcm: Frames, start: int, stop: int) -> Samples:
    """Return frames as float32 with silence for the interpolation filter to reach into at both ends."""
    stop = min(stop, pcm.size)
    frames = np.zeros(max(stop - start, 0) + 2 * TAPS, np.float32)
    frames[TAPS:-TAPS] = pcm[start:stop]
    if pcm.dtype == np.int16:
        frames *= np.float32(1 / 32768)
    return frames


def _steps(reading: Reading, blocks: int, release_at: float) -> Control:
    """Return source frames an output sample, a value a block."""
    steps = np.full(blocks, reading.step)
    if reading.bends:
        cents = _envelope(reading.envelope, blocks, release_at) * reading.envelope_to_pitch
        cents = cents + _wave(reading.lfo, blocks) * reading.lfo_to_pitch
        cents = cents + _wave(reading.vibrato, blocks) * reading.vibrato_to_pitch
        cents = cents - approach(times(blocks), reading.scoop, SCOOP_SECONDS)
        steps *= 2.0 ** (cents / 1200.0)
    return steps


def colour(samples: Samples, timbre: Timbre, release_at: float = math.inf) -> Samples:
    """Return a reading as the timbre's filter and volume oscillator leave it.

    Parameters
    ----------
    samples : the timbre's reading.
    release_at : sample at which the note is let go; heard only where :attr:`Timbre.hears_release` says so.

    Returns
    -------
    float32 (samples − ``timbre.skip``,); the reading itself where the timbre changes nothing.
    """
    heard = samples[timbre.skip :]
    if timbre.plain:
        return heard
    heard = heard.copy()
    blocks = heard.size // BLOCK + 2
    lfo = _wave(timbre.lfo, blocks)
    moves = bool(timbre.envelope_to_filter or timbre.lfo_to_filter)
    if moves or timbre.resonance or timbre.cutoff < OPEN_FILTER:
        kernels.lowpass(heard, _cutoffs(timbre, blocks, lfo, release_at), _q(timbre.resonance))
        heard *= np.float32(10.0 ** (-timbre.resonance / 40.0))  # half the peak is taken back (generator 9)
    if timbre.lfo_to_volume:
        kernels.tremolo(heard, 10.0 ** (lfo * timbre.lfo_to_volume / 20.0))
    return heard


def _q(resonance: float) -> float:
    return float(10.0 ** ((resonance - _BUTTERWORTH) / 20.0))


def _cutoffs(timbre: Timbre, blocks: int, lfo: Control, release_at: float) -> Control:
    """Return the low-pass cutoff as a fraction of the sampling rate, a value a block, or one for all."""
    cents = np.array([timbre.cutoff])
    if timbre.envelope_to_filter or timbre.lfo_to_filter:
        envelope = _envelope(timbre.envelope, blocks, release_at) * timbre.envelope_to_filter
        cents = timbre.cutoff + envelope + lfo * timbre.lfo_to_filter
    return np.clip(8.176 * 2.0 ** (cents / 1200.0) / RATE, 5.0 / RATE, _HIGHEST_CUTOFF)


def _envelope(contour: Contour, blocks: int, release_at: float) -> Control:
    return kernels.contour(blocks, np.array(contour), release_at)


def _wave(wave: Wave, blocks: int) -> Control:
    return kernels.triangle(blocks, wave.delay, wave.frequency / RATE) if wave.frequency else np.zeros(blocks)
