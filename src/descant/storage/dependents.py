"""Queries about clips that are still to be made from another."""

from sqlalchemy import select, update

from descant.storage.database import Transaction
from descant.storage.records import State
from descant.storage.tables import Clip, ClipSource


def waiting(tx: Transaction, clip_id: str) -> tuple[str, ...]:
    """Return the ids of the pending clips that are to be made from a clip, by their age and place."""
    query = select(Clip.id).join(ClipSource, ClipSource.clip_id == Clip.id)
    query = query.where(ClipSource.source_id == clip_id, Clip.state == State.PENDING.value)
    return tuple(tx.connection.execute(query.order_by(Clip.created_at, Clip.position)).scalars())


def tasks_waiting(tx: Transaction, clip_id: str) -> tuple[str, ...]:
    """Return the ids of the tasks of the clips that are :func:`waiting` for a clip, in order."""
    query = select(Clip.task_id).join(ClipSource, ClipSource.clip_id == Clip.id).distinct()
    query = query.where(ClipSource.source_id == clip_id, Clip.state == State.PENDING.value)
    return tuple(tx.connection.execute(query.order_by(Clip.task_id)).scalars())


def set_order(tx: Transaction, clip_id: str, order: str) -> None:
    """Change what is to be made, of a clip that nobody has begun."""
    tx.connection.execute(update(Clip).where(Clip.id == clip_id).values(order=order))
