from pathlib import Path

import pytest

from descant.storage.objects import CHUNK, MissingObject, Objects


@pytest.fixture(params=["file", "memory"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> Objects:
    return Objects("memory://" if request.param == "memory" else f"file://{tmp_path}/with%20space/objects")


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = tmp_path / "song.bin"
    path.write_bytes(bytes(range(256)) * (CHUNK // 128))
    return path


def test_a_range_is_read_as_it_lies_in_the_file(objects: Objects, song: Path) -> None:
    objects.put("clips/1/song.bin", song)
    whole = song.read_bytes()
    assert b"".join(objects.read("clips/1/song.bin")) == whole
    assert b"".join(objects.read("clips/1/song.bin", 10, CHUNK + 20)) == whole[10 : CHUNK + 20]
    assert b"".join(objects.read("clips/1/song.bin", CHUNK)) == whole[CHUNK:]
    assert objects.head("clips/1/song.bin").size == len(whole)


def test_what_is_not_there_is_named(objects: Objects) -> None:
    with pytest.raises(MissingObject):
        objects.head("nothing")
    with pytest.raises(MissingObject):
        next(objects.read("nothing", 0, 4))
    objects.delete("nothing")


def test_objects_are_listed_by_their_folder(objects: Objects, song: Path) -> None:
    for key in ("clips/1/b", "clips/1/a/c", "clips/12/a"):
        objects.put(key, song)
    assert [info.key for info in objects.list("clips/1")] == ["clips/1/a/c", "clips/1/b"]
    objects.delete("clips/1/b")
    assert [info.key for info in objects.list("clips/1")] == ["clips/1/a/c"]


def test_a_folder_says_where_a_file_lies(tmp_path: Path, song: Path) -> None:
    objects = Objects(f"file://{tmp_path}/objects")
    objects.put("clips/1/song.bin", song)
    path = objects.path("clips/1/song.bin")
    assert path is not None
    assert path.read_bytes() == song.read_bytes()
    assert Objects("memory://").path("clips/1/song.bin") is None


def test_an_empty_store_answers(objects: Objects) -> None:
    objects.check()
