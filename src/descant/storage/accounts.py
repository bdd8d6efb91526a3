"""Queries about accounts and their keys."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, insert, or_, select, update

from descant.storage.database import Transaction
from descant.storage.records import AccountRecord, KeyRecord
from descant.storage.tables import Account, ApiKey

_KEY_COLUMNS = (
    ApiKey.id,
    ApiKey.account_id,
    ApiKey.name,
    ApiKey.last_four,
    ApiKey.created_at,
    ApiKey.last_used_at,
    ApiKey.revoked_at,
    Account.credits,
)


def add(tx: Transaction, *, account_id: str, name: str, at: datetime) -> None:
    """Add an account without credits."""
    tx.connection.execute(insert(Account).values(id=account_id, name=name, credits=0, created_at=at))


def read(tx: Transaction, account_id: str) -> AccountRecord | None:
    """Return an account, or None when there is none of that id."""
    columns = (Account.id, Account.name, Account.credits, Account.created_at)
    row = tx.connection.execute(select(*columns).where(Account.id == account_id)).one_or_none()
    return None if row is None else AccountRecord(**row._mapping)


def take_places(tx: Transaction, account_id: str, count: int) -> int:
    """Set aside ``count`` places in the account's queue and return the first; every call's are after the last one's."""
    counted = update(Account).where(Account.id == account_id).values(enqueued=Account.enqueued + count)
    return int(tx.connection.execute(counted.returning(Account.enqueued)).scalar_one()) - count + 1


def exist(tx: Transaction) -> bool:
    """Return whether there is any key."""
    return bool(tx.connection.execute(select(func.count()).select_from(ApiKey)).scalar_one())


def add_key(
    tx: Transaction, *, key_id: str, account_id: str, name: str, digest: str, last_four: str, at: datetime
) -> None:
    """Add a key by the digest of its text."""
    tx.connection.execute(
        insert(ApiKey).values(
            id=key_id, account_id=account_id, name=name, digest=digest, last_four=last_four, created_at=at
        )
    )


def key_by_digest(tx: Transaction, digest: str) -> KeyRecord | None:
    """Return the key of a digest, revoked or not."""
    return _key(tx.connection.execute(_keys().where(ApiKey.digest == digest)).one_or_none())


def keys(tx: Transaction) -> tuple[KeyRecord, ...]:
    """Return all keys, oldest first."""
    return _records(tx.connection.execute(_keys().order_by(ApiKey.created_at, ApiKey.id)).all())


def keys_named(tx: Transaction, text: str) -> tuple[KeyRecord, ...]:
    """Return the keys whose id or last four characters are ``text``."""
    query = _keys().where(or_(ApiKey.id == text, ApiKey.last_four == text))
    return _records(tx.connection.execute(query.order_by(ApiKey.created_at, ApiKey.id)).all())


def revoke(tx: Transaction, key_id: str, at: datetime) -> None:
    """Mark a key as revoked, unless it is already."""
    tx.connection.execute(update(ApiKey).where(ApiKey.id == key_id, ApiKey.revoked_at.is_(None)).values(revoked_at=at))


def mark_used(tx: Transaction, key_id: str, at: datetime, gap: timedelta) -> None:
    """Note when a key was used, unless that was noted less than ``gap`` ago."""
    stale = or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at < at - gap)
    tx.connection.execute(update(ApiKey).where(ApiKey.id == key_id, stale).values(last_used_at=at))


def _keys() -> Select[*tuple[Any, ...]]:
    return select(*_KEY_COLUMNS).join(Account, Account.id == ApiKey.account_id)


def _key(row: Row[Any] | None) -> KeyRecord | None:
    return None if row is None else KeyRecord(**row._mapping)


def _records(rows: Sequence[Row[Any]]) -> tuple[KeyRecord, ...]:
    return tuple(KeyRecord(**row._mapping) for row in rows)
