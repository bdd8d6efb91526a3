"""Stems made in real child processes from the files of a finished song."""

import io
import threading
from pathlib import Path

import numpy as np
import pytest
import soundfile

from descant.jobs import isolate
from descant.jobs.isolate import Limits
from descant.media import flac, midi
from descant.service.errors import Invalid
from descant.service.files.files import object_key
from descant.service.requests import SeparateStems
from descant.service.tasks import making
from descant.service.tasks.making import Workshop
from descant.song.document import decode, encode
from descant.storage import clips
from descant.storage.records import FileRecord, State, now

NEVER = threading.Event()
RATE = 48_000
STEMS = ("vocals", "backing-vocals", "drums", "keyboard")


@pytest.fixture
def workshop(sqlite_shop, tmp_path: Path) -> Workshop:
    isolate.prepare(())
    return Workshop(
        database=sqlite_shop.service.database,
        objects=sqlite_shop.service.objects,
        jobs=sqlite_shop.service.jobs,
        folder=tmp_path / "work",
        worker="tester",
        limits=Limits(seconds=60.0, nice=0),
    )


@pytest.fixture
def stems(small_song) -> dict[str, np.ndarray]:
    noise = np.random.default_rng(1)
    length = round(small_song.seconds * RATE)
    return {name: noise.uniform(-0.2, 0.2, (length, 2)).astype(np.float32) for name in STEMS}


@pytest.fixture
def song_id(sqlite_shop, make_song, small_song, stems, tmp_path: Path) -> str:
    """A finished clip whose stems are noise."""
    service = sqlite_shop.service
    task = service.tasks.create(sqlite_shop.account, make_song())
    clip_id = service.tasks.read(sqlite_shop.account, task.id).clips[0].id
    contents = {"song.json": encode(small_song), "cover.jpeg": b"\xff\xd8", "score.mid": midi.encode(small_song.score)}
    contents |= {f"stems/{name}.flac": flac.encode(audio) for name, audio in stems.items()}
    records = []
    for name, data in contents.items():
        path = tmp_path / name.replace("/", "_")
        path.write_bytes(data)
        service.objects.put(object_key(clip_id, name), path)
        records.append(
            FileRecord(clip_id=clip_id, name=name, size=len(data), digest="", content_type="", created_at=now())
        )
    with service.database.transaction() as tx:
        clips.claim(tx, clip_id, claim="claim", worker="test", at=now())
        done = {"title": "Paper Boats", "tags": "pop", "lyrics": small_song.lyrics, "duration": small_song.seconds}
        assert clips.succeed(tx, clip_id, "claim", files=records, at=now(), **done)
    service.accounts.credit(service.accounts.keys()[0].id, 1000)
    return clip_id


@pytest.fixture
def made(workshop: Workshop, sqlite_shop):
    """Make the stems of a task; return its clips by stem."""

    def make(task):
        for clip in sqlite_shop.service.tasks.read(sqlite_shop.account, task.id).clips:
            workshop.make(clip.id, NEVER)
        return {clip.stem: clip for clip in sqlite_shop.service.tasks.read(sqlite_shop.account, task.id).clips}

    return make


def separate(sqlite_shop, clip_id: str, *, full: bool):
    return sqlite_shop.service.tasks.create(sqlite_shop.account, SeparateStems(clip_id=clip_id, full=full))


def read(sqlite_shop, clip, name: str) -> bytes:
    return b"".join(sqlite_shop.service.files.open(clip.id, name).read())


def sound(sqlite_shop, clip) -> np.ndarray:
    return soundfile.read(io.BytesIO(read(sqlite_shop, clip, "audio.wav")), dtype="float32")[0]


def test_voice_and_band_add_up_to_the_song(sqlite_shop, song_id, stems, made, workshop):
    halves = made(separate(sqlite_shop, song_id, full=False))
    assert list(halves) == ["vocals", "instrumental"]
    assert all(clip.state is State.SUCCEEDED for clip in halves.values())
    singing = stems["vocals"] + stems["backing-vocals"]
    assert np.max(np.abs(sound(sqlite_shop, halves["vocals"]) - singing)) < 2**-22
    total = sum(sound(sqlite_shop, clip) for clip in halves.values())
    assert np.max(np.abs(total - sum(stems.values()))) < 2**-21
    assert list(workshop.folder.iterdir()) == []


def test_each_stem_is_a_song_of_its_own_with_its_part_of_the_score(sqlite_shop, song_id, small_song, made):
    clips_by_stem = made(separate(sqlite_shop, song_id, full=True))
    assert list(clips_by_stem) == ["vocals", "backing vocals", "drums", "keyboard"]
    for stem, clip in clips_by_stem.items():
        assert clip.title == f"Paper Boats ({stem})"
        assert clip.parent_id == song_id
        assert clip.duration == small_song.seconds
        assert clip.files == ("audio.mp3", "audio.wav", "cover.jpeg", "score.mid", "song.json")
        song = decode(read(sqlite_shop, clip, "song.json"))
        assert {part.role for part in (*song.score.parts, *song.score.vocals)} == {stem}
        assert song.score.tempo == small_song.score.tempo
        assert {word.role for word in song.words} <= {stem}
    drums = clips_by_stem["drums"]
    assert (drums.lyrics, decode(read(sqlite_shop, drums, "song.json")).words) == ("[Instrumental]", ())
    assert clips_by_stem["vocals"].lyrics == small_song.lyrics
    names = [part.name for part in sqlite_shop.service.analysis.midi(sqlite_shop.account, drums.id)]
    assert names == ["kit"]


def test_a_song_without_singing_has_silence_for_its_vocals(sqlite_shop, song_id, made):
    with sqlite_shop.service.database.transaction() as tx:
        from sqlalchemy import text

        tx.connection.execute(text("DELETE FROM clip_file WHERE name LIKE '%vocals.flac'"))
    halves = made(separate(sqlite_shop, song_id, full=False))
    assert not np.any(sound(sqlite_shop, halves["vocals"]))
    assert np.any(sound(sqlite_shop, halves["instrumental"]))


def test_stems_are_charged_with_their_task_and_come_back_when_they_fail(sqlite_shop, song_id, made, monkeypatch):
    before = sqlite_shop.balance()
    monkeypatch.setattr(making.making, "TARGET", "descant.jobs.making:nothing")
    failed = made(separate(sqlite_shop, song_id, full=True))
    assert {clip.state for clip in failed.values()} == {State.FAILED}
    assert sqlite_shop.balance() == before
    assert sqlite_shop.ledger()[-2:] == [("charge", -75), ("refund", 75)]


def test_nothing_is_charged_for_what_cannot_be_taken_apart(sqlite_shop, song_id):
    before = sqlite_shop.ledger()
    sqlite_shop.service.clips.delete(sqlite_shop.account, song_id)
    with pytest.raises(Invalid, match="deleted"):
        separate(sqlite_shop, song_id, full=True)
    assert sqlite_shop.ledger() == before
