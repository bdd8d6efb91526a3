"""The use case of downloading a clip in any format: what is not there yet is made by a worker meanwhile."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from uuid import uuid4

from descant.engines import exports as engine
from descant.engines.protocol import AUDIO_FILE, WAV_FILE
from descant.jobs.engine import EXPORT_QUEUE, Jobs
from descant.service.clips import access
from descant.service.credits import ledger
from descant.service.errors import Failed, Invalid, NotFound
from descant.storage import clips, exports
from descant.storage.database import Database, Transaction
from descant.storage.records import AccountRecord, ClipRecord, ExportRecord, now

DOWNLOAD = "sonic.download"

_STORED = {"mp3": AUDIO_FILE, "wav": WAV_FILE}

FORMATS: Mapping[str, str] = MappingProxyType(_STORED | engine.FILES)
"""What a download may hold, each format with the name of its file: the first two are there with every clip."""


class Exports:
    """The use case of downloads."""

    def __init__(self, database: Database, jobs: Jobs) -> None:
        self._database = database
        self._jobs = jobs

    def download(self, account: AccountRecord, clip_id: str, formats: Sequence[str]) -> bool:
        """Sell the audio of a clip in some of :data:`FORMATS`.

        The same formats of a clip are paid for once, so asking until they are there costs nothing more.

        Returns
        -------
        Whether all files are there; otherwise they are being made.

        Raises
        ------
        NotFound : when the account has no such clip, or it was deleted with its files.
        Invalid : when it failed or is not finished, or has no such file.
        OutOfCredits : when the balance does not cover the price.
        Failed : when a file could not be made since it was last asked for; asking again tries again.
        """
        self._tell_failures(account, clip_id, formats)
        with self._database.transaction() as tx:
            if access.owned(tx, account, clip_id).deleted_at is not None:
                raise NotFound("file", f"{clip_id}/{AUDIO_FILE}")
            clip = access.finished(tx, account, clip_id)
            missing = [name for name in sorted(set(formats)) if clips.file(tx, clip_id, FORMATS[name]) is None]
            self._require(tx, clip, missing)
            ledger.spend(tx, account.id, DOWNLOAD, once=f"{clip_id}:{'+'.join(sorted(set(formats)))}")
            self._prepare(tx, clip, missing)
        return not missing

    def _require(self, tx: Transaction, clip: ClipRecord, missing: Sequence[str]) -> None:
        """Refuse what can neither be found nor made."""
        needed = [_STORED[name] for name in missing if name in _STORED]
        if missing and not needed:
            needed = [name for name in engine.NEEDED if clips.file(tx, clip.id, name) is None]
        if needed:
            raise Invalid(f"The clip {clip.id!r} has no file {needed[0]!r}.")

    def _prepare(self, tx: Transaction, clip: ClipRecord, formats: Sequence[str]) -> None:
        """Put into the queue what is not in it."""
        under_way = {export.format for export in exports.of_clip(tx, clip.id)}
        for name in formats:
            if name not in under_way:
                export = ExportRecord(id=str(uuid4()), clip_id=clip.id, format=name, created_at=now())
                exports.add(tx, export)
                self._jobs.enqueue(tx, export.id, clip.account_id, EXPORT_QUEUE)

    def _tell_failures(self, account: AccountRecord, clip_id: str, formats: Sequence[str]) -> None:
        """Raise what went wrong with formats asked for before, once."""
        with self._database.transaction() as tx:
            clip = access.owned(tx, account, clip_id)
            failed = [export for export in exports.of_clip(tx, clip.id) if export.error and export.format in formats]
            exports.remove(tx, [export.id for export in failed])
        if failed:
            raise Failed(
                f"The format {failed[0].format!r} of the clip {clip_id!r} could not be made: {failed[0].error}"
            )
