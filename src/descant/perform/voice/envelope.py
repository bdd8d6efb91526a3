"""The shape of the vocal tract on the synthesiser's bins: from mel-cepstrum to 24 kHz.

A mel-cepstrum is evaluated directly at warped frequencies (Tokuda et al. 1994), so a larger or smaller vocal tract
costs nothing. Above what the source knows the spectrum goes on with a slope; the singer's formant (Sundberg 1974),
the tilt of vocal effort and the raising of the first formant over a high note's pitch (Joliveau, Smith & Wolfe 2004)
are added on the logarithm.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, uniform_filter1d

from descant.perform.voice.excitation import SAMPLE_RATE

FFT = 2048
BINS = FFT // 2 + 1
DECIBEL = float(np.log(10) / 20)
"""Nepers in a decibel."""

HERTZ: NDArray[np.float64] = np.arange(BINS) * SAMPLE_RATE / FFT
HISS_FROM, HISS_SLOPE = 8500.0, -10.0
"""Hz and dB an octave: above this, recorded vowels are mostly the recording's own hiss, which is turned down."""

HISS_UNDER, HISS_TAKEN = 20.0, 0.8
"""dB by which 9–14 kHz lies below 2–5 kHz in a sung vowel (mean of decibels; a close recording falls by 14 dB to 8 kHz
already), and the share taken out of what stands higher."""

SMEARED_FROM, SMEARED_BY = 6800.0, 650.0
"""Hz: above the first, the resonances of models are smeared by the second (standard deviation). Averaged over many
recordings they stand as still bands of hiss from 8 to 14 kHz through every held vowel of slt."""

HIGHEST_LIFT = 1.8
"""Largest factor by which a first formant is raised."""

VOICED_SLOPE, UNVOICED_SLOPE = -16.0, -7.0
"""dB an octave above the source's band."""

WHISPER: NDArray[np.float32] = np.clip((HERTZ - 150) / 350, 0, 1).astype(np.float32)
"""Gain of breath and hiss: turbulence is weak below 500 Hz (Stevens 1971)."""

Frames = NDArray[np.float32]


