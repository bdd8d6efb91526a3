"""Opus in Ogg: the smallest file that still sounds like the record, for the web.

The cover goes into the comments as a FLAC picture block in base64, as players of this format expect (RFC 7845 §5.2;
xiph.org, "VorbisComment", cover art).
"""

import base64

from descant.media import containers, pcm, vorbis
from descant.media.id3 import Tags

BITRATE = 160
"""Kilobits a second."""


def encode(audio: pcm.Audio, *, bitrate: int = BITRATE, tags: Tags | None = None) -> bytes:
    """Return ``audio`` (samples, 2) as an Ogg Opus file; ``bitrate`` in kilobits a second, 32–320."""
    if not 32 <= bitrate <= 320:
        raise ValueError(f"Opus of {bitrate} kbit/s is not written; 32 to 320 are")
    fields = vorbis.comments(tags) if tags else {}
    if tags and tags.cover:
        fields["METADATA_BLOCK_PICTURE"] = base64.b64encode(vorbis.picture(tags.cover)).decode()
    return containers.encode(audio, container="ogg", codec="libopus", bitrate=bitrate, fields=fields)
