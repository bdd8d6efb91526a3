"""The use cases of tasks: create, read, cancel."""

import logging
from collections.abc import Callable

from descant.jobs.engine import Jobs
from descant.net.destinations import Allowed
from descant.service import identifiers, wording
from descant.service.clips.access import Library
from descant.service.errors import NotFound
from descant.service.requests import EditScore, Request
from descant.service.tasks import commissions, recorded, rescoring, settling
from descant.service.tasks.accepting import Commission, accept
from descant.service.tasks.views import TaskView, view
from descant.service.uploads import places
from descant.service.webhooks import webhooks
from descant.service.webhooks.webhooks import Webhook
from descant.storage import clips, tasks
from descant.storage.database import Database, Transaction
from descant.storage.objects import Objects
from descant.storage.records import AccountRecord, State, TaskRecord, now

CANCELLED = "Cancelled at your request."

Plan = Callable[[Transaction], Commission]
"""Reads, in a transaction, what a request comes to."""

_log = logging.getLogger(__name__)


class Tasks:
    """The use cases of tasks. ``allowed`` is what webhooks may reach besides the public internet."""

    def __init__(self, database: Database, objects: Objects, jobs: Jobs, allowed: Allowed) -> None:
        self._database = database
        self._objects = objects
        self._library = Library(database, objects)
        self._jobs = jobs
        self._allowed = allowed

    def create(self, account: AccountRecord, request: Request, webhook: Webhook | None = None) -> TaskRecord:
        """Accept a request: the task, its clips, its charge and its places in the queue, all or nothing.

        Raises
        ------
        NotFound : when the account has no clip or persona that the request names.
        Invalid : when such a clip cannot be worked with, or nothing may be sent to the address of ``webhook``.
        Refused : when the words may not be made into a song.
        OutOfCredits : when the balance does not cover the price.
        TooMany : when the account has too much in the queue already.
        """
        plan = self.plan(account, request, webhook)
        with self._database.transaction() as tx:
            return accept(tx, self._jobs, account, plan(tx), webhook)

    def plan(self, account: AccountRecord, request: Request, webhook: Webhook | None = None) -> Plan:
        """Check what can be checked before the transaction; return what reads the commission in it.

        Both raise as :meth:`create`.
        """
        if webhook is not None:
            webhooks.check(webhook, self._allowed)
        wording.check(*wording.of_request(request))
        recorded.check(request, self._allowed)
        if isinstance(request, EditScore):
            return rescoring.plan(self._library, account, request)
        return lambda tx: commissions.of(tx, account, request)

    def read(self, account: AccountRecord, task_id: str) -> TaskView:
        """Return a task of the account as it stands; raise NotFound when it has none of that id."""
        with self._database.reading() as tx:
            return view(tx, _owned(tx, tasks.read, account, task_id))

    def cancel(self, account: AccountRecord, task_id: str) -> TaskView:
        """End the unfinished clips of a task as failed and give their share of the price back; return how it stands.

        Work under way stops within a second. Cancelling a finished task changes nothing. Raises NotFound as
        :meth:`read`.
        """
        with self._database.transaction() as tx:
            task = _owned(tx, tasks.lock, account, task_id)
            made = clips.of_task(tx, task_id)
            sources = [source for clip in made for source in clips.sources(tx, clip.id)]
            awaited = {source.id for source in sources if source.task_id != task_id and not source.state.finished}
            stopped = [clip for clip in made if clips.fail(tx, clip.id, error=CANCELLED, at=now())]
            queued = [clip.id for clip in stopped if clip.state is State.PENDING]
            settling.settle(tx, self._jobs, task, [clip.id for clip in stopped])
            shown = view(tx, task)
        for recording in sorted(awaited):
            # In a transaction of its own: whoever ends it locks its task before those of the clips that wait for it.
            with self._database.transaction() as tx:
                settling.fail_clip(tx, self._jobs, recording, CANCELLED)
        try:
            self._jobs.cancel(queued)
        except Exception:
            # Only spares the worker a look: a clip that has ended is never begun, and one under way sees that it ended.
            _log.warning("task %s was cancelled but its places in the queue remain", task_id, exc_info=True)
        try:
            for clip_id in sorted(awaited | {clip.id for clip in made if recorded.is_recording(clip)}):
                places.clear(self._objects, clip_id)
        except Exception:
            # What is left of a clip that has ended is swept up when a worker starts.
            _log.warning("task %s was cancelled but recordings on their way remain", task_id, exc_info=True)
        return shown


def _owned(
    tx: Transaction, find: Callable[[Transaction, str], TaskRecord | None], account: AccountRecord, task_id: str
) -> TaskRecord:
    """Return the task that ``find`` finds if it is the account's; someone else's is as unknown as none."""
    task = find(tx, task_id) if identifiers.possible(task_id) else None
    if task is None or task.account_id != account.id:
        raise NotFound("task", identifiers.shown(task_id))
    return task
