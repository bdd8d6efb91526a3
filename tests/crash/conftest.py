"""Servers to be killed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from .house import WORKERS, House


def _house(folder: Path, url: str, workers: int) -> Iterator[House]:
    house = House(folder, url, workers)
    house.start()
    yield house
    if house.server is not None and house.server.poll() is None:
        house.server.kill()
        house.server.wait()
    house.service.close()


@pytest.fixture
def house(tmp_path: Path, database_url: str) -> Iterator[House]:
    """On each kind of database."""
    yield from _house(tmp_path, database_url, WORKERS)


@pytest.fixture
def lonely_house(tmp_path: Path, sqlite_url: str) -> Iterator[House]:
    """With one worker."""
    yield from _house(tmp_path, sqlite_url, 1)
