"""Recordings on their way: fetched, read in a real child process, handed on, or refused with the money given back."""

import io
import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest
import soundfile

from descant.jobs import intake as child
from descant.jobs.engine import CPU_QUEUE, INTAKE_QUEUE, Interrupted
from descant.jobs.isolate import Limits
from descant.net.outbound import Outbound
from descant.service.errors import Failed, Invalid, OutOfCredits
from descant.service.requests import UploadRecording
from descant.service.uploads import places
from descant.service.uploads.intake import LOOK_SECONDS, UNDECODABLE, seldom
from descant.song import orders
from descant.storage import clips
from descant.storage.records import State

from .roads import NEVER, left, tone


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
    monkeypatch.setattr(child, "TARGET", f"test_intake:{fault}")
    task_id, clip_id = begin(UploadRecording(url=url))
    limits = Limits(seconds=0.5 if fault == "_hang" else 30.0, nice=0)
    replace(door, limits=limits).take_in(places.item(clip_id), NEVER)
    with pytest.raises(Invalid) as refusal:
        shop.service.uploads.ended(shop.account, task_id)
    assert str(refusal.value).endswith(f", but {UNDECODABLE}")
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
