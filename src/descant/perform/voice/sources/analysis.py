"""From the waveform of a monotone voice to its spectral envelope, every 5 ms.

CheapTrick (Morise 2015) for a pitch that is known because it was asked for: a Hann window of three periods takes the
time structure of the pulses away, smoothing over two thirds of the pitch and a lifter take away the harmonics.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from descant.perform.voice.spoken import FRAME

SIZE = 1024
"""Points of the transform at the source's rate."""

UNVOICED_PITCH = 250.0
"""Hz: the pitch that stands for sounds without one; a window of 12 ms keeps bursts short."""

RECOVERY = -0.15
"""The lifter's q₁, with which the smoothed peaks get their height back."""

FLOOR = 1e-9
"""Power added before the logarithm, at full scale ±1: closures are silent, not minus infinity."""

Signal = NDArray[np.floating[Any]]


def log_envelope(sound: Signal, rate: int, pitch: float, frames: int) -> NDArray[np.float64]:
    """Return the envelope of a sound.

    Parameters
    ----------
    sound : samples, full scale ±1. rate : Hz.
    pitch : Hz, of the voice. frames : how many, 5 ms apart, the first centred on the first sample.

    Returns
    -------
    float64 (frames, SIZE // 2 + 1), log amplitude in nepers.
    """
    half = round(1.5 * rate / pitch)
    window = np.hanning(2 * half + 3)[1:-1]
    window /= np.sqrt(np.sum(window**2))
    padded = np.pad(sound.astype(np.float64), (half, half + SIZE))
    starts = np.rint(np.arange(frames) * FRAME * rate).astype(np.intp)
    starts = np.minimum(starts, padded.size - window.size)
    pieces = padded[starts[:, None] + np.arange(window.size)] * window
    pieces -= window * (pieces.sum(axis=1) / window.sum())[:, None]
    power = np.abs(fft.rfft(pieces, SIZE, axis=1)) ** 2
    return 0.5 * _liftered(np.log(_smoothed(power, 2 * pitch / 3 * SIZE / rate) + FLOOR), rate, pitch)


def _smoothed(power: NDArray[np.float64], width: float) -> NDArray[np.float64]:
    """Return power averaged over a rectangle of ``width`` bins."""
    reach = int(np.ceil(width)) + 1
    mirrored = np.pad(power, ((0, 0), (reach, reach)), mode="reflect")
    total = np.cumsum(mirrored, axis=1)
    centres = np.arange(power.shape[1]) + reach
    upper, lower = centres + width / 2, centres - width / 2

    def at(places: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
        low = np.floor(places).astype(np.intp)
        share = places - low
        return np.asarray(total[:, low] * (1 - share) + total[:, low + 1] * share)

    return np.asarray((at(upper) - at(lower)) / width, np.float64)


def _liftered(logarithm: NDArray[np.float64], rate: int, pitch: float) -> NDArray[np.float64]:
    """Return a log power spectrum without what repeats at the pitch."""
    cepstrum = fft.irfft(logarithm, SIZE, axis=1)[:, : SIZE // 2 + 1]
    turns = np.arange(SIZE // 2 + 1) / rate * pitch
    lifter = np.sinc(turns) * (1 - 2 * RECOVERY + 2 * RECOVERY * np.cos(2 * np.pi * turns))
    cepstrum = cepstrum * lifter
    whole = np.concatenate([cepstrum, cepstrum[:, -2:0:-1]], axis=1)
    return np.asarray(fft.rfft(whole, axis=1).real)


def mel_cepstrum(envelope: NDArray[np.float64], order: int, alpha: float) -> NDArray[np.float32]:
    """Return the mel-cepstra (frames, order + 1), in nepers, that come nearest to log envelopes up to half the rate.

    The inverse of :func:`descant.perform.voice.envelope.log_spectrum` in the least squares sense.
    """
    omega = np.pi * np.arange(envelope.shape[1]) / (envelope.shape[1] - 1)
    slope = (1 - alpha**2) / (1 + alpha**2 - 2 * alpha * np.cos(omega))
    warped = omega + 2 * np.arctan2(alpha * np.sin(omega), 1 - alpha * np.cos(omega))
    basis = np.cos(np.arange(order + 1)[:, None] * warped)
    weighted = basis * slope
    return np.asarray(envelope @ np.linalg.solve(weighted @ basis.T, weighted).T, np.float32)


def level(envelope: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the power in dB of each frame of log envelopes."""
    return np.asarray(10 * np.log10(np.exp(2 * envelope).mean(axis=1) + FLOOR), np.float64)
