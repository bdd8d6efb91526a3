"""Queries about clips and their files.

Every change of a running clip names the attempt's ``claim`` and reports whether it still held: an attempt that was
taken for dead and replaced finds out at its next write.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, delete, func, insert, literal, or_, select, update

from descant.storage.database import Transaction
from descant.storage.records import ClipRecord, FileRecord, State, VoiceWindowRecord
from descant.storage.tables import Clip, ClipExport, ClipFile, ClipSource, Moment, VoiceWindow

_COLUMNS = tuple(Clip.__table__.columns)
_FILE_COLUMNS = tuple(ClipFile.__table__.columns)
_UNFINISHED = (State.PENDING.value, State.RUNNING.value)


def add(tx: Transaction, clip: ClipRecord, sources: Sequence[str] = ()) -> None:
    """Add a clip and the ids of the clips it is made from, in the order its order names them."""
    tx.connection.execute(insert(Clip).values({column.key: getattr(clip, column.key) for column in _COLUMNS}))
    for position, source_id in enumerate(sources):
        row = {"clip_id": clip.id, "position": position, "source_id": source_id}
        tx.connection.execute(insert(ClipSource).values(row))


def read(tx: Transaction, clip_id: str) -> ClipRecord | None:
    """Return a clip, or None when there is none of that id."""
    row = tx.connection.execute(select(*_COLUMNS).where(Clip.id == clip_id)).one_or_none()
    return None if row is None else _record(row)


def of_task(tx: Transaction, task_id: str) -> tuple[ClipRecord, ...]:
    """Return a task's clips by position."""
    query = select(*_COLUMNS).where(Clip.task_id == task_id).order_by(Clip.position)
    return tuple(_record(row) for row in tx.connection.execute(query))


def sources(tx: Transaction, clip_id: str) -> tuple[ClipRecord, ...]:
    """Return the clips that a clip is made from, in the order its order names them."""
    query = select(*_COLUMNS).join(ClipSource, ClipSource.source_id == Clip.id)
    query = query.where(ClipSource.clip_id == clip_id).order_by(ClipSource.position)
    return tuple(_record(row) for row in tx.connection.execute(query))


def unfinished(tx: Transaction, clip_ids: Sequence[str]) -> frozenset[str]:
    """Return those of ``clip_ids`` that are still to be made."""
    query = select(Clip.id).where(Clip.id.in_(clip_ids), Clip.state.in_(_UNFINISHED))
    return frozenset(tx.connection.execute(query).scalars())


def waiting(tx: Transaction, account_id: str) -> int:
    """Return how many clips of an account are still to be made."""
    query = select(func.count()).where(Clip.account_id == account_id, Clip.state.in_(_UNFINISHED))
    return tx.connection.execute(query.select_from(Clip)).scalar_one()


def unfinished_by_state(tx: Transaction) -> dict[State, int]:
    """Return how many clips, of all accounts, are pending and running; a state without clips is left out."""
    query = select(Clip.state, func.count()).where(Clip.state.in_(_UNFINISHED)).group_by(Clip.state)
    return {State(state): count for state, count in tx.connection.execute(query)}


def claim(tx: Transaction, clip_id: str, *, claim: str, worker: str, at: datetime) -> ClipRecord | None:
    """Give an unfinished clip to a new attempt, counting it; None when there is nothing left to make."""
    query = (
        update(Clip)
        .where(Clip.id == clip_id, Clip.state.in_(_UNFINISHED))
        .values(
            state=State.RUNNING.value,
            claim=claim,
            worker=worker,
            starts=Clip.starts + 1,
            progress=0.0,
            stage="",
            stream="",
            started_at=func.coalesce(Clip.started_at, literal(at, Moment)),
        )
        .returning(*_COLUMNS)
    )
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else _record(row)


def holds(tx: Transaction, clip_id: str, claim: str) -> bool:
    """Return whether the attempt ``claim`` still owns a running clip."""
    query = select(Clip.id).where(Clip.id == clip_id, Clip.claim == claim, Clip.state == State.RUNNING.value)
    return tx.connection.execute(query).one_or_none() is not None


def report(tx: Transaction, clip_id: str, claim: str, *, progress: float, stage: str) -> bool:
    """Note how far a clip is; False when the attempt no longer owns it."""
    return _change(tx, clip_id, claim, {"progress": progress, "stage": stage})


def begin_stream(tx: Transaction, clip_id: str, claim: str, stream: str) -> bool:
    """Note what is heard of a clip from now on; False when the attempt no longer owns it."""
    return _change(tx, clip_id, claim, {"stream": stream})


def count_crash(tx: Transaction, clip_id: str, claim: str) -> bool:
    """Count a death of the clip's own process, which silences it; False when the attempt no longer owns it."""
    return _change(tx, clip_id, claim, {"crashes": Clip.crashes + 1, "stream": ""})


def give_back(tx: Transaction, clip_id: str, claim: str) -> bool:
    """Put an attempt back unmade and uncounted, to be made later; False when it no longer owns the clip."""
    values = {
        "state": State.PENDING.value,
        "claim": "",
        "starts": Clip.starts - 1,
        "progress": 0.0,
        "stage": "",
        "stream": "",
    }
    return _change(tx, clip_id, claim, values)


