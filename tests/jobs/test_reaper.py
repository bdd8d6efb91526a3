from datetime import timedelta

import pytest

from descant.jobs import reaper
from descant.jobs.slots import Slot
from descant.storage import workers
from descant.storage.database import Database
from descant.storage.records import WorkerRecord, now


class Queue:
    """The part of the queue that the reaper uses."""

    def __init__(self, held: dict[str, str]) -> None:
        self._held = held
        self.resumed: list[str] = []

    def held(self) -> dict[str, str]:
        return self._held

    def resume(self, items: list[str]) -> None:
        self.resumed += items


@pytest.fixture
def database(database_url: str) -> Database:
    return Database(database_url)


def beat(database: Database, name: str, ago: float) -> None:
    moment = now() - timedelta(seconds=ago)
    record = WorkerRecord(executor_id=name, host="here", pid=1, started_at=moment, beat_at=moment)
    with database.transaction() as tx:
        workers.beat(tx, record)


def test_the_work_of_silent_and_unknown_workers_is_taken_up(database: Database) -> None:
    beat(database, "well", ago=1)
    beat(database, "silent", ago=31)
    queue = Queue({"a": "well", "b": "silent", "c": "gone"})
    assert reaper.reap(database, queue) == ["b", "c"]
    assert queue.resumed == ["b", "c"]


def test_a_worker_heard_of_again_is_left_alone(database: Database) -> None:
    beat(database, "back", ago=31)
    beat(database, "back", ago=0)
    assert reaper.reap(database, Queue({"a": "back"})) == []


def test_names_of_workers_are_free_again_when_they_die(tmp_path) -> None:
    first, second = Slot(tmp_path), Slot(tmp_path)
    name = first.executor_id
    assert name != second.executor_id
    del first
    assert Slot(tmp_path).executor_id == name
    assert Slot(tmp_path / "elsewhere").executor_id != name
