"""Every setting of the program: a ``DESCANT_…`` environment variable with a default that works on a laptop.

The table for people is ``docs/settings.md``; a test keeps the two alike. Nothing else in the package reads the
environment for its configuration.
"""

import os
import re
import secrets
from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "DESCANT_"

SOUNDFONTS = (
    Path("/usr/share/sounds/sf2/MuseScore_General_Full.sf2"),  # musescore-general-soundfont-lossless
    Path("/usr/share/sounds/sf3/MuseScore_General_Full.sf3"),
    Path("/usr/share/sounds/sf3/MuseScore_General.sf3"),  # musescore-general-soundfont
)
"""Where Debian and Ubuntu put the MuseScore General bank, best first."""

SECRET_MIN = 16
"""Shortest secret key, in characters."""

_HOST = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?")
_URL_PASSWORD = re.compile(r"(//[^:/@]*:)[^@/]*@")
_DATABASES = ("sqlite", "postgresql", "postgresql+psycopg")
_OBJECTS = ("file", "memory", "s3", "gs", "az")


class SettingsError(Exception):
    """A setting that cannot be used; the text names the variable, its value and what is allowed, a line a fault."""


def _default_data() -> Path:
    shared = os.environ.get("XDG_DATA_HOME", "")
    return (Path(shared) if shared else Path.home() / ".local" / "share") / "descant"


def _default_soundfont() -> Path:
    return next((path for path in SOUNDFONTS if path.exists()), SOUNDFONTS[0])


def _scheme(value: str, allowed: tuple[str, ...]) -> str:
    """Return ``value`` when it is empty or a URL of an allowed scheme; raise ValueError otherwise."""
    if not value:
        return value
    if urlsplit(value).scheme.lower() not in allowed or "://" not in value:
        raise ValueError("a URL starting with " + " or ".join(f"{name}://" for name in allowed))
    return value


