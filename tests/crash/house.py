"""A server of the crash tests, in processes of its own."""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from descant import service, settings
from descant.service.requests import CreateMusic
from descant.service.tasks.views import TaskView
from descant.service.webhooks.webhooks import Webhook
from descant.storage import workers
from descant.storage.records import WorkerRecord, now

WORKERS = 2
"""So that one comes back while the other goes on: a kill a second instead of one every few."""

PATIENCE = 120.0


class House:
    """A server on its own data, that can be killed and started again, and the service as the API sees it."""

    def __init__(self, folder: Path, url: str, workers: int) -> None:
        # A busy machine may need long to start the next worker: fetching must not have failed by then.
        chosen = {"workers": workers, "outbound_allow": "127.0.0.0/8", "upload_fetch_seconds": 900}
        self.settings = settings.read(data=folder, database_url=url, **chosen)
        self.service = service.open(self.settings)
        key = self.service.accounts.create_key(credits=1000)
        self.account = self.service.accounts.authenticate(key.key)
        self.server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.server = self._run("server", self.settings)

    def elsewhere(self, folder: Path) -> subprocess.Popen[bytes]:
        """A worker on another machine: the same database and objects, a data folder of its own."""
        return self._run("worker", self.settings.model_copy(update={"data": folder}))

    @staticmethod
    def _run(what: str, chosen: settings.Settings) -> subprocess.Popen[bytes]:
        script = str(Path(__file__).with_name("processes.py"))
        environment = {**os.environ, **chosen.environment()}
        return subprocess.Popen([sys.executable, script, what], env=environment, stderr=subprocess.DEVNULL)

    def heard_of(self) -> tuple[WorkerRecord, ...]:
        """The workers that ever gave a sign of life and did not take leave."""
        with self.service.database.reading() as tx:
            return workers.alive(tx, now().replace(year=2000))

    def kill_server(self) -> None:
        assert self.server is not None
        self.server.kill()
        self.server.wait()
        self.start()

    def lose_all_but(self, other: subprocess.Popen[bytes]) -> None:
        """Kill the server for good, and count its workers as gone, as if their machine did not come back."""
        assert self.server is not None
        self.server.kill()
        self.server.wait()
        self.wait(lambda: self.living() == [other.pid])
        with self.service.database.transaction() as tx:
            for worker in self.heard_of():
                if worker.pid != other.pid:
                    workers.remove(tx, worker.executor_id)

    def living(self) -> list[int]:
        """The process ids of the workers that are at work."""
        return [worker.pid for worker in self.heard_of() if Path(f"/proc/{worker.pid}/exe").exists()]

    def holding(self) -> bool:
        """Whether the server runs, as far as its lock on the data says."""
        path = self.settings.data / "serve.lock"
        if not path.exists():
            return False
        with path.open("r") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def stop(self) -> int:
        assert self.server is not None
        self.server.terminate()
        return self.server.wait(30)

    def create(self, tags: str, webhook: Webhook | None = None) -> str:
        request = CreateMusic(custom_mode=True, mv="sonic-v5", prompt="la", tags=tags)
        return self.service.tasks.create(self.account, request, webhook).id

    def read(self, task: str) -> TaskView:
        return self.service.tasks.read(self.account, task)

    def wait(self, question: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not question():
            assert time.monotonic() < deadline, "it did not happen in time"
            time.sleep(0.05)
