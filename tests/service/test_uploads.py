"""Recordings on their way: fetched, read in a real child process, handed on, or refused with the money given back."""

import io
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import soundfile

from descant.jobs import intake as child
from descant.jobs import isolate
from descant.jobs.engine import CPU_QUEUE, INTAKE_QUEUE, Interrupted
from descant.jobs.isolate import Limits
from descant.net.outbound import Outbound
from descant.service.errors import Failed, Invalid, OutOfCredits
from descant.service.requests import (
    AddVocals,
    CreateMusic,
    ExtendMusic,
    ExtendUpload,
    UploadAndCover,
    UploadAndExtend,
    UploadRecording,
)
from descant.service.tasks.making import Workshop
from descant.service.tasks.settling import UNEXPECTED
from descant.service.uploads import naming, places
from descant.service.uploads.intake import LOOK_SECONDS, UNDECODABLE, Intake, seldom
from descant.song import orders
from descant.storage import accounts, clips, credits, dependents, tasks
from descant.storage.records import State

NEVER = threading.Event()
WORDS = {"custom_mode": True, "mv": "sonic-v5", "prompt": "[Verse]\nla la la"}


def tone(seconds: float = 2.0) -> bytes:
    out = io.BytesIO()
    soundfile.write(out, 0.3 * np.sin(np.arange(round(48_000 * seconds)) / 20), 48_000, format="FLAC")
    return out.getvalue()


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
    monkeypatch.syspath_prepend(Path(__file__).parent)
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


def left(shop, door: Intake) -> list[str]:
    """What lies anywhere of recordings under way."""
    stored = [info.key for info in shop.service.objects.list(places.FOLDER)]
    return stored + ([path.name for path in door.folder.iterdir()] if door.folder.exists() else [])


def recording_of(shop, clip_id: str):
    """Return the clip that another waits for."""
    with shop.service.database.reading() as tx:
        return clips.sources(tx, clip_id)[0]


def test_a_recording_is_fetched_read_and_handed_on(shop, door, begin, read, queued, url) -> None:
    task_id, clip_id = begin(UploadRecording(url=url))
    assert queued == [(INTAKE_QUEUE, places.item(clip_id))]
    door.take_in(places.item(clip_id), NEVER)
    assert queued[1:] == [(CPU_QUEUE, clip_id)]
    assert left(shop, door) == [places.clean(clip_id)]
    sound = io.BytesIO(b"".join(shop.service.objects.read(places.clean(clip_id))))
    assert soundfile.info(sound).frames == 96_000
    (clip,) = read(task_id)
    assert (clip.state, clip.title, clip.recording) == (State.PENDING, "song", True)
    assert shop.ledger() == [("grant", 100), ("charge", -2)]
    door.take_in(places.item(clip_id), NEVER)  # a second time, as after a crash
    assert left(shop, door) == [places.clean(clip_id)]


def test_a_recording_that_was_listened_to_leaves_nothing_on_its_way(shop, door, listener, begin, read, url) -> None:
    task_id, clip_id = begin(UploadRecording(url=url))
    door.take_in(places.item(clip_id), NEVER)
    listener.make(clip_id, NEVER)
    assert read(task_id)[0].state is State.SUCCEEDED
    assert shop.service.uploads.ended(shop.account, task_id) == clip_id
    assert left(shop, door) == list(listener.folder.iterdir()) == []
    door.take_in(places.item(clip_id), NEVER)
    assert left(shop, door) == []
    assert shop.balance() == 98


def test_a_file_that_is_sent_takes_the_same_road(shop, door, listener, read) -> None:
    task_id = shop.service.uploads.keep(shop.account, io.BytesIO(tone()), title="Hum", lyrics="la", language="fr")
    (clip,) = read(task_id)
    assert left(shop, door) == [places.raw(clip.id)]
    door.take_in(places.item(clip.id), NEVER)
    assert left(shop, door) == [places.clean(clip.id)]
    with shop.service.database.reading() as tx:
        order = orders.decode(clips.read(tx, clip.id).order)
    assert order == orders.Listen("Hum", "la", "fr")
    listener.make(clip.id, NEVER)
    assert left(shop, door) == []


@pytest.mark.parametrize("sent", [True, False])
def test_a_recording_handed_on_is_not_lost_when_its_intake_is_tried_again(
    shop, door, listener, begin, read, monkeypatch, files, url, sent
) -> None:
    if sent:
        task_id = shop.service.uploads.keep(shop.account, io.BytesIO(tone()), title="Hum")
        clip_id = read(task_id)[0].id
    else:
        task_id, clip_id = begin(UploadRecording(url=url))
    delete = shop.service.objects.delete

    def fail(key: str) -> None:
        delete(key)
        raise OSError("the store went away")

    with monkeypatch.context() as broken:
        broken.setattr(shop.service.objects, "delete", fail)
        with pytest.raises(OSError, match="went away"):
            door.take_in(places.item(clip_id), NEVER)
    del files["/song.flac"]
    door.take_in(places.item(clip_id), NEVER)
    listener.make(clip_id, NEVER)
    assert read(task_id)[0].state is State.SUCCEEDED
    assert left(shop, door) == []


