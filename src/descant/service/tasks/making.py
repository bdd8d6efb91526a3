"""What a worker does with a clip: make it in a child process, store its files, end it.

Beginning again at any point is harmless. Each attempt holds a claim on the clip and writes into a folder of its own;
only the holder of the claim can end the clip. A finished song is kept in the clip's folder under :data:`MADE` until
it is stored, so an attempt that follows a death between making and storing only stores.
"""

import hashlib
import logging
import shutil
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import msgspec

from descant.engines.protocol import RECORDING_FILE, STREAM_FILE
from descant.engines.sources import needed
from descant.jobs import isolate, making
from descant.jobs.engine import Interrupted, Jobs
from descant.jobs.isolate import Ending, Kind, Limits
from descant.jobs.making import Made
from descant.service.files import streams
from descant.service.files.files import content_type, object_key
from descant.service.files.streams import Publisher
from descant.service.tasks import settling
from descant.service.tasks.recorded import is_recording
from descant.service.tasks.settling import UNEXPECTED
from descant.service.uploads import places
from descant.song import orders
from descant.storage import clips, tasks
from descant.storage.database import Database, Transaction
from descant.storage.objects import MissingObject, Objects
from descant.storage.records import ClipRecord, FileRecord, now

MADE = "made"
RESULT_FILE = "made.json"
SOURCES = "sources"

REPORT_SECONDS = 0.5
"""Progress is written at most this often."""

MOST_CRASHES = 3
"""A clip whose own process died this often is given up."""

MOST_STARTS = 20
"""A clip begun this often without an end is given up, whatever ended the attempts."""

_DELETED = "The clip {!r}, which this was to be made from, was deleted meanwhile. The credits were given back."
_REASONS = {
    Kind.OUT_OF_MEMORY: "The song needed more memory than a song may use.",
    Kind.OUT_OF_TIME: "The song took longer to make than a song may take.",
    Kind.RAISED: UNEXPECTED,
    Kind.CRASHED: UNEXPECTED,
}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Workshop:
    """Where and how songs are made.

    Attributes
    ----------
    folder : holds a folder a clip under way.
    worker : the executor's name, noted on the clips it makes.
    engine : import path of the engine's loader.
    """

    database: Database
    objects: Objects
    jobs: Jobs
    folder: Path
    worker: str
    engine: str = making.SCORE_ENGINE
    limits: Limits = field(default_factory=Limits)

    def make(self, clip_id: str, stopping: threading.Event) -> None:
        """Bring a clip to its end, unless it has one; the work of :class:`descant.jobs.engine.Runner`.

        Raises
        ------
        Interrupted : when ``stopping`` was set first; the clip is then as if this attempt had not been.
        """
        with self.database.transaction() as tx:
            clip = clips.claim(tx, clip_id, claim=str(uuid4()), worker=self.worker, at=now())
        if clip is not None:
            _Attempt(self, clip, stopping).run()
        self._tidy(clip_id)

    def give_up(self, clip_id: str) -> None:
        """End a clip whose making or storing kept failing."""
        with self.database.transaction() as tx:
            settling.fail_clip(tx, self.jobs, clip_id, UNEXPECTED)
        self._tidy(clip_id)

    def _tidy(self, clip_id: str) -> None:
        """Remove what a clip that has ended needs no more: its folder, and the recording it was made from."""
        shutil.rmtree(self.folder / clip_id, ignore_errors=True)
        with self.database.reading() as tx:
            clip = clips.read(tx, clip_id)
        if clip is not None and clip.state.finished:
            streams.clear(self.objects, clip_id)
            if is_recording(clip):
                places.clear(self.objects, clip_id)

    def sweep(self) -> None:
        """Remove the folders of clips that are finished, or were never ours."""
        if not self.folder.is_dir():
            return
        found = [path for path in self.folder.iterdir() if path.is_dir()]
        with self.database.reading() as tx:
            unfinished = clips.unfinished(tx, [path.name for path in found])
        for path in found:
            if path.name not in unfinished:
                shutil.rmtree(path, ignore_errors=True)


