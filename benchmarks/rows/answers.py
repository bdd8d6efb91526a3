"""Row 15: how soon the API answers polls and balances while every worker makes songs.

The service runs as its users run it, with a worker for each core but one, and more songs wait than workers; answers are
timed by the wall clock, from outside, over one kept connection, as a client that polls would see them.
"""

import os
import tempfile
import time
from pathlib import Path

import httpx
import numpy as np

from benchmarks.serving import running
from benchmarks.table import Figure

ASKED = 400
"""Answers timed of each kind."""

PAUSE = 0.02
"""Seconds between two questions."""

SONG = {
    "custom_mode": True,
    "mv": "sonic-v4-5",
    "tags": "pop, 104 bpm",
    "prompt": "[Verse]\nPaper boats along the gutter\nRain has washed the names away\n\n[Chorus]\nStay until morning",
}


def figures() -> list[Figure]:
    """Return the figures of row 15."""
    workers = max(1, (os.cpu_count() or 2) - 1)
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), workers) as client:
        task = _busy(client, workers)
        polls, balances = _timed(client, f"/api/v1/sonic/task/{task}"), _timed(client, "/api/v1/get-credits")
    return [_figure("polls", polls, workers), _figure("get-credits", balances, workers)]


def _figure(what: str, seconds: list[float], workers: int) -> Figure:
    median, late = 1000 * np.percentile(seconds, [50, 99])
    name = f"{ASKED} answers to {what} while songs are made ({workers} busy of {workers}): median / 99th percentile"
    return Figure("15", name, f"{median:.1f} / {late:.1f} ms", "≤ 50 ms", bool(late <= 50))


def _busy(client: httpx.Client, workers: int) -> str:
    """Ask for more songs than the workers can make meanwhile; return the first task once a worker is at it."""
    tasks = [
        client.post("/api/v1/sonic/create", json=SONG).raise_for_status().json()["task_id"] for _ in range(4 * workers)
    ]
    while client.get(f"/api/v1/sonic/task/{tasks[0]}").status_code == 202:
        time.sleep(0.1)
    return str(tasks[0])


def _timed(client: httpx.Client, path: str) -> list[float]:
    found = []
    for _ in range(ASKED):
        began = time.perf_counter()
        client.get(path).raise_for_status()
        found.append(time.perf_counter() - began)
        time.sleep(PAUSE)
    return found
