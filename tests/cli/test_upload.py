"""``descant upload``, with a worker played by the test."""

import threading

import pytest

from descant import service, settings
from descant.service.tasks import settling
from descant.service.uploads import places
from descant.song import orders
from descant.storage import clips, workers
from descant.storage.records import WorkerRecord, now


@pytest.fixture
def key(data) -> str:
    running = service.open(settings.read())
    made = running.accounts.create_key(credits=10)
    running.close()
    return made.key


@pytest.fixture
def worker(data):
    """Give signs of life, and end the first clip that comes as told: with a reason, or with "" as a song."""
    stopped = threading.Event()
    found: list[orders.Order] = []

    def start(reason: str) -> list[orders.Order]:
        running = service.open(settings.read())
        record = WorkerRecord(executor_id="test", host="here", pid=1, started_at=now(), beat_at=now())
        with running.database.transaction() as tx:
            workers.beat(tx, record)

        def work() -> None:
            while not stopped.wait(0.05):
                for info in running.objects.list(places.FOLDER):
                    clip_id = places.clip_of(info.key)
                    with running.database.transaction() as tx:
                        clip = clips.read(tx, clip_id)
                        if clip is None or clip.state.finished:
                            continue
                        found.append(orders.decode(clip.order))
                        if reason:
                            settling.fail_clip(tx, running.jobs, clip_id, reason)
                            continue
                        clips.claim(tx, clip_id, claim="c", worker="test", at=now())
                        done = {"title": "t", "tags": "", "lyrics": "", "duration": 1.0}
                        clips.succeed(tx, clip_id, "c", files=[], at=now(), **done)
            running.close()

        thread = threading.Thread(target=work)
        thread.start()
        threads.append(thread)
        return found

    threads: list[threading.Thread] = []
    yield start
    stopped.set()
    for thread in threads:
        thread.join()


def test_a_file_becomes_a_clip(descant, key, worker, tmp_path) -> None:
    found = worker("")
    (tmp_path / "my_song.mp3").write_bytes(b"ID3")
    (tmp_path / "words.txt").write_text("la la", encoding="utf-8")
    done = descant("upload", str(tmp_path / "my_song.mp3"), "--key", key, "--lyrics", str(tmp_path / "words.txt"))
    assert done.exit_code == 0, done.output
    assert len(done.stdout.strip()) == 36
    assert found == [orders.Listen("my song", "la la", "")]


def test_a_refusal_is_one_line(descant, key, worker, tmp_path) -> None:
    worker("The recording is silent.")
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    done = descant("upload", str(tmp_path / "a.wav"), "--key", key)
    assert (done.exit_code, done.stderr.strip()) == (1, "The recording is silent.")


def test_without_a_worker_nothing_is_sent(descant, key, tmp_path) -> None:
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    done = descant("upload", str(tmp_path / "a.wav"), "--key", key)
    assert (done.exit_code, "descant serve" in done.stderr) == (1, True)


def test_what_cannot_be_read_is_said(descant, key, worker, tmp_path) -> None:
    worker("")
    missing = descant("upload", str(tmp_path / "missing.wav"), "--key", key)
    assert (missing.exit_code, "cannot be read" in missing.stderr) == (2, True)
    inside = descant("upload", "http://10.0.0.1/a.wav", "--key", key)
    assert (inside.exit_code, "public internet" in inside.stderr) == (1, True)
    unknown = descant("upload", str(tmp_path / "a.wav"), "--key", "dsc_nobody")
    assert (unknown.exit_code, "not valid" in unknown.stderr) == (1, True)
