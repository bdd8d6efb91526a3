"""Files in further formats, made in real child processes by a worker's own code, without the queue around it."""

import io
import threading

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import select

from descant.engines import protocol
from descant.jobs import isolate
from descant.jobs.engine import Interrupted
from descant.jobs.isolate import Limits
from descant.media import decode, wav
from descant.service.errors import Failed, Invalid, NotFound, OutOfCredits
from descant.service.exports.exporting import Exporter
from descant.service.files.files import object_key
from descant.song.document import encode
from descant.storage import clips, exports
from descant.storage.records import FileRecord, now
from descant.storage.tables import ClipExport

NEVER = threading.Event()
RATE = 48_000


@pytest.fixture
def exporter(sqlite_shop, tmp_path) -> Exporter:
    isolate.prepare(())
    return Exporter(
        database=sqlite_shop.service.database,
        objects=sqlite_shop.service.objects,
        folder=tmp_path / "exports",
        limits=Limits(seconds=60.0, nice=0),
    )


@pytest.fixture
def clip_id(sqlite_shop, make_song, small_song, tmp_path) -> str:
    """A finished clip of a second."""
    task = sqlite_shop.service.tasks.create(sqlite_shop.account, make_song())
    clip = sqlite_shop.service.tasks.read(sqlite_shop.account, task.id).clips[0].id
    tone = 0.2 * np.sin(2 * np.pi * 330 * np.arange(RATE) / RATE)
    cover = io.BytesIO()
    Image.new("RGB", (300, 300), (40, 90, 60)).save(cover, "JPEG")
    contents = {
        protocol.SONG_FILE: encode(small_song),
        protocol.WAV_FILE: wav.encode(np.stack([tone, tone], axis=1).astype(np.float32)),
        protocol.COVER_FILE: cover.getvalue(),
        protocol.AUDIO_FILE: b"mp3",
    }
    files = []
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
        sqlite_shop.service.objects.put(object_key(clip, name), tmp_path / name)
        files.append(FileRecord(clip_id=clip, name=name, size=len(data), digest="0", content_type="", created_at=now()))
    with sqlite_shop.service.database.transaction() as tx:
        clips.claim(tx, clip, claim="a", worker="w", at=now())
        clips.succeed(tx, clip, "a", title="", tags="", lyrics="", duration=1.0, files=files, at=now())
    return clip


@pytest.fixture
def ask(sqlite_shop, clip_id):
    """Ask for formats of the clip; return whether they are there."""
    return lambda *formats: sqlite_shop.service.exports.download(sqlite_shop.account, clip_id, formats)


@pytest.fixture
def waiting(sqlite_shop):
    """Return the ids of the exports under way."""

    def waiting():
        with sqlite_shop.service.database.reading() as tx:
            return list(tx.connection.execute(select(ClipExport.id).order_by(ClipExport.created_at)).scalars())

    return waiting


def test_a_format_is_made_once_and_paid_for_once(sqlite_shop, exporter, clip_id, ask, waiting) -> None:
    assert not ask("m4a", "mp3")
    assert not ask("m4a", "mp3")
    (export_id,) = waiting()
    exporter.make(export_id, NEVER)
    exporter.make(export_id, NEVER)
    assert ask("mp3", "m4a")
    assert sqlite_shop.ledger() == [("grant", 100), ("charge", -15), ("sonic.download", -2)]
    file = sqlite_shop.service.files.open(clip_id, "audio.m4a")
    assert file.content_type == "audio/mp4"
    again = decode.decode(b"".join(file.read()))
    assert np.abs(np.fft.rfft(again[:RATE, 0])).argmax() == 330
    assert waiting() == []
    assert not exporter.folder.exists() or not list(exporter.folder.iterdir())


def test_another_format_is_another_purchase(sqlite_shop, ask) -> None:
    ask("flac")
    ask("flac", "opus")
    assert sqlite_shop.ledger()[2:] == [("sonic.download", -2), ("sonic.download", -2)]


def test_what_cannot_be_paid_for_is_not_made(sqlite_shop, ask, waiting) -> None:
    with sqlite_shop.service.database.transaction() as tx:
        from descant.service.credits import ledger

        ledger.grant(tx, sqlite_shop.account.id, -84)
    with pytest.raises(OutOfCredits):
        ask("flac")
    assert waiting() == []


def test_a_failure_is_told_once_and_then_tried_again(sqlite_shop, exporter, clip_id, ask, waiting) -> None:
    sqlite_shop.service.objects.delete(object_key(clip_id, protocol.WAV_FILE))
    ask("opus")
    exporter.make(waiting()[0], NEVER)
    with pytest.raises(Failed, match=r"'opus' .* its files are gone"):
        ask("opus")
    assert not ask("opus")
    assert len(waiting()) == 1
    assert sqlite_shop.ledger()[2:] == [("sonic.download", -2)]


def test_an_encoder_that_raises_is_a_fault_of_the_service(
    sqlite_shop, exporter, clip_id, ask, waiting, tmp_path
) -> None:
    (tmp_path / "broken").write_bytes(b"RIFF but no sound")
    sqlite_shop.service.objects.put(object_key(clip_id, protocol.WAV_FILE), tmp_path / "broken")
    ask("flac")
    exporter.make(waiting()[0], NEVER)
    with pytest.raises(Failed, match="a fault of this service"):
        ask("flac")


def test_a_deleted_clip_gets_no_new_files(sqlite_shop, exporter, clip_id, ask, waiting) -> None:
    ask("flac")
    with sqlite_shop.service.database.reading() as tx:
        export = exports.read(tx, waiting()[0])
    sqlite_shop.service.clips.delete(sqlite_shop.account, clip_id)
    assert waiting() == []
    exporter.make(export.id, NEVER)
    exporter._store(export, _file(exporter.folder / "audio.flac"))
    assert list(sqlite_shop.service.objects.list(object_key(clip_id, ""))) == []
    with pytest.raises(NotFound):
        ask("flac")


def _file(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"fLaC")
    return path


def test_a_worker_that_stops_leaves_an_export_to_others(exporter, ask, waiting) -> None:
    ask("mp4")
    stopping = threading.Event()
    stopping.set()
    with pytest.raises(Interrupted):
        exporter.make(waiting()[0], stopping)
    exporter.make(waiting()[0], NEVER)
    assert ask("mp4")


def test_a_song_without_a_lossless_file_is_refused_before_it_is_paid_for(sqlite_shop, clip_id, ask) -> None:
    with sqlite_shop.service.database.transaction() as tx:
        from sqlalchemy import delete

        from descant.storage.tables import ClipFile

        tx.connection.execute(delete(ClipFile).where(ClipFile.name == protocol.WAV_FILE))
    for format in ("wav", "flac"):
        with pytest.raises(Invalid, match=r"has no file 'audio\.wav'"):
            ask(format)
    assert sqlite_shop.ledger() == [("grant", 100), ("charge", -15)]
