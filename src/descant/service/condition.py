"""How the service is doing: who works, and how much waits."""

from dataclasses import dataclass
from datetime import timedelta

from descant.jobs.heartbeat import BEAT_SECONDS
from descant.storage import clips, workers
from descant.storage.database import Database
from descant.storage.records import State, now

LIVELY = timedelta(seconds=3 * BEAT_SECONDS)
"""A worker not heard of for three beats is not counted."""


@dataclass(frozen=True)
class Condition:
    """``workers`` processes are alive; ``running`` clips are being made and ``pending`` ones wait their turn."""

    workers: int
    running: int
    pending: int


def look(database: Database) -> Condition:
    """Return how the service is doing."""
    with database.reading() as tx:
        alive = workers.alive(tx, now() - LIVELY)
        counts = clips.unfinished_by_state(tx)
    return Condition(len(alive), counts.get(State.RUNNING, 0), counts.get(State.PENDING, 0))
