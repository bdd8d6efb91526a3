"""A sign of life from each worker, in the database where the others can see it."""

import logging
import os
import socket
import threading
import time
from datetime import timedelta

from descant.storage import workers
from descant.storage.database import Database
from descant.storage.records import WorkerRecord, now

BEAT_SECONDS = 5.0
"""Time between two signs of life."""

_log = logging.getLogger(__name__)


class Heartbeat:
    """Beats in a thread of its own from :meth:`start` to :meth:`stop`."""

    def __init__(self, database: Database, executor_id: str) -> None:
        self._database = database
        self._executor_id = executor_id
        self._started_at = now()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)
        self._steady_since = time.monotonic()

    def start(self) -> None:
        """Beat once, then every :data:`BEAT_SECONDS`."""
        self._beat()
        self._thread.start()

    def stop(self) -> None:
        """Stop and take this worker off the list of the living."""
        self._stopping.set()
        self._thread.join(BEAT_SECONDS)
        with self._database.transaction() as tx:
            workers.remove(tx, self._executor_id)

    def steady(self) -> float:
        """Return for how many seconds this process has beaten without a gap.

        After the whole machine slept, everyone's beat is old; who has just woken must not call the others dead.
        """
        return time.monotonic() - self._steady_since

    def _run(self) -> None:
        last = now()
        while not self._stopping.wait(BEAT_SECONDS):
            try:
                self._beat()
            except Exception:
                _log.warning("no heartbeat could be written", exc_info=True)
                self._steady_since = time.monotonic()
            if now() - last > timedelta(seconds=3 * BEAT_SECONDS):
                self._steady_since = time.monotonic()
            last = now()

    def _beat(self) -> None:
        record = WorkerRecord(
            executor_id=self._executor_id,
            host=socket.gethostname(),
            pid=os.getpid(),
            started_at=self._started_at,
            beat_at=now(),
        )
        with self._database.transaction() as tx:
            workers.beat(tx, record)
