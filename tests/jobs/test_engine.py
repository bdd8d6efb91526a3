from collections.abc import Iterator

import pytest

from descant.jobs.engine import CPU_QUEUE, Jobs
from descant.storage.database import Database


@pytest.fixture
def jobs(database_url: str) -> Iterator[Jobs]:
    jobs = Jobs(Database(database_url).url)
    yield jobs
    jobs.close()


@pytest.fixture
def database(database_url: str) -> Database:
    return Database(database_url)


def queued(jobs: Jobs) -> list[str]:
    return sorted(item.workflow_id for item in jobs._client.list_queued_workflows(queue_name=CPU_QUEUE))


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
