"""The one door to the workflow engine (DBOS): enqueue, cancel, run, recover.

Its tables lie in our own database, so an item is enqueued in the transaction that charges for it. One item is one
workflow whose id is the item's id: enqueuing an id twice is enqueuing it once. Arguments are kept as portable JSON,
never pickled. The engine does not notice dead executors by itself; see :mod:`descant.jobs.reaper`.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dbos import DBOS, DBOSClient, DBOSConfig, EnqueueOptions, WorkflowSerializationFormat

from descant.storage.database import Transaction

CONTRACT = "1"
"""Version of what an enqueued item means. Raise it only when items enqueued by older versions cannot be run."""

APPLICATION = "descant"
CPU_QUEUE = "cpu"
"""Where heavy work waits for a core."""

NETWORK_QUEUE = "network"
"""Where work that mostly waits for other machines is done, beside the heavy work."""

EXPORT_QUEUE = "export"
"""Where finished songs wait to be written in another format: short work that is not to wait behind long songs."""

INTAKE_QUEUE = "intake"
"""Where recordings wait to be fetched and checked: mostly waiting for other machines, with a little decoding."""

POLL_SECONDS = 0.1
"""How often an idle worker looks for work."""

MOST_TRIES = 6
"""How often an item is begun in one process before it is given up, when beginning it raises."""

_WORKFLOWS = {CPU_QUEUE: "make", NETWORK_QUEUE: "send", EXPORT_QUEUE: "export", INTAKE_QUEUE: "intake"}
"""What the engine calls the work of each queue; kept for ever, as enqueued items name it."""

_log = logging.getLogger(__name__)


class Interrupted(Exception):
    """Raised by work that stopped because the worker is stopping: it is to be done later, perhaps elsewhere."""


Work = Callable[[str, threading.Event], None]
"""Does one item, given its id and an event that is set when the worker is stopping."""


@dataclass(frozen=True)
class Trade:
    """What is done with the items of one queue.

    Attributes
    ----------
    work : does an item.
    give_up : called with an item whose work raised again and again for reasons of its own.
    at_once : most items of the queue under way in one process.
    """

    work: Work
    give_up: Callable[[str], None]
    at_once: int = 1


def migrate(url: str) -> None:
    """Create the engine's tables in the database at ``url``, or bring them up to date."""
    _quiet()
    DBOS.migrate(_engine_url(url))


class Jobs:
    """The queue as seen by those who put work into it.

    Parameters
    ----------
    url : the database; its tables must exist (:func:`migrate`).
    """

    def __init__(self, url: str) -> None:
        _quiet()
        self._client = DBOSClient(system_database_url=_engine_url(url), application_name=APPLICATION)

    def set_up(self, queue: str, account_limit: int, at_once: int = 1) -> None:
        """Make a queue, or change it.

        Parameters
        ----------
        account_limit : most items of one account under way, over all workers.
        at_once : most items under way in one worker.
        """
        self._client.register_queue(
            queue, worker_concurrency=at_once, partition_concurrency=account_limit, polling_interval_sec=POLL_SECONDS
        )

    def enqueue(
        self,
        tx: Transaction,
        item_id: str,
        account_id: str,
        queue: str = CPU_QUEUE,
        *,
        place: int = 0,
        delay: float = 0.0,
    ) -> None:
        """Put an item into a queue when, and only when, ``tx`` commits.

        Parameters
        ----------
        place : of an account's items the one with the lowest place is begun first (0 to 2³¹ − 1). Those of one place
            come by age, which the engine knows to the second: two enqueued together need two places.
        delay : seconds before it may be begun.
        """
        options: EnqueueOptions = {
            "workflow_name": _WORKFLOWS[queue],
            "queue_name": queue,
            "workflow_id": item_id,
            "app_version": CONTRACT,
            "queue_partition_key": account_id,
            "serialization_type": WorkflowSerializationFormat.PORTABLE,
        }
        if place:
            options["priority"] = place
        if delay:
            options["delay_seconds"] = delay
        self._client.enqueue_in_transaction(tx.connection, options, item_id)

    def cancel(self, item_ids: Sequence[str]) -> None:
        """Take items out of the queue. Work under way is not stopped by this; it must notice by itself."""
        self._client.cancel_workflows(list(item_ids))

    def resume(self, item_ids: Sequence[str]) -> None:
        """Put unfinished items back into their queues, whoever held them."""
        for queue, workflow in _WORKFLOWS.items():
            named = self._client.list_workflows(
                workflow_ids=list(item_ids), name=workflow, load_input=False, load_output=False
            )
            if item_ids and named:
                self._client.resume_workflows([item.workflow_id for item in named], queue_name=queue)

    def held(self) -> dict[str, str]:
        """Return the items that executors are working on, with the executor of each."""
        names = list(_WORKFLOWS.values())
        found = self._client.list_workflows(status="PENDING", name=names, load_input=False, load_output=False)
        return {item.workflow_id: item.executor_id or "" for item in found}

    def forget(self, older_than: float) -> int:
        """Delete the engine's own records of items that ended more than ``older_than`` seconds ago; return how many."""
        before = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - older_than))
        ended = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
        found = self._client.list_workflows(
            status=ended, completed_before=before, limit=1000, load_input=False, load_output=False
        )
        self._client.delete_workflows([item.workflow_id for item in found])
        return len(found)

    def close(self) -> None:
        """Close the connections."""
        self._client.destroy()