def test_whether_a_recording_is_wanted_is_looked_up_now_and_then() -> None:
    answers, time = iter([True, False]), [10.0]
    wanted = seldom(lambda: next(answers), lambda: time[0])
    assert [wanted() for _ in range(1000)] == [True] * 1000
    time[0] += LOOK_SECONDS
    assert [wanted() for _ in range(1000)] == [False] * 1000


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "not audio in a known format"),
        (b"<html>no</html>", "not audio in a known format"),
        (tone(0.5), "at least 1 s are needed"),
        (tone(9.0), "at most 8 s are taken"),
        (bytes(1_000_001), "is larger than 1,000,000 bytes"),
        (None, "answers with status 404"),
    ],
)
def test_what_cannot_be_taken_is_refused_and_paid_back_once(shop, door, begin, files, url, body, said) -> None:
    files["/song.flac"] = body
    task_id, clip_id = begin(UploadRecording(url=url))
    for _ in range(2):
        door.take_in(places.item(clip_id), NEVER)
    with pytest.raises(Invalid, match=said):
        shop.service.uploads.ended(shop.account, task_id)
    assert left(shop, door) == []
    assert shop.ledger() == [("grant", 100), ("charge", -2), ("refund", 2)]


@pytest.mark.parametrize(
    "address", ["http://10.0.0.1/a", "http://[::1]/a", "file:///etc/passwd", "http://u:p@a.example/"]
)
def test_an_address_inside_is_refused_at_once(shop, address: str) -> None:
    with pytest.raises(Invalid, match=r"^'url' is .* but must be a URL|^'url' is .* valid"):
        shop.service.uploads.fetch(shop.account, url=address)
    assert shop.ledger() == [("grant", 100)]


def test_a_name_that_turns_out_to_lead_inside_is_refused_when_it_is_asked(shop, door, begin, read) -> None:
    task_id, clip_id = begin(UploadRecording(url="http://localtest.example/a.mp3"))
    closed = replace(door, outbound=Outbound())
    closed.take_in(places.item(clip_id), NEVER)
    assert "nothing can be fetched there" in read(task_id)[0].error
    assert shop.balance() == 100


def _hang(report, *arguments: object) -> str:
    threading.Event().wait()
    return ""


def _die(report, *arguments: object) -> str:
    os.abort()


def _hoard(report, *arguments: object) -> str:
    return str(len(bytearray(8 * 1024**3)))


@pytest.mark.parametrize("fault", ["_hang", "_die", "_hoard"])
def test_a_file_that_breaks_its_reader_is_refused(shop, door, begin, monkeypatch, url, fault) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parent)
    monkeypatch.setattr(child, "TARGET", f"test_uploads:{fault}")
    task_id, clip_id = begin(UploadRecording(url=url))
    limits = Limits(seconds=0.5 if fault == "_hang" else 30.0, nice=0)
    replace(door, limits=limits).take_in(places.item(clip_id), NEVER)
    with pytest.raises(Invalid) as refusal:
        shop.service.uploads.ended(shop.account, task_id)
    assert str(refusal.value) == UNDECODABLE
    assert left(shop, door) == []
    assert shop.balance() == 100


def test_without_credits_nothing_is_kept_of_a_file(shop, door) -> None:
    shop.service.accounts.credit(shop.service.accounts.keys()[0].id, -99)
    with pytest.raises(OutOfCredits):
        shop.service.uploads.keep(shop.account, io.BytesIO(tone()), title="Hum")
    assert left(shop, door) == []


def test_who_stops_waiting_gets_the_money_back_and_no_clip(shop, door, listener, begin, read, url) -> None:
    task_id, clip_id = begin(UploadRecording(url=url))
    door.take_in(places.item(clip_id), NEVER)
    assert shop.service.uploads.abandon(shop.account, task_id) is None
    assert left(shop, door) == []
    listener.make(clip_id, NEVER)
    door.take_in(places.item(clip_id), NEVER)
    assert left(shop, door) == []
    assert read(task_id)[0].state is State.FAILED
    assert shop.ledger() == [("grant", 100), ("charge", -2), ("refund", 2)]


