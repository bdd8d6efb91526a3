"""Keys from the command line."""

import pytest

from descant import service, settings


@pytest.fixture
def rules():
    opened = service.open(settings.read())
    yield opened
    opened.close()


def test_create_prints_the_key_alone_and_it_works(descant, rules):
    result = descant("keys", "create", "--credits", 500, "--name", "studio")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert len(result.stdout.splitlines()) == 1
    account = rules.accounts.authenticate(result.stdout.strip())
    assert rules.credits.balance(account).credits == 500


@pytest.mark.parametrize("arguments", [(), ("--credits", "-1"), ("--credits", "many")])
def test_create_wants_a_number_of_credits(descant, arguments):
    result = descant("keys", "create", *arguments)
    assert result.exit_code == 2
    assert "--credits" in result.stderr


def test_list_shows_balances_and_never_a_key(descant):
    key = descant("keys", "create", "--credits", 30, "--name", "studio").stdout.strip()
    listing = descant("keys", "list").stdout
    assert "studio" in listing
    assert f"…{key[-4:]}" in listing
    assert " 30 " in listing
    assert key not in listing


def test_a_key_is_credited_by_its_text_or_last_four(descant):
    key = descant("keys", "create", "--credits", 30).stdout.strip()
    assert descant("keys", "credit", key, 15).stdout == "45\n"
    assert descant("keys", "credit", key[-4:], 5).stdout == "50\n"
    assert descant("keys", "credit", key, -50).stdout == "0\n"


def test_more_than_there_is_cannot_be_taken(descant, one_line):
    key = descant("keys", "create", "--credits", 30).stdout.strip()
    assert "30" in one_line(descant("keys", "credit", key, -31), 1)


def test_a_revoked_key_is_useless_and_listed_as_such(descant, rules):
    from descant.service.errors import RevokedKey

    key = descant("keys", "create", "--credits", 30).stdout.strip()
    assert descant("keys", "revoke", key[-4:]).stdout == f"Revoked …{key[-4:]}.\n"
    with pytest.raises(RevokedKey):
        rules.accounts.authenticate(key)
    assert "revoked 2" in descant("keys", "list").stdout


def test_an_unknown_key_is_one_line(descant, one_line):
    assert "abcd" in one_line(descant("keys", "revoke", "abcd"), 1)


def test_a_bad_setting_is_one_line_with_code_2(descant, one_line, monkeypatch):
    monkeypatch.setenv("DESCANT_PORT", "http")
    assert one_line(descant("keys", "list"), 2).startswith("DESCANT_PORT is 'http'")


def test_data_that_cannot_be_opened_is_one_line(descant, one_line, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DESCANT_DATA", str(tmp_path / "file" / "data"))
    assert str(tmp_path / "file") in one_line(descant("keys", "list"), 1)
