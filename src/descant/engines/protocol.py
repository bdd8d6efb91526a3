"""What the service expects of an engine."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from descant.song.brief import Brief
from descant.song.document import Song

Progress = Callable[[float, str], None]
"""Called with the fraction done (0–1, never falling) and the stage: "writing", "performing", "mixing", "encoding"."""

SONG_FILE = "song.json"
AUDIO_FILE = "audio.mp3"
WAV_FILE = "audio.wav"
COVER_FILE = "cover.jpeg"
MIDI_FILE = "score.mid"
STEMS_FOLDER = "stems"
"""Names of what an engine leaves in the workspace; stems are ``stems/<role>.flac``."""


class UnknownEngine(ValueError):
    """No engine has that name."""


class CannotMake(Exception):
    """The brief cannot be made into a song; the message says why, in words for the user."""


class Engine(Protocol):
    """Makes songs. ``name`` and ``version`` go into every song's provenance."""

    name: str
    version: str

    def make(self, brief: Brief, workspace: Path, progress: Progress) -> Song:
        """Make the song of ``brief`` and leave its files in ``workspace`` (an existing, empty folder).

        The same brief gives the same bytes on one machine and version.

        Raises
        ------
        CannotMake : when the words or the wishes cannot become a song, or a sound or voice it needs is missing.
        """
        ...

    def warm(self) -> None:
        """Load what every song needs, so that the first one in this process, or in one forked from it, need not.

        Leaves no threads behind. What is missing raises as it would for a song.
        """
        ...
