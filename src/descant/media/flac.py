"""FLAC: lossless at half the size; how stems are kept."""

import io

import soundfile

from descant.media import pcm, vorbis
from descant.media.id3 import Tags

_MARK = b"fLaC"
_LAST = 0x80
_STREAM_INFO, _COMMENT, _PICTURE = 0, 4, 6
_KEPT = (_STREAM_INFO, 3)
"""Kinds of metadata blocks (RFC 9639 §8.1); of the encoder's own those that describe the stream are kept, 3 seeks."""


def encode(audio: pcm.Audio, bits: int = 24, *, tags: Tags | None = None) -> bytes:
    """Return ``audio`` (samples, 2) as a FLAC file of 24 or, dithered, 16 bits, with ``tags`` and their cover."""
    if bits not in (16, 24):
        raise ValueError(f"FLAC of {bits} bits is not written; 16 or 24 are")
    samples = pcm.check(audio)
    file = io.BytesIO()
    data = samples if bits == 24 else pcm.dithered(samples)
    soundfile.write(file, data, pcm.RATE, subtype=f"PCM_{bits}", format="FLAC", compression_level=0.4)
    return file.getvalue() if tags is None else _tagged(file.getvalue(), tags)


def _tagged(data: bytes, tags: Tags) -> bytes:
    """Return a file with its comments and pictures replaced by ``tags``."""
    place, last, blocks = len(_MARK), False, []
    while not last:
        kind, last = data[place] & ~_LAST, bool(data[place] & _LAST)
        size = int.from_bytes(data[place + 1 : place + 4], "big")
        if kind in _KEPT:
            blocks.append((kind, data[place + 4 : place + 4 + size]))
        place += 4 + size
    blocks.append((_COMMENT, vorbis.block(tags)))
    if tags.cover:
        blocks.append((_PICTURE, vorbis.picture(tags.cover)))
    metadata = b"".join(
        bytes([kind | (_LAST if number == len(blocks) else 0)]) + len(body).to_bytes(3, "big") + body
        for number, (kind, body) in enumerate(blocks, 1)
    )
    return _MARK + metadata + data[place:]


def decode(data: bytes, start: int = 0, stop: int | None = None) -> pcm.Audio:
    """Return samples ``start`` to ``stop`` of one of our own FLAC files, float32 (samples, 2).

    Raises
    ------
    ValueError : when the file is not FLAC at 48 kHz in stereo.
    """
    return pcm.stored(data, "FLAC", start, stop)
