"""Songs heard while they are made.

The process that makes a song writes MP3 frames into a file of its own; its worker puts what is new into the object
store, piece by piece, where every API process can read it, on this machine or another. A stream belongs to one try at
one song: a song begun again has another. When the song is done its file goes on where the stream ends, and the pieces
are removed. The file's frames are those of the stream, unless the master was changed after it was heard: one that
missed its loudness is corrected as a whole (docs/adr/0012-streaming.md) and encoded again. Its file then differs from
the stream by that gain, and what a listener gets after the last piece is the corrected file, from the same byte on.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from descant.engines import streams as broadcasts
from descant.engines.protocol import AUDIO_FILE
from descant.jobs.engine import Jobs
from descant.service.errors import NotFound
from descant.service.files.files import object_key
from descant.service.webhooks import webhooks
from descant.storage import clips, tasks
from descant.storage.database import Database
from descant.storage.objects import MissingObject, ObjectInfo, Objects
from descant.storage.records import ClipRecord, State

PREFIX = "stream."
"""What the names of pieces begin with, among the objects of a clip; a folder of their own would be left behind."""

_log = logging.getLogger(__name__)


def piece_key(clip_id: str, stream: str, number: int) -> str:
    """Return where a piece of a stream lies in the object store."""
    return object_key(clip_id, f"{PREFIX}{stream}.{number:05d}.mp3")


def _pieces(objects: Objects, clip_id: str, stream: str = "") -> tuple[ObjectInfo, ...]:
    """Return the pieces of a clip, of one stream or of any, in their order."""
    begin = object_key(clip_id, PREFIX + stream)
    return tuple(info for info in objects.list(object_key(clip_id, "")) if info.key.startswith(begin))


def clear(objects: Objects, clip_id: str) -> None:
    """Remove what was heard of a clip while it was made."""
    for info in _pieces(objects, clip_id):
        objects.delete(info.key)


class Publisher:
    """Publishes one try at a clip.

    Parameters
    ----------
    clip : as it was claimed. ``stream``: a name no other try has. ``path``: the file that grows.
    """

    def __init__(
        self, database: Database, objects: Objects, jobs: Jobs, clip: ClipRecord, stream: str, path: Path
    ) -> None:
        self._database, self._objects, self._jobs, self._clip = database, objects, jobs, clip
        self._stream, self._path = stream, path
        self._sent = self._pieces = 0
        self._off = False

    def publish(self) -> None:
        """Publish what is new. A fault ends the stream, not the song: who listens goes on when the song is done."""
        if self._off:
            return
        try:
            with self._path.open("rb") as file:
                file.seek(self._sent)
                fresh = file.read()
            if fresh:
                self._put(fresh)
        except FileNotFoundError:
            return
        except Exception:
            self._off = True
            _log.warning("clip %s is not streamed any further", self._clip.id, exc_info=True)

    def _put(self, fresh: bytes) -> None:
        self._objects.write(piece_key(self._clip.id, self._stream, self._pieces), fresh)
        if not self._pieces:
            self._begin()
        self._sent += len(fresh)
        self._pieces += 1

    def _begin(self) -> None:
        with self._database.transaction() as tx:
            task = tasks.lock(tx, self._clip.task_id)  # before the clip, as everyone does
            if clips.begin_stream(tx, self._clip.id, self._clip.claim, self._stream) and task is not None:
                webhooks.announce_stream(tx, self._jobs, task)


class Standing(StrEnum):
    """What becomes of a stream."""

    GROWING = "growing"
    DONE = "done"
    ENDED = "ended"
    LOST = "lost"


@dataclass(frozen=True)
class Stream:
    """A clip as it is heard while it is made; ``name`` is "" while there is nothing to hear."""

    clip_id: str
    name: str
    database: Database
    objects: Objects

    @property
    def etag(self) -> str:
        """A strong entity tag, quotes included: the pieces of a stream never change.

        It is not the finished file's, whose bytes are others: it begins with tags, and a corrected master's frames
        differ from the stream's.
        """
        return f'"stream-{self.name}"'

    def piece(self, number: int) -> bytes | None:
        """Return a piece, from 0, or None while there is none."""
        try:
            return b"".join(self.objects.read(piece_key(self.clip_id, self.name, number)))
        except MissingObject:
            return None

    def size(self) -> int:
        """Return how many bytes there are so far."""
        return sum(info.size for info in _pieces(self.objects, self.clip_id, self.name))

    def read(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the bytes from ``start`` up to, not including, ``stop``, both within :meth:`size`."""
        place = 0
        for info in _pieces(self.objects, self.clip_id, self.name):
            low, high = max(start - place, 0), min(stop - place, info.size)
            if low < high:
                yield from self.objects.read(info.key, low, high)
            place += info.size

    def standing(self) -> Standing:
        """Return what has become of the stream: DONE when the song is, ENDED when there will be none, LOST when it
        is made once more from its beginning.
        """
        with self.database.reading() as tx:
            clip = clips.read(tx, self.clip_id)
        if clip is None or clip.state is State.FAILED or clip.deleted_at is not None:
            return Standing.ENDED
        if clip.stream != self.name:
            return Standing.LOST
        return Standing.DONE if clip.state is State.SUCCEEDED else Standing.GROWING

    def rest(self, sent: int) -> Iterator[bytes]:
        """Yield what follows after ``sent`` bytes of a stream that is DONE, from the finished file."""
        key = object_key(self.clip_id, AUDIO_FILE)
        head = b"".join(self.objects.read(key, 0, broadcasts.HEAD))
        yield from self.objects.read(key, broadcasts.frames_begin(head) + sent)


class Streams:
    """The use cases of streams."""

    def __init__(self, database: Database, objects: Objects) -> None:
        self._database = database
        self._objects = objects

    def open(self, clip_id: str) -> Stream:
        """Return what is heard of a clip that is being made, for anyone who knows its id.

        Raises
        ------
        NotFound : when there is no such clip, or it is not being made.
        """
        with self._database.reading() as tx:
            clip = clips.read(tx, clip_id)
        if clip is None or clip.state is not State.RUNNING:
            raise NotFound("file", f"{clip_id}/{AUDIO_FILE}")
        return Stream(clip_id, clip.stream, self._database, self._objects)
