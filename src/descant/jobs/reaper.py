"""Finds the work of workers that went silent and puts it back into the queue.

The workflow engine leaves this to a service we do not have. On one machine the supervisor brings a dead worker back
under its old name, which takes up its work at once; the reaper is for machines that do not come back. A worker may be
called dead that only could not reach the database: then its work is begun a second time elsewhere, and the first
attempt finds at its next write that it no longer owns the item.
"""

import logging
import threading
from datetime import timedelta

from descant.jobs.engine import Jobs
from descant.jobs.heartbeat import Heartbeat
from descant.storage import workers
from descant.storage.database import Database
from descant.storage.records import now

SILENT_SECONDS = 30.0
"""A worker that gave no sign of life for this long is taken for dead."""

ROUND_SECONDS = 10.0
KEEP_SECONDS = 7 * 24 * 3600.0
"""How long the engine's own records of finished work are kept; ours stay."""

_log = logging.getLogger(__name__)


def reap(database: Database, jobs: Jobs, *, silent: float = SILENT_SECONDS) -> list[str]:
    """Put the work of every executor that was silent for ``silent`` seconds back; return the items."""
    held = jobs.held()
    with database.reading() as tx:
        living = {worker.executor_id for worker in workers.alive(tx, now() - timedelta(seconds=silent))}
    lost = sorted(item for item, executor in held.items() if executor not in living)
    jobs.resume(lost)
    if lost:
        _log.warning("took up %d items of workers that went silent", len(lost))
    return lost


class Reaper:
    """Reaps every :data:`ROUND_SECONDS` in a thread of its own, while this process's own heart beats steadily."""

    def __init__(self, database: Database, jobs: Jobs, heartbeat: Heartbeat) -> None:
        self._database = database
        self._jobs = jobs
        self._heartbeat = heartbeat
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reaper", daemon=True)

    def start(self) -> None:
        """Begin; the first round comes once every living worker has had time to beat."""
        self._thread.start()

    def stop(self) -> None:
        """Stop."""
        self._stopping.set()
        self._thread.join(ROUND_SECONDS)

    def _run(self) -> None:
        while not self._stopping.wait(ROUND_SECONDS):
            if self._heartbeat.steady() < SILENT_SECONDS:
                continue
            try:
                reap(self._database, self._jobs)
                self._jobs.forget(KEEP_SECONDS)
                with self._database.transaction() as tx:
                    workers.forget(tx, now() - timedelta(seconds=KEEP_SECONDS))
            except Exception:
                _log.warning("the round for lost work failed; the next one tries again", exc_info=True)
