"""M4A: AAC in an MP4 file with the tags that phones and music libraries show."""

from descant.media import containers, pcm
from descant.media.id3 import Tags

BITRATE = 256
"""Kilobits a second."""


def encode(audio: pcm.Audio, *, bitrate: int = BITRATE, tags: Tags | None = None) -> bytes:
    """Return ``audio`` (samples, 2) as an M4A file; ``bitrate`` in kilobits a second, 64–320.

    MP4 has no field for the time of each word; the lyrics go in as plain text.
    """
    if not 64 <= bitrate <= 320:
        raise ValueError(f"M4A of {bitrate} kbit/s is not written; 64 to 320 are")
    fields = {**containers.shown(tags), "tmpo": str(round(tags.bpm)) if tags and tags.bpm else ""}
    cover = tags.cover if tags else b""
    return containers.encode(audio, container="mp4", codec="aac", bitrate=bitrate, fields=fields, cover=cover)
