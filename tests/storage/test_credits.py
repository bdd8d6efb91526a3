import pytest

from descant.storage import accounts, credits
from descant.storage.credits import Overdrawn
from descant.storage.database import Database, Transaction
from descant.storage.records import EntryRecord, now


@pytest.fixture
def database(database_url: str) -> Database:
    database = Database(database_url)
    with database.transaction() as tx:
        accounts.add(tx, account_id="a", name="", at=now())
    return database


def book(tx: Transaction, delta: int, key: str) -> bool:
    entry = EntryRecord(account_id="a", delta=delta, reason="test", task_id=None, key=key, created_at=now())
    return credits.book(tx, entry)


def test_the_same_thing_is_booked_once(database: Database) -> None:
    with database.transaction() as tx:
        assert book(tx, 5, "one")
        assert not book(tx, 5, "one")
        assert credits.balance(tx, "a") == 5
        assert [entry.key for entry in credits.entries(tx, "a")] == ["one"]


def test_nobody_is_overdrawn(database: Database) -> None:
    with database.transaction() as tx:
        book(tx, 5, "one")
    with pytest.raises(Overdrawn) as refused, database.transaction() as tx:
        book(tx, -6, "two")
    assert refused.value.left == 5
    with database.reading() as tx:
        assert credits.balance(tx, "a") == 5
        assert len(credits.entries(tx, "a")) == 1


def test_the_balance_is_the_sum_of_the_ledger(database: Database) -> None:
    with database.transaction() as tx:
        for number, delta in enumerate((30, -15, -15, 7)):
            book(tx, delta, str(number))
        assert credits.balance(tx, "a") == 7
        assert credits.disagreements(tx) == ()
