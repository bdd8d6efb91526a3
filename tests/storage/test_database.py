import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from descant.storage import accounts, migrations
from descant.storage.database import Database, Transaction
from descant.storage.records import now
from descant.storage.tables import Base

OURS = set(Base.metadata.tables)


@pytest.fixture
def database(database_url: str) -> Database:
    return Database(database_url)


def test_the_migrations_lead_to_the_tables(database: Database) -> None:
    with database.reading() as tx:
        context = MigrationContext.configure(
            tx.connection,
            opts={"include_name": lambda name, kind, _: kind != "table" or name in OURS, "compare_type": True},
        )
        assert compare_metadata(context, Base.metadata) == []


def test_the_newest_migration_is_the_version_that_is_asked_for() -> None:
    folder = Path(migrations.__file__).parent
    assert ScriptDirectory(folder).get_current_head() == migrations.VERSION


def test_processes_that_start_at_once_migrate_one_after_the_other(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new.sqlite"
    faults: list[BaseException] = []

    def migrate() -> None:
        try:
            Database(url).migrate()
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=migrate) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert Database(url).up_to_date()


def test_an_exception_undoes_the_whole_transaction(database: Database) -> None:
    def add_and_fail() -> None:
        with database.transaction() as tx:
            accounts.add(tx, account_id="a", name="", at=now())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        add_and_fail()
    with database.reading() as tx:
        assert accounts.read(tx, "a") is None


def test_a_reader_does_not_wait_for_a_writer(database: Database) -> None:
    with database.transaction() as writing:
        accounts.add(writing, account_id="a", name="", at=now())
        with database.reading() as tx:
            assert accounts.read(tx, "a") is None


def test_moments_come_back_as_they_were_written(database: Database) -> None:
    moment = now()
    with database.transaction() as tx:
        accounts.add(tx, account_id="a", name="", at=moment)
        account = accounts.read(tx, "a")
    assert account is not None
    assert account.created_at == moment


def test_an_exception_undoes_only_the_part_it_ends(database: Database) -> None:
    def add_and_fail(tx: Transaction) -> None:
        with tx.part():
            accounts.add(tx, account_id="b", name="", at=now())
            raise ZeroDivisionError

    with database.transaction() as tx:
        accounts.add(tx, account_id="a", name="", at=now())
        with pytest.raises(ZeroDivisionError):
            add_and_fail(tx)
        with tx.part():
            accounts.add(tx, account_id="c", name="", at=now())
    with database.reading() as tx:
        assert [accounts.read(tx, name) is not None for name in "abc"] == [True, False, True]
