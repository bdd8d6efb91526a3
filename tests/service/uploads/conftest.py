"""A server of files, the door that takes them in, and a worker that listens to them."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from descant.jobs import isolate
from descant.jobs.engine import CPU_QUEUE
from descant.jobs.isolate import Limits
from descant.net.outbound import Outbound
from descant.service.requests import UploadRecording
from descant.service.tasks.making import Workshop
from descant.service.uploads import places
from descant.service.uploads.intake import Intake

from .roads import NEVER, tone


@pytest.fixture
def files():
    """A server on loopback: a dictionary of paths to bodies, and its address under ``url``."""
    bodies: dict[str, bytes] = {"/song.flac": tone()}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = bodies.get(self.path)
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    bodies["url"] = f"http://127.0.0.1:{server.server_address[1]}".encode()
    yield bodies
    server.shutdown()
    server.server_close()


@pytest.fixture
def url(files) -> str:
    return files["url"].decode() + "/song.flac"


@pytest.fixture
def door(shop, tmp_path: Path) -> Intake:
    isolate.prepare(())
    return Intake(
        database=shop.service.database,
        objects=shop.service.objects,
        jobs=shop.service.jobs,
        outbound=Outbound(["127.0.0.0/8"]),
        folder=tmp_path / "intake",
        most_bytes=1_000_000,
        fetch_seconds=10.0,
        most_seconds=8.0,
        limits=Limits(seconds=30.0, nice=0),
    )


@pytest.fixture
def listener(shop, tmp_path: Path, monkeypatch) -> Workshop:
    """A worker whose engine makes something of everything."""
    monkeypatch.syspath_prepend(Path(__file__).parents[1])
    return Workshop(
        database=shop.service.database,
        objects=shop.service.objects,
        jobs=shop.service.jobs,
        folder=tmp_path / "work",
        worker="tester",
        engine="slow_engine:load",
        limits=Limits(seconds=30.0, nice=0),
    )


@pytest.fixture
def queued(shop, monkeypatch) -> list[tuple[str, str]]:
    """What is put into the queues from now on: (queue, item)."""
    seen: list[tuple[str, str]] = []
    real = shop.service.jobs.enqueue

    def enqueue(tx, item_id, account_id, queue=CPU_QUEUE, **more):
        seen.append((queue, item_id))
        real(tx, item_id, account_id, queue, **more)

    monkeypatch.setattr(shop.service.jobs, "enqueue", enqueue)
    return seen


@pytest.fixture
def begin(shop) -> Callable[..., tuple[str, str]]:
    """Ask for something; return its task and its first clip."""

    def begin(request) -> tuple[str, str]:
        task = shop.service.tasks.create(shop.account, request)
        return task.id, shop.service.tasks.read(shop.account, task.id).clips[0].id

    return begin


@pytest.fixture
def read(shop):
    return lambda task_id: shop.service.tasks.read(shop.account, task_id).clips


@pytest.fixture
def taken(shop, door, listener, begin, url) -> str:
    """A recording that is a clip."""
    _, clip_id = begin(UploadRecording(url=url))
    door.take_in(places.item(clip_id), NEVER)
    listener.make(clip_id, NEVER)
    return clip_id
