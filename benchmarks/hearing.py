"""What a voice's sound is like, in figures: periodicity, buzz, balance, contrast, vibrato, closures, clicks.

Every measure takes a mono recording at 48 kHz and the stretches of time (seconds) to look at, so a person's recording
can be measured as ours is. Nothing here tells whether a voice is liked.
"""

from collections.abc import Sequence

import numpy as np
import pyworld
import soxr
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.signal import butter, hilbert, sosfiltfilt

RATE = 48_000
EAR_RATE = 16_000
BUZZ_BAND = (1500.0, 5000.0)
THIRDS: NDArray[np.float64] = 1000.0 * 2.0 ** (np.arange(-9, 14) / 3)
"""Hz: centres of third octaves, 125 Hz to 20 kHz."""

Mono = NDArray[np.float32]
Curve = NDArray[np.float64]
Stretch = tuple[float, float]


def decibels(power: float) -> float:
    """Return a power in dB."""
    return float(10 * np.log10(max(power, 1e-20)))


def pitch_track(sound: Mono, frame: float = 0.005) -> tuple[Curve, Curve]:
    """Return (times, Hz, 0 where unvoiced) by WORLD's harvest and stonemask."""
    heard = soxr.resample(sound, RATE, EAR_RATE).astype(np.float64)
    f0, times = pyworld.harvest(heard, EAR_RATE, f0_floor=60.0, f0_ceil=1100.0, frame_period=1000 * frame)
    return times, pyworld.stonemask(heard, f0, times, EAR_RATE)


def harmonicity(sound: Mono, times: Curve, hertz: Curve, band: tuple[float, float]) -> float:
    """Return the median harmonics-to-noise ratio in dB of the voiced moments given, in one band.

    From the height of the autocorrelation at the period, over 4.5 periods, corrected for the window (Boersma 1993).
    """
    filtered = sosfiltfilt(butter(4, band, "bandpass", fs=RATE, output="sos"), sound)
    ratios = []
    for time, pitch in zip(times, hertz, strict=True):
        size, period = int(4.5 * RATE / pitch), RATE / pitch
        first = int(time * RATE) - size // 2
        if first < 0 or first + size > filtered.size:
            continue
        window = np.hanning(size)
        piece = filtered[first : first + size]
        own, shape = _correlation((piece - piece.mean()) * window), _correlation(window)
        lags = np.arange(int(0.96 * period), int(np.ceil(1.04 * period)) + 1)
        height = float(np.max(own[lags] / own[0] / (shape[lags] / shape[0]))) if own[0] > 0 else 0.0
        height = min(max(height, 1e-3), 1 - 1e-5)
        ratios.append(10 * np.log10(height / (1 - height)))
    return float(np.median(ratios)) if ratios else float("nan")


def _correlation(signal: Curve) -> Curve:
    spectrum = np.fft.rfft(signal, 2 * signal.size)
    return np.fft.irfft(np.abs(spectrum) ** 2)[: signal.size]


def peakiness(sound: Mono, times: Curve, hertz: Curve) -> float:
    """Return by how many dB the envelope of 1.5–5 kHz peaks above its mean in a glottal cycle, at the median.

    A vocoder that gives all harmonics one phase has all of each cycle's sound at one moment, which is heard as buzz.
    """
    filtered = sosfiltfilt(butter(4, BUZZ_BAND, "bandpass", fs=RATE, output="sos"), sound)
    power = np.abs(hilbert(filtered)) ** 2
    peaks = []
    for time, pitch in zip(times, hertz, strict=True):
        half = int(RATE / pitch)
        piece = power[max(int(time * RATE) - half, 0) : int(time * RATE) + half]
        if piece.size == 2 * half and piece.mean() > 0:
            peaks.append(10 * np.log10(piece.max() / piece.mean()))
    return float(np.median(peaks)) if peaks else float("nan")


def thirds(sound: Mono, stretches: Sequence[Stretch]) -> Curve:
    """Return the long-term average level (dB) of third octaves (:data:`THIRDS`) within the stretches."""
    pieces = [sound[int(a * RATE) : int(b * RATE)] for a, b in stretches]
    power = np.zeros(2049)
    for piece in pieces:
        for first in range(0, piece.size - 4096, 1024):
            power += np.abs(np.fft.rfft(piece[first : first + 4096] * np.hanning(4096))) ** 2
    hertz = np.fft.rfftfreq(4096, 1 / RATE)
    edges = 2.0 ** (1 / 6)
    return np.array([decibels(power[(hertz >= c / edges) & (hertz < c * edges)].sum()) for c in THIRDS])


