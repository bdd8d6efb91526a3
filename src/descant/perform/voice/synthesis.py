"""From frames to sound: pulses and noise through a filter that changes every 5 ms.

Each frame's filter is the minimum-phase response of its log spectrum, found through the real cepstrum (Oppenheim &
Schafer 1989). The excitation is cut into overlapping Hann windows, each is filtered in the frequency domain and the
results are added. Pulses get the periodic share of the spectrum and noise the rest; cost does not depend on pitch.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from descant.perform.voice.envelope import BINS, FFT, HERTZ, WHISPER
from descant.perform.voice.excitation import HOP

CHUNK = 400
"""Frames filtered at a time (2 s), which bounds memory."""

FLOOR = -14.0
"""Nepers (−122 dB): quieter bins count as this, so that the cepstrum stays finite."""

_WINDOW = np.hanning(2 * HOP + 1)[: 2 * HOP].astype(np.float32)
_TAIL = np.cos(0.5 * np.pi * np.clip((np.arange(FFT) - 1000) / (FFT - 1000), 0, 1)).astype(np.float32) ** 2
"""Lets what a filter rings for more than 11 ms after its window die away: else it is heard in the closure of a stop."""
_LEVEL = (np.hanning(FFT) / np.hanning(FFT).sum()).astype(np.float32)
"""Takes back the direct current that fading a ringing leaves in a frame."""
_RUMBLE = np.clip((HERTZ - 25) / 50, 0, 1).astype(np.float32)
"""Removes what lies below a voice, direct current above all."""


def minimum_phase(spectrum: NDArray[np.float32]) -> NDArray[np.complex64]:
    """Return the minimum-phase response (frames, bins) of log amplitudes in nepers."""
    cepstrum = fft.irfft(np.maximum(spectrum, FLOOR).astype(np.float32), FFT, axis=1)
    cepstrum[:, 1 : FFT // 2] *= 2
    cepstrum[:, FFT // 2 + 1 :] = 0
    logarithm = fft.rfft(cepstrum, axis=1)
    response: NDArray[np.complex64] = np.empty(logarithm.shape, np.complex64)
    size = np.exp(logarithm.real)
    response.real = size * np.cos(logarithm.imag)  # six times as fast as the complex exponential
    response.imag = size * np.sin(logarithm.imag)
    return response


def _windows(signal: NDArray[np.float32], first: int, count: int) -> NDArray[np.complex64]:
    padded = np.zeros((count + 1) * HOP, np.float32)
    begin = (first - 1) * HOP
    low, high = max(begin, 0), min(begin + padded.size, signal.size)
    padded[low - begin : high - begin] = signal[low:high]
    frames = np.lib.stride_tricks.sliding_window_view(padded, 2 * HOP)[::HOP]
    return fft.rfft(frames * _WINDOW, FFT, axis=1)


def synthesise(
    spectrum: NDArray[np.float32],
    breath: NDArray[np.float32],
    pulses: NDArray[np.float32],
    noise: NDArray[np.float32],
    dispersion: NDArray[np.complex64] | None = None,
) -> NDArray[np.float32]:
    """Return the sound of a run of frames.

    Parameters
    ----------
    spectrum : (frames, bins) log amplitude in nepers.
    breath : (frames, bins) share of the power that is noise, 0–1.
    pulses, noise : excitation of power 1, one sample for each of ``(frames − 1) · HOP``.
    dispersion : (bins,) all-pass response for the pulses, or None.

    Returns
    -------
    float32 of length ``(frames − 1) · HOP + FFT``; frame t is centred on sample t · HOP.
    """
    frames = spectrum.shape[0]
    out = np.zeros((frames + 1) * HOP + FFT, np.float32)
    for first in range(0, frames, CHUNK):
        part = slice(first, min(first + CHUNK, frames))
        count = part.stop - part.start
        share = breath[part]
        excited = _windows(pulses, first, count) * np.sqrt(1 - share)
        if dispersion is not None:
            excited *= dispersion
        excited += _windows(noise, first, count) * (np.sqrt(share) * WHISPER)
        excited *= minimum_phase(spectrum[part]) * _RUMBLE
        sounds = fft.irfft(excited, FFT, axis=1) * _TAIL
        sounds -= sounds.sum(axis=1, keepdims=True) * _LEVEL
        for i in range(count):
            begin = (first + i) * HOP
            out[begin : begin + FFT] += sounds[i]
    return out[HOP : HOP + (frames - 1) * HOP + FFT]


def dispersion_of(rng: np.random.Generator, depth: float) -> NDArray[np.complex64]:
    """Return an all-pass response whose delay wanders over frequency above 1.5 kHz by about ``depth`` seconds.

    Equal phase in every pulse is what makes vocoders buzz; a fixed scatter of the upper harmonics' delays softens the
    pulse as a real glottis and vocal tract do (Kawahara 1999, group-delay manipulation).
    """
    kernel = np.hanning(41)
    delay = np.convolve(rng.standard_normal(BINS + 40), kernel / np.sqrt(np.sum(kernel**2)), mode="valid")
    delay = depth * np.maximum(1 + 0.6 * delay, 0) * np.clip((HERTZ - 1500) / 2500, 0, 1)
    phase = -2 * np.pi * np.cumsum(delay) * (HERTZ[1] - HERTZ[0])
    out: NDArray[np.complex64] = np.exp(1j * phase).astype(np.complex64)
    return out
