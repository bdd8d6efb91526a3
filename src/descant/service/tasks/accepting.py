"""The one road by which a request becomes a task: its charge, its clips, their places in the queue, its webhook.

All or nothing: everything is written in the caller's transaction, and any refusal leaves it with an exception.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from descant.jobs.engine import INTAKE_QUEUE, Jobs
from descant.service import requests
from descant.service.credits import ledger, prices
from descant.service.errors import TooMany
from descant.service.requests import Request
from descant.service.uploads import places
from descant.service.webhooks import webhooks
from descant.service.webhooks.webhooks import Webhook
from descant.song import orders
from descant.song.orders import Order
from descant.storage import accounts, clips, tasks
from descant.storage.database import Transaction
from descant.storage.records import AccountRecord, ClipRecord, State, TaskRecord, now

MOST_WAITING = 1000
"""Clips an account may have in the queue: a day's work of one core, beyond which a client has most likely run wild."""

INCLUDED = "sonic.upload_included"
"""The kind of a task that takes in a recording for another task, which is paid for."""


@dataclass(frozen=True, kw_only=True)
class Take:
    """One clip to be made.

    Attributes
    ----------
    order : what the engine is asked for; ``sources`` the clips it starts from, as the order names them.
    seed : shown on the clip.
    title, tags, lyrics : shown until the clip is made.
    stem : which stem of its first source it is; "" for a song.
    clip_id : what the clip is to be called, when something is kept for it already; "" for a new id.
    after : the place in its commission of an earlier take that it is made from as well, as its last source.
    """

    order: Order
    seed: int
    title: str
    tags: str
    lyrics: str
    sources: tuple[ClipRecord, ...] = ()
    stem: str = ""
    clip_id: str = ""
    after: int | None = None


@dataclass(frozen=True, kw_only=True)
class Commission:
    """What a request comes to: a task of a ``kind`` that has a price, and its ``takes``; ``mv`` is the model shown.

    ``recording`` is the commission of a recording that all its takes are made from, taken in as a task of its own.
    """

    kind: str
    request: Request
    mv: str
    seed: int
    takes: tuple[Take, ...]
    recording: "Commission | None" = None


def accept(
    tx: Transaction, jobs: Jobs, account: AccountRecord, commission: Commission, webhook: Webhook | None = None
) -> TaskRecord:
    """Take a commission in.

    Raises
    ------
    OutOfCredits : when the balance does not cover the price.
    TooMany : when the account has too much in the queue already.
    """
    task = TaskRecord(
        id=str(uuid4()),
        account_id=account.id,
        kind=commission.kind,
        price=prices.price(commission.kind),
        seed=commission.seed,
        request=requests.encode(commission.request, commission.mv),
        created_at=now(),
        settled_at=None,
    )
    tasks.add(tx, task)
    if webhook is not None:
        webhooks.attach(tx, task, webhook)
    ledger.charge(tx, account.id, task.id, task.price)
    if clips.waiting(tx, account.id) >= MOST_WAITING:
        raise TooMany(f"{MOST_WAITING} songs are waiting already. Try again when some are finished.", 60.0)
    sources: tuple[ClipRecord, ...] = ()
    if commission.recording is not None:
        sources = clips.of_task(tx, accept(tx, jobs, account, commission.recording).id)
    place = accounts.take_places(tx, account.id, len(commission.takes))
    made: list[ClipRecord] = []
    for position, take in enumerate(commission.takes):
        before = () if take.after is None else (made[take.after],)
        made_from = (*take.sources, *sources, *before)
        clip = _clip(task, position, take, made_from)
        made.append(clip)
        clips.add(tx, clip, [source.id for source in made_from])
        if isinstance(take.order, orders.Listen):
            jobs.enqueue(tx, places.item(clip.id), account.id, INTAKE_QUEUE)
        elif not sources and not before:  # what is still to come is waited for (settling)
            jobs.enqueue(tx, clip.id, account.id, place=place + position)
    return task


def _clip(task: TaskRecord, position: int, take: Take, sources: Sequence[ClipRecord]) -> ClipRecord:
    """Return the record of a clip that is still to be made."""
    return ClipRecord(
        id=take.clip_id or str(uuid4()),
        task_id=task.id,
        account_id=task.account_id,
        position=position,
        state=State.PENDING,
        progress=0.0,
        stage="",
        title=take.title,
        tags=take.tags,
        lyrics=take.lyrics,
        duration=None,
        error="",
        seed=take.seed,
        order=orders.encode(take.order),
        claim="",
        worker="",
        starts=0,
        crashes=0,
        created_at=task.created_at,
        started_at=None,
        finished_at=None,
        parent_id=sources[0].id if sources else None,
        stem=take.stem,
    )
