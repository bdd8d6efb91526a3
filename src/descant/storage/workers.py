"""Queries about worker processes and their heartbeats."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from descant.storage.database import Transaction
from descant.storage.records import WorkerRecord
from descant.storage.tables import Worker

_COLUMNS = (Worker.executor_id, Worker.host, Worker.pid, Worker.started_at, Worker.beat_at)


def beat(tx: Transaction, worker: WorkerRecord) -> None:
    """Note that a worker is alive."""
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    values = {column.key: getattr(worker, column.key) for column in _COLUMNS}
    row = dialect.insert(Worker).values(values)
    tx.connection.execute(row.on_conflict_do_update(index_elements=[Worker.executor_id], set_=values))


def remove(tx: Transaction, executor_id: str) -> None:
    """Forget a worker that stopped in good order."""
    tx.connection.execute(delete(Worker).where(Worker.executor_id == executor_id))


def forget(tx: Transaction, before: datetime) -> None:
    """Forget the workers last heard of before a moment."""
    tx.connection.execute(delete(Worker).where(Worker.beat_at < before))


def alive(tx: Transaction, since: datetime) -> tuple[WorkerRecord, ...]:
    """Return the workers heard of since a moment, by executor id."""
    query = select(*_COLUMNS).where(Worker.beat_at >= since).order_by(Worker.executor_id)
    return tuple(WorkerRecord(**row._mapping) for row in tx.connection.execute(query))
