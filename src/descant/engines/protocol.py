"""What the service expects of an engine."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from descant.song.document import Song
from descant.song.orders import Order

Progress = Callable[[float, str], None]
"""Called with the fraction done (0–1, never falling) and the stage: "writing", "performing", "mixing", "encoding"."""

SONG_FILE = "song.json"
AUDIO_FILE = "audio.mp3"
WAV_FILE = "audio.wav"
COVER_FILE = "cover.jpeg"
MIDI_FILE = "score.mid"
RECALL_FILE = "mix.json"
STEMS_FOLDER = "stems"
"""Names of what an engine leaves in the workspace; stems are ``stems/<role>.flac``, ``mix.json`` the recall sheet."""

STREAM_FILE = "stream.mp3"
"""Name of what is heard of a song while it is made: MP3 frames, which grow and are those of the finished file."""

RECORDING_FILE = "recording"
"""Name of a recording that was sent in, in the folder of an order to listen to it: sound that can be decoded."""


class UnknownEngine(ValueError):
    """No engine has that name."""


class CannotMake(Exception):
    """The order cannot be made into a song; the message says why, in words for the user."""


class Engine(Protocol):
    """Makes songs. ``name`` and ``version`` go into every song's provenance."""

    name: str
    version: str

    def make(self, order: Order, sources: Sequence[Path], workspace: Path, progress: Progress) -> Song:
        """Carry out an order and leave the song's files in ``workspace`` (an existing, empty folder).

        The same order on the same sources gives the same bytes on one machine and version. While it works, the song
        may grow in :data:`STREAM_FILE`, which is gone when it is done.

        Parameters
        ----------
        sources : a folder for each song the order starts from, in its order, with the files that
            :func:`descant.engines.sources.needed` names.

        Raises
        ------
        CannotMake : when the words or the wishes cannot become a song, when the edit cannot be made of these songs,
            or when a sound or voice is missing.
        """
        ...

    def warm(self) -> None:
        """Load what every song needs, so that the first one in this process, or in one forked from it, need not.

        Leaves no threads behind. What is missing raises as it would for a song.
        """
        ...