def test_who_stops_waiting_too_late_gets_the_clip(shop, door, listener, begin, url) -> None:
    task_id, clip_id = begin(UploadRecording(url=url))
    door.take_in(places.item(clip_id), NEVER)
    listener.make(clip_id, NEVER)
    assert shop.service.uploads.abandon(shop.account, task_id) == clip_id
    assert shop.balance() == 98


def test_a_worker_that_stops_leaves_the_recording_for_later(shop, door, begin, read, url) -> None:
    task_id, clip_id = begin(UploadRecording(url=url))
    stopping = threading.Event()
    stopping.set()
    with pytest.raises(Interrupted):
        door.take_in(places.item(clip_id), stopping)
    assert read(task_id)[0].state is State.PENDING
    assert left(shop, door) == []
    door.take_in(places.item(clip_id), NEVER)
    assert left(shop, door) == [places.clean(clip_id)]


def test_a_fault_of_ours_is_told_as_one(shop, door, begin) -> None:
    task_id, clip_id = begin(UploadRecording(clip_id="00000000-0000-4000-8000-000000000001", title="Lost"))
    with pytest.raises(KeyError):
        door.take_in(places.item(clip_id), NEVER)  # the file that was sent is not there
    door.give_up(places.item(clip_id))
    with pytest.raises(Failed, match="fault of this service"):
        shop.service.uploads.ended(shop.account, task_id)
    assert shop.balance() == 100


def test_what_dead_workers_left_is_swept_up(shop, door, begin, url) -> None:
    _, clip_id = begin(UploadRecording(url=url))
    door.take_in(places.item(clip_id), NEVER)
    (door.folder / "dead").mkdir(parents=True)
    shop.service.objects.put(places.raw("00000000-0000-4000-8000-000000000002"), io.BytesIO(b"being sent"))
    door.sweep()
    assert sorted(left(shop, door)) == sorted(
        [places.clean(clip_id), f"{places.FOLDER}/00000000-0000-4000-8000-000000000002.raw"]
    )
    with shop.service.database.transaction() as tx:
        clips.fail(tx, clip_id, error="x", at=shop.account.created_at)
    door.sweep()
    assert left(shop, door) == [places.raw("00000000-0000-4000-8000-000000000002")]


def extend(url: str, at: float = 1.5) -> UploadAndExtend:
    return UploadAndExtend(**WORDS, recording=UploadRecording(url=url, included=True), continue_at=at)


def test_songs_of_a_recording_wait_for_it_and_are_paid_once(shop, door, listener, begin, read, queued, url) -> None:
    task_id, first = begin(extend(url))
    recording = recording_of(shop, first)
    assert queued == [(INTAKE_QUEUE, places.item(recording.id))]
    door.take_in(places.item(recording.id), NEVER)
    listener.make(recording.id, NEVER)
    ids = [clip.id for clip in read(task_id)]
    assert queued[2:] == [(CPU_QUEUE, clip_id) for clip_id in ids]
    for clip_id in ids:
        listener.make(clip_id, NEVER)
    assert {clip.state for clip in read(task_id)} == {State.SUCCEEDED}
    assert {clip.parent_id for clip in read(task_id)} == {recording.id}
    assert shop.ledger() == [("grant", 100), ("charge", -15)]


def test_songs_of_a_recording_that_is_refused_fail_with_its_reason(shop, door, begin, read, files, url) -> None:
    files["/song.flac"] = b"no song"
    request = UploadAndCover(**WORDS, recording=UploadRecording(url=url, included=True))
    task_id, first = begin(request)
    door.take_in(places.item(recording_of(shop, first).id), NEVER)
    assert {clip.error for clip in read(task_id)} == {
        "The recording cannot be taken: the data is not audio in a known format."
    }
    assert shop.ledger() == [("grant", 100), ("charge", -15), ("refund", 15)]


def test_a_time_outside_the_recording_is_told_when_it_is_there(shop, door, listener, begin, read, url) -> None:
    task_id, first = begin(extend(url, at=200.0))
    recording = recording_of(shop, first)
    door.take_in(places.item(recording.id), NEVER)
    listener.make(recording.id, NEVER)
    assert {clip.error for clip in read(task_id)} == {"'continue_at' is 200, but the recording is 12.50 seconds long."}
    assert shop.ledger() == [("grant", 100), ("charge", -15), ("refund", 15)]


