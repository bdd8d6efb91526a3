"""What a worker does with an event: send it, note how that went, and have it tried again."""

import logging
import random
import threading
import time
from dataclasses import dataclass

from descant.jobs.engine import Jobs
from descant.net.destinations import ForbiddenUrl
from descant.net.outbound import Outbound, OutboundError
from descant.service.tasks.views import TaskView, view
from descant.service.webhooks import message
from descant.service.webhooks.webhooks import attempt_of, enqueue
from descant.storage import tasks, webhooks
from descant.storage.database import Database
from descant.storage.records import DeliveryRecord, DeliveryState, WebhookRecord, now

TIMEOUT = 10.0
"""Seconds a receiver has to answer."""

GAPS = (5.0, 30.0, 120.0, 600.0)
"""Seconds between one attempt and the next: there is one attempt more than there are gaps."""

JITTER = 0.1
"""Share by which a gap varies, so that events that failed together do not come back together."""

AT_ONCE = 8
"""Events a worker sends at the same time: they wait for others, not for a core."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Postman:
    """Delivers events.

    Attributes
    ----------
    secret : signs what goes to webhooks without a secret of their own.
    public_url : the base of media addresses.
    gaps : see :data:`GAPS`.
    """

    database: Database
    jobs: Jobs
    outbound: Outbound
    secret: str
    public_url: str
    gaps: tuple[float, ...] = GAPS

    def deliver(self, item_id: str, stopping: threading.Event) -> None:
        """Make one attempt, unless it was made; the work of :class:`descant.jobs.engine.Runner`."""
        delivery_id, attempt = attempt_of(item_id)
        found = self._read(delivery_id)
        if found is None or found[0].state is not DeliveryState.WAITING or found[0].attempts >= attempt:
            return
        delivery, webhook, shown = found
        state, answer = self._send(delivery, webhook, shown)
        if state is DeliveryState.WAITING and attempt > len(self.gaps):
            state = DeliveryState.FAILED
        if state is DeliveryState.FAILED:
            _log.warning("task %s: its webhook was not delivered: %s", delivery.task_id, answer)
        with self.database.transaction() as tx:
            noted = webhooks.note(tx, delivery_id, attempt=attempt, state=state, answer=answer, at=now())
            if noted and state is DeliveryState.WAITING:
                gap = self.gaps[attempt - 1] * random.uniform(1 - JITTER, 1 + JITTER)
                enqueue(tx, self.jobs, shown.task, delivery_id, attempt=attempt + 1, gap=gap)

    def give_up(self, item_id: str) -> None:
        """End a delivery that cannot even be attempted."""
        delivery_id, attempt = attempt_of(item_id)
        with self.database.transaction() as tx:
            webhooks.note(
                tx,
                delivery_id,
                attempt=attempt,
                state=DeliveryState.FAILED,
                answer="a fault of this service, which is in its log",
                at=now(),
            )

    def _read(self, delivery_id: str) -> tuple[DeliveryRecord, WebhookRecord, TaskView] | None:
        with self.database.reading() as tx:
            delivery = webhooks.delivery(tx, delivery_id)
            webhook = None if delivery is None else webhooks.of_task(tx, delivery.task_id)
            task = None if delivery is None else tasks.read(tx, delivery.task_id)
            if delivery is None or webhook is None or task is None:
                return None
            return delivery, webhook, view(tx, task)

    def _send(self, delivery: DeliveryRecord, webhook: WebhookRecord, shown: TaskView) -> tuple[DeliveryState, str]:
        """Send an event; return what became of it, and the receiver's answer or the reason there was none."""
        body = message.body(delivery, shown, self.public_url)
        headers = message.headers(delivery, body, webhook.secret or self.secret, int(time.time()))
        try:
            answer = self.outbound.post(webhook.url, body, headers, seconds=TIMEOUT)
        except ForbiddenUrl as error:
            return DeliveryState.FAILED, f"the address is not {error}"
        except OutboundError as error:
            return DeliveryState.WAITING, str(error)
        text = f"{answer.status} {answer.body.decode('utf-8', 'replace')}".replace("\0", "�").strip()
        return (DeliveryState.DELIVERED if 200 <= answer.status < 300 else DeliveryState.WAITING), text
