"""WAV: lossless, 24 bits for studios or 16 bits with dither."""

import io

import soundfile

from descant.media import pcm


def encode(audio: pcm.Audio, bits: int = 24) -> bytes:
    """Return ``audio`` (samples, 2) as a WAV file of 24 or 16 bits."""
    if bits not in (16, 24):
        raise ValueError(f"WAV of {bits} bits is not written; 16 or 24 are")
    samples = pcm.check(audio)
    file = io.BytesIO()
    data = samples if bits == 24 else pcm.dithered(samples)
    soundfile.write(file, data, pcm.RATE, subtype=f"PCM_{bits}", format="WAV")
    return file.getvalue()


def decode(data: bytes, start: int = 0, stop: int | None = None) -> pcm.Audio:
    """Return samples ``start`` to ``stop`` of one of our own WAV files, float32 (samples, 2): 24 bits as they were.

    Raises
    ------
    ValueError : when the file is not WAV at 48 kHz in stereo.
    """
    return pcm.stored(data, "WAV", start, stop)
