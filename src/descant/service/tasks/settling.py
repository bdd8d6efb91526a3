"""The end of a clip and what follows: for the money, for who waits to be told, and for clips that waited for it.

Whoever ends a clip locks its task first; so of two clips that end at the same moment the second sees the first, and
settles.
"""

from descant.jobs.engine import Jobs
from descant.service.credits import ledger, prices
from descant.service.errors import Invalid
from descant.service.tasks import recorded
from descant.service.webhooks import webhooks
from descant.song import orders
from descant.storage import accounts, clips, dependents, tasks
from descant.storage.database import Transaction
from descant.storage.records import ClipRecord, State, TaskRecord, now

UNEXPECTED = "The song could not be made because of a fault of this service. The credits for it were given back."
"""The reason of failures that are nobody else's."""


def settle(tx: Transaction, jobs: Jobs, task: TaskRecord) -> None:
    """Close a task whose clips are all finished; do nothing before that, or twice.

    What failed clips cost is given back, the task's webhook is told, and what waited for a recording goes on.
    ``task`` must have been locked in ``tx`` before its clips were changed.
    """
    made = clips.of_task(tx, task.id)
    if task.settled_at is not None or not all(clip.state.finished for clip in made):
        return
    for clip in made:
        if recorded.is_recording(clip):  # alone in its task, so it ended just now
            _hand_on(tx, jobs, clip)
    failed = sum(clip.state is State.FAILED for clip in made)
    ledger.refund(tx, task.account_id, task.id, prices.refund(task.price, len(made), failed))
    tasks.settle(tx, task.id, now())
    webhooks.announce(tx, jobs, task, made)


def _hand_on(tx: Transaction, jobs: Jobs, recording: ClipRecord) -> None:
    """Have what waits for a recording begun, or ended with it.

    The tasks of what waits are locked after the recording's own, and the account's row, which places and refunds
    change, after all of them: who cancels such a task holds it when it comes to the account.
    """
    for task_id in dependents.tasks_waiting(tx, recording.id):
        tasks.lock(tx, task_id)
    fit = []
    for clip_id in dependents.waiting(tx, recording.id):
        reason = recording.error or _fit(tx, clip_id, recording)
        if reason:
            fail_clip(tx, jobs, clip_id, reason)
        else:
            fit.append(clip_id)
    if fit:
        place = accounts.take_places(tx, recording.account_id, len(fit))
        for number, clip_id in enumerate(fit):
            jobs.enqueue(tx, clip_id, recording.account_id, place=place + number)


def _fit(tx: Transaction, clip_id: str, source: ClipRecord) -> str:
    """Make the order of a clip fit the clip it waited for, whose length is known now; return why it does not, or ""."""
    clip = clips.read(tx, clip_id)
    if clip is not None:
        try:
            order = recorded.fitted(orders.decode(clip.order), source.duration or 0.0)
        except Invalid as error:
            return str(error)
        dependents.set_order(tx, clip_id, orders.encode(order))
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
    settle(tx, jobs, task)
    return True
