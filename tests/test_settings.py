"""Settings: laptop defaults, one-line errors, one table for people."""

import re
import stat
from pathlib import Path

import pytest

from descant import settings

TABLE = Path(__file__).parent.parent / "docs" / "settings.md"


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch, tmp_path):
    for name in settings.Settings.model_fields:
        monkeypatch.delenv(f"DESCANT_{name.upper()}", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


def test_defaults_work_on_a_laptop(tmp_path):
    read = settings.read()
    assert read.data == tmp_path / "descant"
    assert (read.host, read.port, read.public_url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert read.database_url == f"sqlite:///{tmp_path}/descant/descant.sqlite"
    assert read.objects_url == f"file://{tmp_path}/descant/objects"
    assert read.workers >= 1
    assert read.outbound_allow == ()


def test_an_empty_variable_counts_as_unset(monkeypatch):
    monkeypatch.setenv("DESCANT_PORT", "")
    assert settings.read().port == 8000


def test_the_public_url_follows_host_and_port(monkeypatch):
    monkeypatch.setenv("DESCANT_PORT", "9001")
    monkeypatch.setenv("DESCANT_HOST", "0.0.0.0")
    assert settings.read().public_url == "http://127.0.0.1:9001"
    monkeypatch.setenv("DESCANT_HOST", "::1")
    assert settings.read().public_url == "http://[::1]:9001"


def test_a_given_public_url_loses_its_last_slash(monkeypatch):
    monkeypatch.setenv("DESCANT_PUBLIC_URL", "https://songs.example.org/")
    assert settings.read().public_url == "https://songs.example.org"


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("PORT", "http", "a whole number from 1 to 65535"),
        ("PORT", "0", "a whole number from 1 to 65535"),
        ("PORT", "65536", "a whole number from 1 to 65535"),
        ("WORKERS", "-1", "a whole number from 0 to 512"),
        ("RATE_LIMIT", "many", "a whole number from 0 to 100000"),
        ("UPLOAD_SECONDS", "901", "a whole number from 1 to 900"),
        ("HOST", "my host", "an IP address or a host name"),
        ("PUBLIC_URL", "songs.example.org", "http:// or https://"),
        ("DATABASE_URL", "mysql://root@localhost/songs", "sqlite:// or postgresql://"),
        ("OBJECTS_URL", "/srv/objects", "file://"),
        ("OUTBOUND_ALLOW", "a.example,10.0.0.0/99", "host names, addresses or networks"),
    ],
)
def test_a_bad_value_is_one_line_with_name_value_and_what_is_allowed(monkeypatch, name, value, allowed):
    monkeypatch.setenv(f"DESCANT_{name}", value)
    with pytest.raises(settings.SettingsError) as caught:
        settings.read()
    text = str(caught.value)
    assert text.startswith(f"DESCANT_{name} is ")
    assert allowed in text
    assert "\n" not in text


def test_errors_show_no_secrets(monkeypatch):
    monkeypatch.setenv("DESCANT_SECRET_KEY", "hunter2")
    monkeypatch.setenv("DESCANT_DATABASE_URL", "mysql://root:swordfish@localhost/songs")
    with pytest.raises(settings.SettingsError) as caught:
        settings.read()
    assert "at least 16 characters" in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert "swordfish" not in str(caught.value)


def test_allowed_destinations_are_a_comma_separated_list(monkeypatch):
    monkeypatch.setenv("DESCANT_OUTBOUND_ALLOW", "hooks.lan, 10.0.0.0/8 ,*.example.org,::1")
    assert settings.read().outbound_allow == ("hooks.lan", "10.0.0.0/8", "*.example.org", "::1")


def test_the_secret_is_made_once_and_is_private(tmp_path):
    first = settings.read().secret()
    assert len(first) >= settings.SECRET_MIN
    assert settings.read().secret() == first
    mode = (tmp_path / "descant" / "secret.key").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    assert [path.name for path in (tmp_path / "descant").iterdir()] == ["secret.key"]


def test_a_given_secret_is_used_as_it_is(monkeypatch, tmp_path):
    monkeypatch.setenv("DESCANT_SECRET_KEY", "0123456789abcdef")
    assert settings.read().secret() == "0123456789abcdef"
    assert not (tmp_path / "descant").exists()


def test_the_environment_gives_a_child_the_same_settings(monkeypatch):
    parent = settings.read(port=9002, outbound_allow="a.example,10.0.0.0/8", secret_key="0123456789abcdef")
    for name, value in parent.environment().items():
        monkeypatch.setenv(name, value)
    assert settings.read() == parent


def test_slips_of_the_pen_are_found():
    assert settings.unknown({"DESCANT_PROT": "1", "DESCANT_PORT": "2", "PORT": "3"}) == ("DESCANT_PROT",)


def test_the_table_for_people_names_every_setting():
    rows = re.findall(r"^\| `(DESCANT_[A-Z_]+)`", TABLE.read_text(), re.MULTILINE)
    assert rows == [f"DESCANT_{name.upper()}" for name in settings.Settings.model_fields]
