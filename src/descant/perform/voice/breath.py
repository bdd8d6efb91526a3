"""The breath before a phrase.

Air drawn in through an open mouth: noise with the broad resonances of a neutral vocal tract, swelling for most of its
length and cut off shortly before the first sound (Fukuda, Ichikawa & Nishimura 2018, on breath in speech and song).
"""

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from descant.perform.voice.envelope import DECIBEL
from descant.perform.voice.excitation import SAMPLE_RATE
from descant.song.streams import stream

LEVEL = -47.0
"""dBFS (RMS at its loudest): about 27 dB below the voice, heard when the band is quiet."""

GAP = 0.05
"""Seconds of stillness between breath and first consonant."""

_PEAKS = ((900.0, 350.0, 6.0), (1700.0, 400.0, 9.0), (2900.0, 600.0, 8.0), (5200.0, 1500.0, 7.0))
"""(centre Hz, width Hz, dB) over a floor that falls on both sides of 1–6 kHz."""


def breath(seconds: float, warp: float, seed: int, name: str) -> NDArray[np.float32]:
    """Return a breath of ``seconds``, its resonances moved by ``warp``."""
    count = int(seconds * SAMPLE_RATE)
    if count < 1:
        return np.zeros(0, np.float32)
    spectrum = fft.rfft(stream(seed, name).standard_normal(count))
    hertz = np.maximum(np.arange(spectrum.size) * SAMPLE_RATE / count / warp, 1.0)
    decibels = -24 * np.log2(np.maximum(700 / hertz, 1)) - 9 * np.log2(np.maximum(hertz / 6000, 1))
    for centre, width, height in _PEAKS:
        decibels += height * np.exp(-0.5 * ((hertz - centre) / width) ** 2)
    sound = fft.irfft(spectrum * np.exp(decibels * DECIBEL), count)
    x = np.arange(count) / count
    shape = (
        np.sin(0.5 * np.pi * np.clip(x / 0.7, 0, 1)) ** 2 * np.cos(0.5 * np.pi * np.clip((x - 0.82) / 0.18, 0, 1)) ** 2
    )
    loudest = np.sqrt(np.mean(sound**2))
    out: NDArray[np.float32] = (sound / loudest * shape * 10 ** (LEVEL / 20)).astype(np.float32)
    return out