def slope(levels: Curve) -> float:
    """Return the tilt of third-octave levels in dB an octave from 500 Hz to 5 kHz."""
    inside = (THIRDS >= 490) & (THIRDS <= 5100)
    return float(np.polyfit(np.log2(THIRDS[inside]), levels[inside], 1)[0])


def balance_distance(levels: Curve, reference: Curve) -> float:
    """Return how far two third-octave balances lie apart from 250 Hz to 8 kHz: RMS in dB, overall level aside."""
    inside = (THIRDS >= 240) & (THIRDS <= 8100)
    return float(np.std(levels[inside] - reference[inside]))


def contrast(sound: Mono, times: Curve, hertz: Curve) -> float:
    """Return how high formants stand over the valleys between them: dB, standard deviation over 300–5000 Hz.

    Of the spectral envelope (WORLD's CheapTrick) less its own straight slope over the logarithm of frequency.
    """
    if not times.size:
        return float("nan")
    heard = soxr.resample(sound, RATE, EAR_RATE).astype(np.float64)
    envelope = pyworld.cheaptrick(heard, hertz, times, EAR_RATE)
    hz = np.linspace(0, EAR_RATE / 2, envelope.shape[1])
    inside = (hz >= 300) & (hz <= 5000)
    octaves = np.log2(hz[inside])
    levels = 10 * np.log10(envelope[:, inside] + 1e-20)
    spread = [float(np.std(row - np.polyval(np.polyfit(octaves, row, 1), octaves))) for row in levels]
    return float(np.median(spread))


def vibrato(times: Curve, hertz: Curve, stretches: Sequence[Stretch]) -> tuple[float, float, float]:
    """Return (rate in Hz, depth in cents either way, share of its regularity) over notes of 0.6 s and more.

    Regularity is the share of the pitch's movement between 3 and 9 Hz that lies within 1 Hz of the rate.
    """
    found = []
    for start, stop in stretches:
        inside = (times > start + 0.35) & (times < stop - 0.1) & (hertz > 0)
        if inside.sum() < 60:
            continue
        cents = 1200 * np.log2(hertz[inside])
        cents = (cents - gaussian_filter1d(cents, 30)) * np.hanning(cents.size)
        power = np.abs(np.fft.rfft(cents, 4096)) ** 2
        rates = np.fft.rfftfreq(4096, times[1] - times[0])
        band = (rates >= 3) & (rates <= 9)
        rate = float(rates[band][np.argmax(power[band])])
        near = band & (np.abs(rates - rate) <= 1)
        depth = 2 * np.sqrt(power[near].sum() / 4096 / np.sum(np.hanning(cents.size) ** 2))
        found.append((rate, float(depth), float(power[near].sum() / power[band].sum())))
    return tuple(np.median(found, axis=0)) if found else (float("nan"),) * 3  # type: ignore[return-value]


def closures(sound: Mono, stretches: Sequence[Stretch], vowels: Sequence[Stretch]) -> tuple[float, float]:
    """Return (hum, click) of the closures of stops: dB under the vowels.

    Hum is the median level of the stretches; click the largest second difference in any of them against the largest
    sample of the vowels, times the square of the samples in a quarter of a 5 kHz period, so that a steady 5 kHz tone
    of full height counts 0 dB.
    """
    loud = np.concatenate([sound[int(a * RATE) : int(b * RATE)] for a, b in vowels])
    levels, jumps = [], []
    for start, stop in stretches:
        piece = sound[int(start * RATE) : int(stop * RATE)].astype(np.float64)
        if piece.size > 96:
            levels.append(decibels(float(np.mean(piece**2))))
            jumps.append(float(np.abs(np.diff(piece, 2)).max()))
    if not levels:
        return float("nan"), float("nan")
    steady = (2 * np.pi * 5000 / RATE) ** 2
    jump = decibels((max(jumps) / steady / float(np.abs(loud).max())) ** 2)
    return float(np.median(levels)) - decibels(float(np.mean(loud.astype(np.float64) ** 2))), jump


def share_above(sound: Mono, hertz: float) -> float:
    """Return the power above ``hertz`` in dB of the whole."""
    power = np.abs(np.fft.rfft(sound.astype(np.float64))) ** 2
    places = np.fft.rfftfreq(sound.size, 1 / RATE)
    return decibels(float(power[places > hertz].sum() / power.sum()))
