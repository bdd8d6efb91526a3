"""Queries about batches of requests."""

from sqlalchemy import insert, select

from descant.storage.database import Transaction
from descant.storage.records import BatchItemRecord, BatchRecord
from descant.storage.tables import Batch, BatchItem

_COLUMNS = tuple(Batch.__table__.columns)
_ITEM_COLUMNS = tuple(BatchItem.__table__.columns)


def add(tx: Transaction, batch: BatchRecord) -> None:
    """Add a batch without items."""
    tx.connection.execute(insert(Batch).values({column.key: getattr(batch, column.key) for column in _COLUMNS}))


def add_item(tx: Transaction, item: BatchItemRecord) -> None:
    """Add an item to its batch."""
    tx.connection.execute(insert(BatchItem).values({column.key: getattr(item, column.key) for column in _ITEM_COLUMNS}))


def read(tx: Transaction, batch_id: str) -> BatchRecord | None:
    """Return a batch, or None when there is none of that id."""
    row = tx.connection.execute(select(*_COLUMNS).where(Batch.id == batch_id)).one_or_none()
    return None if row is None else BatchRecord(**row._mapping)


def items(tx: Transaction, batch_id: str) -> tuple[BatchItemRecord, ...]:
    """Return the items of a batch by position."""
    query = select(*_ITEM_COLUMNS).where(BatchItem.batch_id == batch_id).order_by(BatchItem.position)
    return tuple(BatchItemRecord(**row._mapping) for row in tx.connection.execute(query))
