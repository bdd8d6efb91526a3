"""Recordings over HTTP the whole road: fetched, read by a child process, listened to, worked on, deleted."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import soundfile

from descant.jobs import isolate
from descant.jobs.isolate import Limits
from descant.net.outbound import Outbound
from descant.service.tasks import recorded
from descant.service.tasks.making import Workshop
from descant.service.uploads import places
from descant.service.uploads.intake import Intake
from descant.storage import clips
from descant.storage.records import State

WORDS = {"custom_mode": True, "mv": "sonic-v5", "prompt": "[Verse]\nla la la"}
PATIENCE = 120.0


class Worker:
    """Does what waits, with an engine that makes something of everything (and fails as titles and tags say)."""

    def __init__(self, running, folder: Path) -> None:
        shared = {"database": running.rules.database, "objects": running.rules.objects, "jobs": running.rules.jobs}
        limits = Limits(seconds=60.0, nice=0)
        isolate.prepare(())
        self._server, self._done, self._over = running, set(), threading.Event()
        outbound = Outbound(["127.0.0.0/8"])
        most = {"most_bytes": 1_000_000, "fetch_seconds": 20.0, "most_seconds": 30.0}
        self.door = Intake(**shared, **most, outbound=outbound, folder=folder / "intake", limits=limits)
        self.shop = Workshop(**shared, folder=folder / "work", worker="w", engine="slow_engine:load", limits=limits)
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join(PATIENCE)

    def _work(self) -> None:
        while not self._over.is_set():
            for clip_id in self._waiting():
                self._serve(clip_id)
            time.sleep(0.05)

    def _waiting(self) -> list[str]:
        with self._server.rules.database.reading() as tx:
            account = self._server.rules.accounts.authenticate(self._server.key.key)
            found = clips.of_account(tx, account.id, limit=50, before=None)
            return [
                clip.id
                for clip in reversed(found)
                if clip.state is State.PENDING and all(s.state.finished for s in clips.sources(tx, clip.id))
            ]

    def _serve(self, clip_id: str) -> None:
        with self._server.rules.database.reading() as tx:
            clip = clips.read(tx, clip_id)
        if clip is not None and recorded.is_recording(clip):
            self.door.take_in(places.item(clip_id), self._over)
        self.shop.make(clip_id, self._over)


@pytest.fixture(scope="module")
def files() -> Iterator[str]:
    """A server on loopback: a recording, no recording, and redirects; its address."""
    out = BytesIO()
    soundfile.write(out, 0.3 * np.sin(np.arange(96_000) / 20), 48_000, format="FLAC")
    bodies = {"/song.flac": out.getvalue(), "/page": b"<html>no</html>"}
    led = {"/moved": "/again", "/again": "/song.flac", "/inside": "http://10.0.0.1/a", "/file": "file:///etc/passwd"}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = bodies.get(self.path)
            self.send_response(302 if self.path in led else 200 if body is not None else 404)
            if self.path in led:
                self.send_header("Location", led[self.path])
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def house(serving, tmp_path_factory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("road")
    with pytest.MonkeyPatch.context() as patch, serving(folder, rate_limit=0, outbound_allow="127.0.0.0/8") as running:
        patch.syspath_prepend(Path(__file__).parents[1] / "service")
        worker = Worker(running, folder)
        yield running
        worker.close()


@pytest.fixture
def left(house):
    return lambda: house.client.get("/api/v1/get-credits").json()["credits"]


def post(house, path: str, **body: Any) -> httpx.Response:
    return house.client.post(f"/api/v1/sonic/{path}", json=body, timeout=PATIENCE)


def ended(house, answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        polled = house.client.get(f"/api/v1/sonic/task/{answer.json()['task_id']}")
        data = polled.json().get("data", [])
        if data and all(clip["state"] in ("succeeded", "failed") for clip in data):
            return list(data)
        time.sleep(0.1)
    raise AssertionError("the task did not end")


def objects(house, prefix: str) -> list[str]:
    return [info.key for info in house.rules.objects.list(prefix)]


@pytest.fixture(scope="module")
def recording(house, files) -> str:
    answer = post(house, "upload", url=f"{files}/song.flac", title="Hum")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["clip_id"])


def test_a_recording_behind_redirects_is_taken(house, files, left) -> None:
    before = left()
    clip_id = post(house, "upload", url=f"{files}/moved").json()["clip_id"]
    assert house.client.get(f"/api/v1/clips/{clip_id}").json()["data"]["state"] == "succeeded"
    assert left() == before - 2
    assert objects(house, places.FOLDER) == []


@pytest.mark.parametrize(("path", "said"), [("inside", "public internet"), ("file", "http"), ("page", "not audio")])
def test_what_leads_elsewhere_or_is_no_sound_is_refused_and_costs_nothing(house, files, left, path, said) -> None:
    before, stored = left(), objects(house, "clips")
    answer = post(house, "upload", url=f"{files}/{path}")
    assert answer.status_code == 400
    assert said in answer.json()["message"]
    assert (left(), objects(house, "clips"), objects(house, places.FOLDER)) == (before, stored, [])


def test_one_address_sent_twice_at_once_becomes_two_clips(house, files, left) -> None:
    before = left()
    with ThreadPoolExecutor(2) as pool:
        sent = [pool.submit(post, house, "upload", url=f"{files}/song.flac") for _ in range(2)]
    first, second = (answer.result().json()["clip_id"] for answer in sent)
    assert first != second
    assert left() == before - 4
    assert objects(house, places.FOLDER) == []


@pytest.mark.parametrize(("title", "status", "said"), [("decline", 400, "nothing to sing"), ("crash", 500, "")])
def test_a_recording_that_cannot_be_listened_to_costs_nothing_and_leaves_nothing(
    house, files, left, title, status, said
) -> None:
    before, stored = left(), objects(house, "clips")
    answer = post(house, "upload", url=f"{files}/song.flac", title=title)
    assert (answer.status_code, said in answer.json()["message"]) == (status, True)
    assert (left(), objects(house, "clips"), objects(house, places.FOLDER)) == (before, stored, [])


def test_a_recording_is_extended_and_joined_in_one_request(house, files, left) -> None:
    before = left()
    answer = post(house, "upload-extend", url=f"{files}/song.flac", continue_at=1.5, auto_concat=True, **WORDS)
    pairs = ended(house, answer)
    assert [pair["state"] for pair in pairs] == ["succeeded"] * 2
    for pair in pairs:
        part, whole = pair["extended"], pair["full"]
        assert (whole["clip_id"], whole["parent_clip_id"]) == (pair["clip_id"], part["parent_clip_id"])
        assert part["joined_at"] == 1.5
        assert whole["joined_at"] is None
        assert house.client.get(f"/api/v1/clips/{part['parent_clip_id']}").json()["data"]["recording"] is True
    assert left() == before - 15


def test_a_recording_is_sampled_by_its_address(house, files) -> None:
    body = WORDS | {"url": f"{files}/song.flac", "chop_sample_start_s": 0.5, "chop_sample_end_s": 1.9}
    songs = ended(house, post(house, "sample", **body))
    assert [song["state"] for song in songs] == ["succeeded"] * 2
    (parent,) = {song["parent_clip_id"] for song in songs}
    assert house.client.get(f"/api/v1/clips/{parent}").json()["data"]["recording"] is True


def test_a_recording_is_remastered(house, recording, left) -> None:
    before = left()
    answer = post(house, "create", task_type="remaster", continue_clip_id=recording, mv="sonic-v5")
    assert [song["state"] for song in ended(house, answer)] == ["succeeded"] * 2
    assert left() == before - 15


def test_what_is_asked_of_a_recording_on_its_way_is_told_to_come_again(house, files, left) -> None:
    answer = post(house, "upload-cover", url=f"{files}/song.flac", **WORDS)
    task = answer.json()["task_id"]
    parent = house.sources(task)[0][0]
    body = WORDS | {"task_type": "cover_upload_music", "continue_clip_id": parent}
    early = post(house, "create", **body)
    if early.status_code != 200:  # unless it was quicker than the question
        assert early.status_code == 400
        assert "not finished; its state is" in early.json()["message"]
    ended(house, answer)
    assert [song["state"] for song in ended(house, post(house, "create", **body))] == ["succeeded"] * 2


def test_deleting_a_recording_takes_its_files(house, files, left) -> None:
    clip_id = post(house, "upload", url=f"{files}/song.flac").json()["clip_id"]
    assert objects(house, f"clips/{clip_id}")
    assert house.client.delete(f"/api/v1/clips/{clip_id}").status_code == 200
    assert objects(house, f"clips/{clip_id}") == objects(house, places.FOLDER) == []
    before = left()
    answer = post(house, "create", task_type="remaster", continue_clip_id=clip_id, mv="sonic-v5")
    assert (answer.status_code, "was deleted" in answer.json()["message"], left()) == (400, True, before)
