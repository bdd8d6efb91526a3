"""What drives the vocal tract: a train of glottal pulses and the noise of breath.

The pulses are band-limited and placed to a fraction of a sample, so pitch is exact; each has the energy of its
period, so loudness does not depend on pitch. Breath noise swells and falls with the glottal cycle, which makes it
belong to the voice (Hermes 1991).
"""

import numpy as np
from numpy.typing import NDArray

from descant.song.streams import stream

SAMPLE_RATE = 48_000
HOP = 240
"""Samples between frames: 5 ms."""

TAPS = 24
"""Samples either side of a pulse over which it is drawn."""

SHIMMER, JITTER = 0.018, 0.0015
"""Random change of pulse height and of its place in the period (standard deviations, ratios). Healthy voices have
0.2 dB and 0.2–0.5 % (Titze 1994); without them every harmonic is a pure tone, which is what buzzes."""

ROUGH_JITTER, ROUGH_SHIMMER, HALVING = 0.008, 0.12, 0.35
"""What full roughness adds to jitter and shimmer, and by how much it weakens every other pulse at most."""

GROWL_JITTER, GROWL_SHIMMER, GROWL_DEPTH = 0.03, 0.3, 0.8
"""What a full growl adds to jitter and shimmer, and how far the false folds close over the weakest of their pulses.
They swing once in two or three cycles of the vocal folds (Sakakibara et al. 2004; Tsai et al. 2010)."""

BOUT = 0.12
"""Seconds between the points at which the halving of the cycle swells and ebbs."""

CARRIER = ((-7.0, 0.0), (7.0, 0.37), (-1200.0, 0.61))
"""Cents from the pitch, and phase in cycles at the start, of a vocoder's oscillators."""

NOISE_PULSING = 0.5
"""Depth with which breath noise follows the glottal cycle."""

Signal = NDArray[np.float32]


def phase_of(cents: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the glottal phase in cycles at every sample, for a pitch curve of cents every ``HOP`` samples."""
    hertz = 440.0 * 2.0 ** ((cents - 6900.0) / 1200.0)
    frames = np.arange(cents.size) * HOP
    samples = np.arange((cents.size - 1) * HOP)
    return np.cumsum(np.interp(samples, frames, hertz)) / SAMPLE_RATE


def pulses(phase: NDArray[np.float64], seed: int, name: str, roughness: float = 0.0, growl: float = 0.0) -> Signal:
    """Return a pulse at every whole cycle of ``phase``, of mean power 1.

    ``roughness`` (0–1) makes neighbouring cycles differ, as in husky and shouting voices: now and then every other
    pulse is weaker, and all stray more in place and height. ``growl`` (0–1) lets the false folds swing along, once in
    two or three cycles, as in screams.
    """
    whole = np.floor(phase)
    after = np.flatnonzero(np.diff(whole) > 0) + 1
    step = phase[after] - phase[after - 1]
    place = after - (phase[after] - whole[after]) / step
    stray = stream(seed, f"{name}.shimmer").standard_normal((2, after.size))
    jitter = JITTER + ROUGH_JITTER * roughness + GROWL_JITTER * growl
    shimmer = SHIMMER + ROUGH_SHIMMER * roughness + GROWL_SHIMMER * growl
    place = np.clip(place + jitter * np.clip(stray[1], -3, 3) / step, 0, phase.size - 1)
    loud = 1 + shimmer * np.clip(stray[0], -3, 3)
    if roughness:
        bout = np.clip(np.interp(after, *_bouts(phase.size, seed, name)), 0, 1)
        loud *= 1 - roughness * HALVING * bout * (whole[after] % 2)
    if growl:
        loud *= 1 - growl * GROWL_DEPTH * _false_folds(whole[after], after, phase.size, seed, name)
    return _drawn(place, np.maximum(loud, 0.0) / np.sqrt(step), phase.size)


def carrier(cents: NDArray[np.float64]) -> Signal:
    """Return what drives a vocoder in place of the voice, of mean power 1, for a pitch curve every ``HOP`` samples.

    Three steady oscillators: two a little apart at the pitch, one an octave below. Nothing strays as a glottis does.
    """
    out = np.zeros((cents.size - 1) * HOP, np.float32)
    for apart, start in CARRIER:
        phase = phase_of(cents + apart) + start
        whole = np.floor(phase)
        after = np.flatnonzero(np.diff(whole) > 0) + 1
        step = phase[after] - phase[after - 1]
        out += _drawn(after - (phase[after] - whole[after]) / step, 1 / np.sqrt(step), phase.size)
    return out / np.float32(np.sqrt(len(CARRIER)))


def _drawn(place: NDArray[np.float64], height: NDArray[np.float64], count: int) -> Signal:
    """Return ``count`` samples with a band-limited pulse of each height at each (fractional) place."""
    base = np.floor(place).astype(np.int64)
    taps = np.arange(-TAPS + 1, TAPS + 1)
    distance = taps[None, :] - (place - base)[:, None]
    shape = np.sinc(distance) * np.cos(np.pi * distance / (2 * (TAPS + 1))) ** 2
    out = np.zeros(count + 2 * TAPS)
    np.add.at(out, base[:, None] + taps[None, :] + TAPS, shape * height[:, None])
    return out[TAPS : TAPS + count].astype(np.float32)


def _bouts(count: int, seed: int, name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (samples, depth) between which the halving of the glottal cycle comes and goes."""
    places = np.arange(0, count + BOUT * SAMPLE_RATE, BOUT * SAMPLE_RATE)
    return places, 0.5 + 0.7 * stream(seed, f"{name}.rough").standard_normal(places.size)


def _false_folds(
    cycles: NDArray[np.float64], samples: NDArray[np.int64], count: int, seed: int, name: str
) -> NDArray[np.float64]:
    """Return how far the false folds are closed (0–1) at each cycle: they swing at a half or a third of the pitch."""
    places, _ = _bouts(count, seed, name)
    third = stream(seed, f"{name}.growl").random(places.size) < 0.5
    period = np.where(third[np.searchsorted(places, samples, side="right") - 1], 3.0, 2.0)
    return np.asarray(0.5 - 0.5 * np.cos(2 * np.pi * np.mod(cycles, period) / period))


def noise(phase: NDArray[np.float64], voiced: NDArray[np.float64], seed: int, name: str) -> Signal:
    """Return white noise of mean power 1 that pulses with ``phase`` where ``voiced`` (0–1 at every sample)."""
    white = stream(seed, f"{name}.breath").standard_normal(phase.size)
    depth = NOISE_PULSING * voiced
    return (white * (1 + depth * np.cos(2 * np.pi * phase)) / np.sqrt(1 + depth**2 / 2)).astype(np.float32)
