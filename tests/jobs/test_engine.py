import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from descant.jobs.engine import CPU_QUEUE, NETWORK_QUEUE, Jobs
from descant.storage.database import Database


@pytest.fixture
def jobs(database_url: str) -> Iterator[Jobs]:
    jobs = Jobs(Database(database_url).url)
    yield jobs
    jobs.close()


@pytest.fixture
def database(database_url: str) -> Database:
    return Database(database_url)


def queued(jobs: Jobs, queue: str = CPU_QUEUE) -> list[str]:
    return sorted(item.workflow_id for item in jobs._client.list_queued_workflows(queue_name=queue))


def test_an_item_is_in_the_queue_when_the_transaction_commits(database: Database, jobs: Jobs) -> None:
    with database.transaction() as tx:
        jobs.enqueue(tx, "one", "account")
        jobs.enqueue(tx, "two", "account")
    assert queued(jobs) == ["one", "two"]


def test_an_item_is_not_in_the_queue_when_the_transaction_fails(database: Database, jobs: Jobs) -> None:
    def enqueue_and_fail() -> None:
        with database.transaction() as tx:
            jobs.enqueue(tx, "one", "account")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        enqueue_and_fail()
    assert queued(jobs) == []


def test_an_item_is_in_the_queue_once(database: Database, jobs: Jobs) -> None:
    for _ in range(2):
        with database.transaction() as tx:
            jobs.enqueue(tx, "one", "account")
    assert queued(jobs) == ["one"]


def test_cancelled_items_leave_the_queue_and_resumed_ones_come_back(database: Database, jobs: Jobs) -> None:
    with database.transaction() as tx:
        jobs.enqueue(tx, "one", "account")
        jobs.enqueue(tx, "two", "account")
    jobs.cancel(["one"])
    assert queued(jobs) == ["two"]
    jobs.resume(["one"])
    assert queued(jobs) == ["one", "two"]
    assert jobs.held() == {}


def test_records_of_ended_items_are_forgotten_after_a_while(database: Database, jobs: Jobs) -> None:
    with database.transaction() as tx:
        jobs.enqueue(tx, "one", "account")
        jobs.enqueue(tx, "two", "account")
    jobs.cancel(["one"])
    assert jobs.forget(older_than=3600.0) == 0
    assert jobs.forget(older_than=-60.0) == 1
    assert queued(jobs) == ["two"]


RUN = """
import sys, threading
from pathlib import Path
from descant.jobs.engine import CPU_QUEUE, NETWORK_QUEUE, Jobs, Runner, Trade

url, log = sys.argv[1], Path(sys.argv[2])

def note(kind):
    def work(item, stopping):
        with log.open("a") as file:
            file.write(f"{kind} {item}\\n")
    return Trade(work, print)

jobs = Jobs(url)
for queue in (CPU_QUEUE, NETWORK_QUEUE):
    jobs.set_up(queue, 4)
runner = Runner(url, executor_id="one", trades={CPU_QUEUE: note("cpu"), NETWORK_QUEUE: note("network")}, ready=bool)
runner.start()
threading.Event().wait()
"""


@pytest.fixture
def done(database: Database, tmp_path: Path, until) -> Iterator[Callable[[int], list[str]]]:
    """What a worker of its own process has done, once it did so many items, in the order it did them."""
    log = tmp_path / "log"
    worker = subprocess.Popen([sys.executable, "-c", RUN, database.url, str(log)])

    def lines(count: int) -> list[str]:
        until(lambda: log.exists() and len(log.read_text().splitlines()) >= count)
        return log.read_text().splitlines()

    yield lines
    worker.kill()
    worker.wait()


def test_items_enqueued_together_are_begun_by_their_places(database: Database, jobs: Jobs, done) -> None:
    with database.transaction() as tx:
        for place in (3, 1, 4, 2, 5):
            jobs.enqueue(tx, f"item {place}", "account", place=place)
    assert done(5) == [f"cpu item {place}" for place in range(1, 6)]


def test_each_queue_has_its_own_work_and_a_delayed_item_waits(database: Database, jobs: Jobs, done) -> None:
    with database.transaction() as tx:
        jobs.enqueue(tx, "song", "account")
    assert done(1) == ["cpu song"]
    with database.transaction() as tx:
        jobs.enqueue(tx, "late", "account", NETWORK_QUEUE, place=1, delay=1.5)
        jobs.enqueue(tx, "soon", "account", NETWORK_QUEUE, place=2)
    assert done(3) == ["cpu song", "network soon", "network late"]


def test_items_put_back_stay_in_their_queues(database: Database, jobs: Jobs) -> None:
    with database.transaction() as tx:
        jobs.enqueue(tx, "song", "account")
        jobs.enqueue(tx, "post", "account", NETWORK_QUEUE)
    jobs.cancel(["song", "post"])
    jobs.resume(["song", "post"])
    assert queued(jobs) == ["song"]
    assert queued(jobs, NETWORK_QUEUE) == ["post"]