@lru_cache(maxsize=16)
def _basis(order: int, alpha: float, rate: int, warp: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return (basis (order + 1, bins), octaves above the source's band (bins,)) for one formant warp."""
    nyquist = rate / 2
    heard = HERTZ / warp
    omega = np.pi * np.minimum(heard, 0.94 * nyquist) / nyquist
    warped = omega + 2 * np.arctan2(alpha * np.sin(omega), 1 - alpha * np.cos(omega))
    basis = np.cos(np.arange(order + 1)[:, None] * warped)
    smooth = gaussian_filter1d(basis, SMEARED_BY / HERTZ[1], axis=1, mode="nearest")
    basis += np.clip((heard - SMEARED_FROM) / 2000, 0, 1) * (smooth - basis)
    band = (heard >= 0.82 * nyquist) & (heard <= 0.94 * nyquist)
    top = basis[:, band].mean(axis=1, keepdims=True)
    blend = np.clip((heard / nyquist - 0.86) / 0.08, 0, 1)
    octaves = np.log2(np.maximum(heard / (0.94 * nyquist), 1))
    return (basis * (1 - blend) + top * blend).astype(np.float32), octaves.astype(np.float32)


def log_spectrum(cepstra: Frames, alpha: float, rate: int, warp: float, unvoiced: NDArray[np.float64]) -> Frames:
    """Return log amplitude (frames, bins) in nepers.

    Parameters
    ----------
    cepstra : (frames, order + 1) mel-cepstrum.
    alpha, rate : of the source.
    warp : formants move up by this factor (1 leaves them).
    unvoiced : (frames,) 0–1; noise falls off more slowly above the source's band.
    """
    basis, octaves = _basis(cepstra.shape[1] - 1, alpha, rate, warp)
    known = np.minimum(HERTZ / warp, 0.47 * rate)
    hiss = (HISS_SLOPE * DECIBEL * np.log2(np.maximum(known / HISS_FROM, 1))).astype(np.float32)
    slope = (VOICED_SLOPE + (UNVOICED_SLOPE - VOICED_SLOPE) * unvoiced) * DECIBEL
    spectrum: Frames = cepstra @ basis + slope.astype(np.float32)[:, None] * octaves
    spectrum += (1 - unvoiced).astype(np.float32)[:, None] * hiss
    return spectrum


def sharpened(cepstra: Frames, amount: float) -> Frames:
    """Return mel-cepstra with formants made ``amount`` stronger (Yoshimura et al. 2005): averaged models blur them."""
    out = cepstra.copy()
    out[:, 2:] *= 1 + amount
    return out


def tilt(decibels: float) -> NDArray[np.float32]:
    """Return a spectral tilt of dB an octave about 1 kHz, level below 250 Hz and above 8 kHz, in nepers."""
    octaves = np.log2(np.clip(HERTZ, 250, 8000) / 1000)
    out: NDArray[np.float32] = (decibels * DECIBEL * octaves).astype(np.float32)
    return out


def bell(centre: float, width: float, decibels: float) -> NDArray[np.float32]:
    """Return a bump (or dip) of ``decibels`` at ``centre`` Hz with standard deviation ``width``, in nepers."""
    out: NDArray[np.float32] = (decibels * DECIBEL * np.exp(-0.5 * ((HERTZ - centre) / width) ** 2)).astype(np.float32)
    return out


def loudness(spectrum: Frames, hertz: NDArray[np.float64], top: float = 8000.0) -> NDArray[np.float64]:
    """Return the level in dB of each frame when driven by pulses at ``hertz``: the power its harmonics pick up."""
    count = int(top / max(float(hertz.min()), 50.0))
    bins = hertz[:, None] * np.arange(1, count + 1) / HERTZ[1]
    inside = bins < top / HERTZ[1]
    low = np.minimum(bins.astype(np.intp), BINS - 2)
    rows = np.arange(hertz.size)[:, None]
    share = bins - low
    picked = spectrum[rows, low] * (1 - share) + spectrum[rows, low + 1] * share
    power = (np.exp(2 * picked) * inside).sum(axis=1) * 2 * hertz / SAMPLE_RATE
    level: NDArray[np.float64] = 10 * np.log10(np.maximum(power, 1e-20))
    return level


def power_level(spectrum: Frames) -> NDArray[np.float64]:
    """Return the level in dB of each frame when driven by noise."""
    power = np.exp(2 * spectrum) @ (WHISPER**2 / BINS)
    level: NDArray[np.float64] = 10 * np.log10(np.maximum(power.astype(np.float64), 1e-20))
    return level


def raise_first_formant(spectrum: Frames, hertz: NDArray[np.float64], weight: NDArray[np.float64]) -> None:
    """Move the first formant up to the pitch in frames whose pitch lies above it, in place.

    Without this a high note's only strong harmonic sits above the formant and the vowel goes thin and dark.
    ``weight`` (0–1 a frame) is 1 inside vowels and falls to 0 at their edges, where formants belong to consonants.
    """
    low, high = np.searchsorted(HERTZ, [280.0, 1100.0])
    inside = np.flatnonzero(weight > 0)
    if not inside.size:
        return
    lift = (6 * DECIBEL * np.log2(HERTZ[low:high] / 280)).astype(np.float32)
    peaks = HERTZ[low + np.argmax(spectrum[inside, low:high] + lift, axis=1)]
    first = uniform_filter1d(peaks, 15, mode="nearest")
    ratio = 1 + weight[inside] * (np.clip(1.02 * hertz[inside] / first, 1.0, HIGHEST_LIFT) - 1)
    for t, formant, raised in zip(inside, first, ratio, strict=True):
        if raised > 1.005:
            join = formant * raised + 700.0
            read = np.interp(HERTZ[: np.searchsorted(HERTZ, join)], [0, formant * raised, join], [0, formant, join])
            spectrum[t, : read.size] = np.interp(read, HERTZ, spectrum[t])


def air(decibels: float) -> NDArray[np.float32]:
    """Return a shelf of ``decibels`` above 9 kHz, in nepers."""
    out: NDArray[np.float32] = (decibels * DECIBEL / (1 + np.exp(-(HERTZ - 9000) / 1200))).astype(np.float32)
    return out


def points(curve: tuple[tuple[float, float], ...]) -> NDArray[np.float32]:
    """Return a curve through (Hz, dB) points, level beyond its ends, in nepers; no points are 0 dB."""
    if not curve:
        return np.zeros(BINS, np.float32)
    hertz, decibels = np.array(curve).T
    out: NDArray[np.float32] = (DECIBEL * np.interp(HERTZ, hertz, decibels)).astype(np.float32)
    return out


def calm_hiss(spectrum: Frames, voiced: NDArray[np.float64]) -> None:
    """Turn down what lies above 8 kHz in voiced frames where it comes nearer to 2–5 kHz than in a voice, in place.

    Some vowels of the models hold the recordings' hiss, and brightness and air raise it: held for seconds, it is heard.
    """
    low, middle, high, top = np.searchsorted(HERTZ, [2000.0, 5000.0, 9000.0, 14_000.0])
    above = spectrum[:, high:top].mean(axis=1) - spectrum[:, low:middle].mean(axis=1)
    excess = np.maximum(above + np.float32(DECIBEL * HISS_UNDER), 0) * voiced.astype(np.float32)
    start = int(np.searchsorted(HERTZ, HISS_FROM - 2000))
    shelf = np.clip((HERTZ[start:] - HERTZ[start]) / 2500, 0, 1).astype(np.float32)
    spectrum[:, start:] -= np.float32(HISS_TAKEN) * excess[:, None] * shelf
