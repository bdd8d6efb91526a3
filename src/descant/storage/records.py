"""What the queries return: one frozen record a table, free of the database library."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class State(StrEnum):
    """Where a clip stands (contract/README.md §3)."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"

    @property
    def finished(self) -> bool:
        """Whether nothing will change any more."""
        return self in (State.SUCCEEDED, State.FAILED)


def now() -> datetime:
    """Return this moment, in UTC, cut to the millisecond the database keeps."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


@dataclass(frozen=True, kw_only=True)
class AccountRecord:
    """An account and what it may spend."""

    id: str
    name: str
    credits: int
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class KeyRecord:
    """An API key without its text: only the last four characters were kept readable."""

    id: str
    account_id: str
    name: str
    last_four: str
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    credits: int


@dataclass(frozen=True, kw_only=True)
class EntryRecord:
    """One line of the ledger. ``delta`` is negative for a charge; ``key`` says what it happened for, once."""

    account_id: str
    delta: int
    reason: str
    task_id: str | None
    key: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class TaskRecord:
    """One accepted request. ``request`` is its JSON text; ``settled_at`` is set when every clip is finished."""

    id: str
    account_id: str
    kind: str
    price: int
    seed: int
    request: str
    created_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ClipRecord:
    """One song of a task, or one stem of a song.

    Attributes
    ----------
    position : place among the task's clips, from 0.
    progress : fraction done, 0–1; ``stage`` says in a word what is being done.
    duration : seconds of audio, or None before success.
    error : why it failed, for users; "" otherwise.
    order : JSON text of what is to be made, a :data:`descant.song.orders.Order`.
    claim : the token of the attempt that owns the clip; an attempt that lost it may write nothing.
    worker : the executor that made the last claim.
    starts : attempts begun and not given back; ``crashes``: how often its own process died.
    parent_id : the first of the clips it is made from, or None. stem : which stem of the parent it is; "" for a song.
    deleted_at : when its owner deleted it, files and all.
    joined_at : for an extension, and for versions of one that were changed in part, where in the audio of the clip it
        extends it begins, in seconds.
    stream : names what is heard of it while it is made, and afterwards what it was made in; "" while there is nothing.
    """

    id: str
    task_id: str
    account_id: str
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
    order: str
    claim: str
    worker: str
    starts: int
    crashes: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    parent_id: str | None = None
    stem: str = ""
    deleted_at: datetime | None = None
    joined_at: float | None = None
    stream: str = ""


@dataclass(frozen=True, kw_only=True)
class VoiceWindowRecord:
    """A stretch of a clip's singing; ``start`` and ``stop`` in seconds of its audio."""

    id: str
    account_id: str
    clip_id: str
    start: float
    stop: float
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class PersonaRecord:
    """A singer kept under a name, taken from a clip.

    ``singer`` is the JSON text of a :class:`descant.song.persona.Persona`; ``styles`` is what was asked of its style.
    """

    id: str
    account_id: str
    name: str
    description: str
    styles: str
    clip_id: str
    singer: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class BatchRecord:
    """Requests sent together."""

    id: str
    account_id: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class BatchItemRecord:
    """One request of a batch: its ``task_id``, or None with the ``refusal`` (of the service, by name) and its text."""

    batch_id: str
    position: int
    task_id: str | None
    refusal: str
    error: str


@dataclass(frozen=True, kw_only=True)
class FileRecord:
    """A stored file of a clip; ``digest`` is the SHA-256 of its bytes in hexadecimal, ``size`` in bytes."""

    clip_id: str
    name: str
    size: int
    digest: str
    content_type: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class ExportRecord:
    """A file of a clip in a further ``format`` that is being made; ``error`` says, for people, why it could not be."""

    id: str
    clip_id: str
    format: str
    created_at: datetime
    error: str = ""


class DeliveryState(StrEnum):
    """Where a delivery stands: still to be tried, taken by the receiver, or given up."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class WebhookRecord:
    """Whom a task tells of its events; ``secret`` is "" when the server signs with its own."""

    task_id: str
    url: str
    secret: str


@dataclass(frozen=True, kw_only=True)
class DeliveryRecord:
    """One event for a webhook: how often it was tried, and what came of the last try (``answer``, for people)."""

    id: str
    task_id: str
    event: str
    state: DeliveryState
    attempts: int
    answer: str
    created_at: datetime
    attempted_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class WorkerRecord:
    """A worker process and when it was last heard of."""

    executor_id: str
    host: str
    pid: int
    started_at: datetime
    beat_at: datetime
