"""Extensions that are asked for with the whole song: joined when they are there, failed with them, paid once."""

import pytest

from descant.jobs.engine import CPU_QUEUE
from descant.service.requests import ExtendMusic, ExtendUpload, UploadAndExtend, UploadRecording
from descant.service.tasks import chains
from descant.service.uploads import places
from descant.song import orders
from descant.storage import clips
from descant.storage.records import State

from .roads import NEVER, WORDS, left, recording_of


def whole(url: str, at: float = 1.5, **more: object) -> UploadAndExtend:
    recording = UploadRecording(url=url, included=True)
    return UploadAndExtend(**WORDS | more, recording=recording, continue_at=at, auto_concat=True)


def sources(shop, clip_id: str) -> list[str]:
    with shop.service.database.reading() as tx:
        return [source.id for source in clips.sources(tx, clip_id)]


def test_a_whole_is_made_when_its_extension_is_there(shop, door, listener, begin, read, queued, url) -> None:
    task_id, first = begin(whole(url))
    recording = recording_of(shop, first)
    extension, joined, second, other = read(task_id)
    assert [sources(shop, clip.id) for clip in (extension, joined)] == [[recording.id], [recording.id, extension.id]]
    with shop.service.database.reading() as tx:
        assert isinstance(orders.decode(clips.read(tx, joined.id).order), orders.Concat)
    door.take_in(places.item(recording.id), NEVER)
    listener.make(recording.id, NEVER)
    assert queued[2:] == [(CPU_QUEUE, extension.id), (CPU_QUEUE, second.id)]
    listener.make(second.id, NEVER)
    assert queued[4:] == [(CPU_QUEUE, other.id)]
    listener.make(extension.id, NEVER)
    assert queued[5:] == [(CPU_QUEUE, joined.id)]
    for clip in (joined, other):
        listener.make(clip.id, NEVER)
    assert len(queued) == 6
    assert {clip.state for clip in read(task_id)} == {State.SUCCEEDED}
    assert {clip.parent_id for clip in read(task_id)} == {recording.id}
    assert [clip.pair for clip in read(task_id)] == [None, ("extended", extension.id), None, ("extended", second.id)]
    assert shop.ledger() == [("grant", 100), ("charge", -15)]


def test_a_whole_fails_with_its_extension_and_both_are_paid_back_once(shop, door, listener, begin, read, url) -> None:
    task_id, first = begin(whole(url, tags="decline"))
    recording = recording_of(shop, first)
    door.take_in(places.item(recording.id), NEVER)
    listener.make(recording.id, NEVER)
    extension, joined, second, _ = read(task_id)
    listener.make(extension.id, NEVER)
    assert read(task_id)[1].error == read(task_id)[0].error == "There is nothing to sing in this."
    assert shop.ledger() == [("grant", 100), ("charge", -15)]
    listener.make(second.id, NEVER)
    assert {clip.state for clip in read(task_id)} == {State.FAILED}
    assert shop.ledger() == [("grant", 100), ("charge", -15), ("refund", 15)]
    listener.make(joined.id, NEVER)
    assert shop.ledger()[3:] == []


def test_wholes_fail_with_extensions_from_behind_the_end_of_the_recording(
    shop, door, listener, begin, read, queued, url
) -> None:
    task_id, first = begin(whole(url, at=500.0))
    recording = recording_of(shop, first)
    door.take_in(places.item(recording.id), NEVER)
    listener.make(recording.id, NEVER)
    assert {clip.state for clip in read(task_id)} == {State.FAILED}
    assert len(queued) == 2  # the recording's own
    assert shop.ledger() == [("grant", 100), ("charge", -15), ("refund", 15)]


def test_the_recording_is_left_when_its_songs_fail(shop, door, listener, begin, read, url) -> None:
    task_id, first = begin(whole(url, tags="decline"))
    recording = recording_of(shop, first)
    door.take_in(places.item(recording.id), NEVER)
    listener.make(recording.id, NEVER)
    for clip in read(task_id)[::2]:
        listener.make(clip.id, NEVER)
    assert recording_of(shop, first).state is State.SUCCEEDED
    assert left(shop, door) == []
    again, _ = begin(ExtendUpload(**WORDS, continue_clip_id=recording.id, continue_at=1.0))
    assert len(read(again)) == 2


def test_a_recording_that_is_refused_takes_wholes_along(shop, door, begin, read, files, url) -> None:
    files["/song.flac"] = b"no song"
    task_id, first = begin(whole(url))
    door.take_in(places.item(recording_of(shop, first).id), NEVER)
    (error,) = {clip.error for clip in read(task_id)}
    assert error.startswith(f"'url' is \"{url}\", but the recording cannot be taken: the data is not audio")
    assert shop.ledger() == [("grant", 100), ("charge", -15), ("refund", 15)]


@pytest.mark.parametrize("made", [0, 1])
def test_stopping_the_task_stops_extensions_and_wholes(shop, door, listener, begin, read, url, made) -> None:
    task_id, first = begin(whole(url))
    recording = recording_of(shop, first)
    door.take_in(places.item(recording.id), NEVER)
    listener.make(recording.id, NEVER)
    if made:
        listener.make(first, NEVER)
    shop.service.tasks.cancel(shop.account, task_id)
    assert [clip.state is State.SUCCEEDED for clip in read(task_id)] == [bool(made), False, False, False]
    assert recording_of(shop, first).state is State.SUCCEEDED
    refund = 15 * (4 - made) // 4
    assert shop.ledger() == [("grant", 100), ("charge", -15), ("refund", refund)]
    for clip in read(task_id):
        listener.make(clip.id, NEVER)
    assert [clip.state is State.SUCCEEDED for clip in read(task_id)] == [bool(made), False, False, False]


def test_a_whole_that_would_be_too_long_fails_alone(shop, door, listener, begin, read, url, monkeypatch) -> None:
    task_id, first = begin(whole(url))
    recording = recording_of(shop, first)
    door.take_in(places.item(recording.id), NEVER)
    listener.make(recording.id, NEVER)
    monkeypatch.setattr(chains, "LONGEST_JOINED", 5.0)
    for clip in read(task_id)[::2]:
        listener.make(clip.id, NEVER)
    states = [clip.state is State.SUCCEEDED for clip in read(task_id)]
    assert states == [True, False, True, False]
    assert "makes songs of at most 5" in read(task_id)[1].error
    assert shop.balance() == 100 - 15 + 7


def test_a_chain_is_joined_from_its_beginning(shop, listener, begin, read, taken) -> None:
    once, first = begin(ExtendUpload(**WORDS, continue_clip_id=taken, continue_at=1.0))
    listener.make(first, NEVER)
    request = ExtendMusic(**WORDS, continue_clip_id=first, continue_at=1.0, auto_concat=True)
    task_id, second = begin(request)
    extension, joined, *_ = read(task_id)
    assert sources(shop, joined.id) == [taken, first, extension.id]
    assert sources(shop, extension.id) == [first]
    for clip in (extension, joined):
        listener.make(clip.id, NEVER)
    assert [clip.state for clip in read(task_id)[:2]] == [State.SUCCEEDED] * 2
    assert once != task_id
    assert second == extension.id
