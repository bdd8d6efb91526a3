"""What an engine leaves of a finished song: its document, sound, stems, notes, cover and recall sheet as files."""

from collections import Counter
from pathlib import Path

import numpy as np

from descant.engines import protocol
from descant.engines.stems import stem_file
from descant.media import cover, flac, midi, mp3, wav
from descant.media.id3 import LANGUAGES, UNKNOWN_LANGUAGE, Tags
from descant.mix import recall
from descant.mix.levels import Audio, set_aside
from descant.mix.mixdown import Mixdown
from descant.song.document import Song, encode
from descant.song.score import Role, Score
from descant.words.fields import shown


def tags(song: Song, picture: bytes) -> Tags:
    """Return what players are to show of a song, with ``picture`` (JPEG) as its cover."""
    return Tags(
        title=song.title,
        lyrics=shown(song.lyrics),
        genre=song.plan.genres[0][0],
        comment=song.tags,
        bpm=song.plan.bpm,
        key=song.plan.key.name,
        cover=picture,
        words=tuple((word.text, word.start) for word in song.words if word.role == Role.LEAD_VOCAL),
        language=_language(song.score),
    )


def _language(score: Score) -> str:
    """Return the language of most lines, as tags name it; an instrumental is of none."""
    lines = Counter(phrase.language for part in score.vocals for phrase in part.phrases)
    if not lines:
        return UNKNOWN_LANGUAGE
    code = max(sorted(lines), key=lambda language: lines[language])
    return LANGUAGES.get(code.split("-")[0], UNKNOWN_LANGUAGE)


class Broadcast:
    """A song heard while it is made: its master becomes MP3 frames in a file that grows.

    The ring of the last chords is held back until it is known where the song ends, so that what was heard is the
    finished file, frame by frame.

    Parameters
    ----------
    workspace : where the file, :data:`~descant.engines.protocol.STREAM_FILE`, lies.
    certain : samples that will be in the song wherever it ends.
    """

    def __init__(self, workspace: Path, certain: int) -> None:
        self._path, self._certain, self._heard = workspace / protocol.STREAM_FILE, certain, 0
        self._encoder, self._frames = mp3.Encoder(), bytearray()
        self._held: list[Audio] = []
        self._whole = False

    def hear(self, audio: Audio) -> None:
        """Take the next samples (samples, 2) of the master."""
        now = audio[: max(0, self._certain - self._heard)]
        self._held.append(audio[len(now) :].copy())
        self._heard += len(audio)
        self._send(self._encoder.frames(now) if len(now) else b"")

    def end(self, samples: int) -> None:
        """End a song of so many samples."""
        sent = min(self._certain, self._heard)
        self._whole = samples >= sent
        rest = np.concatenate([np.zeros((0, 2), np.float32), *self._held])[: max(0, samples - sent)]
        self._send(self._encoder.frames(rest) + self._encoder.flush())

    def file(self, mixdown: Mixdown, told: Tags) -> bytes:
        """Return the finished file of a mixdown: the frames that were heard, unless the master changed after them."""
        if mixdown.corrected or not self._whole:
            return mp3.encode(mixdown.master, tags=told)
        return self._encoder.file(bytes(self._frames), told)

    def close(self) -> None:
        """Remove the file that grew."""
        self._path.unlink(missing_ok=True)

    def _send(self, frames: bytes) -> None:
        self._frames += frames
        if frames:
            with self._path.open("ab") as file:
                file.write(frames)


def save(song: Song, mixdown: Mixdown, workspace: Path, heard: Broadcast | None = None) -> None:
    """Write all files of a song into ``workspace``; stems that lie in scratch files leave memory as they are done.

    ``heard`` is what was heard of the song while it was made.
    """
    picture = cover.draw(song.title, song.plan, song.score)
    (workspace / protocol.COVER_FILE).write_bytes(picture)
    (workspace / protocol.MIDI_FILE).write_bytes(midi.encode(song.score))
    told = tags(song, picture)
    (workspace / protocol.WAV_FILE).write_bytes(wav.encode(mixdown.master, tags=told))
    sound = mp3.encode(mixdown.master, tags=told) if heard is None else heard.file(mixdown, told)
    (workspace / protocol.AUDIO_FILE).write_bytes(sound)
    (workspace / protocol.STEMS_FOLDER).mkdir()
    for role, stem in mixdown.stems.items():
        (workspace / stem_file(role.value)).write_bytes(flac.encode(stem))
        set_aside(stem)
    (workspace / protocol.RECALL_FILE).write_bytes(recall.encode(mixdown.recall))
    (workspace / protocol.SONG_FILE).write_bytes(encode(song))
    if heard is not None:
        heard.close()
