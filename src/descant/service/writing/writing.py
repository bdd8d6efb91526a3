"""The use cases of words alone: no song is made, so they answer at once."""

import secrets

from descant.service import wording
from descant.service.credits import ledger
from descant.song.streams import SEED_LIMIT, derive_seed
from descant.storage.database import Database
from descant.storage.records import AccountRecord
from descant.words import description, upsample, writer
from descant.words.sheet import Sheet

LYRICS = "sonic.lyrics"
UPSAMPLE_TAGS = "sonic.upsample_tags"

CANDIDATES = 2
"""Lyrics of one answer, as in the vendor's example (contract/lyrics.md)."""


class Writing:
    """The use cases of words. All raise Refused for words that may not be sung of, and OutOfCredits."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lyrics(self, account: AccountRecord, about: str, seed: int | None = None) -> tuple[Sheet, ...]:
        """Return lyrics about what a line describes, in :data:`CANDIDATES` versions.

        The same line and ``seed`` (0 ≤ seed < ``SEED_LIMIT``) give the same lyrics; None draws one.
        """
        wording.check(about)
        wish, subject = description.read(about)
        first = secrets.randbelow(SEED_LIMIT) if seed is None else seed
        seeds = [derive_seed(first, f"lyrics.{number}") for number in range(CANDIDATES)]
        found = tuple(writer.write(subject, wish, each) for each in seeds)
        self._charge(account, LYRICS)
        return found

    def upsample_tags(self, account: AccountRecord, tags: str) -> str:
        """Return style tags told in full: what was asked first, then what it leaves open."""
        wording.check(tags)
        found = upsample.upsample(tags)
        self._charge(account, UPSAMPLE_TAGS)
        return found

    def _charge(self, account: AccountRecord, operation: str) -> None:
        with self._database.transaction() as tx:
            ledger.spend(tx, account.id, operation)
