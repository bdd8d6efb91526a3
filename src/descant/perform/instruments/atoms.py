"""Atoms: the samples of a timbre, rendered once and shared by every note that has it.

An atom is a note before its level: the sample read at its pitch, through its filter, with everything that moves
while it sounds except the volume envelope. A repeated hi-hat or a held-pedal piano plays hundreds of notes from a few
atoms (measured: 3600 piano voices, 84 atoms), which makes it the sampler's one important economy. Atoms are made one
at a time and dropped when their notes are placed, so memory does not grow with the song.
"""

import math
from typing import Any

import numpy as np

from descant.perform.instruments import kernels
from descant.perform.instruments.bank import SoundBank
from descant.perform.instruments.kernels import BLOCK, TAPS, Control, Samples
from descant.perform.instruments.voice import OPEN_FILTER, RATE, Timbre, Wave

_HIGHEST_CUTOFF = 0.45
"""Highest cutoff as a fraction of the sampling rate; above it the filter's tangent runs away."""

_BUTTERWORTH = 3.01
"""dB at resonance of the filter that has no resonance (specification, generator 9)."""


def render(bank: SoundBank, timbre: Timbre, length: int, release_at: float = math.inf) -> Samples:
    """Return the first ``length`` samples of a timbre.

    Parameters
    ----------
    bank : where its sample is.
    length : samples wanted; fewer come back when the recording ends before.
    release_at : sample at which the note is let go; heard only where :attr:`Timbre.hears_release` says so.

    Returns
    -------
    float32 (samples,), full scale ±1. A longer rendering begins with exactly the samples of a shorter one.
    """
    blocks = length // BLOCK + 2
    envelope = _envelope(timbre, blocks, release_at)
    lfo = _wave(timbre.lfo, blocks)
    steps = _steps(timbre, blocks, envelope, lfo)
    samples = _read(bank, timbre, steps, length, release_at)
    cutoffs = _cutoffs(timbre, blocks, envelope, lfo)
    if cutoffs is not None:
        kernels.lowpass(samples, cutoffs, 10.0 ** ((timbre.resonance - _BUTTERWORTH) / 20.0))
        samples *= np.float32(10.0 ** (-timbre.resonance / 40.0))  # half the peak is taken back (generator 9)
    if timbre.lfo_to_volume:
        kernels.tremolo(samples, 10.0 ** (lfo * timbre.lfo_to_volume / 20.0))
    return samples


def _envelope(timbre: Timbre, blocks: int, release_at: float) -> Control:
    if not (timbre.envelope_to_pitch or timbre.envelope_to_filter):
        return np.zeros(1)
    return kernels.contour(blocks, np.array(timbre.envelope), release_at)


def _wave(wave: Wave, blocks: int) -> Control:
    return kernels.triangle(blocks, wave.delay, wave.frequency / RATE) if wave.frequency else np.zeros(1)


def _steps(timbre: Timbre, blocks: int, envelope: Control, lfo: Control) -> Control:
    """Return source frames an output sample, a value a block."""
    steps = np.full(blocks, timbre.step)
    if timbre.envelope_to_pitch or timbre.lfo_to_pitch or timbre.vibrato_to_pitch:
        vibrato = _wave(timbre.vibrato, blocks)
        cents = envelope * timbre.envelope_to_pitch + lfo * timbre.lfo_to_pitch + vibrato * timbre.vibrato_to_pitch
        steps *= 2.0 ** (cents / 1200.0)
    return steps


def _cutoffs(timbre: Timbre, blocks: int, envelope: Control, lfo: Control) -> Control | None:
    """Return the low-pass cutoff as a fraction of the sampling rate, a value a block (or one); None when open."""
    moves = bool(timbre.envelope_to_filter or timbre.lfo_to_filter)
    if not moves and not timbre.resonance and timbre.cutoff >= OPEN_FILTER:
        return None
    cents = np.array([timbre.cutoff])
    if moves:
        cents = np.broadcast_to(
            timbre.cutoff + envelope * timbre.envelope_to_filter + lfo * timbre.lfo_to_filter, (blocks,)
        )
    return np.clip(8.176 * 2.0 ** (cents / 1200.0) / RATE, 5.0 / RATE, _HIGHEST_CUTOFF)


def _read(bank: SoundBank, timbre: Timbre, steps: Control, length: int, release_at: float) -> Samples:
    """Return the recording at the timbre's pitch, its loop repeated as asked."""
    pcm = bank.pcm(timbre.sample)
    table = kernels.sinc_band(timbre.step)
    reach = int(steps[: length // BLOCK + 1].sum() * BLOCK) + 2 * TAPS
    loop_end = min(timbre.loop_end, pcm.size)
    if timbre.loop == 0 or loop_end - timbre.loop_start < 2 or (timbre.loop == 1 and timbre.start + reach < loop_end):
        source = _source(pcm, timbre.start, min(timbre.end, timbre.start + reach))
        usable = int((source.size - TAPS) / steps.min()) if steps.size else 0
        samples, _ = kernels.resample(source, table, steps, min(length, usable), float(TAPS), 0.0, 0.0)
        return samples
    looped = int(min(length, release_at)) // BLOCK * BLOCK if timbre.loop == 3 else length
    period = loop_end - timbre.loop_start
    behind, ahead = -(-TAPS // period), -(-2 * TAPS // period)
    head = _source(pcm, timbre.start, loop_end)[:-TAPS]
    cycle = head[head.size - period :]
    source = np.concatenate([head, np.tile(cycle, behind + ahead), cycle[:1].repeat(2 * TAPS)])
    wrap_at = float(head.size + (behind + ahead) * period - TAPS)
    samples, position = kernels.resample(source, table, steps, looped, float(TAPS), wrap_at, float(ahead * period))
    if looped >= length:
        return samples
    while position >= head.size:
        position -= period
    rest = _source(pcm, timbre.start, timbre.end)
    tail, _ = kernels.resample(rest, table, steps[looped // BLOCK :], length - looped, position, 0.0, 0.0)
    return np.concatenate([samples, tail])


def _source(pcm: np.ndarray[Any, Any], start: int, stop: int) -> Samples:
    """Return frames as float32 with silence for the interpolation filter to reach into at both ends."""
    stop = min(stop, pcm.size)
    frames = np.zeros(max(stop - start, 0) + 2 * TAPS, np.float32)
    frames[TAPS:-TAPS] = pcm[start:stop]
    if pcm.dtype == np.int16:
        frames *= np.float32(1 / 32768)
    return frames
