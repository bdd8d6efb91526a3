"""Row 14: from a request over HTTP to the first playable second of mastered MP3, on a warm worker.

A server is started as users start it, with one worker, on empty data; the first song warms it up. Then songs are asked
for one by one, polled until they have an address, and heard until a second can be decoded. Beside the wall time,
which other work on the machine lengthens, stand the CPU seconds that all processes of the server took meanwhile, and
what the stream has in common with the finished file.
"""

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.table import Figure
from descant import service, settings
from descant.media import decode

SEEDS = (11, 12, 13)
PATIENCE = 600.0
SECOND = 24_000
"""Bytes of a second at 192 kbit/s."""

_TICKS = os.sysconf("SC_CLK_TCK")
_WORDS = """[Verse]
We folded up the morning into little paper boats
And sent them down the gutter with the rain
The river knows the number of the things we never said
And keeps them like a secret in the stones

[Chorus]
Paper boats, paper boats
Carry the morning away"""


class Server:
    """A running server and a key to it."""

    def __init__(self, url: str, key: str, process: subprocess.Popen[bytes]) -> None:
        self._url, self._key, self._process = url, key, process

    def ask(self, path: str, body: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        """Return the status and the body of an answer."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        try:
            with urllib.request.urlopen(urllib.request.Request(self._url + path, data, headers)) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def clip(self, task: str) -> dict[str, Any]:
        """Return the first clip of a task, empty while there is none."""
        return self.clips(task)[0]

    def clips(self, task: str) -> list[dict[str, Any]]:
        """Return the clips of a task."""
        status, body = self.ask(f"/api/v1/sonic/task/{task}")
        return list(body["data"]) if status == 200 else [{}]

    def cpu_seconds(self) -> float:
        """Return the CPU seconds of all living processes of the server, with those of their ended children."""
        parents, spent = {}, {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    fields = (entry / "stat").read_text().rpartition(")")[2].split()
                except OSError:
                    continue
                parents[int(entry.name)] = int(fields[1])
                spent[int(entry.name)] = sum(map(int, fields[11:15])) / _TICKS
        family, before = {self._process.pid}, 0
        while len(family) > before:
            before = len(family)
            family |= {pid for pid, parent in parents.items() if parent in family}
        return sum(spent[pid] for pid in family if pid in spent)


@contextmanager
def _server() -> Iterator[Server]:
    with TemporaryDirectory(prefix="descant-stream-") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        chosen = settings.read(data=Path(folder), port=probe.getsockname()[1], workers=1)
        probe.close()
        rules = service.open(chosen)
        key = rules.accounts.create_key(credits=1000).key
        rules.close()
        command = [sys.executable, "-m", "descant", "serve"]
        with (Path(folder) / "log").open("wb") as log:
            process = subprocess.Popen(command, env={**os.environ, **chosen.environment()}, stdout=log, stderr=log)
            try:
                server = Server(chosen.public_url, key, process)
                _wait(lambda: _healthy(server))
                yield server
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait()


def _healthy(server: Server) -> bool:
    try:
        return server.ask("/healthz")[0] == 200
    except OSError:
        return False


def _wait(question: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + PATIENCE
    while not (found := question()):
        if time.monotonic() > deadline:
            raise TimeoutError("the server did not do it")
        time.sleep(0.02)
    return found


def _done(server: Server, task: str) -> None:
    """Wait until nothing is made any more: the worker is free for the next."""
    _wait(lambda: all(clip.get("state") == "succeeded" for clip in server.clips(task)))


def _request(server: Server, seed: int) -> str:
    tags = "pop, dreamy, 96 bpm, in D major"
    song = {"custom_mode": True, "mv": "sonic-v4-5", "tags": tags, "vocal_gender": "f", "seed": seed, "prompt": _WORDS}
    return str(server.ask("/api/v1/sonic/create", song)[1]["task_id"])


def _heard(server: Server, seed: int) -> tuple[float, float, bool]:
    """Return wall and CPU seconds to the first playable second, and whether the stream was the finished file."""
    begun, spent = time.monotonic(), server.cpu_seconds()
    task = _request(server, seed)
    address = _wait(lambda: server.clip(task).get("audio_url"))
    with urllib.request.urlopen(address) as stream:
        first = stream.read(SECOND + 2000)
        wall, cpu = time.monotonic() - begun, server.cpu_seconds() - spent
        whole = first + stream.read()
    if len(decode.decode(first)) < 48_000:
        raise ValueError("the first second of the stream cannot be decoded")
    _done(server, task)
    with urllib.request.urlopen(address) as file:
        same = file.read().endswith(whole)
    return wall, cpu, same


def figures() -> list[Figure]:
    """Return the figures of row 14."""
    with _server() as server:
        warming = _request(server, 1)
        _done(server, warming)
        takes = [_heard(server, seed) for seed in SEEDS]
    walls, cpus, same = zip(*takes, strict=True)
    wall = statistics.median(walls)
    return [
        Figure("14", "seconds from the request to the first playable second, warm, median of three songs",
               f"{wall:.1f} ({min(walls):.1f} – {max(walls):.1f})", "≤ 2, goal 0.7", wall <= 2),
        Figure("14", "CPU seconds of the server meanwhile", f"{statistics.median(cpus):.1f}", "reported", None),
        Figure("14", "streams that are the finished file, frame by frame", f"{sum(same)} of {len(same)}", "all",
               all(same)),
    ]  # fmt: skip