@pytest.mark.parametrize("at", [1.5, 200.0])
def test_no_task_is_locked_after_the_account(shop, door, listener, begin, monkeypatch, url, at) -> None:
    task_id, first = begin(extend(url, at=at))
    recording = recording_of(shop, first)
    door.take_in(places.item(recording.id), NEVER)
    steps: list[str] = []

    def watch(module, name: str, step: Callable[..., str]) -> None:
        real = getattr(module, name)

        def act(tx, *arguments, **named):
            steps.append(step(*arguments))
            return real(tx, *arguments, **named)

        monkeypatch.setattr(module, name, act)

    watch(tasks, "lock", lambda task: task)
    watch(accounts, "take_places", lambda *_: "account")
    watch(credits, "book", lambda *_: "account")
    listener.make(recording.id, NEVER)
    before, after = steps[: steps.index("account")], steps[steps.index("account") :]
    assert before[:2] == [recording.task_id, task_id]
    assert set(after) <= {"account", *before}


def test_what_is_made_of_a_finished_take_is_queued_once(shop, listener, begin, read, queued) -> None:
    task_id, first = begin(CreateMusic(**WORDS))
    listener.make(first, NEVER)
    begin(ExtendMusic(**WORDS, continue_clip_id=first, continue_at=2.0))
    before = list(queued)
    listener.make(read(task_id)[1].id, NEVER)
    assert {clip.state for clip in read(task_id)} == {State.SUCCEEDED}
    assert queued == before


def test_stopping_the_songs_stops_their_recording(shop, door, begin, url) -> None:
    task_id, first = begin(extend(url))
    recording = recording_of(shop, first)
    shop.service.tasks.cancel(shop.account, task_id)
    assert recording_of(shop, first).state is State.FAILED
    door.take_in(places.item(recording.id), NEVER)
    assert left(shop, door) == []
    assert shop.ledger() == [("grant", 100), ("charge", -15), ("refund", 15)]


def test_stopping_a_recording_does_not_depend_on_the_store(shop, door, begin, monkeypatch, url) -> None:
    def fail(key: str) -> None:
        raise OSError("the store is away")

    task_id, clip_id = begin(UploadRecording(url=url))
    door.take_in(places.item(clip_id), NEVER)
    cancelled: list[str] = []
    monkeypatch.setattr(shop.service.jobs, "cancel", cancelled.extend)
    monkeypatch.setattr(shop.service.objects, "delete", fail)
    assert shop.service.tasks.cancel(shop.account, task_id).clips[0].state is State.FAILED
    assert cancelled == [clip_id]
    assert shop.balance() == 100
    monkeypatch.undo()
    door.sweep()
    assert left(shop, door) == []


def test_a_recording_that_keeps_failing_takes_its_songs_along(shop, door, begin, read, url) -> None:
    task_id, first = begin(extend(url))
    door.give_up(places.item(recording_of(shop, first).id))
    assert {clip.error for clip in read(task_id)} == {UNEXPECTED}
    assert shop.balance() == 100


@pytest.fixture
def taken(shop, door, listener, begin, url) -> str:
    """A recording that is a clip."""
    _, clip_id = begin(UploadRecording(url=url))
    door.take_in(places.item(clip_id), NEVER)
    listener.make(clip_id, NEVER)
    return clip_id


def test_what_is_made_of_a_recording_that_is_there_waits_for_nothing(shop, begin, queued, taken) -> None:
    for request in (
        ExtendUpload(**WORDS, continue_clip_id=taken, continue_at=2.0),
        AddVocals(**WORDS, continue_clip_id=taken, overpainting_start_s=3.0, audio_weight=0.2),
    ):
        _, first = begin(request)
        with shop.service.database.reading() as tx:
            assert first not in [*dependents.waiting(tx, "nobody")]
            order = orders.decode(clips.read(tx, first).order)
        assert (CPU_QUEUE, first) in queued
    assert (order.start, order.stop, order.audio_weight, order.brief.lyrics) == (3.0, None, 0.2, WORDS["prompt"])


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("my_song (final).MP3", "my song (final)"),
        ("C:\\Users\\me\\take 2.wav", "take 2"),
        ("../../etc/passwd", "passwd"),
        (".mp3", naming.UNNAMED),
        ("", naming.UNNAMED),
        ("a" * 200 + ".wav", "a" * 80),
        ("tab\tand\x00nul.ogg", "tab and nul"),
        ("Ungültig – ñ.flac", "Ungültig – ñ"),
    ],
)
def test_a_recording_is_called_as_its_file(name: str, title: str) -> None:
    assert naming.of_file(name) == title


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("https://a.example/x/My%20Song.mp3?token=1", "My Song"),
        ("https://a.example/", naming.UNNAMED),
        ("https://a.example/%ff%fe.mp3", "\ufffd\ufffd"),
        ("https://a.example/a%2Fb.mp3", "b"),
    ],
)
def test_a_recording_is_called_as_the_end_of_its_address(address: str, title: str) -> None:
    assert naming.of_url(address) == title
