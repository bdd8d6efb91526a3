"""A song as a project: everything that was made of it in one ZIP, for an audio workstation.

All files begin at the same moment and the MIDI runs beside the audio, so dropping them in at the start of a session
puts everything in its place. The audio is compressed already, so nothing is compressed again and the archive is
written while it is sent, from the object store straight to the client.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, cast

from descant.engines import notation
from descant.engines.protocol import AUDIO_FILE, COVER_FILE, MIDI_FILE, RECALL_FILE, SONG_FILE, WAV_FILE
from descant.service.clips import access
from descant.service.clips.access import Library
from descant.service.files.files import object_key
from descant.song.document import Song
from descant.storage import clips
from descant.storage.database import Database
from descant.storage.objects import Objects
from descant.storage.records import AccountRecord
from descant.words import fields, lrc, timing

NAMES = {
    AUDIO_FILE: "song.mp3",
    WAV_FILE: "song.wav",
    MIDI_FILE: "song.mid",
    SONG_FILE: "song.json",
    COVER_FILE: "cover.jpeg",
}
"""What files are called in a project; others, such as the stems, keep their names."""

_EARLIEST = (1980, 1, 1, 0, 0, 0)
_UNFIT = re.compile(r"[^\w\s()'&,!.-]+")


@dataclass(frozen=True)
class Archive:
    """A file under way: its ``name`` for people, and its bytes."""

    name: str
    chunks: Iterator[bytes]


class Projects:
    """The use cases of taking a whole song home."""

    def __init__(self, database: Database, objects: Objects) -> None:
        self._database = database
        self._objects = objects
        self._library = Library(database, objects)

    def lrc(self, account: AccountRecord, clip_id: str) -> str:
        """Return the lyrics of a clip with the time of each line; raises as :func:`.access.finished`."""
        _, song = self._library.song(account, clip_id)
        return _lrc(song)

    def document(self, account: AccountRecord, clip_id: str) -> str:
        """Return the name of the file with a clip's song document; raises as :func:`.access.finished`."""
        return self._named(account, clip_id, SONG_FILE)

    def midi(self, account: AccountRecord, clip_id: str) -> str:
        """Return the name of the file with a clip's notes; raises as :func:`.access.finished`."""
        return self._named(account, clip_id, MIDI_FILE)

    def musicxml(self, account: AccountRecord, clip_id: str) -> bytes:
        """Return the lead sheet of a clip as MusicXML; raises as :func:`.access.finished`."""
        _, song = self._library.song(account, clip_id)
        return notation.musicxml(song)

    def archive(self, account: AccountRecord, clip_id: str) -> Archive:
        """Return a clip with its stems, notes, words and cover as a ZIP; raises as :func:`.access.finished`."""
        clip, song = self._library.song(account, clip_id)
        with self._database.reading() as tx:
            names = [file.name for file in clips.files(tx, [clip.id]) if file.name != RECALL_FILE]
        folder = " ".join(_UNFIT.sub(" ", song.title).split()).strip(". ")[:80] or "Song"
        texts: dict[str, str | bytes] = {
            "lyrics.txt": fields.shown(song.lyrics),
            "lyrics.lrc": _lrc(song),
            "song.musicxml": notation.musicxml(song),
        }
        return Archive(f"{folder}.zip", self._zip(clip.id, folder, names, texts, clip.finished_at or clip.created_at))

    def _named(self, account: AccountRecord, clip_id: str, name: str) -> str:
        with self._database.reading() as tx:
            access.finished(tx, account, clip_id)
        return name

    def _zip(
        self, clip_id: str, folder: str, names: list[str], texts: dict[str, str | bytes], moment: datetime
    ) -> Iterator[bytes]:
        sink = _Sink()
        stamp = max(_EARLIEST, moment.timetuple()[:6])
        with zipfile.ZipFile(cast(BinaryIO, sink), "w", zipfile.ZIP_STORED) as archive:
            for name in names:
                entry = zipfile.ZipInfo(f"{folder}/{NAMES.get(name, name)}", stamp)
                with archive.open(entry, "w", force_zip64=True) as file:
                    for chunk in self._objects.read(object_key(clip_id, name)):
                        file.write(chunk)
                        yield sink.taken()
            for name, text in texts.items():
                archive.writestr(zipfile.ZipInfo(f"{folder}/{name}", stamp), text)
        yield sink.taken()


class _Sink:
    """Where an archive is written to, to be taken out again; without a place to go back to, so nothing is patched."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def write(self, data: bytes) -> int:
        self._buffer += data
        return len(data)

    def flush(self) -> None:
        return

    def taken(self) -> bytes:
        data = bytes(self._buffer)
        self._buffer.clear()
        return data


def _lrc(song: Song) -> str:
    return lrc.encode(song.title, song.seconds, timing.time_words(song.lyrics, song.words))
