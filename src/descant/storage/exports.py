"""Queries about exports: files of clips that are being made in further formats, or could not be."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select, update

from descant.storage import clips
from descant.storage.database import Transaction
from descant.storage.records import ExportRecord, FileRecord
from descant.storage.tables import Clip, ClipExport

_COLUMNS = tuple(ClipExport.__table__.columns)


def add(tx: Transaction, export: ExportRecord) -> None:
    """Add an export; a clip has one of each format under way."""
    tx.connection.execute(insert(ClipExport).values({column.key: getattr(export, column.key) for column in _COLUMNS}))


def read(tx: Transaction, export_id: str) -> ExportRecord | None:
    """Return an export, or None when there is none of that id, or it is done."""
    row = tx.connection.execute(select(*_COLUMNS).where(ClipExport.id == export_id)).one_or_none()
    return None if row is None else ExportRecord(**row._mapping)


def of_clip(tx: Transaction, clip_id: str) -> tuple[ExportRecord, ...]:
    """Return the exports of a clip that are under way or failed, by format."""
    query = select(*_COLUMNS).where(ClipExport.clip_id == clip_id).order_by(ClipExport.format)
    return tuple(ExportRecord(**row._mapping) for row in tx.connection.execute(query))


def remove(tx: Transaction, export_ids: Sequence[str]) -> None:
    """Forget exports."""
    tx.connection.execute(delete(ClipExport).where(ClipExport.id.in_(export_ids)))


def fail(tx: Transaction, export_id: str, error: str) -> None:
    """End an export without a file."""
    tx.connection.execute(update(ClipExport).where(ClipExport.id == export_id).values(error=error))


def succeed(tx: Transaction, export_id: str, file: FileRecord) -> bool:
    """End an export with its file; False, with nothing changed, when it is gone or its clip was deleted meanwhile."""
    there = select(Clip.id).where(Clip.id == file.clip_id, Clip.deleted_at.is_(None)).with_for_update()
    if tx.connection.execute(there).one_or_none() is None:
        remove(tx, [export_id])
        return False
    if tx.connection.execute(delete(ClipExport).where(ClipExport.id == export_id)).rowcount != 1:
        return False
    clips.add_file(tx, file)
    return True
