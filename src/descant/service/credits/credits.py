"""What an account has left."""

from dataclasses import dataclass

from descant.service.credits import ledger
from descant.storage.database import Database
from descant.storage.records import AccountRecord


@dataclass(frozen=True)
class Balance:
    """Credits left (contract/credits.md). A self-hosted service sells no packs, so ``extra_credits`` is 0."""

    credits: int
    extra_credits: int = 0


class Credits:
    """The use cases of credits."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def balance(self, account: AccountRecord) -> Balance:
        """Return what the account has left now."""
        with self._database.reading() as tx:
            return Balance(credits=ledger.balance(tx, account.id))
