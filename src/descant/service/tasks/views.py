"""What is shown of a task and its clips."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from descant.service import requests
from descant.song import orders
from descant.storage import clips, tasks
from descant.storage.database import Transaction
from descant.storage.records import ClipRecord, FileRecord, State, TaskRecord


@dataclass(frozen=True, kw_only=True)
class Clip:
    """A clip as its owner sees it.

    Attributes
    ----------
    position : its place among the task's clips, from 0.
    progress : fraction done, 0–1; ``stage`` says in a word what is being done.
    title, tags, lyrics : as given until the song is made, then as it turned out.
    duration : seconds, or None before success.
    error : why it failed; "" otherwise.
    seed : of this take.
    description, style_weight, weirdness : as the request gave them; "" and None when it did not.
    parent_id : the first of the clips it is made from, or None. stem : which stem of the parent it is; "" for a song.
    joined_at : for an extension, and for versions of one that were changed in part, where in the audio of the clip it
        extends it begins, in seconds; None before success.
    streaming : whether it is being made and can be heard already.
    pair : of a whole song that was made beside what is new in it, what that is ("extended", "replaced") and the clip
        that it is; None for others.
    deleted : whether its owner deleted it. recording : whether it was sent in rather than made here.
    files : names of what can be downloaded; empty before success.
    """

    id: str
    task_id: str
    position: int
    state: State
    progress: float
    stage: str
    title: str
    tags: str
    lyrics: str
    duration: float | None
    error: str
    seed: int
    mv: str
    description: str
    negative_tags: str
    style_weight: float | None
    weirdness: float | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    parent_id: str | None
    stem: str
    joined_at: float | None
    streaming: bool
    pair: tuple[str, str] | None
    deleted: bool
    recording: bool
    files: tuple[str, ...]


@dataclass(frozen=True)
class TaskView:
    """A task and its clips in a stable order."""

    task: TaskRecord
    clips: tuple[Clip, ...]

    @property
    def started(self) -> bool:
        """Whether there is anything to tell yet: some clip has left the queue."""
        return any(clip.state is not State.PENDING or clip.started_at is not None for clip in self.clips)

    @property
    def finished(self) -> bool:
        """Whether nothing will change any more."""
        return all(clip.state.finished for clip in self.clips)


def view(tx: Transaction, task: TaskRecord) -> TaskView:
    """Return a task with its clips and their files."""
    return TaskView(task, shown(tx, clips.of_task(tx, task.id)))


def shown(tx: Transaction, records: Sequence[ClipRecord]) -> tuple[Clip, ...]:
    """Return clips as their owner sees them, in the order given."""
    files = clips.files(tx, [record.id for record in records])
    asked = {task_id: requests.echo(text) for task_id, text in tasks.requests(tx, {r.task_id for r in records}).items()}
    return tuple(
        _clip(record, asked[record.task_id], _pair(tx, record, asked[record.task_id]), files) for record in records
    )


def _pair(tx: Transaction, record: ClipRecord, request: requests.Echo) -> tuple[str, str] | None:
    order = orders.decode(record.order)
    if isinstance(order, orders.Replace) and request.auto_concat:
        return "replaced", record.id
    if isinstance(order, orders.Concat):
        last = clips.sources(tx, record.id)[-1]
        return ("extended", last.id) if last.task_id == record.task_id else None
    return None


def _clip(
    record: ClipRecord, request: requests.Echo, pair: tuple[str, str] | None, files: Sequence[FileRecord]
) -> Clip:
    return Clip(
        id=record.id,
        task_id=record.task_id,
        position=record.position,
        state=record.state,
        progress=record.progress,
        stage=record.stage,
        title=record.title,
        tags=record.tags,
        lyrics=record.lyrics,
        duration=record.duration,
        error=record.error,
        seed=record.seed,
        mv=request.mv,
        description=request.gpt_description_prompt,
        negative_tags=request.negative_tags,
        style_weight=request.style_weight,
        weirdness=request.weirdness_constraint,
        created_at=record.created_at,
        started_at=record.started_at,
        finished_at=record.finished_at,
        parent_id=record.parent_id,
        stem=record.stem,
        joined_at=record.joined_at,
        streaming=record.state is State.RUNNING and bool(record.stream),
        pair=pair,
        deleted=record.deleted_at is not None,
        recording=isinstance(orders.decode(record.order), orders.Listen),
        files=tuple(file.name for file in files if file.clip_id == record.id),
    )
