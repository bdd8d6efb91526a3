"""Time-frequency views of a recording that rhythm, harmony and form are read from.

Task: the front end. Two views: *bands*, a mel spectrogram with steps of 10 ms in which onsets show, and *pitches*, how
loud each semitone sounds every 50 ms, freed of overtones. Sources: log-compressed mel bands as in Böck & Widmer,
"Maximum filter vibrato suppression for onset detection" (DAFx 2013); the non-negative least-squares reading of a
whitened log-frequency spectrum as in Mauch & Dixon, "Approximate note transcription for the improved identification
of difficult chords" (ISMIR 2010).

Conventions: frame ``i`` is centred on ``i / frames per second`` seconds; pitch is in MIDI numbers.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import fft

from descant.listen.sampling import mid, resampled

BAND_RATE = 24_000
BAND_WINDOW = 1024
BANDS_PER_SECOND = 100
BANDS = 48
LOWEST_BAND, HIGHEST_BAND = 40.0, 10_000.0
"""Hz."""

PITCH_RATE = 12_000
PITCHES_PER_SECOND = 20
TREBLE_WINDOW, BASS_WINDOW = 4096, 8192
"""Samples: 0.34 s tells semitones apart from about 150 Hz up, 0.68 s from about 75 Hz."""

CROSSOVER = 50
"""MIDI number (147 Hz) below which the longer window is read."""

LOWEST, HIGHEST = 26, 98
"""The pitches that are told apart."""

TOP = 112
"""MIDI number (5.3 kHz) up to which overtones are looked at."""

STEPS = 3
"""Bins a semitone."""

OVERTONE_DECAY = 0.72
"""Share of its neighbour below that each overtone has: bright instruments more, dark ones less."""

OVERTONES = 16
SWEEPS = 25
SPARSENESS = 0.02
_BLOCK = 512


@dataclass(frozen=True)
class Bands:
    """``level`` (frames, bands): log-compressed mel magnitudes; ``power`` (frames,): mean square, full scale 1."""

    level: NDArray[np.float32]
    power: NDArray[np.float32]


@dataclass(frozen=True)
class Pitches:
    """``salience`` (frames, pitches from LOWEST to HIGHEST) ≥ 0; ``tuning``: semitones that A4 lies above 440 Hz."""

    salience: NDArray[np.float32]
    tuning: float


def bands(audio: NDArray[np.float32]) -> Bands:
    """Return the mel bands of a recording, float32 (samples, 2) at 48 kHz."""
    sound = resampled(mid(audio), BAND_RATE)
    weights = _mel_weights()
    level, power = [], []
    for block in _frames(sound, BAND_WINDOW, BAND_RATE // BANDS_PER_SECOND):
        magnitude = _magnitudes(block)
        power.append(np.square(block).mean(axis=1))
        level.append(np.log1p(1000.0 * magnitude @ weights))
    return Bands(np.concatenate(level).astype(np.float32), np.concatenate(power).astype(np.float32))


def pitches(audio: NDArray[np.float32]) -> Pitches:
    """Return how loud each pitch of a recording sounds, float32 (samples, 2) at 48 kHz."""
    sound = resampled(mid(audio), PITCH_RATE)
    hop = PITCH_RATE // PITCHES_PER_SECOND
    treble = np.concatenate([_magnitudes(b) @ _log_weights(TREBLE_WINDOW) for b in _frames(sound, TREBLE_WINDOW, hop)])
    bass = np.concatenate([_magnitudes(b) @ _log_weights(BASS_WINDOW) for b in _frames(sound, BASS_WINDOW, hop)])
    split = (CROSSOVER - LOWEST + 1) * STEPS
    spectrum = np.hstack([bass[:, :split], treble[:, split:]]).astype(np.float64)
    tuning = _tuning(spectrum)
    white = _whitened(_shifted(spectrum, -tuning * STEPS))
    dictionary = _dictionary()
    gram, target = dictionary @ dictionary.T, white @ dictionary.T
    return Pitches(_non_negative(gram, target, SWEEPS).astype(np.float32), tuning)


def _frames(sound: NDArray[np.float32], window: int, hop: int) -> list[NDArray[np.float32]]:
    """Return centred frames in blocks that keep memory small."""
    count = len(sound) // hop + 1
    padded = np.pad(sound, (window // 2, window))
    views = np.lib.stride_tricks.sliding_window_view(padded, window)[: (count - 1) * hop + 1 : hop]
    return [views[i : i + _BLOCK] for i in range(0, count, _BLOCK)]


def _magnitudes(block: NDArray[np.float32]) -> NDArray[np.float32]:
    window = np.hanning(block.shape[1]).astype(np.float32)
    return np.abs(fft.rfft(block * (window / window.sum() * 2), axis=1))


@cache
def _mel_weights() -> NDArray[np.float32]:
    """Triangles, even on the mel scale (O'Shaughnessy 1987), each of sum 1 or at least one bin wide."""
    low, high = (2595 * np.log10(1 + f / 700) for f in (LOWEST_BAND, HIGHEST_BAND))
    edges = 700 * (10 ** (np.linspace(low, high, BANDS + 2) / 2595) - 1)
    hertz = fft.rfftfreq(BAND_WINDOW, 1 / BAND_RATE)[:, None]
    rise = (hertz - edges[:-2]) / np.maximum(edges[1:-1] - edges[:-2], BAND_RATE / BAND_WINDOW)
    fall = (edges[2:] - hertz) / np.maximum(edges[2:] - edges[1:-1], BAND_RATE / BAND_WINDOW)
    return np.maximum(0.0, np.minimum(rise, fall)).astype(np.float32)


def _log_bins() -> NDArray[np.float64]:
    """MIDI numbers of the bins of the log-frequency spectrum; the middle one of each semitone's is in tune."""
    return LOWEST - 1 / STEPS - 1 + np.arange((TOP - LOWEST + 2) * STEPS) / STEPS


@cache
def _log_weights(window: int) -> NDArray[np.float32]:
    """How FFT magnitudes are spread over log-frequency bins: raised cosines at least an FFT bin wide."""
    hertz = fft.rfftfreq(window, 1 / PITCH_RATE)
    pitch = 69 + 12 * np.log2(np.maximum(hertz, 1.0) / 440)
    bins = _log_bins()
    width = np.maximum(1 / STEPS, 12 / np.log(2) * (PITCH_RATE / window) / (440 * 2 ** ((bins - 69) / 12)))
    distance = np.abs(pitch[:, None] - bins) / width
    weights = np.where(distance < 1, 0.5 + 0.5 * np.cos(np.pi * np.minimum(distance, 1)), 0)
    return np.asarray(weights / np.maximum(weights.sum(axis=0), 1e-9), np.float32)


def _tuning(spectrum: NDArray[np.float64]) -> float:
    """Return semitones, −0.5 to 0.5, by which the music lies above A4 = 440 Hz: the mean angle within semitones."""
    start = (60 - LOWEST) * STEPS
    mean = np.log1p(100 * spectrum[:, start : start + 36 * STEPS]).mean(axis=0)
    contrast = np.maximum(0, mean - np.convolve(mean, np.ones(STEPS) / STEPS, mode="same"))
    phase = np.exp(2j * np.pi * (_log_bins()[start : start + 36 * STEPS]))
    total = np.sum(contrast * phase)
    return float(np.angle(total) / (2 * np.pi)) if abs(total) > 1e-12 else 0.0


def _shifted(spectrum: NDArray[np.float64], bins: float) -> NDArray[np.float64]:
    """Return the spectrum read ``bins`` lower, linearly interpolated."""
    at = np.arange(spectrum.shape[1]) - bins
    low = np.clip(np.floor(at).astype(int), 0, spectrum.shape[1] - 2)
    share = np.clip(at - low, 0, 1)
    return np.asarray(spectrum[:, low] * (1 - share) + spectrum[:, low + 1] * share, np.float64)


def _whitened(spectrum: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what stands out of its octave, divided by the octave's spread, so that no register drowns another."""
    width = 12 * STEPS
    kernel = np.hanning(width + 3)[1:-1]
    kernel /= kernel.sum()
    pad = len(kernel) // 2
    padded = np.pad(spectrum, ((0, 0), (pad, pad)), mode="reflect")
    size = fft.next_fast_len(padded.shape[1] + len(kernel))
    transform = fft.rfft(kernel, size)

    def smooth(values: NDArray[np.float64]) -> NDArray[np.float64]:
        full = fft.irfft(fft.rfft(values, size, axis=1) * transform, size, axis=1)
        return np.asarray(full[:, 2 * pad : 2 * pad + spectrum.shape[1]], np.float64)

    mean = smooth(padded)
    spread = np.sqrt(np.maximum(smooth(padded**2) - mean**2, 0))
    floor = 1e-5 + 0.02 * spread.max(axis=1, keepdims=True)
    return np.asarray(np.maximum(spectrum - mean, 0) / (spread + floor), np.float64)


@cache
def _dictionary() -> NDArray[np.float64]:
    """Return the spectrum of each pitch as it is seen here: harmonics of falling strength, each of length 1."""
    rows = []
    for pitch in range(LOWEST, HIGHEST + 1):
        row = np.zeros(len(_log_bins()))
        for number in range(1, OVERTONES + 1):
            partial = pitch + 12 * np.log2(number)
            if partial > TOP:
                break
            row += OVERTONE_DECAY ** (number - 1) * _line(partial)
        rows.append(row / np.linalg.norm(row))
    return np.array(rows)


def _line(pitch: float) -> NDArray[np.float64]:
    """Return how a pure tone shows in the log-frequency spectrum."""
    hertz = 440 * 2 ** ((pitch - 69) / 12)
    window = BASS_WINDOW if pitch < CROSSOVER + 1 / 3 else TREBLE_WINDOW
    offset = fft.rfftfreq(window, 1 / PITCH_RATE) * window / PITCH_RATE - hertz * window / PITCH_RATE
    near = np.abs(offset) < 2
    main_lobe = np.zeros(len(offset))
    inside = np.where(np.abs(np.abs(offset[near]) - 1) < 1e-9, offset[near] + 1e-6, offset[near])
    main_lobe[near] = np.abs(np.sinc(inside) / (1 - inside**2))  # of Hann's window
    return np.asarray(main_lobe @ _log_weights(window), np.float64)


@njit(cache=True, fastmath=False, nogil=True)
def _non_negative(gram: NDArray[np.float64], target: NDArray[np.float64], sweeps: int) -> NDArray[np.float64]:
    """Return, row by row, the non-negative x least in ½xᵀGx − tᵀx + sparseness: by coordinate descent."""
    frames, size = target.shape
    found = np.zeros((frames, size))
    for f in range(frames):
        row = found[f]
        slope = -target[f] + SPARSENESS
        for _ in range(sweeps):
            moved = 0.0
            for i in range(size):
                value = max(0.0, row[i] - slope[i] / gram[i, i])
                step = value - row[i]
                if step != 0.0:
                    row[i] = value
                    moved = max(moved, abs(step))
                    for j in range(size):
                        slope[j] += step * gram[i, j]
            if moved < 1e-3:
                break
    return found
