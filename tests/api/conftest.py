"""A real server on a free port, asked over HTTP; a test plays the worker."""

import hashlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from sqlalchemy import update

from descant import service, settings
from descant.api.app import create_app
from descant.media import midi
from descant.service.accounts.accounts import NewKey
from descant.service.exports.exports import FORMATS
from descant.service.files.files import content_type, object_key
from descant.service.house import Service
from descant.service.tasks import settling
from descant.settings import Settings
from descant.song import document, orders
from descant.song.document import Song
from descant.song.orders import Order
from descant.storage import clips, exports
from descant.storage.records import FileRecord, now
from descant.storage.tables import Clip

from .operations import CREATE, WORDS

LYRICS = "[Verse]\nPaper boats along the gutter\nRain has washed the names away\n\n[Chorus]\nStay, stay, stay"


@dataclass(frozen=True)
class Server:
    """A running server, its data, and a client that carries ``key``."""

    settings: Settings
    app: FastAPI
    rules: Service
    key: NewKey
    client: httpx.Client
    folder: Path

    def create(self, song: dict[str, object]) -> str:
        """Create a task; return its id."""
        answer = self.client.post("/api/v1/sonic/create", json=song)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["task_id"])

    def clip_ids(self, task_id: str) -> list[str]:
        account = self.rules.accounts.authenticate(self.key.key)
        return [clip.id for clip in self.rules.tasks.read(account, task_id).clips]

    def orders(self, task_id: str) -> list[Order]:
        """What the engine will be asked for each clip of a task."""
        with self.rules.database.reading() as tx:
            return [orders.decode(clip.order) for clip in clips.of_task(tx, task_id)]

    def sources(self, task_id: str) -> list[list[str]]:
        """The ids of the clips that each clip of a task is made from."""
        with self.rules.database.reading() as tx:
            return [[source.id for source in clips.sources(tx, clip.id)] for clip in clips.of_task(tx, task_id)]

    def begin(self, clip_id: str, progress: float = 0.25) -> str:
        """Begin a clip as a worker does; return its claim."""
        claim = str(uuid4())
        with self.rules.database.transaction() as tx:
            assert clips.claim(tx, clip_id, claim=claim, worker="test", at=now()) is not None
            clips.report(tx, clip_id, claim, progress=progress, stage="writing")
        return claim

    def finish(self, clip_id: str, contents: dict[str, bytes], claim: str = "", **told: object) -> None:
        """Finish a clip as a worker does, leaving files of ``contents``; an extension begins where it was asked to."""
        claim = claim or self.begin(clip_id)
        with self.rules.database.reading() as tx:
            clip = clips.read(tx, clip_id)
        order = None if clip is None else orders.decode(clip.order)
        files = [self._store(clip_id, name, data) for name, data in contents.items()]
        done = {"title": "Found Title", "tags": "pop, dreamy, 96 bpm", "lyrics": "[Verse]\nLa", "duration": 97.318}
        if isinstance(order, orders.Extend):
            done["joined_at"] = order.at
        done |= told
        with self.rules.database.transaction() as tx:
            assert clips.succeed(tx, clip_id, claim, files=files, at=now(), **done)

    def export(self, clip_id: str, format: str) -> bytes:
        """Make a file that was asked for, as a worker does; return what is in it."""
        name = FORMATS[format]
        file = self._store(clip_id, name, f"the {format}".encode())
        with self.rules.database.transaction() as tx:
            (export,) = (found for found in exports.of_clip(tx, clip_id) if found.format == format)
            assert exports.succeed(tx, export.id, file)
        return f"the {format}".encode()

    def empty(self) -> None:
        """Fail whatever waits, so that the account of the tests never has as much in the queue as it may."""
        with self.rules.database.transaction() as tx:
            waiting = update(Clip).where(Clip.state.in_(("pending", "running")))
            tx.connection.execute(waiting.values(state="failed", error="The test has ended."))

    def fail(self, clip_id: str, reason: str) -> None:
        """Fail a clip as a worker does."""
        claim = self.begin(clip_id)
        with self.rules.database.transaction() as tx:
            settling.fail_clip(tx, self.rules.jobs, clip_id, reason, claim=claim)

    def _store(self, clip_id: str, name: str, data: bytes) -> FileRecord:
        path = self.folder / name.replace("/", "_")
        path.write_bytes(data)
        self.rules.objects.put(object_key(clip_id, name), path)
        return FileRecord(
            clip_id=clip_id,
            name=name,
            size=len(data),
            digest=hashlib.sha256(data).hexdigest(),
            content_type=content_type(name),
            created_at=now(),
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _serving(folder: Path, **changes: object) -> Iterator[Server]:
    chosen = settings.read(data=folder / "data", port=_free_port(), **changes)
    app = create_app(chosen)
    server = uvicorn.Server(uvicorn.Config(app, port=chosen.port, log_level="critical"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    rules = service.open(chosen)
    key = rules.accounts.create_key(credits=100_000, name="tests")
    with httpx.Client(base_url=chosen.public_url, headers=bearer(key.key), timeout=30) as client:
        yield Server(chosen, app, rules, key, client, folder)
    server.should_exit = True
    thread.join()
    rules.close()


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.fixture(scope="session")
def serving() -> Callable[..., object]:
    """Start a server with settings of its own: ``with serving(folder, rate_limit=3) as server``."""
    return _serving


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server most tests share, with many credits and no limit on how often one may ask."""
    with _serving(tmp_path_factory.mktemp("api"), rate_limit=0) as running:
        yield running


@pytest.fixture(autouse=True, scope="module")
def _queue_emptied(server: Server) -> Iterator[None]:
    """Leave nothing waiting for the tests of the next module."""
    yield
    server.empty()


@pytest.fixture(scope="session")
def api(server: Server) -> httpx.Client:
    """A client that carries a key."""
    return server.client


@pytest.fixture
def song() -> dict[str, object]:
    """A request that is taken as it stands."""
    return {"custom_mode": True, "mv": "sonic-v4-5", "prompt": LYRICS, "tags": "pop, dreamy", "title": "Paper Boats"}


@pytest.fixture(scope="session")
def contents(small_song: Song) -> dict[str, bytes]:
    """The files of a finished song, whose document and notes are those of a real one."""
    return {
        "audio.mp3": b"ID3 mp3",
        "audio.wav": b"RIFF wav",
        "cover.jpeg": b"\xff\xd8 cover",
        "mix.json": b"{}",
        "score.mid": midi.encode(small_song.score),
        "song.json": document.encode(small_song),
        "stems/backing-vocals.flac": b"fLaC backing",
        "stems/drums.flac": b"fLaC drums",
        "stems/keyboard.flac": b"fLaC keyboard",
        "stems/vocals.flac": b"fLaC vocals",
    }


@pytest.fixture
def finished(server: Server, contents: dict[str, bytes]) -> str:
    """A finished clip with the files of ``contents``."""
    task_id = server.create({"custom_mode": True, "mv": "sonic-v4-5", "prompt": LYRICS})
    clip_id = server.clip_ids(task_id)[0]
    server.finish(clip_id, contents)
    return clip_id


@pytest.fixture
def another(server: Server, contents: dict[str, bytes]) -> str:
    """A second finished clip."""
    clip_id = server.clip_ids(server.create({"custom_mode": True, "mv": "sonic-v5", "prompt": LYRICS}))[0]
    server.finish(clip_id, contents)
    return clip_id


@pytest.fixture
def stranger(server: Server) -> Iterator[httpx.Client]:
    """A client of another account, with credits of its own."""
    key = server.rules.accounts.create_key(credits=1000, name="stranger")
    with httpx.Client(base_url=server.settings.public_url, headers=bearer(key.key), timeout=30) as client:
        yield client


@pytest.fixture
def credits_left(api: httpx.Client) -> Callable[[], int]:
    """Read the balance."""
    return lambda: int(api.get("/api/v1/get-credits").json()["credits"])


@pytest.fixture
def assert_refused() -> Callable[..., str]:
    """Check that an answer is a refusal in the contract's shape, and return its text."""

    def check(answer: httpx.Response, status: int, kind: str) -> str:
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/json"
        body = answer.json()
        assert set(body) == {"code", "type", "message", "error"}
        assert (body["code"], body["type"]) == (status, kind)
        assert body["message"] == body["error"]
        return str(body["message"])

    return check


@pytest.fixture
def send(api: httpx.Client) -> Callable[[str, dict[str, Any]], str]:
    """Send a request that must be taken; return its task."""

    def post(path: str, body: dict[str, Any]) -> str:
        answer = api.post(path, json=body)
        assert answer.status_code == 200, answer.text
        assert set(answer.json()) == {"code", "task_id", "message"}
        return str(answer.json()["task_id"])

    return post


@pytest.fixture
def refused(api, assert_refused, credits_left):
    """Send a request that must be refused; return the text, after seeing that nothing was charged."""

    def post(path: str, body: object, status: int = 400) -> str:
        before = credits_left()
        text = str(assert_refused(api.post(path, json=body), status, {400: "bad_request", 404: "not_found"}[status]))
        assert credits_left() == before
        return text

    return post


@pytest.fixture
def create(send) -> Callable[..., str]:
    return lambda **body: send(CREATE, body)


@pytest.fixture
def extended(server, create, contents, finished) -> str:
    """A finished extension of ``finished``."""
    task_id = create(task_type="extend_music", continue_clip_id=finished, continue_at=60, **WORDS)
    clip_id = server.clip_ids(task_id)[0]
    server.finish(clip_id, contents, joined_at=59.75, duration=40.0)
    return str(clip_id)
