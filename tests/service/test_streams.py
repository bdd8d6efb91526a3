"""Songs made in real child processes and heard meanwhile, without the queue and without HTTP."""

import threading
import time
from pathlib import Path

import pytest

from descant.jobs import isolate
from descant.jobs.isolate import Limits
from descant.service.errors import NotFound
from descant.service.files.files import object_key
from descant.service.files.streams import PREFIX, Standing
from descant.service.tasks.making import Workshop
from descant.service.webhooks.webhooks import COMPLETED, STREAMING, Webhook
from descant.storage import webhooks
from descant.storage.records import State


class Studio:
    """A workshop in a thread of its own, and what becomes of one clip."""

    def __init__(self, shop, make_song, folder: Path) -> None:
        self.shop, self.service, self.folder = shop, shop.service, folder / "pace"
        self.folder.mkdir()
        self.workshop = Workshop(
            database=self.service.database,
            objects=self.service.objects,
            jobs=self.service.jobs,
            folder=folder / "work",
            worker="tester",
            engine="heard_engine:load",
            limits=Limits(seconds=60.0, nice=0),
        )
        hook = Webhook("http://127.0.0.1:9/hook")
        self.task = self.service.tasks.create(shop.account, make_song(str(self.folder)), hook)
        self.id = self.clip().id
        self._thread = threading.Thread(target=self.workshop.make, args=(self.id, threading.Event()))
        self._thread.start()

    def clip(self):
        return self.service.tasks.read(self.shop.account, self.task.id).clips[0]

    def play(self, letters: str) -> None:
        for letter in letters:
            (self.folder / letter).touch()

    def end(self) -> None:
        self.play("abc")
        self._thread.join(60)
        assert not self._thread.is_alive()

    def pieces(self) -> list[str]:
        keys = (info.key for info in self.service.objects.list(object_key(self.id, "")))
        return [key for key in keys if key.startswith(object_key(self.id, PREFIX))]

    def events(self) -> list[str]:
        with self.service.database.reading() as tx:
            return [delivery.event for delivery in webhooks.deliveries(tx, self.task.id)]


@pytest.fixture
def studio(sqlite_shop, make_song, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(Path(__file__).parent)
    isolate.prepare(())
    made = Studio(sqlite_shop, make_song, tmp_path)
    yield made
    made.end()


def until(question) -> None:
    deadline = time.monotonic() + 60
    while not question():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def heard(studio) -> bytes:
    stream = studio.service.streams.open(studio.id)
    return b"".join(stream.read(0, stream.size()))


def test_a_song_is_heard_piece_by_piece_and_leaves_no_piece_behind(studio) -> None:
    until(lambda: studio.clip().state is State.RUNNING)
    assert studio.service.streams.open(studio.id).name == ""
    assert not studio.clip().streaming
    studio.play("a")
    until(lambda: studio.clip().streaming)
    stream = studio.service.streams.open(studio.id)
    assert (heard(studio), stream.standing()) == (b"a", Standing.GROWING)
    studio.play("b")
    until(lambda: heard(studio) == b"ab")
    assert (stream.piece(0), stream.piece(1), stream.piece(2)) == (b"a", b"b", None)
    studio.end()
    assert studio.clip().state is State.SUCCEEDED
    assert not studio.clip().streaming
    assert stream.standing() is Standing.DONE
    assert studio.pieces() == []
    with pytest.raises(NotFound):
        studio.service.streams.open(studio.id)


def test_a_child_that_dies_loses_its_stream_and_the_next_has_another(studio) -> None:
    (studio.folder / "die").touch()
    studio.play("a")
    until(lambda: studio.clip().streaming)
    first = studio.service.streams.open(studio.id)
    until(lambda: first.standing() is Standing.LOST)
    until(lambda: studio.clip().streaming)
    second = studio.service.streams.open(studio.id)
    assert second.name != first.name
    assert len(studio.pieces()) == 1  # the pieces of the first are gone
    studio.end()
    assert studio.pieces() == []


def test_a_cancelled_song_ends_its_stream_and_leaves_nothing(studio) -> None:
    studio.play("a")
    until(lambda: studio.clip().streaming)
    stream = studio.service.streams.open(studio.id)
    studio.service.tasks.cancel(studio.shop.account, studio.task.id)
    assert stream.standing() is Standing.ENDED
    studio.end()
    assert studio.pieces() == []


def test_the_webhook_is_told_once_that_the_task_can_be_heard(studio) -> None:
    studio.play("a")
    until(lambda: studio.clip().streaming)
    assert studio.events() == [STREAMING]
    studio.end()
    assert COMPLETED not in studio.events()  # the second take is still to be made
