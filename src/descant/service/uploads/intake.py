"""What a worker does with a recording before it can be listened to: fetch it, check it, hand it on.

Beginning again at any point is harmless: what was stored is stored again, a clip is handed on only once, and a clip
that has ended is left alone.
"""

import logging
import math
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import BoundedSemaphore

from descant.jobs import intake, isolate
from descant.jobs.engine import Interrupted, Jobs
from descant.jobs.isolate import Kind, Limits
from descant.net.destinations import ForbiddenUrl
from descant.net.outbound import Abandoned, Outbound, OutboundError, TooLarge
from descant.service import requests
from descant.service.tasks import recorded, settling
from descant.service.tasks.settling import UNEXPECTED
from descant.service.uploads import places
from descant.storage import clips, tasks
from descant.storage.database import Database, Transaction
from descant.storage.objects import MissingObject, Objects
from descant.storage.records import ClipRecord, State, now

AT_ONCE = 8
"""Recordings of one worker under way: most of the time they wait for other machines."""

UNDECODABLE = "the recording cannot be taken: it cannot be decoded within the limits of a recording."

_SENT = "'file' was sent"

SHOWN = 200
"""Characters that are told of why another machine did not answer."""

FORGOTTEN = timedelta(hours=1)
"""How long a file may lie in the store before the clip it was sent for is there."""

LOOK_SECONDS = 0.5
"""Time between two looks whether a recording that is being fetched is still wanted."""

_log = logging.getLogger(__name__)


def seldom(question: Callable[[], bool], clock: Callable[[], float] = time.monotonic) -> Callable[[], bool]:
    """Return a question that may be asked often: its answer holds for :data:`LOOK_SECONDS` of ``clock``."""
    asked, answer = -math.inf, False

    def ask() -> bool:
        nonlocal asked, answer
        if clock() - asked >= LOOK_SECONDS:
            asked, answer = clock(), question()
        return answer

    return ask


