"""The drum machine: one hit of one sound, from itself alone.

Recipes after the circuits as their service notes and published analyses describe them (K. Werner, J. Abel and
J. O. Smith, *A physically-informed, circuit-bendable, digital model of the Roland TR-808 bass drum circuit*, DAFx
2014; *The TR-808 cymbal*, ICMC 2014): a ringing tone whose pitch falls, six square oscillators through band-passes
for metal, noise through a band for snares, bursts of it for claps.
"""

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from descant.perform.instruments.kernels import BLOCK, Control, Samples
from descant.perform.instruments.synths import contours, filters, waves
from descant.perform.instruments.synths.kit import Layer, Sound
from descant.perform.instruments.voice import RATE

_BURST_DECAY = 0.03  # seconds (60 dB) of each clap before the last
_STRETCH = 1.06  # no hit is longer


class Hit(NamedTuple):
    """A stroke as the machine gets it.

    Attributes
    ----------
    key : the MIDI key. velocity : 1–127.
    cents : its detuning. stretch : factor on its decays. noise : which noise it has.
    tonic : the song's keynote, pitch class 0–11.
    """

    key: int
    velocity: int
    cents: float
    stretch: float
    noise: int
    tonic: int


def seconds(sound: Sound) -> float:
    """Return how long a hit sounds at most."""
    return max(_ending(layer) for layer in sound.layers) * _STRETCH


def _ending(layer: Layer) -> float:
    audible = max((contours.INAUDIBLE + layer.gain) / 60.0, 0.2)
    return layer.delay + (layer.bursts - 1) * layer.spacing + layer.attack + layer.hold + layer.decay * audible


def strike(sound: Sound, hit: Hit, length: int) -> Samples:
    """Return the first samples of a hit, float32 (1 or 2, length): one channel for the middle, or two."""
    made = length + (filters.LATENCY if sound.drive else 0)
    mono = np.zeros(made, np.float32)
    semitones = sound.step * sound.keys.index(hit.key) + hit.cents / 100.0
    if sound.tuned:
        semitones += _into_key(sound, hit.tonic)
    for number, layer in enumerate(sound.layers):
        _add_layer(mono, sound, layer, hit, semitones, hit.noise + number)
    if sound.drive:
        mono = filters.saturate(mono, sound.drive)
    if not sound.pan:
        return mono[None, :]
    angle = (sound.pan + 1.0) * math.pi / 4.0
    return np.stack([mono * np.float32(math.cos(angle)), mono * np.float32(math.sin(angle))])


def _into_key(sound: Sound, tonic: int) -> float:
    """Return the semitones from the sound's lowest tone to the nearest degree it may take, −6–6."""
    lowest = min(layer.frequency for layer in sound.layers if layer.kind == "tone")
    key = 69.0 + 12.0 * math.log2(lowest / 440.0)
    return min(((tonic + degree - key + 6.0) % 12.0 - 6.0 for degree in sound.tuned), key=abs)


def _add_layer(mono: Samples, sound: Sound, layer: Layer, hit: Hit, semitones: float, noise_key: int) -> None:
    delay = round(layer.delay * RATE)
    length = min(mono.size - delay, int((_ending(layer) - layer.delay) * _STRETCH * RATE))
    if length <= 0:
        return
    at = contours.times(int(seconds(sound) * RATE) // BLOCK + 3)
    soft = 1.0 - hit.velocity / 127.0
    heard = _source(layer, at, semitones, soft, length, noise_key)
    darker = 2.0 ** (-layer.velocity * soft / 1200.0)
    for edge, mode in ((layer.low_cut, filters.HIGH), (layer.high_cut, filters.LOW)):
        if edge:
            moved = edge * darker if mode == filters.LOW else edge
            filters.run(heard[None, :], np.full(at.size, moved), mode, layer.slope, layer.resonance)
    times = np.array([layer.attack, layer.hold, layer.decay * hit.stretch, layer.spacing, _BURST_DECAY]) * RATE
    _shape(heard, times, layer.bursts)
    mono[delay : delay + length] += heard


def _source(layer: Layer, at: Control, semitones: float, soft: float, length: int, noise_key: int) -> Samples:
    gain = 10.0 ** (layer.gain / 20.0)
    if layer.kind == "noise":
        return waves.noise(length, noise_key) * np.float32(gain)
    heard = np.zeros(length, np.float32)
    fall = math.log2(layer.bend) * (1.0 - 0.1 * layer.velocity / 1200.0 * soft)
    octaves = contours.approach(at, fall, layer.bend_time) + semitones / 12.0
    frequencies = layer.partials or (layer.frequency,)
    for number, frequency in enumerate(frequencies):
        steps = np.minimum(frequency * 2.0**octaves / RATE, 0.45)
        highest = float(steps.max()) * RATE
        phase = (number * 0.618 + noise_key % 997 / 997) % 1.0 if layer.kind == "metal" else 0.0
        loud = gain / math.sqrt(len(frequencies))
        period = waves.table("square" if layer.wave == "pulse" else layer.wave, highest)
        waves.add_wave(heard, heard, period, phase, steps, loud, 0.0)
    return heard


@njit(cache=True, fastmath=False, nogil=True)
def _shape(samples: Samples, times: Control, bursts: int) -> None:
    """Give samples their level in place, at every sample: drums begin faster than a block.

    Parameters
    ----------
    times : attack, hold, decay (60 dB), distance of bursts and their decay, in samples.
    bursts : how many beginnings there are; all but the last fall at once.
    """
    attack, hold, decay, spacing, burst_decay = times
    fall, burst_fall = 10.0 ** (-3.0 / decay), 10.0 ** (-3.0 / burst_decay)
    last = (bursts - 1) * spacing
    level = 1.0
    begun = -1.0
    for i in range(samples.size):
        since = i - last if i >= last else i % spacing
        if since < begun:
            level = 1.0  # the next burst
        begun = since
        rise = min(since / attack, 1.0) if attack > 0.0 else 1.0
        samples[i] *= np.float32(level * rise)
        if i < last:
            level *= burst_fall
        elif since >= attack + hold:
            level *= fall