class _Attempt:
    """One try at one clip, from its claim to its end."""

    def __init__(self, shop: Workshop, clip: ClipRecord, stopping: threading.Event) -> None:
        self._shop = shop
        self._clip = clip
        self._stopping = stopping
        self._home = shop.folder / clip.id
        self._reported = 0.0
        self._publisher: Publisher | None = None

    def run(self) -> None:
        if self._clip.starts > MOST_STARTS:
            self._fail(UNEXPECTED)
            return
        if not (self._home / MADE).is_dir() and not self._make():
            return
        self._store(self._home / MADE)

    def _make(self) -> bool:
        """Make the song; False when the clip is not this attempt's any more, or was ended without a song."""
        shutil.rmtree(self._home, ignore_errors=True)  # what attempts that died have left
        sources = self._fetched()
        if sources is None:
            return False
        for _ in range(MOST_CRASHES):
            ending, workspace = self._run_child(sources)
            if ending.kind is Kind.RETURNED:
                (workspace / RESULT_FILE).write_text(ending.text, encoding="utf-8")
                self._keep(workspace)
                return True
            shutil.rmtree(workspace, ignore_errors=True)
            if ending.kind is Kind.STOPPED:
                self._stand_back()
                return False
            _log.warning("clip %s: %s: %s", self._clip.id, ending.kind, ending.text)
            if ending.kind is not Kind.CRASHED or self._count_crash() >= MOST_CRASHES:
                self._fail(ending.text if ending.kind is Kind.DECLINED else _REASONS[ending.kind])
                return False
        return False

    def _run_child(self, sources: Sequence[Path]) -> tuple[Ending, Path]:
        workspace = self._home / str(uuid4())
        workspace.mkdir(parents=True)
        folders = [str(folder) for folder in sources]
        shop, heard = self._shop, workspace / STREAM_FILE
        streams.clear(shop.objects, self._clip.id)  # what attempts that died have left
        self._publisher = Publisher(shop.database, shop.objects, shop.jobs, self._clip, workspace.name, heard)
        ending = isolate.run(
            making.TARGET,
            (self._shop.engine, self._clip.order, folders, str(workspace)),
            limits=self._shop.limits,
            report=self._report,
            may_go_on=self._may_go_on,
        )
        return ending, workspace

    def _fetched(self) -> tuple[Path, ...] | None:
        """Return a folder for each source, with those of its files that the order needs; of a recording, its sound.

        None when the clip is not this attempt's any more, or was failed because a source had been deleted.
        """
        if is_recording(self._clip):
            folder = self._home / SOURCES
            self._fetch(places.clean(self._clip.id), folder / RECORDING_FILE)
            return (folder,)
        with self._shop.database.reading() as tx:
            sources = clips.sources(tx, self._clip.id)
        folders = []
        for number, source in enumerate(sources):
            folder = self._home / SOURCES / str(number)
            try:
                for name in self._needed(source.id):
                    if not self._may_go_on():
                        self._stand_back()
                        return None
                    self._fetch(object_key(source.id, name), folder / name)
            except MissingObject:
                with self._shop.database.reading() as tx:
                    deleted = _deleted(tx, source.id)
                if not deleted:
                    raise
                self._fail(_DELETED.format(source.id))
                return None
            folders.append(folder)
        return tuple(folders)

    def _needed(self, source_id: str) -> tuple[str, ...]:
        """Return the names of a source's files that the order needs; raise MissingObject when it was deleted."""
        with self._shop.database.reading() as tx:
            held = [file.name for file in clips.files(tx, [source_id])]
            if _deleted(tx, source_id):  # asked last: before it the files might have gone unnoticed
                raise MissingObject(source_id)
        return needed(orders.decode(self._clip.order), held)

    def _fetch(self, key: str, path: Path) -> None:
        """Copy an object to ``path``."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.writelines(self._shop.objects.read(key))

    def _keep(self, workspace: Path) -> None:
        """Rename the finished workspace, all at once; an equal one that is there already is as good."""
        try:
            workspace.rename(self._home / MADE)
        except OSError:
            if not (self._home / MADE).is_dir():
                raise
            shutil.rmtree(workspace, ignore_errors=True)

    def _store(self, made: Path) -> None:
        """Put the files into the object store and end the clip; take them out again if it had ended meanwhile."""
        result = msgspec.json.decode((made / RESULT_FILE).read_bytes(), type=Made)
        self._report(1.0, "storing", always=True)
        files = []
        for path in sorted(path for path in made.rglob("*") if path.is_file() and path.name != RESULT_FILE):
            if self._stopping.is_set():
                self._stand_back()
            name = path.relative_to(made).as_posix()
            self._shop.objects.put(object_key(self._clip.id, name), path)
            files.append(_describe(self._clip.id, name, path))
        if not self._succeed(result, files):
            self._withdraw()

    def _succeed(self, made: Made, files: list[FileRecord]) -> bool:
        with self._shop.database.transaction() as tx:
            task = tasks.lock(tx, self._clip.task_id)
            ended = task is not None and clips.succeed(
                tx,
                self._clip.id,
                self._clip.claim,
                title=made.title,
                tags=made.tags,
                lyrics=made.lyrics,
                duration=made.seconds,
                joined_at=made.joined_at,
                files=files,
                at=now(),
            )
            if ended and task is not None:
                settling.settle(tx, self._shop.jobs, task, (self._clip.id,))
        return ended

    def _withdraw(self) -> None:
        """Delete what was stored for a clip that ended without a song; what another attempt owns is left to it."""
        with self._shop.database.reading() as tx:
            clip = clips.read(tx, self._clip.id)
        if clip is None or (clip.state.finished and clip.duration is None):
            for info in self._shop.objects.list(object_key(self._clip.id, "")):
                self._shop.objects.delete(info.key)

    def _stand_back(self) -> None:
        """Raise Interrupted after putting the clip back when the worker stops; return when the clip was lost."""
        if not self._stopping.is_set():
            return
        with self._shop.database.transaction() as tx:
            clips.give_back(tx, self._clip.id, self._clip.claim)
        raise Interrupted

    def _fail(self, reason: str) -> None:
        with self._shop.database.transaction() as tx:
            settling.fail_clip(tx, self._shop.jobs, self._clip.id, reason, claim=self._clip.claim)

    def _count_crash(self) -> int:
        with self._shop.database.transaction() as tx:
            clips.count_crash(tx, self._clip.id, self._clip.claim)
            clip = clips.read(tx, self._clip.id)
        return MOST_CRASHES if clip is None else clip.crashes

    def _may_go_on(self) -> bool:
        self._publish()
        if self._stopping.is_set():
            return False
        with self._shop.database.reading() as tx:
            return clips.holds(tx, self._clip.id, self._clip.claim)

    def _publish(self) -> None:
        if self._publisher is not None:
            self._publisher.publish()

    def _report(self, progress: float, stage: str, *, always: bool = False) -> None:
        self._publish()
        moment = time.monotonic()
        if not always and moment - self._reported < REPORT_SECONDS:
            return
        self._reported = moment
        with self._shop.database.transaction() as tx:
            clips.report(tx, self._clip.id, self._clip.claim, progress=min(max(progress, 0.0), 1.0), stage=stage)


def _deleted(tx: Transaction, clip_id: str) -> bool:
    clip = clips.read(tx, clip_id)
    return clip is None or clip.deleted_at is not None


def _describe(clip_id: str, name: str, path: Path) -> FileRecord:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return FileRecord(
        clip_id=clip_id,
        name=name,
        size=path.stat().st_size,
        digest=digest,
        content_type=content_type(name),
        created_at=now(),
    )
