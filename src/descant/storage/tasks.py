"""Queries about tasks."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert, select, update

from descant.storage.database import Transaction
from descant.storage.records import TaskRecord
from descant.storage.tables import Task

_COLUMNS = (
    Task.id,
    Task.account_id,
    Task.kind,
    Task.price,
    Task.seed,
    Task.request,
    Task.created_at,
    Task.settled_at,
)


def add(tx: Transaction, task: TaskRecord) -> None:
    """Add a task."""
    tx.connection.execute(insert(Task).values({column.key: getattr(task, column.key) for column in _COLUMNS}))


def read(tx: Transaction, task_id: str) -> TaskRecord | None:
    """Return a task, or None when there is none of that id."""
    row = tx.connection.execute(select(*_COLUMNS).where(Task.id == task_id)).one_or_none()
    return None if row is None else TaskRecord(**row._mapping)


def requests(tx: Transaction, task_ids: Iterable[str]) -> dict[str, str]:
    """Return the request of each of some tasks, as JSON text by task."""
    query = select(Task.id, Task.request).where(Task.id.in_(sorted(task_ids)))
    return {row.id: row.request for row in tx.connection.execute(query)}


def lock(tx: Transaction, task_id: str) -> TaskRecord | None:
    """Return a task and keep every other transaction that locks it waiting until this one ends.

    Whoever changes the state of a clip locks its task first, so that of two clips ending at once one sees the other.
    """
    query = select(*_COLUMNS).where(Task.id == task_id).with_for_update()
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else TaskRecord(**row._mapping)


def settle(tx: Transaction, task_id: str, at: datetime) -> None:
    """Mark a task as over."""
    tx.connection.execute(update(Task).where(Task.id == task_id).values(settled_at=at))
