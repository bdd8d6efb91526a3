"""Stored files, by addresses that work without a key because they cannot be guessed.

A clip's audio and cover are open to whoever knows its id. Its lossless file, its notes and its document are not: a
song's address is given away when the song is shown, and with it would go what its owner may want to keep, or has not
paid for. They are reached by their owner's key, or by a link that holds a pass made from the server's secret.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from descant.engines.exports import FILES as EXPORTS
from descant.engines.protocol import AUDIO_FILE, COVER_FILE, MIDI_FILE, WAV_FILE
from descant.service.errors import NotFound
from descant.storage import clips
from descant.storage.database import Database
from descant.storage.objects import Objects

CONTENT_TYPES = {
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".opus": "audio/ogg",
    ".mp4": "video/mp4",
    ".jpeg": "image/jpeg",
    ".mid": "audio/midi",
    ".json": "application/json",
}

VIDEO_FILE = EXPORTS["mp4"]

GRANTED = {"wav": WAV_FILE, "mid": MIDI_FILE} | {
    name.partition(".")[2]: name for name in EXPORTS.values() if name != VIDEO_FILE
}
"""The files of a clip that are reached with a pass, by the ending of their address."""


def object_key(clip_id: str, name: str) -> str:
    """Return where a clip's file lies in the object store."""
    return f"clips/{clip_id}/{name}"


def content_type(name: str) -> str:
    """Return the media type of a file by its name."""
    return CONTENT_TYPES.get(Path(name).suffix, "application/octet-stream")


@dataclass(frozen=True)
class StoredFile:
    """A file ready to be sent.

    Attributes
    ----------
    size : bytes.
    etag : a strong entity tag, quotes included: the beginning of the SHA-256 of the bytes.
    path : where it lies on this machine, or None when it is in a bucket.
    """

    clip_id: str
    name: str
    size: int
    etag: str
    content_type: str
    modified: datetime
    path: Path | None
    objects: Objects

    def read(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the bytes from ``start`` up to, not including, ``stop`` (None: the end)."""
        return self.objects.read(object_key(self.clip_id, self.name), start, self.size if stop is None else stop)


class Files:
    """The use cases of files. ``secret`` is the server's: whoever has it can make passes."""

    def __init__(self, database: Database, objects: Objects, secret: str) -> None:
        self._database = database
        self._objects = objects
        self._secret = secret.encode()

    def grant(self, clip_id: str, name: str) -> str:
        """Return the pass to one file of a clip: 22 letters, always the same, worthless for any other file."""
        digest = hmac.digest(self._secret, f"file:{clip_id}/{name}".encode(), "sha256")
        return urlsafe_b64encode(digest[:16]).decode().rstrip("=")

    def open_with(self, granted: str, clip_id: str, name: str) -> StoredFile:
        """Return a file as :meth:`open`, given its pass; a wrong pass raises NotFound as well."""
        if not hmac.compare_digest(granted.encode(), self.grant(clip_id, name).encode()):
            raise NotFound("file", f"{clip_id}/{name}")
        return self.open(clip_id, name)

    def audio(self, clip_id: str) -> StoredFile:
        """Return the audio of a finished clip, for anyone who knows its id; raises as :meth:`open`."""
        return self.open(clip_id, AUDIO_FILE)

    def cover(self, clip_id: str) -> StoredFile:
        """Return the cover of a finished clip, for anyone who knows its id; raises as :meth:`open`."""
        return self.open(clip_id, COVER_FILE)

    def video(self, clip_id: str) -> StoredFile:
        """Return the video of a clip, once made, for anyone who knows its id; raises as :meth:`open`."""
        return self.open(clip_id, VIDEO_FILE)

    def open(self, clip_id: str, name: str) -> StoredFile:
        """Return a file of a finished clip, such as "audio.mp3" or "stems/drums.flac".

        Raises
        ------
        NotFound : when there is no such clip, it is not finished, or it has no such file.
        """
        with self._database.reading() as tx:
            record = clips.file(tx, clip_id, name)
        if record is None:
            raise NotFound("file", f"{clip_id}/{name}")
        return StoredFile(
            clip_id=clip_id,
            name=name,
            size=record.size,
            etag=f'"{record.digest[:32]}"',
            content_type=record.content_type,
            modified=record.created_at,
            path=self._objects.path(object_key(clip_id, name)),
            objects=self._objects,
        )
