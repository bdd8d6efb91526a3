"""Control signals: envelopes, slow oscillators and glides, a value at the beginning of every block of a note."""

import math

import numpy as np

from descant.perform.instruments.kernels import BLOCK, Control
from descant.perform.instruments.synths.patch import Envelope, Lfo
from descant.perform.instruments.voice import RATE

INAUDIBLE = 80.0
"""dB below its peak at which a sound has ended."""

THREE_DECADES = math.log(1000.0)
"""Nepers of 60 dB."""


def times(blocks: int) -> Control:
    """Return the times of the blocks' beginnings in seconds."""
    return np.arange(blocks, dtype=np.float64) * np.float64(BLOCK / RATE)


def envelope(at: Control, shape: Envelope, held: float) -> Control:
    """Return an envelope's level 0–1 at times ``at`` (seconds) of a note let go after ``held`` seconds."""
    level = _rising(np.minimum(at, held), shape)
    late = np.maximum(at - held, 0.0)
    return level * np.exp(-THREE_DECADES / shape.release * late)


def _rising(at: Control, shape: Envelope) -> Control:
    falling = np.maximum(at - shape.attack - shape.hold, 0.0)
    level = shape.sustain + (1.0 - shape.sustain) * np.exp(-THREE_DECADES / shape.decay * falling)
    if shape.attack > 0.0:
        level = level * np.minimum(at / shape.attack, 1.0)
    return level


def ending(shape: Envelope, held: float) -> float:
    """Return the seconds after which a note let go after ``held`` seconds has ended."""
    end = held + shape.release * INAUDIBLE / 60.0
    if shape.sustain == 0.0:
        end = min(end, shape.attack + shape.hold + shape.decay * INAUDIBLE / 60.0)
    return end


def lfo(at: Control, wave: Lfo, turn: float) -> Control:
    """Return a slow oscillator −1–1 at times ``at``, begun ``turn`` (0–1) into its turn."""
    since = np.maximum(at - wave.delay, 0.0)
    phase = since * wave.rate + turn
    value = np.sin(2 * np.pi * phase) if wave.wave == "sine" else 1.0 - 4.0 * np.abs((phase + 0.25) % 1.0 - 0.5)
    depth = np.minimum(since / wave.fade, 1.0) if wave.fade > 0.0 else (at >= wave.delay).astype(float)
    return value * depth


def approach(at: Control, away: float, seconds: float) -> Control:
    """Return what is left of a distance that shrinks by 60 dB in ``seconds``."""
    return away * np.exp(-THREE_DECADES / max(seconds, 1e-4) * at)


def travel(at: Control, ends: tuple[float, float], held: float) -> Control:
    """Return a value that moves evenly from one end to the other while a note is held, and stays there."""
    return ends[0] + (ends[1] - ends[0]) * np.minimum(at / max(held, 1e-3), 1.0)
