from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from descant import service, settings
from descant.service.house import Service
from descant.service.requests import CreateMusic
from descant.settings import Settings
from descant.storage import credits
from descant.storage.records import AccountRecord


@dataclass
class Shop:
    """A service on empty data, with an account of 100 credits."""

    settings: Settings
    service: Service
    account: AccountRecord

    def balance(self) -> int:
        return self.service.credits.balance(self.account).credits

    def ledger(self) -> list[tuple[str, int]]:
        with self.service.database.reading() as tx:
            assert credits.disagreements(tx) == ()
            return [(entry.reason, entry.delta) for entry in credits.entries(tx, self.account.id)]


def song(tags: str = "pop", **changes: object) -> CreateMusic:
    values = {"custom_mode": True, "mv": "sonic-v4-5", "prompt": "[Verse]\nla la la", "tags": tags, **changes}
    return CreateMusic(**values)  # type: ignore[arg-type]


@pytest.fixture
def make_song():
    return song


def _open(folder: Path, url: str) -> Iterator[Shop]:
    chosen = settings.read(data=folder, database_url=url, outbound_allow="127.0.0.0/8")
    running = service.open(chosen)
    key = running.accounts.create_key(credits=100, name="tester")
    yield Shop(chosen, running, running.accounts.authenticate(key.key))
    running.close()


@pytest.fixture
def shop(tmp_path: Path, database_url: str) -> Iterator[Shop]:
    """On each kind of database."""
    yield from _open(tmp_path, database_url)


@pytest.fixture
def sqlite_shop(tmp_path: Path, sqlite_url: str) -> Iterator[Shop]:
    yield from _open(tmp_path, sqlite_url)
