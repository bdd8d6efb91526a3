"""Queries about webhooks and their deliveries."""

from datetime import datetime

from sqlalchemy import insert, select, update

from descant.storage.database import Transaction
from descant.storage.records import DeliveryRecord, DeliveryState, WebhookRecord
from descant.storage.tables import Webhook, WebhookDelivery

_COLUMNS = (Webhook.task_id, Webhook.url, Webhook.secret)
_DELIVERY_COLUMNS = tuple(WebhookDelivery.__table__.columns)


def add(tx: Transaction, webhook: WebhookRecord) -> None:
    """Give a task its webhook."""
    tx.connection.execute(insert(Webhook).values({column.key: getattr(webhook, column.key) for column in _COLUMNS}))


def of_task(tx: Transaction, task_id: str) -> WebhookRecord | None:
    """Return the webhook of a task, or None when it has none."""
    row = tx.connection.execute(select(*_COLUMNS).where(Webhook.task_id == task_id)).one_or_none()
    return None if row is None else WebhookRecord(**row._mapping)


def add_delivery(tx: Transaction, delivery: DeliveryRecord) -> None:
    """Add a delivery; a task has one of each event."""
    values = {column.key: getattr(delivery, column.key) for column in _DELIVERY_COLUMNS}
    tx.connection.execute(insert(WebhookDelivery).values(values | {"state": delivery.state.value}))


def delivery(tx: Transaction, delivery_id: str) -> DeliveryRecord | None:
    """Return a delivery, or None when there is none of that id."""
    query = select(*_DELIVERY_COLUMNS).where(WebhookDelivery.id == delivery_id)
    row = tx.connection.execute(query).one_or_none()
    if row is None:
        return None
    values = dict(row._mapping)
    return DeliveryRecord(**values | {"state": DeliveryState(values["state"])})


def deliveries(tx: Transaction, task_id: str) -> tuple[DeliveryRecord, ...]:
    """Return the deliveries of a task, oldest first."""
    query = select(WebhookDelivery.id).where(WebhookDelivery.task_id == task_id).order_by(WebhookDelivery.created_at)
    found = (delivery(tx, delivery_id) for delivery_id in tx.connection.execute(query).scalars().all())
    return tuple(record for record in found if record is not None)


def note(tx: Transaction, delivery_id: str, *, attempt: int, state: DeliveryState, answer: str, at: datetime) -> bool:
    """Note what came of attempt number ``attempt`` (from 1); False when that attempt, or a later one, was noted."""
    due = (
        WebhookDelivery.id == delivery_id,
        WebhookDelivery.state == DeliveryState.WAITING.value,
        WebhookDelivery.attempts == attempt - 1,
    )
    values = {"state": state.value, "attempts": attempt, "answer": answer, "attempted_at": at}
    return tx.connection.execute(update(WebhookDelivery).where(*due).values(values)).rowcount == 1
