"""Workers killed while a recording is fetched or listened to: its clip comes, is charged once, and nothing is left."""

import io
import os
import signal
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import soundfile

from descant.jobs import reaper
from descant.service.requests import UploadAndExtend, UploadRecording
from descant.service.uploads import places
from descant.storage import clips, credits
from descant.storage.records import State

from .house import PATIENCE, House


def tone(seconds: float = 3.0) -> bytes:
    out = io.BytesIO()
    soundfile.write(out, 0.3 * np.sin(np.arange(round(48_000 * seconds)) / 20), 48_000, format="FLAC")
    return out.getvalue()


class Files:
    """A server that sends the first caller half of a file and then nothing, and everyone else all of it."""

    def __init__(self) -> None:
        self.asked = 0
        self._over = threading.Event()
        body, files = tone(), self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                files.asked += 1
                first = files.asked == 1
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body[: len(body) // 2])
                if first and self.path == "/hangs":
                    self.wfile.flush()
                    files._over.wait(PATIENCE)
                    return
                self.wfile.write(body[len(body) // 2 :])

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/{name}"

    def close(self) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def files() -> Iterator[Files]:
    server = Files()
    yield server
    server.close()


def nothing_left(house: House) -> bool:
    """Whether no part of a recording on its way lies anywhere."""
    folders = [house.settings.data / name for name in ("work", "intake")]
    found = [name for folder in folders for _, _, names in os.walk(folder) for name in names]
    return not found and not list(house.service.objects.list(places.FOLDER))


def ledger(house: House) -> list[tuple[str, int]]:
    with house.service.database.reading() as tx:
        assert credits.disagreements(tx) == ()
        return [(entry.reason, entry.delta) for entry in credits.entries(tx, house.account.id)]


def check_taken(house: House, task: str) -> None:
    """See that a recording became a clip of one set of files, was charged once, and left nothing."""
    (clip,) = house.read(task).clips
    assert (clip.state, clip.error) == (State.SUCCEEDED, "")
    assert ledger(house) == [("grant", 1000), ("charge", -2)]
    stored = {info.key for info in house.service.objects.list("clips")}
    assert stored == {f"clips/{clip.id}/{name}" for name in clip.files}
    house.wait(lambda: nothing_left(house))


@pytest.mark.parametrize("kill", ["worker", "server"])
def test_a_recording_survives_the_death_of_who_fetches_it(lonely_house: House, files: Files, kill: str) -> None:
    house = lonely_house
    task = house.service.uploads.fetch(house.account, url=files.url("hangs"))
    house.wait(lambda: files.asked == 1)
    if kill == "server":
        house.kill_server()
    else:
        os.kill(house.living()[0], signal.SIGKILL)
    house.wait(lambda: house.read(task).finished)
    assert files.asked == 2
    check_taken(house, task)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_recording_of_a_machine_that_does_not_come_back_is_taken_by_another(
    house: House, files: Files, tmp_path: Path
) -> None:
    task = house.service.uploads.fetch(house.account, url=files.url("hangs"))
    house.wait(lambda: files.asked == 1)
    other = house.elsewhere(tmp_path / "elsewhere")
    house.wait(lambda: any(worker.pid == other.pid for worker in house.heard_of()))
    house.lose_all_but(other)
    reaper.reap(house.service.database, house.service.jobs)
    house.wait(lambda: house.read(task).finished)
    (clip,) = house.read(task).clips
    assert (clip.state, clip.error) == (State.SUCCEEDED, "")
    assert (files.asked, ledger(house)) == (2, [("grant", 1000), ("charge", -2)])
    assert not list(house.service.objects.list(places.FOLDER))
    other.terminate()
    other.wait(30)


@pytest.mark.parametrize("sent", [True, False])
def test_a_recording_survives_the_death_of_who_listens_to_it(lonely_house: House, files: Files, sent: bool) -> None:
    house = lonely_house
    if sent:
        task = house.service.uploads.keep(house.account, io.BytesIO(tone()), title="seconds=2")
    else:
        task = house.service.uploads.fetch(house.account, url=files.url("song"), title="seconds=2")
    for _ in range(2):
        house.wait(lambda: house.read(task).clips[0].progress > 0 and bool(house.living()))
        os.kill(house.living()[0], signal.SIGKILL)
    house.wait(lambda: house.read(task).finished)
    check_taken(house, task)


def test_songs_and_wholes_of_a_recording_survive_deaths_all_along_the_road(lonely_house: House, files: Files) -> None:
    house = lonely_house
    recording = UploadRecording(url=files.url("hangs"), title="seconds=1", included=True)
    words = {"custom_mode": True, "mv": "sonic-v5", "prompt": "la", "tags": "seconds=1"}
    request = UploadAndExtend(**words, recording=recording, continue_at=2.0, auto_concat=True)
    task = house.service.tasks.create(house.account, request).id

    def heard() -> bool:
        with house.service.database.reading() as tx:
            return clips.sources(tx, house.read(task).clips[0].id)[0].progress > 0

    moments: list[Callable[[], bool]] = [
        lambda: files.asked == 1,
        heard,
        lambda: house.read(task).clips[0].progress > 0,
        lambda: house.read(task).clips[2].progress > 0,
    ]
    for moment in moments:
        house.wait(lambda moment=moment: bool(house.living()) and moment())
        os.kill(house.living()[0], signal.SIGKILL)
    house.wait(lambda: house.read(task).finished)
    assert {clip.state for clip in house.read(task).clips} == {State.SUCCEEDED}
    assert ledger(house) == [("grant", 1000), ("charge", -15)]
    house.wait(lambda: nothing_left(house))
