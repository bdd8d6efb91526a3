"""Opus in Ogg: the smallest file that still sounds like the record, for the web.

Tags are Vorbis comments; the cover is a FLAC picture block in base64, and the times of the words an LRC text, as
players of this format expect (RFC 7845 §5.2; xiph.org, "VorbisComment", cover art).
"""

import base64

from descant.media import containers, pcm
from descant.media.id3 import Tags, initial_key

BITRATE = 160
"""Kilobits a second."""

_FRONT_COVER = 3


def encode(audio: pcm.Audio, *, bitrate: int = BITRATE, tags: Tags | None = None) -> bytes:
    """Return ``audio`` (samples, 2) as an Ogg Opus file; ``bitrate`` in kilobits a second, 32–320."""
    if not 32 <= bitrate <= 320:
        raise ValueError(f"Opus of {bitrate} kbit/s is not written; 32 to 320 are")
    told = tags or Tags()
    fields = {
        **containers.shown(tags),
        "syncedlyrics": "\n".join(_lrc(word, start) for word, start in told.words),
        "bpm": str(round(told.bpm)) if told.bpm else "",
        "key": initial_key(told.key),
        "metadata_block_picture": base64.b64encode(_picture(told.cover)).decode() if told.cover else "",
    }
    return containers.encode(audio, container="ogg", codec="libopus", bitrate=bitrate, fields=fields)


def _lrc(word: str, start: float) -> str:
    minutes, seconds = divmod(round(start, 2), 60.0)
    return f"[{int(minutes):02d}:{seconds:05.2f}]{word}"


def _picture(jpeg: bytes) -> bytes:
    """Return a FLAC picture block; sizes of 0 tell the player to look into the JPEG itself."""
    kind = b"image/jpeg"
    numbers = (0).to_bytes(4, "big") * 5  # an empty description, then width, height, depth and colours unknown
    head = _FRONT_COVER.to_bytes(4, "big") + len(kind).to_bytes(4, "big") + kind
    return head + numbers + len(jpeg).to_bytes(4, "big") + jpeg
