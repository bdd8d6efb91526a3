"""Clips made in real child processes by a worker's own code, without the queue around it."""

import json
import threading
import time
from pathlib import Path

import pytest

from descant.jobs import isolate
from descant.jobs.engine import Interrupted
from descant.jobs.isolate import Limits
from descant.service.errors import NotFound
from descant.service.tasks import making
from descant.service.tasks.making import Workshop
from descant.song.document import decode
from descant.storage import clips
from descant.storage.records import State

NEVER = threading.Event()


@pytest.fixture
def workshop(sqlite_shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Workshop:
    monkeypatch.syspath_prepend(Path(__file__).parent)
    isolate.prepare(())
    return Workshop(
        database=sqlite_shop.service.database,
        objects=sqlite_shop.service.objects,
        jobs=sqlite_shop.service.jobs,
        folder=tmp_path / "work",
        worker="tester",
        engine="slow_engine:load",
        limits=Limits(seconds=20.0, nice=0),
    )


@pytest.fixture
def start(sqlite_shop, make_song):
    """Create a task; return a function that reads it, and the ids of its clips."""

    def start(tags: str):
        task = sqlite_shop.service.tasks.create(sqlite_shop.account, make_song(tags))

        def read():
            return sqlite_shop.service.tasks.read(sqlite_shop.account, task.id)

        return task, read, [clip.id for clip in read().clips]

    return start


def test_a_made_clip_has_its_song_and_files(workshop: Workshop, sqlite_shop, start) -> None:
    _, read, ids = start("pop")
    for clip_id in ids:
        workshop.make(clip_id, NEVER)
    view = read()
    assert [clip.state for clip in view.clips] == [State.SUCCEEDED, State.SUCCEEDED]
    clip = view.clips[0]
    assert (clip.title, clip.duration, clip.progress, clip.error) == ("Slow Song", 12.5, 1.0, "")
    assert clip.files == ("audio.mp3", "cover.jpeg", "song.json", "stems/drums.flac")
    file = sqlite_shop.service.files.open(clip.id, "song.json")
    data = b"".join(file.read())
    assert decode(data).provenance.seed == clip.seed
    assert (file.size, file.content_type) == (len(data), "application/json")
    assert b"".join(file.read(3, 9)) == data[3:9]
    assert file.path is not None
    assert file.path.read_bytes() == data
    assert sqlite_shop.ledger() == [("grant", 100), ("charge", -15)]
    assert list(workshop.folder.iterdir()) == []


def test_files_are_there_only_when_the_clip_is_done(workshop: Workshop, sqlite_shop, start) -> None:
    _, _, ids = start("pop")
    with pytest.raises(NotFound):
        sqlite_shop.service.files.open(ids[0], "audio.mp3")
    workshop.make(ids[0], NEVER)
    sqlite_shop.service.files.open(ids[0], "audio.mp3")
    with pytest.raises(NotFound):
        sqlite_shop.service.files.open(ids[0], "../../secret.key")


def test_the_reason_of_the_engine_reaches_the_user(workshop: Workshop, sqlite_shop, start) -> None:
    _, read, ids = start("decline")
    workshop.make(ids[0], NEVER)
    assert sqlite_shop.balance() == 85
    workshop.make(ids[1], NEVER)
    workshop.make(ids[1], NEVER)
    assert {clip.error for clip in read().clips} == {"There is nothing to sing in this."}
    assert sqlite_shop.ledger() == [("grant", 100), ("charge", -15), ("refund", 15)]


def test_a_fault_of_ours_is_not_shown_in_detail(workshop: Workshop, sqlite_shop, start) -> None:
    _, read, ids = start("raise")
    for clip_id in ids:
        workshop.make(clip_id, NEVER)
    assert all("fault of this service" in clip.error for clip in read().clips)
    assert not any("Traceback" in clip.error for clip in read().clips)
    assert sqlite_shop.balance() == 100


def test_a_clip_that_kills_its_process_is_given_up_in_the_end(
    workshop: Workshop, sqlite_shop, start, tmp_path: Path
) -> None:
    _, read, ids = start(f"crash,log={tmp_path}/log")
    for clip_id in ids:
        workshop.make(clip_id, NEVER)
    assert {clip.state for clip in read().clips} == {State.FAILED}
    assert len((tmp_path / "log").read_text().splitlines()) == 2 * making.MOST_CRASHES
    assert sqlite_shop.balance() == 100


def test_a_clip_begun_again_and_again_is_given_up_in_the_end(workshop: Workshop, sqlite_shop, start) -> None:
    _, read, ids = start("pop")
    for clip_id in ids:
        for number in range(making.MOST_STARTS):
            with sqlite_shop.service.database.transaction() as tx:
                clips.claim(tx, clip_id, claim=str(number), worker="dying", at=read().clips[0].created_at)
        workshop.make(clip_id, NEVER)
    assert {clip.state for clip in read().clips} == {State.FAILED}
    assert sqlite_shop.balance() == 100


def test_half_is_given_back_when_one_of_two_failed(workshop: Workshop, sqlite_shop, start) -> None:
    task, read, ids = start("pop")
    workshop.make(ids[0], NEVER)
    view = sqlite_shop.service.tasks.cancel(sqlite_shop.account, task.id)
    workshop.make(ids[1], NEVER)
    assert [clip.state for clip in view.clips] == [State.SUCCEEDED, State.FAILED]
    assert [clip.state for clip in read().clips] == [State.SUCCEEDED, State.FAILED]
    assert sqlite_shop.ledger() == [("grant", 100), ("charge", -15), ("refund", 7)]


def test_a_song_too_hungry_or_too_slow_ends_with_that_reason(workshop: Workshop, sqlite_shop, start) -> None:
    _, read, ids = start("hoard,seconds=20")
    workshop.make(ids[0], NEVER)
    assert "memory" in read().clips[0].error
    _, read, ids = start("seconds=20")
    impatient = Workshop(**{**vars(workshop), "limits": Limits(seconds=0.5)})
    impatient.make(ids[0], NEVER)
    assert "longer" in read().clips[0].error


def test_cancelling_stops_the_child(workshop: Workshop, sqlite_shop, start, tmp_path: Path) -> None:
    task, read, ids = start(f"seconds=60,log={tmp_path}/log")
    work = threading.Thread(target=workshop.make, args=(ids[0], NEVER))
    work.start()
    while read().clips[0].progress == 0.0:
        time.sleep(0.02)
    sqlite_shop.service.tasks.cancel(sqlite_shop.account, task.id)
    work.join(10.0)
    assert not work.is_alive()
    assert not alive(json.loads((tmp_path / "log").read_text())["pid"])
    assert sqlite_shop.balance() == 100
    assert list(workshop.folder.iterdir()) == []
    assert sqlite_shop.service.objects.list("clips") == ()


def test_a_stopping_worker_puts_its_clip_back_uncounted(workshop: Workshop, sqlite_shop, start) -> None:
    _, read, ids = start("seconds=60")
    stopping = threading.Event()
    raised: list[BaseException] = []

    def make() -> None:
        try:
            workshop.make(ids[0], stopping)
        except Interrupted as error:
            raised.append(error)

    work = threading.Thread(target=make)
    work.start()
    while read().clips[0].progress == 0.0:
        time.sleep(0.02)
    stopping.set()
    work.join(10.0)
    assert len(raised) == 1
    with sqlite_shop.service.database.reading() as tx:
        clip = clips.read(tx, ids[0])
    assert (clip.state, clip.starts, clip.progress) == (State.PENDING, 0, 0.0)


def test_of_two_attempts_at_one_clip_only_the_later_one_ends_it(
    workshop: Workshop, sqlite_shop, start, tmp_path: Path
) -> None:
    _, read, ids = start(f"seconds=1.5,log={tmp_path}/log")
    taken_for_dead = threading.Thread(target=workshop.make, args=(ids[0], NEVER))
    taken_for_dead.start()
    while read().clips[0].progress == 0.0:
        time.sleep(0.02)
    elsewhere = Workshop(**{**vars(workshop), "folder": tmp_path / "elsewhere", "worker": "other"})
    elsewhere.make(ids[0], NEVER)
    taken_for_dead.join(10.0)
    with sqlite_shop.service.database.reading() as tx:
        clip = clips.read(tx, ids[0])
    assert (clip.state, clip.worker, clip.starts) == (State.SUCCEEDED, "other", 2)
    assert not alive(json.loads((tmp_path / "log").read_text().splitlines()[0])["pid"])


def test_a_song_that_was_made_but_not_stored_is_not_made_again(
    workshop: Workshop, sqlite_shop, start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, read, ids = start(f"pop,log={tmp_path}/log")
    put = sqlite_shop.service.objects.put

    def fail(key: str, source: Path) -> None:
        raise ConnectionError("the store is gone")

    monkeypatch.setattr(sqlite_shop.service.objects, "put", fail)
    with pytest.raises(ConnectionError):
        workshop.make(ids[0], NEVER)
    monkeypatch.setattr(sqlite_shop.service.objects, "put", put)
    workshop.make(ids[0], NEVER)
    assert read().clips[0].state is State.SUCCEEDED
    assert len((tmp_path / "log").read_text().splitlines()) == 1


def test_folders_of_finished_clips_are_swept(workshop: Workshop, start) -> None:
    _, _, ids = start("pop")
    workshop.make(ids[0], NEVER)
    for name in (*ids, "of nobody"):
        (workshop.folder / name).mkdir(parents=True)
    workshop.sweep()
    assert [path.name for path in workshop.folder.iterdir()] == [ids[1]]


def alive(pid: int) -> bool:
    """Whether a process runs (one that died and waits to be collected does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
