"""The service as its users run it, on a free port and an empty data folder, for rows that are measured from outside."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx

from descant import service, settings

PATIENCE = 120.0
"""Seconds a server may take to answer for the first time."""


@contextmanager
def running(folder: Path, workers: int) -> Iterator[httpx.Client]:
    """Run ``descant serve`` on a ``folder``; yield a client with a key and many credits."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    chosen = settings.read(data=folder, port=port, workers=workers, rate_limit=0)
    with closing(service.open(chosen)) as rules:
        key = rules.accounts.create_key(credits=100_000, name="bench").key
    server = subprocess.Popen(
        [sys.executable, "-m", "descant", "serve"],
        env={**os.environ, **chosen.environment()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with httpx.Client(base_url=chosen.public_url, headers={"Authorization": f"Bearer {key}"}, timeout=60) as client:
            _wait(client)
            yield client
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()


def _wait(client: httpx.Client) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            client.get("/healthz").raise_for_status()
            return
        except httpx.HTTPError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
