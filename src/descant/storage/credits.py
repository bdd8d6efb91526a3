"""Queries about the ledger. A balance changes only here, together with the line that says why."""

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from descant.storage.database import Transaction
from descant.storage.records import EntryRecord
from descant.storage.tables import Account, CreditEntry

_COLUMNS = (
    CreditEntry.account_id,
    CreditEntry.delta,
    CreditEntry.reason,
    CreditEntry.task_id,
    CreditEntry.key,
    CreditEntry.created_at,
)


def balance(tx: Transaction, account_id: str) -> int:
    """Return what an account may spend; 0 for an unknown one."""
    return tx.connection.execute(select(Account.credits).where(Account.id == account_id)).scalar_one_or_none() or 0


def book(tx: Transaction, entry: EntryRecord) -> bool:
    """Append a line and move the balance with it.

    Returns
    -------
    False, with nothing changed, when a line of that ``key`` exists: the same thing is never booked twice.

    Raises
    ------
    Overdrawn : when the balance would fall below zero. The caller's transaction must then be left with an exception.
    """
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    values = {column.key: getattr(entry, column.key) for column in _COLUMNS}
    line = dialect.insert(CreditEntry).values(values).on_conflict_do_nothing(index_elements=[CreditEntry.key])
    if tx.connection.execute(line.returning(CreditEntry.id)).one_or_none() is None:
        return False
    left = Account.credits + entry.delta
    moved = update(Account).where(Account.id == entry.account_id, left >= 0).values(credits=left)
    if tx.connection.execute(moved).rowcount == 0:
        raise Overdrawn(balance(tx, entry.account_id))
    return True


class Overdrawn(Exception):
    """The account has only ``left`` credits, less than the booking needs."""

    def __init__(self, left: int) -> None:
        super().__init__(f"only {left} credits are left")
        self.left = left


def entries(tx: Transaction, account_id: str) -> tuple[EntryRecord, ...]:
    """Return an account's lines, oldest first."""
    query = select(*_COLUMNS).where(CreditEntry.account_id == account_id).order_by(CreditEntry.id)
    return tuple(EntryRecord(**row._mapping) for row in tx.connection.execute(query))


def disagreements(tx: Transaction) -> tuple[str, ...]:
    """Return the accounts whose balance is not the sum of their lines: always empty, unless someone edited the rows."""
    total = func.coalesce(func.sum(CreditEntry.delta), 0)
    query = (
        select(Account.id)
        .outerjoin(CreditEntry, CreditEntry.account_id == Account.id)
        .group_by(Account.id, Account.credits)
        .having(total != Account.credits)
    )
    return tuple(tx.connection.execute(query).scalars())
