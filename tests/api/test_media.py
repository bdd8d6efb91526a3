"""Audio and images at their addresses: whole, in part, unchanged, absent."""

import hashlib

import httpx
import pytest

AUDIO = bytes(range(256)) * 4000
CONTENTS = {
    "audio.mp3": AUDIO,
    "audio.wav": b"RIFF" + AUDIO[:5000],
    "score.mid": b"MThd",
    "cover.jpeg": b"\xff\xd8jpeg",
    "song.json": b"{}",
    "stems/drums.flac": b"fLaCdrums",
    "stems/backing vocals.flac": b"fLaCbacking",
}


@pytest.fixture(scope="module")
def clip(server):
    """A finished clip."""
    task_id = server.create({"custom_mode": True, "mv": "sonic-v5", "prompt": "la la la"})
    clip_id = server.clip_ids(task_id)[0]
    server.finish(clip_id, CONTENTS)
    return clip_id


@pytest.fixture
def passes(server, clip):
    """The pass of each file that needs one."""
    return {name: server.rules.files.grant(clip, name) for name in ("audio.wav", "score.mid")}


@pytest.fixture
def paths(clip, passes) -> dict[str, tuple[str, str]]:
    """Every address of the clip, with the file behind it and its type."""
    return {
        f"{clip}.mp3": ("audio.mp3", "audio/mpeg"),
        f"image_{clip}.jpeg": ("cover.jpeg", "image/jpeg"),
        f"{passes['audio.wav']}/{clip}.wav": ("audio.wav", "audio/wav"),
        f"{passes['score.mid']}/{clip}.mid": ("score.mid", "audio/midi"),
    }


@pytest.fixture
def get(server):
    """Fetch a path without a key."""

    def fetch(path: str, method: str = "GET", **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.request(method, f"{server.settings.public_url}/media/{path}", headers=named)

    return fetch


def test_each_file_comes_whole_with_its_type_and_length(get, paths):
    for path, (name, kind) in paths.items():
        answer = get(path)
        assert answer.status_code == 200, path
        assert answer.content == CONTENTS[name]
        assert answer.headers["content-type"] == kind
        assert answer.headers["content-length"] == str(len(CONTENTS[name]))
        assert answer.headers["accept-ranges"] == "bytes"
        assert "immutable" in answer.headers["cache-control"]


def test_the_etag_names_the_bytes(get, clip, paths):
    etags = {get(path).headers["etag"] for path in paths}
    assert len(etags) == len(paths)
    expected = hashlib.sha256(AUDIO).hexdigest()
    assert get(f"{clip}.mp3").headers["etag"].strip('"') == expected[: len(get(f"{clip}.mp3").headers["etag"]) - 2]


def test_head_answers_as_get_without_the_body(get, paths):
    for path in paths:
        head, whole = get(path, "HEAD"), get(path)
        assert head.status_code == 200
        assert head.content == b""
        drop = {"date"}
        assert {k: v for k, v in head.headers.items() if k not in drop} == {
            k: v for k, v in whole.headers.items() if k not in drop
        }


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-99", 0, 100),
        ("bytes=1000-", 1000, len(AUDIO)),
        ("bytes=-500", len(AUDIO) - 500, len(AUDIO)),
        (f"bytes={len(AUDIO) - 1}-{len(AUDIO) + 5}", len(AUDIO) - 1, len(AUDIO)),
    ],
)
def test_a_range_is_206_with_just_those_bytes(get, clip, asked, start, stop):
    answer = get(f"{clip}.mp3", Range=asked)
    assert answer.status_code == 206
    assert answer.content == AUDIO[start:stop]
    assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/{len(AUDIO)}"
    assert answer.headers["content-length"] == str(stop - start)


def test_a_range_behind_the_end_is_416_and_names_the_length(get, clip, assert_refused):
    answer = get(f"{clip}.mp3", Range=f"bytes={len(AUDIO)}-")
    assert_refused(answer, 416, "range_not_satisfiable")
    assert answer.headers["content-range"] == f"bytes */{len(AUDIO)}"


def test_several_ranges_give_the_whole_file(get, clip):
    answer = get(f"{clip}.mp3", Range="bytes=0-1,5-6")
    assert (answer.status_code, answer.content) == (200, AUDIO)


def test_if_range_of_another_file_gives_the_whole(get, clip):
    etag = get(f"{clip}.mp3").headers["etag"]
    assert get(f"{clip}.mp3", Range="bytes=0-1", If_Range=etag).status_code == 206
    assert get(f"{clip}.mp3", Range="bytes=0-1", If_Range='"other"').status_code == 200


def test_a_client_that_has_the_file_gets_304_without_a_body(get, clip):
    first = get(f"{clip}.mp3")
    by_tag = get(f"{clip}.mp3", If_None_Match=first.headers["etag"])
    by_date = get(f"{clip}.mp3", If_Modified_Since=first.headers["last-modified"])
    for answer in (by_tag, by_date):
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == first.headers["etag"]
    assert get(f"{clip}.mp3", If_None_Match='"other"').status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "00000000-0000-4000-8000-000000000000.mp3",
        "image_00000000-0000-4000-8000-000000000000.jpeg",
        "song.mp3",
        "..%2F..%2Fsecret.key",
        "{clip}.json",
        "{clip}.flac",
        "{clip}.wav",
        "{clip}.mid",
        "{clip}.MP3",
        "image_{clip}.png",
        "{clip}/stems/drums.flac",
        "",
    ],
)
def test_what_is_not_there_is_404(get, clip, assert_refused, path):
    assert_refused(get(path.format(clip=clip)), 404, "not_found")


def test_a_pass_opens_one_file_of_one_clip(server, get, clip, passes, assert_refused):
    other = server.clip_ids(server.create({"custom_mode": True, "mv": "sonic-v5", "prompt": "la"}))[0]
    server.finish(other, CONTENTS)
    for path in (
        f"{passes['audio.wav']}/{clip}.mid",
        f"{passes['audio.wav']}/{other}.wav",
        f"{passes['audio.wav']}/{clip}.mp3",
        f"{passes['audio.wav'][:-1]}/{clip}.wav",
        f"{'A' * 22}/{clip}.wav",
        f"%E2%98%83/{clip}.wav",
        f"{passes['audio.wav']}/..%2F{clip}.wav",
    ):
        assert_refused(get(path), 404, "not_found")


def test_an_unfinished_clip_has_no_files(server, get, assert_refused, song):
    clip_id = server.clip_ids(server.create(song))[0]
    server.begin(clip_id)
    assert_refused(get(f"{clip_id}.mp3"), 404, "not_found")
