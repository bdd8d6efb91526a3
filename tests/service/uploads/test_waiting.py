"""Songs that wait for the recording they are made of: handed on with it, failed with it, stopped with it."""

from collections.abc import Callable

import pytest

from descant.jobs.engine import CPU_QUEUE, INTAKE_QUEUE
from descant.service.requests import (
    AddVocals,
    CreateMusic,
    ExtendMusic,
    ExtendUpload,
    UploadAndCover,
    UploadRecording,
)
from descant.service.tasks.settling import UNEXPECTED
from descant.service.uploads import places
from descant.song import orders
from descant.storage import accounts, clips, credits, dependents, tasks
from descant.storage.records import State

from .roads import NEVER, WORDS, extend, left, recording_of


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
    (error,) = {clip.error for clip in read(task_id)}
    assert error.startswith(f"'url' is \"{url}\", but the recording cannot be taken: the data is not audio")
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
