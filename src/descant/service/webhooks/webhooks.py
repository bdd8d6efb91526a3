"""The webhook of a request: checked when it is asked for, called upon when the task has ended."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from descant.jobs.engine import NETWORK_QUEUE, Jobs
from descant.net.destinations import Allowed, ForbiddenUrl, parse
from descant.service.errors import Invalid
from descant.storage import webhooks
from descant.storage.database import Transaction
from descant.storage.records import ClipRecord, DeliveryRecord, DeliveryState, State, TaskRecord, WebhookRecord, now

STREAMING = "song.streaming"
COMPLETED = "song.completed"
FAILED = "song.failed"

SHOWN = 60
"""Characters of a refused address that its refusal repeats."""


@dataclass(frozen=True)
class Webhook:
    """Where to send word, and what to sign it with; "" for the server's own secret."""

    url: str
    secret: str = ""


def check(webhook: Webhook, allowed: Allowed) -> None:
    """Raise Invalid when the form of the address already says that nothing may be sent there."""
    try:
        parse(webhook.url, allowed)
    except ForbiddenUrl as error:
        shown = webhook.url if len(webhook.url) <= SHOWN else webhook.url[: SHOWN - 1] + "…"
        text = f"'webhook_url' is {json.dumps(shown, ensure_ascii=False)}, but must be {error}."
        raise Invalid(text) from error


def attach(tx: Transaction, task: TaskRecord, webhook: Webhook) -> None:
    """Give a task its webhook."""
    webhooks.add(tx, WebhookRecord(task_id=task.id, url=webhook.url, secret=webhook.secret))


def announce(tx: Transaction, jobs: Jobs, task: TaskRecord, made: Sequence[ClipRecord]) -> None:
    """Have the end of a task told to its webhook, if it has one, when ``tx`` commits. ``made`` are its ended clips."""
    if webhooks.of_task(tx, task.id) is None:
        return
    succeeded = any(clip.state is State.SUCCEEDED for clip in made)
    _add(tx, jobs, task, COMPLETED if succeeded else FAILED)


def announce_stream(tx: Transaction, jobs: Jobs, task: TaskRecord) -> None:
    """Have the webhook of a task, if it has one, told of the first of its clips that can be heard.

    ``task`` must have been locked in ``tx``.
    """
    if webhooks.of_task(tx, task.id) is None:
        return
    if all(delivery.event != STREAMING for delivery in webhooks.deliveries(tx, task.id)):
        _add(tx, jobs, task, STREAMING)


def _add(tx: Transaction, jobs: Jobs, task: TaskRecord, event: str) -> None:
    """Have an event of a task told."""
    delivery = DeliveryRecord(
        id=str(uuid4()),
        task_id=task.id,
        event=event,
        state=DeliveryState.WAITING,
        attempts=0,
        answer="",
        created_at=now(),
        attempted_at=None,
    )
    webhooks.add_delivery(tx, delivery)
    enqueue(tx, jobs, task, delivery.id, attempt=1)


def enqueue(tx: Transaction, jobs: Jobs, task: TaskRecord, delivery_id: str, *, attempt: int, gap: float = 0) -> None:
    """Put attempt number ``attempt`` (from 1) into the queue, to be made after ``gap`` seconds."""
    jobs.enqueue(tx, f"{delivery_id}.{attempt}", task.account_id, NETWORK_QUEUE, delay=gap)


def attempt_of(item_id: str) -> tuple[str, int]:
    """Return the delivery's id and the number of the attempt of an item that :func:`enqueue` put into the queue."""
    delivery_id, _, number = item_id.rpartition(".")
    return delivery_id, int(number)