def succeed(
    tx: Transaction,
    clip_id: str,
    claim: str,
    *,
    title: str,
    tags: str,
    lyrics: str,
    duration: float,
    files: Iterable[FileRecord],
    at: datetime,
    joined_at: float | None = None,
) -> bool:
    """End a clip with its song; False, with nothing changed, when the attempt no longer owns it."""
    values = {
        "state": State.SUCCEEDED.value,
        "progress": 1.0,
        "stage": "",
        "title": title,
        "tags": tags,
        "lyrics": lyrics,
        "duration": duration,
        "joined_at": joined_at,
        "finished_at": at,
    }
    if not _change(tx, clip_id, claim, values):
        return False
    tx.connection.execute(delete(ClipFile).where(ClipFile.clip_id == clip_id))
    for file in files:
        add_file(tx, file)
    return True


def fail(tx: Transaction, clip_id: str, *, error: str, at: datetime, claim: str | None = None) -> bool:
    """End an unfinished clip without a song; False when it was finished, or ``claim`` is given and owns it no more."""
    query = update(Clip).where(Clip.id == clip_id, Clip.state.in_(_UNFINISHED))
    if claim is not None:
        query = query.where(Clip.claim == claim)
    values = {"state": State.FAILED.value, "error": error, "stage": "", "claim": "", "stream": "", "finished_at": at}
    return tx.connection.execute(query.values(values)).rowcount == 1


def of_account(tx: Transaction, account_id: str, *, limit: int, before: ClipRecord | None) -> tuple[ClipRecord, ...]:
    """Return an account's clips that are not deleted, newest first, from the one after ``before`` (None: the newest).

    Clips of one moment keep one order: by task, then by position.
    """
    query = select(*_COLUMNS).where(Clip.account_id == account_id, Clip.deleted_at.is_(None))
    if before is not None:
        query = query.where(
            or_(
                Clip.created_at < before.created_at,
                and_(Clip.created_at == before.created_at, Clip.task_id < before.task_id),
                and_(Clip.task_id == before.task_id, Clip.position > before.position),
            )
        )
    query = query.order_by(Clip.created_at.desc(), Clip.task_id.desc(), Clip.position).limit(limit)
    return tuple(_record(row) for row in tx.connection.execute(query))


def delete_files(tx: Transaction, clip_id: str, at: datetime) -> bool:
    """Mark a finished clip as deleted and forget its files; False when it is unfinished or was deleted before."""
    query = update(Clip).where(Clip.id == clip_id, Clip.state.not_in(_UNFINISHED), Clip.deleted_at.is_(None))
    if tx.connection.execute(query.values(deleted_at=at)).rowcount != 1:
        return False
    tx.connection.execute(delete(ClipFile).where(ClipFile.clip_id == clip_id))
    tx.connection.execute(delete(ClipExport).where(ClipExport.clip_id == clip_id))
    return True


def add_voice_window(tx: Transaction, window: VoiceWindowRecord) -> None:
    """Add a stretch of a clip's singing."""
    values = {column.key: getattr(window, column.key) for column in VoiceWindow.__table__.columns}
    tx.connection.execute(insert(VoiceWindow).values(values))


def voice_window(tx: Transaction, window_id: str) -> VoiceWindowRecord | None:
    """Return a stretch of a clip's singing, or None when there is none of that id."""
    query = select(*VoiceWindow.__table__.columns).where(VoiceWindow.id == window_id)
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else VoiceWindowRecord(**row._mapping)


def files(tx: Transaction, clip_ids: Sequence[str]) -> tuple[FileRecord, ...]:
    """Return the files of clips, by clip and name."""
    query = select(*_FILE_COLUMNS).where(ClipFile.clip_id.in_(clip_ids)).order_by(ClipFile.clip_id, ClipFile.name)
    return tuple(FileRecord(**row._mapping) for row in tx.connection.execute(query))


def add_file(tx: Transaction, file: FileRecord) -> None:
    """Note a stored file of a clip."""
    values = {column.key: getattr(file, column.key) for column in _FILE_COLUMNS}
    tx.connection.execute(insert(ClipFile).values(values))


def file(tx: Transaction, clip_id: str, name: str) -> FileRecord | None:
    """Return one file of a clip, or None when it has none of that name."""
    query = select(*_FILE_COLUMNS).where(ClipFile.clip_id == clip_id, ClipFile.name == name)
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else FileRecord(**row._mapping)


def _change(tx: Transaction, clip_id: str, claim: str, values: dict[str, Any]) -> bool:
    owned = (Clip.id == clip_id, Clip.claim == claim, Clip.state == State.RUNNING.value)
    return tx.connection.execute(update(Clip).where(*owned).values(values)).rowcount == 1


def _record(row: Row[Any]) -> ClipRecord:
    values = dict(row._mapping)
    return ClipRecord(**values | {"state": State(values["state"])})