class Runner:
    """Takes items from queues and does them in threads of this process. One a process.

    Parameters
    ----------
    url : the database; its tables must exist.
    executor_id : a name no other living process has. A process that comes back under the same name takes up at once
        what its predecessor left.
    trades : what to do with the items of each queue.
    ready : raises while the database does not answer; what fails meanwhile is not the item's fault.
    """

    def __init__(self, url: str, *, executor_id: str, trades: Mapping[str, Trade], ready: Callable[[], None]) -> None:
        self._trades = dict(trades)
        self._ready = ready
        self._lock = threading.Lock()
        self._active: set[str] = set()
        self._interrupted: list[str] = []
        self.stopping = threading.Event()
        _quiet()
        config: DBOSConfig = {
            "name": APPLICATION,
            "system_database_url": _engine_url(url),
            "application_version": CONTRACT,
            "executor_id": executor_id,
            "run_migrations": False,
            "log_level": "WARNING",
            "sys_db_pool_size": 5,
            "scheduler_polling_interval_sec": 3600.0,  # nothing is scheduled
        }
        DBOS(config=config)
        for queue, trade in self._trades.items():
            self._register(_WORKFLOWS[queue], trade)

    def _register(self, name: str, trade: Trade) -> None:
        # Attempts are counted on the item itself, where its end can give the money back.
        @DBOS.workflow(name=name, max_recovery_attempts=None, serialization_type=WorkflowSerializationFormat.PORTABLE)
        def do(item_id: str) -> None:
            self._run(item_id, trade)

    def start(self) -> None:
        """Begin to take work, first of all what this executor id left unfinished. The queues must be set up."""
        DBOS.listen_queues(list(self._trades))
        DBOS.launch()

    def stop(self, patience: float) -> list[str]:
        """Ask the work under way to end and wait for it, up to ``patience`` seconds.

        Returns
        -------
        The items that were interrupted. The process should put them back (:meth:`Jobs.resume`) and then end without
        returning to them: their threads stay parked, since returning would mark them as done.
        """
        self.stopping.set()
        deadline = time.monotonic() + patience
        while self._busy() and time.monotonic() < deadline:
            time.sleep(0.02)
        with self._lock:
            return list(self._interrupted)

    def _busy(self) -> bool:
        with self._lock:
            return len(self._active) > len(self._interrupted)

    def _run(self, item_id: str, trade: Trade) -> None:
        with self._lock:
            self._active.add(item_id)
        try:
            self._persevere(item_id, trade)
        except Interrupted:
            with self._lock:
                self._interrupted.append(item_id)
            threading.Event().wait()
        with self._lock:
            self._active.discard(item_id)

    def _persevere(self, item_id: str, trade: Trade) -> None:
        """Do an item, again and again while the object store, or something else it needs, fails under it."""
        tries = 0
        while tries < MOST_TRIES:
            if self.stopping.is_set():
                raise Interrupted
            try:
                return trade.work(item_id, self.stopping)
            except Interrupted:
                raise
            except Exception:
                _log.exception("item %s: attempt failed", item_id)
            if self._database_answers():
                tries += 1
            self.stopping.wait(min(2.0**tries, 30.0))
        return self._surrender(item_id, trade)

    def _database_answers(self) -> bool:
        try:
            self._ready()
        except Exception:
            return False
        return True

    def _surrender(self, item_id: str, trade: Trade) -> None:
        """Give an item up, insisting, since nobody else would end it."""
        while not self.stopping.wait(1.0):
            try:
                return trade.give_up(item_id)
            except Exception:
                _log.exception("item %s: could not be given up yet", item_id)
        raise Interrupted


def _engine_url(url: str) -> str:
    """Return the URL as the engine wants it: PostgreSQL without a driver name."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _quiet() -> None:
    """Keep the engine's chatter down to warnings."""
    logging.getLogger("dbos").setLevel(logging.WARNING)


def close() -> None:
    """Close the engine of this process, for tests that run one beside themselves."""
    options: dict[str, Any] = {"destroy_registry": True}
    DBOS.destroy(**options)
