"""Databases to test on: an empty SQLite file, and a real PostgreSQL where its programs are installed."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

import pytest

from descant import service, settings


@dataclass
class Postgres:
    """A server of our own on a socket in ``folder``; ``template`` is a database with this version's tables."""

    folder: Path
    template: str = ""

    def run(self, *command: str) -> None:
        subprocess.run(command, check=True, capture_output=True, **_not_root())

    def url(self, name: str) -> str:
        return f"postgresql://descant@/{name}?host={self.folder}"

    def create(self, name: str) -> str:
        template = ("-T", self.template) if self.template else ()
        self.run("createdb", "-h", str(self.folder), "-U", "descant", *template, name)
        return self.url(name)


def _not_root() -> dict[str, str]:
    """PostgreSQL refuses to run as root."""
    return {"user": "nobody"} if os.getuid() == 0 else {}


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    if shutil.which("initdb") is None or shutil.which("pg_ctl") is None:
        pytest.skip("PostgreSQL is not installed")
    server = Postgres(Path(mkdtemp(prefix="descant-pg-", dir="/tmp")))  # a socket's path must be short
    server.folder.chmod(0o777)
    data = str(server.folder / "data")
    options = f"-k {server.folder} -c listen_addresses='' -c fsync=off"
    server.run("initdb", "-D", data, "-U", "descant", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C")
    server.run("pg_ctl", "-D", data, "-w", "-l", str(server.folder / "log"), "-o", options, "start")
    try:
        service.migrate(settings.read(data=server.folder / "descant", database_url=server.create("template_tables")))
        server.template = "template_tables"
        yield server
    finally:
        server.run("pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(server.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    service.migrate(settings.read(data=folder, database_url=f"sqlite:///{folder}/descant.sqlite"))
    return folder / "descant.sqlite"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with this version's tables and nothing in them, on each kind of server."""
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        return server.create(f"test_{uuid4().hex}")
    return _sqlite(request.getfixturevalue("sqlite_template"), tmp_path)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A SQLite file with this version's tables and nothing in them."""
    return _sqlite(sqlite_template, tmp_path)


def _sqlite(template: Path, folder: Path) -> str:
    shutil.copy(template, folder / "descant.sqlite")
    return f"sqlite:///{folder}/descant.sqlite"
