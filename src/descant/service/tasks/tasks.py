"""The use cases of tasks: create, read, cancel."""

import logging
from uuid import uuid4

import msgspec

from descant.jobs.engine import Jobs
from descant.net.destinations import Allowed
from descant.service import requests
from descant.service.credits import ledger, prices
from descant.service.errors import NotFound, Refused, TooMany
from descant.service.requests import CreateMusic
from descant.service.tasks import briefs, settling
from descant.service.tasks.views import TaskView, view
from descant.service.webhooks import webhooks
from descant.service.webhooks.webhooks import Webhook
from descant.song.brief import Brief
from descant.storage import accounts, clips, tasks
from descant.storage.database import Database, Transaction
from descant.storage.records import AccountRecord, ClipRecord, State, TaskRecord, now
from descant.words import moderation
from descant.words.errors import RefusedTextError

CREATE_MUSIC = "sonic.create_music"
CANCELLED = "Cancelled at your request."

MOST_WAITING = 1000
"""Clips an account may have in the queue: a day's work of one core, beyond which a client has most likely run wild."""

_log = logging.getLogger(__name__)


class Tasks:
    """The use cases of tasks. ``allowed`` is what webhooks may reach besides the public internet."""

    def __init__(self, database: Database, jobs: Jobs, allowed: Allowed) -> None:
        self._database = database
        self._jobs = jobs
        self._allowed = allowed

    def create(self, account: AccountRecord, request: CreateMusic, webhook: Webhook | None = None) -> TaskRecord:
        """Accept a request: the task, its clips, its charge and its places in the queue, all or nothing.

        Raises
        ------
        Invalid : when nothing may be sent to the address of ``webhook``.
        Refused : when the words may not be made into a song.
        OutOfCredits : when the balance does not cover the price.
        TooMany : when the account has too much in the queue already.
        """
        if webhook is not None:
            webhooks.check(webhook, self._allowed)
        _check_words(request)
        seed = briefs.choose_seed(request)
        task = TaskRecord(
            id=str(uuid4()),
            account_id=account.id,
            kind=CREATE_MUSIC,
            price=prices.price(CREATE_MUSIC),
            seed=seed,
            request=requests.encode(request),
            created_at=now(),
            settled_at=None,
        )
        with self._database.transaction() as tx:
            tasks.add(tx, task)
            if webhook is not None:
                webhooks.attach(tx, task, webhook)
            ledger.charge(tx, account.id, task.id, task.price)
            if clips.waiting(tx, account.id) >= MOST_WAITING:
                raise TooMany(f"{MOST_WAITING} songs are waiting already. Try again when some are finished.", 60.0)
            takes = briefs.briefs(request, seed)
            place = accounts.take_places(tx, account.id, len(takes))
            for position, brief in enumerate(takes):
                self._add_clip(tx, task, position, brief, place + position)
        return task

    def read(self, account: AccountRecord, task_id: str) -> TaskView:
        """Return a task of the account as it stands; raise NotFound when it has none of that id."""
        with self._database.reading() as tx:
            return view(tx, _owned(tasks.read(tx, task_id), account, task_id))

    def cancel(self, account: AccountRecord, task_id: str) -> TaskView:
        """End the unfinished clips of a task as failed and give their share of the price back; return how it stands.

        Work under way stops within a second. Cancelling a finished task changes nothing. Raises NotFound as
        :meth:`read`.
        """
        queued: list[str] = []
        with self._database.transaction() as tx:
            task = _owned(tasks.lock(tx, task_id), account, task_id)
            for clip in clips.of_task(tx, task_id):
                if clips.fail(tx, clip.id, error=CANCELLED, at=now()) and clip.state is State.PENDING:
                    queued.append(clip.id)
            settling.settle(tx, self._jobs, task)
            shown = view(tx, task)
        try:
            self._jobs.cancel(queued)
        except Exception:
            # Only spares the worker a look: a clip that has ended is never begun, and one under way sees that it ended.
            _log.warning("task %s was cancelled but its places in the queue remain", task_id, exc_info=True)
        return shown

    def _add_clip(self, tx: Transaction, task: TaskRecord, position: int, brief: Brief, place: int) -> None:
        clip = ClipRecord(
            id=str(uuid4()),
            task_id=task.id,
            account_id=task.account_id,
            position=position,
            state=State.PENDING,
            progress=0.0,
            stage="",
            title=brief.title,
            tags=brief.tags,
            lyrics=brief.lyrics,
            duration=None,
            error="",
            seed=brief.seed,
            brief=msgspec.json.encode(brief).decode(),
            claim="",
            worker="",
            starts=0,
            crashes=0,
            created_at=task.created_at,
            started_at=None,
            finished_at=None,
        )
        clips.add(tx, clip)
        self._jobs.enqueue(tx, clip.id, task.account_id, place=place)


def _check_words(request: CreateMusic) -> None:
    for text in (request.prompt, request.gpt_description_prompt, request.title, request.tags):
        try:
            moderation.check(text)
        except RefusedTextError as error:
            raise Refused(str(error)) from error


def _owned(task: TaskRecord | None, account: AccountRecord, task_id: str) -> TaskRecord:
    """Return ``task`` if it is the account's; someone else's is as unknown as none."""
    if task is None or task.account_id != account.id:
        raise NotFound("task", task_id)
    return task
