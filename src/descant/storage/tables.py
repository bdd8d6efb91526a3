"""The tables. The workflow engine keeps its own beside them in the same database; no name here may meet one of its."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime, kept as milliseconds since 1970 so that both databases order and compare it alike."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Return the number stored for ``value``."""
        return None if value is None else round(value.timestamp() * 1000)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Return the datetime of a stored number."""
        return None if value is None else datetime.fromtimestamp(value / 1000, UTC)


_NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What all tables share: constraint names that migrations can rely on."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {str: Text, datetime: Moment}  # noqa: RUF012 - read by SQLAlchemy from the class


class Account(Base):
    """Who pays. ``credits`` is the ledger's sum, kept beside it so that a charge is one guarded update.

    ``enqueued`` counts the clips ever put into the queue, which numbers their places in it.
    """

    __tablename__ = "account"
    __table_args__ = (CheckConstraint("credits >= 0", name="credits_not_negative"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    credits: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    enqueued: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")


class ApiKey(Base):
    """A key, as the keyed hash of its text."""

    __tablename__ = "api_key"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    last_four: Mapped[str]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Task(Base):
    """One accepted request."""

    __tablename__ = "task"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[str]
    price: Mapped[int]
    seed: Mapped[int] = mapped_column(BigInteger)
    request: Mapped[str]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_task_account", "account_id", "created_at"),)


class CreditEntry(Base):
    """One line of the append-only ledger; ``key`` is unique, so nothing is booked twice."""

    __tablename__ = "credit_entry"
    # SQLite numbers rows by itself only for the type INTEGER.
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    delta: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str]
    task_id: Mapped[str | None] = mapped_column(ForeignKey("task.id"), index=True)
    key: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]


class Clip(Base):
    """One song of a task, or one stem of a song. ``parent_id`` is the first of the clips it is made from."""

    __tablename__ = "clip"
    id: Mapped[str] = mapped_column(primary_key=True)
    task_id: Mapped[str] = mapped_column(ForeignKey("task.id"))
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    position: Mapped[int]
    state: Mapped[str]
    progress: Mapped[float]
    stage: Mapped[str]
    title: Mapped[str]
    tags: Mapped[str]
    lyrics: Mapped[str]
    duration: Mapped[float | None]
    error: Mapped[str]
    seed: Mapped[int] = mapped_column(BigInteger)
    order: Mapped[str]
    claim: Mapped[str]
    worker: Mapped[str]
    starts: Mapped[int]
    crashes: Mapped[int]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    parent_id: Mapped[str | None] = mapped_column(index=True)
    stem: Mapped[str] = mapped_column(server_default="")
    deleted_at: Mapped[datetime | None]
    joined_at: Mapped[float | None]
    stream: Mapped[str] = mapped_column(server_default="")
    __table_args__ = (
        UniqueConstraint("task_id", "position"),
        CheckConstraint("state IN ('pending', 'running', 'succeeded', 'failed')", name="state_known"),
        Index("ix_clip_account", "account_id", "created_at"),
    )


class ClipSource(Base):
    """A clip that another is made from; ``position`` counts from 0 in the order its order names them."""

    __tablename__ = "clip_source"
    clip_id: Mapped[str] = mapped_column(ForeignKey("clip.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("clip.id"), index=True)


class ClipFile(Base):
    """A stored file of a finished clip."""

    __tablename__ = "clip_file"
    clip_id: Mapped[str] = mapped_column(ForeignKey("clip.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str]
    content_type: Mapped[str]
    created_at: Mapped[datetime]


class ClipExport(Base):
    """A file of a clip in a further format that is being made, or with ``error`` could not be."""

    __tablename__ = "clip_export"
    __table_args__ = (UniqueConstraint("clip_id", "format"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    clip_id: Mapped[str] = mapped_column(ForeignKey("clip.id"))
    format: Mapped[str]
    error: Mapped[str]
    created_at: Mapped[datetime]


class VoiceWindow(Base):
    """A stretch of a clip's singing, set apart to be sung like; ``start`` and ``stop`` in seconds."""

    __tablename__ = "voice_window"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    clip_id: Mapped[str] = mapped_column(ForeignKey("clip.id"))
    start: Mapped[float]
    stop: Mapped[float]
    created_at: Mapped[datetime]


class Persona(Base):
    """A singer kept under a name. ``singer`` is its JSON text; ``clip_id`` whose singing it was taken from."""

    __tablename__ = "persona"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str]
    description: Mapped[str]
    styles: Mapped[str]
    clip_id: Mapped[str] = mapped_column(ForeignKey("clip.id"))
    singer: Mapped[str]
    created_at: Mapped[datetime]
    __table_args__ = (Index("ix_persona_account", "account_id", "created_at"),)


class Batch(Base):
    """Requests sent together."""

    __tablename__ = "batch"
    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime]


class BatchItem(Base):
    """One request of a batch: the task it became, or the refusal (of the service, by name) and its text."""

    __tablename__ = "batch_item"
    batch_id: Mapped[str] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[str | None] = mapped_column(ForeignKey("task.id"))
    refusal: Mapped[str]
    error: Mapped[str]


class Webhook(Base):
    """Whom a task tells of its events; ``secret`` is "" when the server signs with its own."""

    __tablename__ = "webhook"
    task_id: Mapped[str] = mapped_column(ForeignKey("task.id"), primary_key=True)
    url: Mapped[str]
    secret: Mapped[str]


class WebhookDelivery(Base):
    """One event of a task that its webhook is to be told of."""

    __tablename__ = "webhook_delivery"
    id: Mapped[str] = mapped_column(primary_key=True)
    task_id: Mapped[str] = mapped_column(ForeignKey("task.id"))
    event: Mapped[str]
    state: Mapped[str]
    attempts: Mapped[int]
    answer: Mapped[str]
    created_at: Mapped[datetime]
    attempted_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("task_id", "event"),
        CheckConstraint("state IN ('waiting', 'delivered', 'failed')", name="state_known"),
    )


class Worker(Base):
    """A worker process and its heartbeat."""

    __tablename__ = "worker"
    executor_id: Mapped[str] = mapped_column(primary_key=True)
    host: Mapped[str]
    pid: Mapped[int]
    started_at: Mapped[datetime]
    beat_at: Mapped[datetime]
