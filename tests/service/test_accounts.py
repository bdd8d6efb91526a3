from collections.abc import Iterator
from pathlib import Path

import pytest

from descant import service, settings
from descant.service.accounts import keys
from descant.service.errors import Ambiguous, BadKey, NotFound, OutOfCredits, RevokedKey
from descant.service.house import Service


@pytest.fixture
def house(tmp_path: Path, sqlite_url: str) -> Iterator[Service]:
    running = service.open(settings.read(data=tmp_path, database_url=sqlite_url))
    yield running
    running.close()


def test_a_mistyped_key_is_told_by_its_check_characters() -> None:
    key = keys.new()
    assert keys.well_formed(key)
    for position in range(len(key)):
        other = "a" if key[position] != "a" else "b"
        assert not keys.well_formed(key[:position] + other + key[position + 1 :])


def test_the_text_of_a_key_is_nowhere_in_the_data_folder(house: Service, tmp_path: Path) -> None:
    key = house.accounts.create_key(credits=5, name="a key")
    house.accounts.authenticate(key.key)
    house.close()
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or key.key.encode() not in path.read_bytes()


def test_a_key_opens_its_account(house: Service) -> None:
    key = house.accounts.create_key(credits=5, name="a key")
    account = house.accounts.authenticate(key.key)
    assert (account.id, account.name, account.credits) == (key.account_id, "a key", 5)
    assert house.accounts.keys()[0].last_used_at is not None


def test_other_keys_open_nothing(house: Service) -> None:
    house.accounts.create_key(credits=5)
    for text in ("", "dsc_", keys.new(), "not a key", "ключ"):
        with pytest.raises(BadKey):
            house.accounts.authenticate(text)


def test_a_key_of_another_secret_opens_nothing(house: Service, tmp_path: Path) -> None:
    key = house.accounts.create_key(credits=5)
    other = settings.read(data=tmp_path, database_url=house.database.url, secret_key="another secret, long enough")
    running = service.open(other)
    with pytest.raises(BadKey):
        running.accounts.authenticate(key.key)
    running.close()


@pytest.mark.parametrize("way", ["key", "id", "last_four"])
def test_a_revoked_key_opens_nothing_any_more(house: Service, way: str) -> None:
    key = house.accounts.create_key(credits=5)
    kept = house.accounts.create_key(credits=5)
    assert house.accounts.revoke(getattr(key, way)).revoked_at is not None
    with pytest.raises(RevokedKey):
        house.accounts.authenticate(key.key)
    house.accounts.authenticate(kept.key)


def test_credits_are_given_and_taken_down_to_zero(house: Service) -> None:
    key = house.accounts.create_key(credits=5)
    assert house.accounts.credit(key.id, 10) == 15
    assert house.accounts.credit(key.key, -15) == 0
    with pytest.raises(OutOfCredits):
        house.accounts.credit(key.id, -1)


def test_a_key_that_is_not_there_is_named(house: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("abcd", keys.new()):
        with pytest.raises(NotFound):
            house.accounts.revoke(text)
    text = keys.new()
    monkeypatch.setattr(keys, "new", lambda: text)
    house.accounts.create_key(credits=0)
    monkeypatch.setattr(keys, "digest", lambda key, pepper: "another")
    house.accounts.create_key(credits=0)
    with pytest.raises(Ambiguous):
        house.accounts.revoke(text[-4:])


def test_it_is_known_whether_any_key_was_made(house: Service) -> None:
    assert not house.accounts.exist()
    house.accounts.create_key(credits=0)
    assert house.accounts.exist()
