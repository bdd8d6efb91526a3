"""Stems as clips: a task whose clips are taken out of a finished one (contract/sonic.md §5)."""

from uuid import uuid4

import msgspec

from descant.engines import stems
from descant.engines.stems import Extraction
from descant.jobs.engine import Jobs
from descant.service import requests
from descant.service.clips import access
from descant.service.credits import ledger, prices
from descant.service.errors import Invalid
from descant.service.requests import SeparateStems
from descant.storage import accounts, clips, tasks
from descant.storage.database import Database, Transaction
from descant.storage.records import AccountRecord, ClipRecord, State, TaskRecord, now

STEMS_BASIC = "sonic.stems_basic"
STEMS_FULL = "sonic.stems_full"


class Separating:
    """The use case of taking a song apart."""

    def __init__(self, database: Database, jobs: Jobs) -> None:
        self._database = database
        self._jobs = jobs

    def basic(self, account: AccountRecord, clip_id: str) -> TaskRecord:
        """Accept a task of two clips: the singing, and everything else; for its errors see :meth:`full`."""
        return self._accept(account, clip_id, STEMS_BASIC)

    def full(self, account: AccountRecord, clip_id: str) -> TaskRecord:
        """Accept a task of one clip for each role the song has: its charge and its places in the queue, all or nothing.

        Raises
        ------
        NotFound : when the account has no such clip.
        Invalid : when the clip is not finished, failed, was deleted, or is a stem itself.
        OutOfCredits : when the balance does not cover the price.
        """
        return self._accept(account, clip_id, STEMS_FULL)

    def _accept(self, account: AccountRecord, clip_id: str, kind: str) -> TaskRecord:
        with self._database.transaction() as tx:
            song = access.finished(tx, account, clip_id)
            orders = _orders(tx, song, kind)
            task = _task(tx, song, kind)
            tasks.add(tx, task)
            ledger.charge(tx, account.id, task.id, task.price)
            place = accounts.take_places(tx, account.id, len(orders))
            for position, order in enumerate(orders):
                clip = _clip(task, song, position, order)
                clips.add(tx, clip)
                self._jobs.enqueue(tx, clip.id, account.id, place=place + position)
        return task


def _orders(tx: Transaction, song: ClipRecord, kind: str) -> tuple[Extraction, ...]:
    if song.stem:
        raise Invalid(f"The clip {song.id!r} is a stem already ({song.stem}); stems are taken from whole songs.")
    roles = stems.roles_of([file.name for file in clips.files(tx, [song.id])])
    if not roles:
        raise Invalid(f"The clip {song.id!r} has no stems.")
    return stems.halves(roles) if kind == STEMS_BASIC else stems.singles(roles)


def _task(tx: Transaction, song: ClipRecord, kind: str) -> TaskRecord:
    asked = requests.echo(tasks.requests(tx, [song.task_id])[song.task_id])
    return TaskRecord(
        id=str(uuid4()),
        account_id=song.account_id,
        kind=kind,
        price=prices.price(kind),
        seed=song.seed,
        request=requests.encode(SeparateStems(clip_id=song.id, mv=asked.mv)),
        created_at=now(),
        settled_at=None,
    )


def _clip(task: TaskRecord, song: ClipRecord, position: int, order: Extraction) -> ClipRecord:
    return ClipRecord(
        id=str(uuid4()),
        task_id=task.id,
        account_id=task.account_id,
        position=position,
        state=State.PENDING,
        progress=0.0,
        stage="",
        title=stems.titled(song.title, order),
        tags=song.tags,
        lyrics=song.lyrics,
        duration=None,
        error="",
        seed=song.seed,
        brief=msgspec.json.encode(order).decode(),
        claim="",
        worker="",
        starts=0,
        crashes=0,
        created_at=task.created_at,
        started_at=None,
        finished_at=None,
        parent_id=song.id,
        stem=order.label,
    )
