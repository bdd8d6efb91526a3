"""Who may use the service: keys made, checked, listed and revoked, and credits granted."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from descant.service.accounts import keys
from descant.service.credits import ledger
from descant.service.errors import Ambiguous, BadKey, NotFound, RevokedKey
from descant.storage import accounts
from descant.storage.database import Database, Transaction
from descant.storage.records import AccountRecord, KeyRecord, now

__all__ = ["AccountRecord", "Accounts", "NewKey"]

_USE_GAP = timedelta(minutes=1)
"""A key's last use is noted at most this often, so that polling does not turn every read into a write."""


@dataclass(frozen=True)
class NewKey:
    """A key just made. ``key`` is its text, which exists nowhere else."""

    id: str
    account_id: str
    key: str
    last_four: str


class Accounts:
    """The use cases of accounts. ``pepper`` is the server's secret key."""

    def __init__(self, database: Database, pepper: str) -> None:
        self._database = database
        self._pepper = pepper

    def create_key(self, *, credits: int, name: str = "") -> NewKey:
        """Make an account with ``credits`` (≥ 0) and a key for it."""
        text = keys.new()
        made = NewKey(id=str(uuid4()), account_id=str(uuid4()), key=text, last_four=text[-4:])
        with self._database.transaction() as tx:
            accounts.add(tx, account_id=made.account_id, name=name, at=now())
            accounts.add_key(
                tx,
                key_id=made.id,
                account_id=made.account_id,
                name=name,
                digest=keys.digest(text, self._pepper),
                last_four=made.last_four,
                at=now(),
            )
            if credits:
                ledger.grant(tx, made.account_id, credits)
        return made

    def authenticate(self, key: str) -> AccountRecord:
        """Return the account of a key.

        Raises
        ------
        BadKey : when no key has that text. RevokedKey : when it was revoked.
        """
        if not keys.well_formed(key):
            raise BadKey
        with self._database.reading() as tx:
            found = accounts.key_by_digest(tx, keys.digest(key, self._pepper))
            account = None if found is None else accounts.read(tx, found.account_id)
        if found is None or account is None:
            raise BadKey
        if found.revoked_at is not None:
            raise RevokedKey
        if found.last_used_at is None or found.last_used_at < now() - _USE_GAP:
            with self._database.transaction() as tx:
                accounts.mark_used(tx, found.id, now(), _USE_GAP)
        return account

    def keys(self) -> tuple[KeyRecord, ...]:
        """Return all keys, oldest first, without their texts."""
        with self._database.reading() as tx:
            return accounts.keys(tx)

    def exist(self) -> bool:
        """Return whether any key was ever made."""
        with self._database.reading() as tx:
            return accounts.exist(tx)

    def revoke(self, key: str) -> KeyRecord:
        """Revoke the key named by its text, its id, or its last four characters; return it. Once is as good as twice.

        Raises
        ------
        NotFound, Ambiguous : when none, or more than one, is meant.
        """
        with self._database.transaction() as tx:
            accounts.revoke(tx, self._named(tx, key).id, now())
            return self._named(tx, key)

    def credit(self, key: str, credits: int) -> int:
        """Give the account of a key (named as for :meth:`revoke`) credits, or take some away; return the balance.

        Raises
        ------
        NotFound, Ambiguous : as for :meth:`revoke`. OutOfCredits : when more would be taken than there is.
        """
        with self._database.transaction() as tx:
            account_id = self._named(tx, key).account_id
            ledger.grant(tx, account_id, credits)
            return ledger.balance(tx, account_id)

    def _named(self, tx: Transaction, text: str) -> KeyRecord:
        if keys.well_formed(text):
            found = accounts.key_by_digest(tx, keys.digest(text, self._pepper))
            if found is None:
                raise NotFound("key", f"…{text[-4:]}")
            return found
        named = accounts.keys_named(tx, text)
        if not named:
            raise NotFound("key", text)
        if len(named) > 1:
            raise Ambiguous(text)
        return named[0]
