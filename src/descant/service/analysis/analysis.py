"""The use cases that answer at once from what is stored of a clip; each charges when, and only when, it answers."""

from collections.abc import Sequence
from uuid import uuid4

from descant.engines.protocol import MIDI_FILE, WAV_FILE
from descant.service.analysis import heard, notes, singing, tempo
from descant.service.analysis.notes import Instrument
from descant.service.analysis.tempo import Tempo
from descant.service.clips import access
from descant.service.clips.access import Library
from descant.service.credits import ledger
from descant.service.errors import Invalid
from descant.song.transcription import Evidence
from descant.storage import clips
from descant.storage.database import Database, Transaction
from descant.storage.objects import Objects
from descant.storage.records import AccountRecord, VoiceWindowRecord, now
from descant.words import timing
from descant.words.timing import TimedWord

WAV = "sonic.wav"
MIDI = "sonic.midi"
BPM = "sonic.bpm"
VOX = "sonic.vox"
ALIGNED_LYRICS = "sonic.aligned_lyrics"


class Analysis:
    """The use cases of asking about a clip.

    All raise NotFound when the account has no such clip, Invalid when it failed, was deleted or is not finished, and
    OutOfCredits when the balance does not cover the price.
    """

    def __init__(self, database: Database, objects: Objects) -> None:
        self._database = database
        self._library = Library(database, objects)

    def bpm(self, account: AccountRecord, clip_id: str) -> Tempo:
        """Return how fast a clip is."""
        _, song = self._library.song(account, clip_id)
        found = tempo.tempo(song.score) if song.heard is None else heard.tempo(song.heard)
        self._charge(account, BPM)
        return found

    def midi(self, account: AccountRecord, clip_id: str) -> tuple[Instrument, ...]:
        """Return the notes of a clip; its file "score.mid" is there."""
        clip, song = self._library.song(account, clip_id)
        found = notes.instruments(song.score) if song.heard is None else heard.instruments(song.heard, song.score)
        self._sell_file(account, clip.id, MIDI_FILE, MIDI)
        return found

    def wav(self, account: AccountRecord, clip_id: str) -> None:
        """Sell the lossless file of a clip."""
        self._sell_file(account, clip_id, WAV_FILE, WAV)

    def aligned_lyrics(self, account: AccountRecord, clip_id: str) -> tuple[Sequence[TimedWord], Evidence]:
        """Return the words of a clip with their times, and how those are known; charged for once a clip."""
        clip, song = self._library.song(account, clip_id)
        found = timing.time_words(song.lyrics, song.words)
        if song.heard is not None:
            found = heard.words(song.heard, found)
        self._charge(account, ALIGNED_LYRICS, once=clip.id)
        return found, heard.sung_by(song, "words")

    def vox(
        self, account: AccountRecord, clip_id: str, start: float | None = None, stop: float | None = None
    ) -> tuple[VoiceWindowRecord, Evidence]:
        """Set a stretch of a clip's singing apart, in seconds of its audio; see :func:`.singing.window`.

        Returns
        -------
        The stretch, and how it is known that somebody sings there.
        """
        clip, song = self._library.song(account, clip_id)
        left, right = singing.window(song, start, stop)
        found = VoiceWindowRecord(
            id=str(uuid4()), account_id=account.id, clip_id=clip.id, start=left, stop=right, created_at=now()
        )
        with self._database.transaction() as tx:
            clips.add_voice_window(tx, found)
            ledger.spend(tx, account.id, VOX)
        return found, heard.sung_by(song, "voices")

    def _sell_file(self, account: AccountRecord, clip_id: str, name: str, operation: str) -> None:
        with self._database.transaction() as tx:
            clip = access.finished(tx, account, clip_id)
            _has(tx, clip.id, name)
            ledger.spend(tx, account.id, operation)

    def _charge(self, account: AccountRecord, operation: str, once: str = "") -> None:
        with self._database.transaction() as tx:
            ledger.spend(tx, account.id, operation, once=once)


def _has(tx: Transaction, clip_id: str, name: str) -> None:
    if clips.file(tx, clip_id, name) is None:
        raise Invalid(f"The clip {clip_id!r} has no file {name!r}.")
