"""The song document: what is stored beside a clip's audio, and what every edit starts from."""

import msgspec

from descant.song.brief import Brief
from descant.song.plan import Plan
from descant.song.score import Score
from descant.song.transcription import Transcription

SCHEMA = 1
"""Version of the document's shape; raised when a stored document would no longer decode."""


class WordTime(msgspec.Struct, frozen=True):
    """When a word is heard: seconds from the first sample of the audio. ``section`` and ``line`` count from 0."""

    text: str
    start: float
    stop: float
    section: int
    line: int
    role: str = "vocals"


class Provenance(msgspec.Struct, frozen=True, kw_only=True):
    """Which engine made the audio, in which version, from which seed, with which sounds."""

    engine: str
    version: str
    seed: int
    sounds: str = ""
    voices: tuple[str, ...] = ()


class Song(msgspec.Struct, frozen=True, kw_only=True):
    """A finished song: what was asked, decided and written, who made it, and what came out.

    ``lyrics`` is the text as sung, with section tags; ``tags`` the style as given or generated. ``seconds`` is the
    length of the audio; ``loudness`` in LUFS and ``true_peak`` in dBTP were measured on the master. ``joined_at``
    is, for a song that extends another, where in the other's audio it begins, in seconds, and ``before`` the score of
    all that was heard before it, ending where its own beat 0 falls: an extension goes on from more than itself.
    ``heard`` is, for a recording that was sent in, all that was heard in it; its ``score`` is then a partial one made
    from that, and its audio the stem ``Role.RECORDING``. A song that is made of a recording keeps what was heard of it
    where it goes on sounding, in seconds of the song. None where no recording sounds. ``tuning`` is in cents over
    concert pitch, of what was performed to go with a recording.
    """

    brief: Brief
    plan: Plan
    score: Score
    provenance: Provenance
    title: str
    lyrics: str
    tags: str
    seconds: float
    loudness: float
    true_peak: float
    words: tuple[WordTime, ...] = ()
    joined_at: float | None = None
    before: Score | None = None
    heard: Transcription | None = None
    tuning: float = 0.0
    schema: int = SCHEMA


def encode(song: Song) -> bytes:
    """Return the document as JSON (UTF-8). The same song gives the same bytes, also after decoding."""
    return msgspec.json.encode(song, order="sorted")


def decode(data: bytes) -> Song:
    """Return the song of a JSON document.

    Raises
    ------
    ValueError : when the document is not a song of schema :data:`SCHEMA`.
    """
    try:
        song = msgspec.json.decode(data, type=Song)
    except msgspec.DecodeError as error:
        raise ValueError(f"not a song document: {error}") from error
    if song.schema != SCHEMA:
        raise ValueError(f"song document has schema {song.schema}; this version reads {SCHEMA}")
    return song