class Settings(BaseSettings):
    """The program's settings, checked when read; use :func:`read` for errors a person can act on.

    Attributes
    ----------
    data : folder of everything the program keeps: database, objects, secret key, caches.
    host, port : where the API listens.
    public_url : the address clients reach the API at, without a slash at its end; the base of every media URL.
    database_url : SQLAlchemy URL; "" chooses ``descant.sqlite`` in ``data``.
    objects_url : where audio and images are kept; "" chooses the folder ``objects`` in ``data``.
    secret_key : the pepper of stored API keys; None has one made and kept in ``data`` (:meth:`secret`).
    workers : processes that make music beside the API.
    soundfont : the SF2 or SF3 bank the instruments play from.
    weights : folder of trained networks that listen to recordings (docs/weights.md); None for none.
    outbound_allow : hosts and networks that uploads and webhooks may reach besides the public internet.
    account_concurrency : songs of one account made at the same time.
    rate_limit : create requests an account may send a minute; 0 for no limit.
    upload_megabytes : size of the largest recording that is taken, in millions of bytes.
    upload_seconds : length of the longest recording that is taken; a child's memory (3 GiB) has no room for more.
    upload_fetch_seconds : how long fetching a recording may take.
    upload_wait_seconds : how long a request may wait for its recording to be taken in.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="ignore")

    data: Path = Field(default_factory=_default_data)
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=1, le=65535)
    public_url: str = ""
    database_url: str = ""
    objects_url: str = ""
    secret_key: SecretStr | None = None
    workers: int = Field(default_factory=lambda: max(1, (os.cpu_count() or 2) - 1), ge=0, le=512)
    soundfont: Path = Field(default_factory=_default_soundfont)
    weights: Path | None = None
    outbound_allow: Annotated[tuple[str, ...], NoDecode] = ()
    account_concurrency: int = Field(4, ge=1, le=1000)
    rate_limit: int = Field(120, ge=0, le=100_000)
    upload_megabytes: int = Field(300, ge=1, le=100_000)
    upload_seconds: int = Field(480, ge=1, le=900)
    upload_fetch_seconds: int = Field(120, ge=1, le=3600)
    upload_wait_seconds: int = Field(600, ge=1, le=3600)

    @field_validator("data", "soundfont")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("weights")
    @classmethod
    def _weights(cls, value: Path | None) -> Path | None:
        return value and value.expanduser().absolute()

    @field_validator("host")
    @classmethod
    def _host(cls, value: str) -> str:
        try:
            ip_address(value)
        except ValueError:
            if not _HOST.fullmatch(value):
                raise ValueError("an IP address or a host name, such as 127.0.0.1 or 0.0.0.0") from None
        return value

    @field_validator("public_url")
    @classmethod
    def _public_url(cls, value: str) -> str:
        parts = urlsplit(_scheme(value, ("http", "https")))
        if not value:
            return value
        if not parts.hostname or parts.query or parts.fragment:
            raise ValueError("an http or https URL with a host and no query, such as https://songs.example.org")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _database_url(cls, value: str) -> str:
        return _scheme(value, _DATABASES)

    @field_validator("objects_url")
    @classmethod
    def _objects_url(cls, value: str) -> str:
        return _scheme(value, _OBJECTS)

    @field_validator("secret_key")
    @classmethod
    def _secret_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < SECRET_MIN:
            raise ValueError(f"at least {SECRET_MIN} characters")
        return value

    @field_validator("outbound_allow", mode="before")
    @classmethod
    def _outbound_allow(cls, value: Any) -> tuple[str, ...]:
        entries = value.split(",") if isinstance(value, str) else value
        names = tuple(str(entry).strip() for entry in entries if str(entry).strip())
        for name in names:
            _check_destination(name)
        return names

    @model_validator(mode="after")
    def _fill(self) -> Self:
        """Derive what was left open from the rest; frozen, so set past the model's own guard."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host
        host = f"[{host}]" if ":" in host else host
        derived = {
            "public_url": self.public_url or f"http://{host}:{self.port}",
            "database_url": self.database_url or f"sqlite:///{self.data / 'descant.sqlite'}",
            "objects_url": self.objects_url or f"file://{self.data / 'objects'}",
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)
        return self

    def secret(self) -> str:
        """Return the secret key, making one in the data folder at the first use.

        Raises
        ------
        OSError : when the key's file can be neither read nor written.
        """
        if self.secret_key is not None:
            return self.secret_key.get_secret_value()
        path = self.data / "secret.key"
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(32))
        return path.read_text(encoding="utf-8").strip()

    def environment(self) -> dict[str, str]:
        """Return the variables that give a child process these very settings."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        values["outbound_allow"] = ",".join(self.outbound_allow)
        values["secret_key"] = self.secret_key.get_secret_value() if self.secret_key else ""
        return {PREFIX + name.upper(): "" if value is None else str(value) for name, value in values.items()}


def _check_destination(name: str) -> None:
    """Raise ValueError unless ``name`` is a host, a ``*.``-wildcard host, an address or a network."""
    try:
        ip_network(name, strict=False)
    except ValueError:
        if "/" in name or not _HOST.fullmatch(name.removeprefix("*.")):
            raise ValueError(
                "a comma-separated list of host names, addresses or networks, such as hooks.lan,10.0.0.0/8"
            ) from None


def _write_once(path: Path, text: str) -> None:
    """Write a private file that appears whole or not at all, and never over one another process made first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text + "\n")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def read(**changes: Any) -> Settings:
    """Return the settings of the environment, with ``changes`` over them.

    Raises
    ------
    SettingsError : naming every variable that cannot be used, its value and what is allowed.
    """
    try:
        return Settings(**changes)
    except ValidationError as error:
        raise SettingsError("\n".join(_explain(fault) for fault in error.errors())) from None


def _explain(fault: Any) -> str:
    """Return one line for one fault of pydantic's list."""
    name = str(fault["loc"][0]) if fault["loc"] else ""
    shown = "(hidden)" if name == "secret_key" else repr(_URL_PASSWORD.sub(r"\1***@", str(fault["input"])))
    return f"{PREFIX}{name.upper()} is {shown}, but must be {_allowed(name, fault)}."


def _allowed(name: str, fault: Any) -> str:
    """Return what a field takes, in words."""
    if fault["type"] == "value_error":
        return str(fault["ctx"]["error"])
    if Settings.model_fields[name].annotation is int:
        limits = Settings.model_json_schema()["properties"][name]
        return f"a whole number from {limits['minimum']} to {limits['maximum']}"
    return str(fault["msg"])[:1].lower() + str(fault["msg"])[1:]


def unknown(environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return the names of ``DESCANT_…`` variables that set nothing, sorted: most often a slip of the pen."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    names = os.environ if environment is None else environment
    return tuple(sorted(name for name in names if name.startswith(PREFIX) and name.upper() not in known))
