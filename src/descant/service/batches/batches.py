"""The use cases of batches: take several requests in, and see how they all stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from descant.jobs.engine import Jobs
from descant.service import identifiers
from descant.service.errors import NotFound, ServiceError
from descant.service.requests import Request
from descant.service.tasks.accepting import accept
from descant.service.tasks.tasks import Plan, Tasks
from descant.service.tasks.views import TaskView, view
from descant.service.webhooks.webhooks import Webhook
from descant.storage import batches, tasks
from descant.storage.database import Database, Transaction
from descant.storage.records import AccountRecord, BatchItemRecord, BatchRecord, now

MOST_ITEMS = 10
"""Requests of one batch (contract/sonic.md §7)."""


@dataclass(frozen=True)
class Item:
    """One request of a batch, and whom to tell of its end."""

    request: Request
    webhook: Webhook | None = None


@dataclass(frozen=True)
class ItemView:
    """How one request of a batch stands: its task, or the refusal (a class of :mod:`.errors`, by name) and its text."""

    task: TaskView | None
    refusal: str
    error: str


@dataclass(frozen=True)
class BatchView:
    """A batch and its items, in the order they were sent."""

    id: str
    items: tuple[ItemView, ...]


class Batches:
    """The use cases of batches."""

    def __init__(self, database: Database, jobs: Jobs, tasks: Tasks) -> None:
        self._database = database
        self._jobs = jobs
        self._tasks = tasks

    def create(self, account: AccountRecord, items: Sequence[Item | ServiceError]) -> BatchView:
        """Take in each item that can be, at its price, and note why the others were refused.

        A refused item leaves nothing behind but its refusal; all that is taken in is taken in together.

        Parameters
        ----------
        items : 1 to :data:`MOST_ITEMS`; in place of one that was refused on its way here stands the refusal.
        """
        batch = BatchRecord(id=str(uuid4()), account_id=account.id, created_at=now())
        plans = [self._plan(account, item) for item in items]
        with self._database.transaction() as tx:
            batches.add(tx, batch)
            for position, (item, plan) in enumerate(zip(items, plans, strict=True)):
                try:
                    task_id, refused = self._take_in(tx, account, item, plan), None
                except ServiceError as error:
                    task_id, refused = None, error
                row = BatchItemRecord(
                    batch_id=batch.id,
                    position=position,
                    task_id=task_id,
                    refusal=type(refused).__name__ if refused else "",
                    error=str(refused or ""),
                )
                batches.add_item(tx, row)
            return _view(tx, batch)

    def read(self, account: AccountRecord, batch_id: str) -> BatchView:
        """Return a batch of the account as it stands; raise NotFound when it has none of that id."""
        with self._database.reading() as tx:
            batch = batches.read(tx, batch_id) if identifiers.possible(batch_id) else None
            if batch is None or batch.account_id != account.id:
                raise NotFound("batch", identifiers.shown(batch_id))
            return _view(tx, batch)

    def _plan(self, account: AccountRecord, item: Item | ServiceError) -> Plan | ServiceError:
        """Check of an item what needs no transaction; return what does the rest, or the refusal."""
        if isinstance(item, ServiceError):
            return item
        try:
            return self._tasks.plan(account, item.request, item.webhook)
        except ServiceError as error:
            return error

    def _take_in(
        self, tx: Transaction, account: AccountRecord, item: Item | ServiceError, plan: Plan | ServiceError
    ) -> str:
        """Take an item in and return its task's id; raises a refusal, having left nothing behind."""
        if isinstance(plan, ServiceError):
            raise plan
        with tx.part():
            return accept(tx, self._jobs, account, plan(tx), item.webhook if isinstance(item, Item) else None).id


def _view(tx: Transaction, batch: BatchRecord) -> BatchView:
    return BatchView(batch.id, tuple(_item(tx, item) for item in batches.items(tx, batch.id)))


def _item(tx: Transaction, item: BatchItemRecord) -> ItemView:
    task = None if item.task_id is None else tasks.read(tx, item.task_id)
    return ItemView(None if task is None else view(tx, task), item.refusal, item.error)
