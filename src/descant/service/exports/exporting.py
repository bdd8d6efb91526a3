"""What a worker does with an export: encode the file in a child process, and store it beside the clip's others."""

import hashlib
import logging
import shutil
import threading
from dataclasses import dataclass, field
from pathlib import Path

from descant.engines.exports import FILES, NEEDED
from descant.jobs import exporting, isolate
from descant.jobs.engine import Interrupted
from descant.jobs.isolate import Ending, Kind, Limits
from descant.service.files.files import content_type, object_key
from descant.storage import clips, exports
from descant.storage.database import Database
from descant.storage.objects import MissingObject, Objects
from descant.storage.records import ExportRecord, FileRecord, now

_log = logging.getLogger(__name__)
_UNEXPECTED = "a fault of this service, which is in its log"
_REASONS = {
    Kind.OUT_OF_MEMORY: "it needed more memory than a song may use",
    Kind.OUT_OF_TIME: "it took longer than a song may take",
}


@dataclass(frozen=True, kw_only=True)
class Exporter:
    """Makes files in further formats.

    Attributes
    ----------
    folder : of this worker alone; holds a folder for each export under way.
    """

    database: Database
    objects: Objects
    folder: Path
    limits: Limits = field(default_factory=Limits)

    def make(self, export_id: str, stopping: threading.Event) -> None:
        """Bring an export to its end, unless it has one; the work of :class:`descant.jobs.engine.Runner`.

        Raises
        ------
        Interrupted : when ``stopping`` was set first.
        """
        with self.database.reading() as tx:
            export = exports.read(tx, export_id)
        if export is None or export.error:
            return
        home = self.folder / export_id
        try:
            self._make(export, home, stopping)
        finally:
            shutil.rmtree(home, ignore_errors=True)

    def give_up(self, export_id: str) -> None:
        """End an export that kept failing."""
        self._fail(export_id, _UNEXPECTED)

    def sweep(self) -> None:
        """Remove what a process of this worker that died has left."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _make(self, export: ExportRecord, home: Path, stopping: threading.Event) -> None:
        home.mkdir(parents=True, exist_ok=True)
        try:
            for name in NEEDED:
                with (home / name).open("wb") as file:
                    file.writelines(self.objects.read(object_key(export.clip_id, name)))
        except MissingObject:
            self._fail(export.id, "its files are gone")
            return
        made = home / FILES[export.format]
        ending = self._run(export, home, made, stopping)
        if ending.kind is Kind.STOPPED:
            if stopping.is_set():
                raise Interrupted
        elif ending.kind is Kind.RETURNED:
            self._store(export, made)
        else:
            _log.warning("clip %s as %s: %s: %s", export.clip_id, export.format, ending.kind, ending.text)
            self._fail(export.id, _REASONS.get(ending.kind, _UNEXPECTED))

    def _run(self, export: ExportRecord, home: Path, made: Path, stopping: threading.Event) -> Ending:
        return isolate.run(
            exporting.TARGET,
            (str(home), export.format, str(made)),
            limits=self.limits,
            report=lambda done, stage: None,
            may_go_on=lambda: not stopping.is_set() and self._wanted(export),
        )

    def _wanted(self, export: ExportRecord) -> bool:
        with self.database.reading() as tx:
            clip = clips.read(tx, export.clip_id)
            return clip is not None and clip.deleted_at is None and exports.read(tx, export.id) is not None

    def _store(self, export: ExportRecord, made: Path) -> None:
        """Store the file and end the export; take it out again when the clip was deleted meanwhile."""
        with made.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        file = FileRecord(
            clip_id=export.clip_id,
            name=made.name,
            size=made.stat().st_size,
            digest=digest,
            content_type=content_type(made.name),
            created_at=now(),
        )
        key = object_key(export.clip_id, made.name)
        self.objects.put(key, made)
        with self.database.transaction() as tx:
            kept = exports.succeed(tx, export.id, file) or clips.file(tx, export.clip_id, made.name) is not None
        if not kept:
            self.objects.delete(key)

    def _fail(self, export_id: str, reason: str) -> None:
        with self.database.transaction() as tx:
            exports.fail(tx, export_id, reason)
