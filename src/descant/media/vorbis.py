"""Vorbis comments: the tags of FLAC and Ogg files, with the cover as a FLAC picture.

Written from the standards (xiph.org, "Ogg Vorbis I format specification: comment field"; RFC 9639 §8.6 and §8.8).
"""

from descant.media.id3 import Tags, initial_key

_FRONT_COVER = 3


def comments(tags: Tags) -> dict[str, str]:
    """Return the comments that players of these formats know, by name; empty ones are left out.

    The times of the words are an LRC text.
    """
    found = {
        "TITLE": tags.title,
        "ARTIST": tags.artist,
        "ALBUM": tags.album,
        "GENRE": tags.genre,
        "COMMENT": tags.comment,
        "LYRICS": tags.lyrics,
        "SYNCEDLYRICS": "\n".join(_lrc(word, start) for word, start in tags.words),
        "BPM": str(round(tags.bpm)) if tags.bpm else "",
        "KEY": initial_key(tags.key),
    }
    return {name: text for name, text in found.items() if text}


def picture(jpeg: bytes) -> bytes:
    """Return the body of a picture block; sizes of 0 tell the player to look into the JPEG itself."""
    kind = b"image/jpeg"
    numbers = (0).to_bytes(4, "big") * 5  # an empty description, then width, height, depth and colours unknown
    head = _FRONT_COVER.to_bytes(4, "big") + len(kind).to_bytes(4, "big") + kind
    return head + numbers + len(jpeg).to_bytes(4, "big") + jpeg


def block(tags: Tags) -> bytes:
    """Return the comments as the body of a FLAC metadata block."""
    fields = [f"{name}={text}".encode() for name, text in comments(tags).items()]
    vendor = tags.encoder.encode()
    listed = b"".join(_counted(field) for field in fields)
    return _counted(vendor) + len(fields).to_bytes(4, "little") + listed


def _counted(text: bytes) -> bytes:
    return len(text).to_bytes(4, "little") + text


def _lrc(word: str, start: float) -> str:
    minutes, seconds = divmod(round(start, 2), 60.0)
    return f"[{int(minutes):02d}:{seconds:05.2f}]{word}"
