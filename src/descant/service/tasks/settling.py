"""The end of a clip and what follows: for the money, for who waits to be told, and for clips that waited for it.

Whoever ends a clip locks its task first; so of two clips that end at the same moment the second sees the first, and
settles.
"""

from collections.abc import Collection

from descant.jobs.engine import Jobs
from descant.service.credits import ledger, prices
from descant.service.errors import Invalid
from descant.service.tasks import chains, recorded
from descant.service.webhooks import webhooks
from descant.song import orders
from descant.storage import accounts, clips, dependents, tasks
from descant.storage.database import Transaction
from descant.storage.records import ClipRecord, State, TaskRecord, now

UNEXPECTED = "The song could not be made because of a fault of this service. The credits for it were given back."
"""The reason of failures that are nobody else's."""


def settle(tx: Transaction, jobs: Jobs, task: TaskRecord, ended: Collection[str]) -> None:
    """Follow up the clips ``ended`` of a task, which have just ended, and close it when they were the last.

    What waited for them goes on. When all clips of the task are finished, what failed ones cost is given back and the
    task's webhook is told; never twice. ``task`` must have been locked in ``tx`` before its clips were changed.
    """
    for clip in clips.of_task(tx, task.id):
        if clip.id in ended:
            _hand_on(tx, jobs, clip)
    made, known = clips.of_task(tx, task.id), tasks.lock(tx, task.id)  # as they are after what was handed on
    if known is None or known.settled_at is not None or not all(clip.state.finished for clip in made):
        return
    failed = sum(clip.state is State.FAILED for clip in made)
    ledger.refund(tx, task.account_id, task.id, prices.refund(task.price, len(made), failed))
    tasks.settle(tx, task.id, now())
    webhooks.announce(tx, jobs, task, made)


def _hand_on(tx: Transaction, jobs: Jobs, ended: ClipRecord) -> None:
    """Have what waits for a clip begun, or ended with it: songs for their recording, a whole for its extension.

    Only what was asked for together waits, as a clip is worked with only when it is finished; so what is found here is
    in no queue yet. The tasks of what waits are locked after the clip's own, and the account's row, which places and
    refunds change, after all of them: who cancels such a task holds it when it comes to the account.
    """
    for task_id in dependents.tasks_waiting(tx, ended.id):
        tasks.lock(tx, task_id)
    fit = []
    for clip_id in dependents.waiting(tx, ended.id):
        clip = clips.read(tx, clip_id)
        if clip is None or clip.state.finished:
            continue  # failed with one of those before it, which it is made from as well
        reason = ended.error or _fit(tx, clip, ended)
        if reason:
            fail_clip(tx, jobs, clip_id, reason)
        elif all(source.state.finished for source in clips.sources(tx, clip_id)):
            fit.append(clip_id)
    if fit:
        place = accounts.take_places(tx, ended.account_id, len(fit))
        for number, clip_id in enumerate(fit):
            jobs.enqueue(tx, clip_id, ended.account_id, place=place + number)


def _fit(tx: Transaction, clip: ClipRecord, source: ClipRecord) -> str:
    """Make the order of a clip fit the clip it waited for, whose length is known now; return why it does not, or ""."""
    order = orders.decode(clip.order)
    try:
        if isinstance(order, orders.Concat):
            chains.check_length(clips.sources(tx, clip.id))
        else:
            dependents.set_order(tx, clip.id, orders.encode(recorded.fitted(order, source.duration or 0.0)))
    except Invalid as error:
        return str(error)
    return ""


def fail_clip(tx: Transaction, jobs: Jobs, clip_id: str, error: str, *, claim: str | None = None) -> bool:
    """End a clip without a song, and settle its task.

    Parameters
    ----------
    error : the reason, for the user.
    claim : end it only while this attempt owns it; None for whoever owns it.

    Returns
    -------
    False when the clip was finished already or is owned by another attempt.
    """
    clip = clips.read(tx, clip_id)
    task = None if clip is None else tasks.lock(tx, clip.task_id)
    if task is None or not clips.fail(tx, clip_id, error=error, at=now(), claim=claim):
        return False
    settle(tx, jobs, task, (clip_id,))
    return True
