"""What is sent: the body, and the headers that let a receiver trust it (contract/webhooks.md §3, §4)."""

import hmac
import json

from descant.service.clips.body import task_body
from descant.service.tasks.views import TaskView
from descant.storage.records import DeliveryRecord

PLATFORMS = {"sonic": "suno"}
"""What webhooks call a family of endpoints, where that is not its name (contract/webhooks.md §1)."""


def server_secret(secret: str) -> str:
    """Return what messages are signed with when a request gave no secret: 64 digits derived from the secret key."""
    return hmac.digest(secret.encode(), b"descant webhooks", "sha256").hex()


def body(delivery: DeliveryRecord, view: TaskView, base: str) -> bytes:
    """Return the answer to a poll of the task, with the event, the task's id and the platform, as JSON.

    ``base`` is the public URL that media addresses begin with.
    """
    family = view.task.kind.partition(".")[0]
    named = {"event": delivery.event, "task_id": view.task.id, "platform": PLATFORMS.get(family, family)}
    return json.dumps({**task_body(view.clips, base), **named}, ensure_ascii=False, separators=(",", ":")).encode()


def headers(delivery: DeliveryRecord, body: bytes, secret: str, timestamp: int) -> dict[str, str]:
    """Return the headers of a message; ``timestamp`` is the moment of signing in seconds since 1970."""
    return {
        "Content-Type": "application/json",
        "X-Webhook-Id": delivery.id,
        "Idempotency-Key": delivery.id,
        "X-Webhook-Event": delivery.event,
        "X-Webhook-Timestamp": str(timestamp),
        "X-Webhook-Signature": signature(body, secret, timestamp),
    }


def signature(body: bytes, secret: str, timestamp: int) -> str:
    """Return ``sha256=`` and the HMAC-SHA-256 of ``<timestamp>.<body>`` under ``secret``, in lower-case hexadecimal."""
    return "sha256=" + hmac.digest(secret.encode(), f"{timestamp}.".encode() + body, "sha256").hex()