@dataclass(frozen=True, kw_only=True)
class Intake:
    """Takes recordings in.

    Attributes
    ----------
    folder : of this worker alone; holds a folder for each recording under way.
    most_bytes : of the largest file that is fetched. fetch_seconds : how long fetching it may take.
    most_seconds : of the longest recording.
    limits : of the child process that reads the file.
    """

    database: Database
    objects: Objects
    jobs: Jobs
    outbound: Outbound
    folder: Path
    most_bytes: int
    fetch_seconds: float
    most_seconds: float
    limits: Limits = field(default_factory=lambda: Limits(seconds=120.0, memory=1024**3))
    _reading: BoundedSemaphore = field(default_factory=BoundedSemaphore)

    def take_in(self, item_id: str, stopping: threading.Event) -> None:
        """Bring a recording to where it can be listened to, or its clip to its end; the work of a Runner.

        Raises
        ------
        Interrupted : when ``stopping`` was set first.
        """
        clip_id = places.awaited(item_id)
        home = self.folder / clip_id
        try:
            clip = self._pending(clip_id)
            if clip is not None:
                shutil.rmtree(home, ignore_errors=True)
                home.mkdir(parents=True)
                self._take_in(clip, home, stopping)
        finally:
            shutil.rmtree(home, ignore_errors=True)
        self._clear_when_over(clip_id)

    def give_up(self, item_id: str) -> None:
        """End the clip of a recording whose taking in kept failing."""
        clip_id = places.awaited(item_id)
        self._refuse(clip_id, UNEXPECTED)
        places.clear(self.objects, clip_id)

    def sweep(self) -> None:
        """Remove what a process of this worker that died has left, and recordings that no clip waits for."""
        shutil.rmtree(self.folder, ignore_errors=True)
        for info in self.objects.list(places.FOLDER):
            with self.database.reading() as tx:
                clip = clips.read(tx, places.clip_of(info.key))
            if now() - info.modified > FORGOTTEN if clip is None else clip.state.finished:
                self.objects.delete(info.key)

    def _take_in(self, clip: ClipRecord, home: Path, stopping: threading.Event) -> None:
        waited_for = seldom(lambda: self._pending(clip.id) is not None)

        def wanted() -> bool:
            return not stopping.is_set() and waited_for()

        try:
            if not self._is_clean(clip.id):
                url = self._url(clip)
                self._obtain(clip, url, home / "raw", wanted)
                self._read(home / "raw", home / "clean", f"'url' is {recorded.shown(url)}" if url else _SENT, wanted)
                self.objects.put(places.clean(clip.id), home / "clean")
        except _RefusedError as refusal:
            self._refuse(clip.id, str(refusal))
        except Abandoned:
            if stopping.is_set():
                raise Interrupted from None
        else:
            with self.database.transaction() as tx:
                if _pending(tx, clip.id) is not None:
                    self.jobs.enqueue(tx, clip.id, clip.account_id)  # without a place it comes first: someone waits
            self.objects.delete(places.raw(clip.id))

    def _is_clean(self, clip_id: str) -> bool:
        """Whether an attempt before this one stored the sound; where it came from may be gone since then."""
        try:
            self.objects.head(places.clean(clip_id))
        except MissingObject:
            return False
        return True

    def _url(self, clip: ClipRecord) -> str:
        """Return where a recording is to be fetched, "" for one that was sent."""
        with self.database.reading() as tx:
            return requests.recorded(tasks.requests(tx, [clip.task_id])[clip.task_id]).url

    def _obtain(self, clip: ClipRecord, url: str, path: Path, wanted: Callable[[], bool]) -> None:
        """Fetch a recording from where it was said to be, or take it as it was sent."""
        if not url:
            with path.open("wb") as file:
                file.writelines(self.objects.read(places.raw(clip.id)))
            return
        named = f"'url' is {recorded.shown(url)}, but"
        try:
            self.outbound.fetch(url, path, seconds=self.fetch_seconds, most=self.most_bytes, wanted=wanted)
        except ForbiddenUrl as error:
            raise _RefusedError(f"{named} must be {error}.") from error
        except TooLarge:
            raise _RefusedError(f"{named} the file there is larger than {self.most_bytes:,} bytes.") from None
        except OutboundError as error:
            raise _RefusedError(f"{named} nothing can be fetched there: {str(error)[:SHOWN]}.") from error

    def _read(self, raw: Path, clean: Path, named: str, wanted: Callable[[], bool]) -> None:
        """Have a child process read the file, one of this worker at a time; ``named`` tells the user which it is."""
        with self._reading:
            ending = isolate.run(
                intake.TARGET,
                (str(raw), str(clean), self.most_seconds),
                limits=self.limits,
                report=lambda done, stage: None,
                may_go_on=wanted,
            )
        if ending.kind is Kind.STOPPED:
            raise Abandoned
        if ending.kind is Kind.DECLINED:
            raise _RefusedError(f"{named}, but {ending.text[:1].lower()}{ending.text[1:]}")
        if ending.kind is not Kind.RETURNED:
            _log.warning("a recording could not be read: %s: %s", ending.kind, ending.text)
            raise _RefusedError(f"{named}, but {UNDECODABLE}")

    def _refuse(self, clip_id: str, reason: str) -> None:
        with self.database.transaction() as tx:
            settling.fail_clip(tx, self.jobs, clip_id, reason)

    def _pending(self, clip_id: str) -> ClipRecord | None:
        with self.database.reading() as tx:
            return _pending(tx, clip_id)

    def _clear_when_over(self, clip_id: str) -> None:
        with self.database.reading() as tx:
            clip = clips.read(tx, clip_id)
        if clip is not None and clip.state.finished:
            places.clear(self.objects, clip_id)


class _RefusedError(Exception):
    """No song can be made of the recording; the text says why, in words for the user."""


def _pending(tx: Transaction, clip_id: str) -> ClipRecord | None:
    """Return a clip that nobody has begun, or None."""
    clip = clips.read(tx, clip_id)
    return clip if clip is not None and clip.state is State.PENDING else None
