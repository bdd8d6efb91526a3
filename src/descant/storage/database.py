"""Connections and transactions, on SQLite (WAL) or PostgreSQL."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import OperationalError

from descant.storage.migrations import VERSION

BUSY_SECONDS = 30
"""How long a writer waits for another on SQLite before it gives up."""

_WRITING = "descant_writing"
_MIGRATION_LOCK = 0x64657363
"""PostgreSQL advisory lock held while migrating, so that two servers starting at once take turns."""


class DatabaseError(Exception):
    """The database cannot be used; the text says why and what to do."""


@dataclass(frozen=True)
class Transaction:
    """An open transaction. ``connection`` is for the modules of this room and for the workflow engine's enqueue."""

    connection: Connection

    @contextmanager
    def part(self) -> Iterator[None]:
        """Open a part of the transaction that an exception rolls back alone; the rest may then still be committed."""
        with self.connection.begin_nested():
            yield


class Database:
    """The database of one URL.

    Parameters
    ----------
    url : ``sqlite:///path`` or ``postgresql://…``; the folder of a SQLite file must exist or be creatable.
    """

    def __init__(self, url: str) -> None:
        self.url = normal_url(url)
        self._engine = _engine(self.url)

    @property
    def sqlite(self) -> bool:
        """Whether this is a SQLite file."""
        return self._engine.dialect.name == "sqlite"

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Open a transaction that may write. Leaving it commits; an exception rolls all of it back."""
        with self._engine.connect().execution_options(**{_WRITING: True}) as connection, connection.begin():
            yield Transaction(connection)

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Open a transaction that only reads; on SQLite it never waits for a writer."""
        with self._engine.connect() as connection, connection.begin():
            yield Transaction(connection)

    def migrate(self) -> None:
        """Bring the tables to this version; does nothing when they are. Safe to call from several processes."""
        if self.sqlite:
            self._use_wal()
        with self.transaction() as tx:
            if not self.sqlite:
                tx.connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
            if not _current(tx.connection):
                _upgrade(tx.connection)

    def up_to_date(self) -> bool:
        """Return whether the tables are those of this version."""
        with self.reading() as tx:
            return _current(tx.connection)

    def check(self) -> None:
        """Raise DatabaseError when the database does not answer."""
        try:
            with self.reading() as tx:
                tx.connection.execute(text("SELECT 1"))
        except OperationalError as error:
            raise DatabaseError(f"the database does not answer: {error.orig}") from error

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _use_wal(self) -> None:
        """Let readers and one writer work at once; the setting stays in the file.

        Changing it needs the file alone for a moment, and SQLite does not wait for that as it does for other locks.
        """
        for attempt in range(BUSY_SECONDS * 10):
            try:
                with self._engine.connect() as connection:
                    driver: Any = connection.connection.driver_connection
                    driver.execute("PRAGMA journal_mode=WAL")
                return
            except OperationalError as error:
                raise DatabaseError(f"{self.url}: {error.orig}") from error
            except Exception as error:
                if "locked" not in str(error) or attempt == BUSY_SECONDS * 10 - 1:
                    raise DatabaseError(f"{self.url}: {error}") from error
                time.sleep(0.1)


def normal_url(url: str) -> str:
    """Return ``url`` with the driver this program ships for PostgreSQL."""
    parsed = make_url(url)
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed.render_as_string(hide_password=False)


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True, pool_size=10, max_overflow=10)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": BUSY_SECONDS}, pool_size=10, max_overflow=30)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: object) -> None:
    """Take BEGIN out of the driver's hands, which would leave reads before the first write outside."""
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=ON")


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once in a writing transaction, so that it never fails half-way for a stale snapshot."""
    writing = connection.get_execution_options().get(_WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _upgrade(connection: Connection) -> None:
    from alembic import command  # a third of a second of imports that a start on a migrated database does without
    from alembic.config import Config

    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _current(connection: Connection) -> bool:
    if not inspect(connection).has_table("alembic_version"):
        return False
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none() == VERSION
