"""A worker process: takes items from its queues, gives signs of life, looks after dead colleagues, stops in order."""

import logging
import os
import signal
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from descant.jobs import isolate
from descant.jobs.engine import Jobs, Runner, Trade
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
    trades : what to do with the items of each queue.
    account_limit : most items of one account and queue under way at once, over all workers.
    preload : modules to load where the child processes are forked.
    """

    executor_id: str
    trades: Mapping[str, Trade]
    account_limit: int
    preload: Sequence[str] = ("descant.jobs.warm",)


def run(database: Database, jobs: Jobs, duty: Duty) -> None:
    """Work until SIGTERM or SIGINT, then end the process. Call it from the main thread; it does not return."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    isolate.prepare(duty.preload)
    heartbeat = Heartbeat(database, duty.executor_id)
    heartbeat.start()
    runner = Runner(database.url, executor_id=duty.executor_id, trades=duty.trades, ready=database.check)
    for queue, trade in duty.trades.items():
        jobs.set_up(queue, duty.account_limit, trade.at_once)
    runner.start()
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
