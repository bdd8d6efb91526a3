"""FLAC: lossless at half the size; how stems are kept."""

import io

import soundfile

from descant.media import pcm


def encode(audio: pcm.Audio, bits: int = 24) -> bytes:
    """Return ``audio`` (samples, 2) as a FLAC file of 24 or, dithered, 16 bits."""
    if bits not in (16, 24):
        raise ValueError(f"FLAC of {bits} bits is not written; 16 or 24 are")
    samples = pcm.check(audio)
    file = io.BytesIO()
    data = samples if bits == 24 else pcm.dithered(samples)
    soundfile.write(file, data, pcm.RATE, subtype=f"PCM_{bits}", format="FLAC", compression_level=0.4)
    return file.getvalue()


def decode(data: bytes, start: int = 0, stop: int | None = None) -> pcm.Audio:
    """Return samples ``start`` to ``stop`` of one of our own FLAC files, float32 (samples, 2).

    Raises
    ------
    ValueError : when the file is not FLAC at 48 kHz in stereo.
    """
    return pcm.stored(data, "FLAC", start, stop)
