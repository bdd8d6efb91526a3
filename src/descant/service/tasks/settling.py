"""The end of a clip and what follows: for the money, and for who waits to be told.

Whoever ends a clip locks its task first; so of two clips that end at the same moment the second sees the first, and
settles.
"""

from descant.jobs.engine import Jobs
from descant.service.credits import ledger, prices
from descant.service.webhooks import webhooks
from descant.storage import clips, tasks
from descant.storage.database import Transaction
from descant.storage.records import State, TaskRecord, now


def settle(tx: Transaction, jobs: Jobs, task: TaskRecord) -> None:
    """Close a task whose clips are all finished; do nothing before that, or twice.

    What failed clips cost is given back, and the task's webhook is told.
    ``task`` must have been locked in ``tx`` before its clips were changed.
    """
    made = clips.of_task(tx, task.id)
    if task.settled_at is not None or not all(clip.state.finished for clip in made):
        return
    failed = sum(clip.state is State.FAILED for clip in made)
    ledger.refund(tx, task.account_id, task.id, prices.refund(task.price, len(made), failed))
    tasks.settle(tx, task.id, now())
    webhooks.announce(tx, jobs, task, made)


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
