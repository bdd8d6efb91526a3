"""WAV: lossless, 24 bits for studios or 16 bits with dither."""

import io

import soundfile

from descant.media import id3, pcm


def encode(audio: pcm.Audio, bits: int = 24, *, tags: id3.Tags | None = None) -> bytes:
    """Return ``audio`` (samples, 2) as a WAV file of 24 or, dithered, 16 bits.

    ``tags`` are written behind the sound, where tools that know none skip them: as an ID3 tag, which holds all of
    them, and as the INFO list, whose few fields sound editors show.
    """
    if bits not in (16, 24):
        raise ValueError(f"WAV of {bits} bits is not written; 16 or 24 are")
    samples = pcm.check(audio)
    file = io.BytesIO()
    data = samples if bits == 24 else pcm.dithered(samples)
    soundfile.write(file, data, pcm.RATE, subtype=f"PCM_{bits}", format="WAV")
    if tags is not None:
        _tag(file, tags)
    return file.getvalue()


def _tag(file: io.BytesIO, tags: id3.Tags) -> None:
    """Add the chunks of ``tags`` at the end of a file, in place: a long one is held once."""
    named = {"INAM": tags.title, "IART": tags.artist, "IPRD": tags.album, "IGNR": tags.genre, "ISFT": tags.encoder}
    info = b"".join(_chunk(name.encode(), text.encode() + b"\0") for name, text in named.items() if text)
    end = file.seek(0, io.SEEK_END)
    end += file.write(_chunk(b"LIST", b"INFO" + info) + _chunk(b"id3 ", id3.encode(tags)))
    file.seek(4)
    file.write((end - 8).to_bytes(4, "little"))


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) % 2)


def decode(data: bytes, start: int = 0, stop: int | None = None) -> pcm.Audio:
    """Return samples ``start`` to ``stop`` of one of our own WAV files, float32 (samples, 2): 24 bits as they were.

    Raises
    ------
    ValueError : when the file is not WAV at 48 kHz in stereo.
    """
    return pcm.stored(data, "WAV", start, stop)
