"""A worker process: takes items one at a time, gives signs of life, looks after dead colleagues, stops in order."""

import logging
import os
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from descant.jobs import isolate
from descant.jobs.engine import CPU_QUEUE, Jobs, Runner, Work
from descant.jobs.heartbeat import Heartbeat
from descant.jobs.reaper import Reaper
from descant.storage.database import Database

STOP_PATIENCE = 4.0
"""Seconds the work under way has to put itself back when the worker is asked to stop."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Duty:
    """What a worker is for.

    Attributes
    ----------
    executor_id : its name, that no other living process has.
    work, give_up : see :class:`~descant.jobs.engine.Runner`.
    account_limit : most items of one account under way at once, over all workers.
    preload : modules to load where the child processes are forked.
    """

    executor_id: str
    work: Work
    give_up: Callable[[str], None]
    account_limit: int
    preload: Sequence[str] = ("descant.jobs.warm",)
    queues: Sequence[str] = (CPU_QUEUE,)


def run(database: Database, duty: Duty) -> None:
    """Work until SIGTERM or SIGINT, then end the process. Call it from the main thread; it does not return."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    isolate.prepare(duty.preload)
    heartbeat = Heartbeat(database, duty.executor_id)
    heartbeat.start()
    jobs = Jobs(database.url)
    runner = Runner(
        database.url,
        executor_id=duty.executor_id,
        work=duty.work,
        give_up=duty.give_up,
        ready=database.check,
    )
    for queue in duty.queues:
        jobs.set_up(queue, duty.account_limit)
    runner.start(duty.queues)
    reaper = Reaper(database, jobs, heartbeat)
    reaper.start()
    _log.info("worker %s is ready", duty.executor_id)
    stopped.wait()
    try:
        jobs.resume(runner.stop(STOP_PATIENCE))
        heartbeat.stop()
    except Exception:
        _log.warning("stopped without putting everything back; it is found again later", exc_info=True)
    # Threads of interrupted items are parked for ever, so an ordinary exit would wait for them.
    logging.shutdown()
    os._exit(0)
