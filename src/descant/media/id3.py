"""ID3v2.3 tags: what players show beside an MP3.

Written from the standard (id3.org, "ID3 tag version 2.3.0", 1999): text in UTF-16 with a byte order mark, the one
Unicode encoding version 2.3 knows and the one every player reads.
"""

import re
from dataclasses import dataclass

LANGUAGES = {
    "de": "deu",
    "en": "eng",
    "es": "spa",
    "fr": "fra",
    "hi": "hin",
    "it": "ita",
    "ja": "jpn",
    "ko": "kor",
    "nl": "nld",
    "pl": "pol",
    "pt": "por",
    "ru": "rus",
    "tr": "tur",
    "vi": "vie",
    "zh": "zho",
}
"""Two letters of a language (ISO 639-1) to the three that tags want (ISO 639-2)."""

UNKNOWN_LANGUAGE = "und"

_UTF16 = b"\x01"
_FRONT_COVER = 3
_MILLISECONDS = 2
_LYRICS = 1


@dataclass(frozen=True)
class Tags:
    """What is written into a file. Empty fields leave their frame out.

    Attributes
    ----------
    title, artist, album, genre, comment, lyrics, encoder : text; lyrics in full, with their section tags.
    bpm : beats a minute. key : "F# minor" or "Bb major". language : ISO 639-2, three letters.
    cover : a JPEG. words : (word, start in seconds) for players that follow the lyrics.
    """

    title: str = ""
    artist: str = "Descant"
    album: str = "Descant"
    genre: str = ""
    comment: str = ""
    lyrics: str = ""
    bpm: float = 0.0
    key: str = ""
    cover: bytes = b""
    words: tuple[tuple[str, float], ...] = ()
    encoder: str = "Descant"
    language: str = "eng"


def _text(text: str) -> bytes:
    return text.encode("utf-16")


def _ended(text: str) -> bytes:
    return _text(text) + b"\0\0"


def _frame(name: str, body: bytes) -> bytes:
    return name.encode("ascii") + len(body).to_bytes(4, "big") + b"\0\0" + body


def initial_key(key: str) -> str:
    """Return the three-letter form of a key: ``"F# minor"`` is ``"F#m"``."""
    match = re.match(r"^([A-G][#b]?) (.+)$", key)
    if match is None:
        return ""
    minor = match.group(2) in ("minor", "harmonic minor", "dorian", "phrygian")
    return match.group(1) + ("m" if minor else "")


def _synced(tags: Tags) -> bytes:
    head = _UTF16 + tags.language.encode("ascii") + bytes([_MILLISECONDS, _LYRICS]) + _ended("")
    return head + b"".join(_ended(word) + round(1000 * start).to_bytes(4, "big") for word, start in tags.words)


def encode(tags: Tags) -> bytes:
    """Return the tag, to be put before the first MP3 frame."""
    language = tags.language.encode("ascii")
    texts = {
        "TIT2": tags.title,
        "TPE1": tags.artist,
        "TALB": tags.album,
        "TCON": tags.genre,
        "TBPM": str(round(tags.bpm)) if tags.bpm else "",
        "TKEY": initial_key(tags.key),
        "TSSE": tags.encoder,
    }
    frames = [_frame(name, _UTF16 + _text(text)) for name, text in texts.items() if text]
    if tags.comment:
        frames.append(_frame("COMM", _UTF16 + language + _ended("") + _text(tags.comment)))
    if tags.lyrics:
        frames.append(_frame("USLT", _UTF16 + language + _ended("") + _text(tags.lyrics)))
    if tags.words:
        frames.append(_frame("SYLT", _synced(tags)))
    if tags.cover:
        picture = b"\0image/jpeg\0" + bytes([_FRONT_COVER]) + b"\0" + tags.cover
        frames.append(_frame("APIC", picture))
    body = b"".join(frames)
    size = bytes((len(body) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + size + body
