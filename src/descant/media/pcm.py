"""Float samples to integers, with dither where the steps are coarse enough to hear."""

import io
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from descant.song.streams import stream

RATE = 48_000
"""Samples a second of everything this room writes."""

Audio = NDArray[np.float32]
"""Samples, shape (samples, 2)."""

_CHUNK = 1 << 18


def check(audio: NDArray[Any]) -> Audio:
    """Return ``audio`` as float32.

    Raises
    ------
    ValueError : when it is not of shape (samples, 2) or holds values that are not numbers.
    """
    if audio.ndim != 2 or audio.shape[1] != 2:
        raise ValueError(f"audio has shape {audio.shape}; expected (samples, 2)")
    audio = np.asarray(audio, dtype=np.float32)
    if not np.isfinite(audio.sum(dtype=np.float64)):
        raise ValueError("audio holds values that are not finite")
    return audio


def dithered(audio: Audio) -> NDArray[np.int16]:
    """Return 16-bit samples with triangular dither of ±1 step, always the same for equal input.

    Triangular dither makes the rounding error independent of the signal in mean and power (Lipshitz, Wannamaker and
    Vanderkooy, "Quantization and Dither", JAES 40(5), 1992). Digital silence stays silent.
    """
    noise = stream(0, "media.dither")
    out = np.empty(audio.shape, np.int16)
    for start in range(0, len(audio), _CHUNK):
        block = audio[start : start + _CHUNK]
        shape = block.shape
        triangle = noise.random(shape, np.float32) - noise.random(shape, np.float32)
        scaled = block * np.float32(32767.0)
        scaled += np.where(block == 0.0, np.float32(0.0), triangle)
        out[start : start + _CHUNK] = np.clip(np.rint(scaled), -32768, 32767)
    return out


def rounded(audio: Audio) -> NDArray[np.int16]:
    """Return 16-bit samples rounded without dither, for encoders that add far more noise themselves."""
    return np.asarray(np.clip(np.rint(audio * np.float32(32767.0)), -32768, 32767), np.int16)


def stored(data: bytes, kind: str, start: int = 0, stop: int | None = None) -> Audio:
    """Return samples ``start`` to ``stop`` of a file of ``kind`` ("WAV", "FLAC") that this room wrote, as float32.

    Raises
    ------
    ValueError : when the file is not of that kind, at 48 kHz, in stereo.
    """
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            if (file.format, file.samplerate, file.channels) != (kind, RATE, 2):
                raise ValueError(f"expected {kind}, {RATE} Hz, stereo; got {file.format}, {file.samplerate} Hz")
            file.seek(start)
            frames = (file.frames if stop is None else min(stop, file.frames)) - start
            return np.asarray(file.read(max(0, frames), dtype="float32", always_2d=True))
    except soundfile.LibsndfileError as error:
        raise ValueError(f"not a {kind} file: {error}") from error
