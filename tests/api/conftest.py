"""A real server on a free port, asked over HTTP."""

import socket
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace

import httpx
import pytest
import uvicorn

from descant import service, settings
from descant.api.app import create_app

LYRICS = "[Verse]\nPaper boats along the gutter\nRain has washed the names away\n\n[Chorus]\nStay, stay, stay"


@pytest.fixture
def song() -> dict[str, object]:
    """A request that is taken as it stands."""
    return {"custom_mode": True, "mv": "sonic-v4-5", "prompt": LYRICS, "tags": "pop, dreamy", "title": "Paper Boats"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(chosen: settings.Settings) -> Iterator[SimpleNamespace]:
    server = uvicorn.Server(uvicorn.Config(create_app(chosen), port=chosen.port, log_level="critical"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    rules = service.open(chosen)
    made = rules.accounts.create_key(credits=100_000, name="tests")
    base = f"http://127.0.0.1:{chosen.port}"
    with httpx.Client(base_url=base, headers={"Authorization": f"Bearer {made.key}"}, timeout=30) as client:
        yield SimpleNamespace(
            url=base, client=client, key=made, rules=rules, settings=chosen, app=server.config.app, server=server
        )
    server.should_exit = True
    thread.join()
    rules.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A server with data of its own: ``client`` carries a key, ``rules`` is the service beside it."""
    chosen = settings.read(data=tmp_path_factory.mktemp("data"), port=free_port(), rate_limit=0, database_url="")
    yield from serve(chosen)


@pytest.fixture(scope="module")
def api(server: SimpleNamespace) -> httpx.Client:
    """A client that carries a key."""
    client: httpx.Client = server.client
    return client
