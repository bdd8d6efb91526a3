"""Queries about personas."""

from sqlalchemy import and_, delete, insert, or_, select

from descant.storage.database import Transaction
from descant.storage.records import PersonaRecord
from descant.storage.tables import Persona

_COLUMNS = tuple(Persona.__table__.columns)


def add(tx: Transaction, persona: PersonaRecord) -> None:
    """Add a persona."""
    tx.connection.execute(insert(Persona).values({column.key: getattr(persona, column.key) for column in _COLUMNS}))


def read(tx: Transaction, persona_id: str) -> PersonaRecord | None:
    """Return a persona, or None when there is none of that id."""
    row = tx.connection.execute(select(*_COLUMNS).where(Persona.id == persona_id)).one_or_none()
    return None if row is None else PersonaRecord(**row._mapping)


def of_account(
    tx: Transaction, account_id: str, *, limit: int, before: PersonaRecord | None
) -> tuple[PersonaRecord, ...]:
    """Return an account's personas, newest first, from the one after ``before`` (None: the newest)."""
    query = select(*_COLUMNS).where(Persona.account_id == account_id)
    if before is not None:
        older = Persona.created_at < before.created_at
        query = query.where(or_(older, and_(Persona.created_at == before.created_at, Persona.id < before.id)))
    query = query.order_by(Persona.created_at.desc(), Persona.id.desc()).limit(limit)
    return tuple(PersonaRecord(**row._mapping) for row in tx.connection.execute(query))


def remove(tx: Transaction, persona_id: str) -> None:
    """Remove a persona."""
    tx.connection.execute(delete(Persona).where(Persona.id == persona_id))
