"""A song at its address while it is made: growing, in part, done, failed, begun again."""

import threading
import time
from pathlib import Path

import httpx
import numpy as np
import pytest

from descant.media import decode, mp3
from descant.service.files import streams
from descant.service.files.streams import Publisher
from descant.storage import clips
from descant.storage.records import now

RATE = 48_000


class Making:
    """A clip that is being made by hand, as a worker and its child do."""

    def __init__(self, server, folder: Path) -> None:
        self.server, self._folder, self.encoder, self.frames = server, folder, mp3.Encoder(), b""
        self.id = server.clip_ids(server.create({"custom_mode": True, "mv": "sonic-v5", "prompt": "la la la"}))[0]
        self.claim = server.begin(self.id)
        self.url = f"{server.settings.public_url}/media/{self.id}.mp3"
        self.start("one")

    def start(self, name: str) -> None:
        rules = self.server.rules
        with rules.database.reading() as tx:
            clip = clips.read(tx, self.id)
        self._path = self._folder / f"{name}.mp3"
        self._publisher = Publisher(rules.database, rules.objects, rules.jobs, clip, name, self._path)

    def sound(self, seconds: float, pitch: float = 220.0) -> None:
        wave = 0.3 * np.sin(2 * np.pi * pitch / RATE * np.arange(round(seconds * RATE)))
        self.grow(self.encoder.frames(np.repeat(wave[:, None], 2, axis=1).astype(np.float32)))

    def grow(self, frames: bytes) -> None:
        self.frames += frames
        with self._path.open("ab") as file:
            file.write(frames)
        self._publisher.publish()

    def finish(self) -> bytes:
        self.frames += self.encoder.flush()
        whole = self.encoder.file(self.frames)
        self.server.finish(self.id, {"audio.mp3": whole}, self.claim)
        streams.clear(self.server.rules.objects, self.id)
        return whole


@pytest.fixture
def making(server, tmp_path) -> Making:
    return Making(server, tmp_path)


def hear(url: str, heard: list[bytes]) -> threading.Thread:
    def listen() -> None:
        with httpx.stream("GET", url, timeout=30) as answer:
            assert answer.status_code == 200
            try:
                heard.extend(answer.iter_raw())
            except httpx.RemoteProtocolError:
                heard.append(b"broken")

    thread = threading.Thread(target=listen)
    thread.start()
    return thread


def settle(heard: list[bytes], size: int) -> None:
    deadline = time.monotonic() + 20
    while sum(map(len, heard)) < size and time.monotonic() < deadline:
        time.sleep(0.01)


def test_what_is_made_is_heard_at_once_and_the_end_is_the_files(making):
    making.sound(2.0)
    heard: list[bytes] = []
    listener = hear(making.url, heard)
    settle(heard, len(making.frames))
    assert len(decode.decode(b"".join(heard))) >= RATE  # a second can be played while the rest is made
    making.sound(1.0, 330.0)
    late: list[bytes] = []
    latecomer = hear(making.url, late)
    for listening in (heard, late):
        settle(listening, len(making.frames))
    whole = making.finish()
    listener.join(20)
    latecomer.join(20)
    assert whole.endswith(b"".join(heard))
    assert len(b"".join(heard)) == len(making.frames)
    assert b"".join(late) == b"".join(heard)
    assert httpx.get(making.url).content == whole


def test_a_growing_song_has_neither_length_nor_a_place_in_caches(making):
    making.sound(1.0)
    for method in ("GET", "HEAD"):
        request = httpx.Request(method, making.url)
        with httpx.Client() as client:
            answer = client.send(request, stream=True)
            assert answer.status_code == 200
            assert answer.headers["content-type"] == "audio/mpeg"
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["etag"] == '"stream-one"'
            assert "content-length" not in answer.headers
            assert answer.headers.get("transfer-encoding") == ("chunked" if method == "GET" else None)
            answer.close()


def test_a_part_is_answered_as_far_as_it_is_there(making):
    making.sound(2.0)
    size = len(making.frames)
    for asked, first, last in (
        ("0-1", 0, 1),
        ("100-199", 100, 199),
        ("500-", 500, size - 1),
        ("500-9999999", 500, size - 1),
    ):
        answer = httpx.get(making.url, headers={"Range": f"bytes={asked}"})
        assert answer.status_code == 206
        assert answer.headers["content-range"] == f"bytes {first}-{last}/*"
        assert answer.content == making.frames[first : last + 1]


@pytest.mark.parametrize(
    "headers",
    [
        {"Range": "bytes=0-"},
        {"Range": "bytes=5-9", "If-Range": '"stream-other"'},
        {"Range": f"bytes={'9' * 5000}-"},
        {"Range": f"bytes=5-{'9' * 5000}"},
    ],
)
def test_a_request_for_everything_or_of_another_stream_gets_all(making, headers):
    making.sound(1.0)
    with httpx.stream("GET", making.url, headers=headers) as answer:
        assert answer.status_code == 200
        assert next(answer.iter_raw()) == making.frames


def test_a_song_that_fails_ends_its_stream_and_is_then_not_found(making, assert_refused):
    making.sound(1.0)
    heard: list[bytes] = []
    listener = hear(making.url, heard)
    settle(heard, len(making.frames))
    with making.server.rules.database.transaction() as tx:
        clips.fail(tx, making.id, error="no", at=now())
    listener.join(20)
    assert b"".join(heard) == making.frames
    assert_refused(httpx.get(making.url), 404, "not_found")


def test_a_song_begun_again_breaks_the_old_stream_off(making):
    making.sound(1.0)
    heard: list[bytes] = []
    listener = hear(making.url, heard)
    settle(heard, len(making.frames))
    first, making.frames = making.frames, b""
    with making.server.rules.database.transaction() as tx:
        clips.count_crash(tx, making.id, making.claim)
    streams.clear(making.server.rules.objects, making.id)
    making.start("two")
    making.grow(b"another take")
    listener.join(20)
    assert b"".join(heard) == first + b"broken"
    with httpx.stream("GET", making.url) as answer:
        assert next(answer.iter_raw()) == b"another take"


def test_the_address_is_told_when_there_is_something_to_hear(making, api):
    def told() -> str:
        with making.server.rules.database.reading() as tx:
            clip = clips.read(tx, making.id)
        return str(api.get(f"/api/v1/sonic/task/{clip.task_id}").json()["data"][0]["audio_url"])

    assert told() == ""
    making.sound(1.0)
    assert told() == making.url
