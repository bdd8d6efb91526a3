"""Recordings over HTTP: sent and waited for, refused, broken off, and what is asked of them once they are clips."""

import re
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import httpx
import msgspec
import pytest

from descant.api.sonic import uploads as module
from descant.service.uploads import places
from descant.song import document, orders
from descant.song.document import Song
from descant.song.score import Role
from descant.song.tempo import Metre
from descant.song.theory import Key
from descant.song.transcription import (
    Evidence,
    HeardHit,
    HeardKey,
    HeardNote,
    HeardTempo,
    HeardVoice,
    HeardWord,
    Transcription,
)
from descant.storage import clips
from descant.words import moderation
from descant.words.errors import RefusedTextError

UPLOAD = "/api/v1/sonic/upload"
CREATE = "/api/v1/sonic/create"
URL = {"url": "https://recordings.example.org/harbour%20song.mp3"}
WORDS = {"custom_mode": True, "mv": "sonic-v5", "prompt": "[Verse]\nMorning finds the paper drying"}


@pytest.fixture
def heard(small_song: Song) -> Song:
    """A recording of nine seconds in which eighth notes of a melody were heard at 120 bpm, and a word."""
    kinds = {"tempo": 0.8, "melody": 0.6, "drums": 0.7, "words": 0.9, "voices": 0.75}
    found = Transcription(
        seconds=9.0,
        tempo=HeardTempo(120.0, 0.8),
        tempo_alternatives=(HeardTempo(60.0, 0.15),),
        beats=tuple(0.5 * beat for beat in range(18)),
        downbeats=(0, 4, 8, 12, 16),
        metre=Metre(),
        key=HeardKey(Key(0, "major"), 0.6),
        evidence={kind: Evidence(f"by ear ({kind})", sure) for kind, sure in kinds.items()},
        melody=(HeardNote(1.0, 1.25, 64.3, 90, 0.7), HeardNote(1.25, 1.5, 66.8, 80, 0.7)),
        drums=(HeardHit(0.5, 36, 100, 0.9),),
        voices=(HeardVoice(1.0, 3.0, 0.9), HeardVoice(2.5, 4.0, 0.8)),
        words=(HeardWord("Paper", small_song.words[0].start, small_song.words[0].stop, 0, 0, 0.5),),
    )
    score = small_song.score
    score = msgspec.structs.replace(
        score,
        parts=tuple(msgspec.structs.replace(part, role=Role.RECORDING) for part in score.parts),
        vocals=tuple(msgspec.structs.replace(part, role=Role.RECORDING) for part in score.vocals),
    )
    words, lyrics = small_song.words[:1], "[Verse]\nPaper boats"
    return msgspec.structs.replace(small_song, score=score, heard=found, words=words, lyrics=lyrics)


@pytest.fixture
def sending(server) -> Iterator[Callable[..., Future[httpx.Response]]]:
    """Send a request in the background, as it is answered only when its recording is a clip."""
    with ThreadPoolExecutor(4) as pool:
        yield lambda path=UPLOAD, **sent: pool.submit(server.client.post, path, **sent)


@pytest.fixture
def newest(server) -> Callable[[set[str]], str]:
    """Wait for a clip that was not there before; return it."""

    def wait(known: set[str]) -> str:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            found = [clip["clip_id"] for clip in listed(server.client)]
            for clip_id in found:
                if clip_id not in known:
                    return str(clip_id)
            time.sleep(0.02)
        raise AssertionError("no clip came")

    return wait


def listed(api: httpx.Client) -> list[dict[str, Any]]:
    return list(api.get("/api/v1/clips?page_size=100").json()["data"])


def known(api: httpx.Client) -> set[str]:
    return {clip["clip_id"] for clip in listed(api)}


def order(server, clip_id: str) -> orders.Order:
    with server.rules.database.reading() as tx:
        return orders.decode(clips.read(tx, clip_id).order)


@pytest.fixture
def recording(server, api, sending, newest, contents, heard) -> str:
    """A recording that is a clip."""
    before = known(api)
    answer = sending(json=URL)
    clip_id = newest(before)
    files = {"stems/recording.flac": b"fLaC", "song.json": document.encode(heard)}
    kept = {name: data for name, data in contents.items() if not name.startswith("stems/")}
    server.finish(clip_id, kept | files, duration=9.0, title="Harbour", lyrics=heard.lyrics)
    assert answer.result().status_code == 200
    return clip_id


@pytest.fixture
def refused(api, assert_refused, credits_left):
    def post(path: str, status: int = 400, kind: str = "bad_request", **sent: Any) -> str:
        before, clips_before = credits_left(), known(api)
        text = str(assert_refused(api.post(path, **sent), status, kind))
        assert (credits_left(), known(api)) == (before, clips_before)
        return text

    return post


def test_a_recording_is_answered_when_it_is_a_clip(server, api, sending, newest, contents, credits_left) -> None:
    before, left = known(api), credits_left()
    answer = sending(json=URL | {"lyrics": "[Verse]\nla", "language": "fr"})
    clip_id = newest(before)
    assert not answer.done()
    assert order(server, clip_id) == orders.Listen("harbour song", "[Verse]\nla", "fr")
    server.finish(clip_id, contents)
    assert answer.result().json() == {"code": 200, "clip_id": clip_id, "message": "success"}
    assert credits_left() == left - 2
    assert api.get(f"/api/v1/clips/{clip_id}").json()["data"]["recording"] is True


def test_a_file_is_sent_as_a_form(server, api, sending, newest, contents) -> None:
    before = known(api)
    song = bytes(range(256)) * 8000
    answer = sending(files={"file": ("my_take 2.wav", song)}, data={"lyrics": "la la", "title": ""})
    clip_id = newest(before)
    assert b"".join(server.rules.objects.read(places.raw(clip_id))) == song
    assert order(server, clip_id) == orders.Listen("my take 2", "la la", "")
    server.finish(clip_id, contents)
    assert answer.result().json()["clip_id"] == clip_id


def test_a_recording_that_cannot_be_taken_is_refused_with_the_reason(
    server, api, sending, newest, assert_refused, credits_left
) -> None:
    before, left = known(api), credits_left()
    answer = sending(path="/api/v1/suno/upload", json=URL)
    server.fail(newest(before), "The recording is silent.")
    assert assert_refused(answer.result(), 400, "bad_request") == "The recording is silent."
    assert credits_left() == left


def test_who_waits_too_long_is_told_so_and_paid_back(serving, tmp_path, assert_refused) -> None:
    with serving(tmp_path, upload_wait_seconds=1) as server:
        answer = server.client.post(UPLOAD, json=URL)
        assert "within 1 seconds" in assert_refused(answer, 504, "timeout")
        assert server.client.get("/api/v1/get-credits").json()["credits"] == 100_000
        assert [clip["state"] for clip in listed(server.client)] == ["failed"]


def test_who_goes_away_is_paid_back(server, api, newest, credits_left) -> None:
    before, left = known(api), credits_left()
    headers = dict(api.headers)
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(server.settings.public_url + UPLOAD, json=URL, headers=headers, timeout=0.6)
    clip_id = newest(before)
    deadline = time.monotonic() + 10
    while api.get(f"/api/v1/clips/{clip_id}").json()["data"]["state"] != "failed":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert credits_left() == left


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"json": {}}, "'url' is required"),
        ({"json": {"url": ""}}, "'url'"),
        ({"json": {"url": None}}, "'url'"),
        ({"json": {"url": 5}}, "'url' is 5"),
        ({"json": {"url": "http://127.0.0.1/a.mp3"}}, "public internet"),
        ({"json": {"url": "http://metadata.internal/a"}}, "public internet"),
        ({"json": {"url": "ftp://a.example/b"}}, "valid https:// or http://"),
        ({"json": {"url": "https://a.example/" + "b" * 2100}}, "'url' is 2,118 characters long"),
        ({"json": URL | {"title": "t" * 81}}, "'title' is 81"),
        ({"json": URL | {"lyrics": "l" * 5001}}, "'lyrics' is 5,001"),
        ({"json": []}, "must be a JSON object"),
        ({"content": b"{", "headers": {"Content-Type": "application/json"}}, "must be a JSON object"),
        ({"data": {"title": "x"}, "files": {"other": b"x"}}, "'file' is required"),
        ({"files": {"file": b"x"}, "data": {"title": "t" * 81}}, "'title' is 81"),
        ({"content": b"x", "headers": {"Content-Type": "multipart/form-data; boundary=e"}}, "breaks off"),
        ({"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}, "boundary"),
    ],
)
def test_faulty_requests_are_refused_at_once(refused, sent, said) -> None:
    assert said in refused(UPLOAD, **sent)


@pytest.mark.parametrize("field", ["lyrics", "title"])
@pytest.mark.parametrize("sent", [{"json": URL}, {"files": {"file": ("a.wav", b"sound")}}])
def test_words_that_may_not_be_sung_are_refused_with_nothing_kept(server, refused, monkeypatch, sent, field) -> None:
    def check(text: str) -> None:
        if "forbidden" in text:
            raise RefusedTextError("these words", "for a test")

    monkeypatch.setattr(moderation, "check", check)
    words = {field: "forbidden"}
    waiting = {info.key for info in server.rules.objects.list(places.FOLDER)}  # recordings of other tests
    more = {"json": sent["json"] | words} if "json" in sent else sent | {"data": words}
    assert "these words" in refused(UPLOAD, 403, "forbidden", **more)
    assert {info.key for info in server.rules.objects.list(places.FOLDER)} == waiting


def test_a_file_that_is_too_large_is_refused_however_it_is_announced(serving, tmp_path) -> None:
    with serving(tmp_path, upload_megabytes=1) as server:

        def body() -> Iterator[bytes]:
            yield b'--e\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
            for _ in range(300):
                yield bytes(10_000)

        head = {"Content-Type": "multipart/form-data; boundary=e"}
        for content in (body(), b"".join(body())):
            answer = server.client.post(UPLOAD, content=content, headers=head)
            assert (answer.status_code, answer.json()["type"]) == (413, "too_large")
        assert listed(server.client) == []
        assert [path.name for path in server.settings.data.iterdir() if path.name.startswith("tmp")] == []


def test_a_body_that_stops_coming_is_not_waited_for(server, monkeypatch) -> None:
    monkeypatch.setattr(module, "SILENCE_SECONDS", 0.3)
    with socket.create_connection(("127.0.0.1", server.settings.port), timeout=10) as connection:
        connection.sendall(
            f"POST {UPLOAD} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.key.key}\r\nContent-Length: 999\r\n"
            "Content-Type: multipart/form-data; boundary=e\r\n\r\n--e\r\n".encode()
        )
        answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 400")


def test_a_stranger_cannot_send_anything(server, assert_refused) -> None:
    assert_refused(httpx.post(server.settings.public_url + UPLOAD, json=URL), 401, "unauthorized")


@pytest.mark.parametrize(
    ("path", "body", "kind"),
    [
        ("upload-extend", {"continue_at": 0.1}, orders.Extend),
        ("upload-cover", {"audio_weight": 0.2, "tags": "bossa nova"}, orders.Cover),
        ("sample", {"chop_sample_start_s": 2}, orders.Sample),
    ],
)
def test_songs_of_a_recording_at_a_url_are_one_task(server, api, credits_left, path, body, kind) -> None:
    left = credits_left()
    answer = api.post(f"/api/v1/sonic/{path}", json=URL | WORDS | body | {"webhook_url": "https://hooks.example.org/"})
    assert answer.status_code == 200, answer.text
    task_id = answer.json()["task_id"]
    assert credits_left() == left - 15
    made = server.orders(task_id)
    assert [type(one) for one in made] == [kind, kind]
    (source,), (same,) = server.sources(task_id)
    assert source == same
    assert order(server, source) == orders.Listen("harbour song")
    assert api.delete(f"/api/v1/sonic/task/{task_id}").status_code == 200
    assert credits_left() == left
    assert api.get(f"/api/v1/clips/{source}").json()["data"]["state"] == "failed"


@pytest.mark.parametrize("path", ["upload-extend", "upload-cover"])
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": None}, "url"),
        ({"url": "http://10.1.2.3/a"}, "url"),
        ({"mv": None}, "mv"),
        ({"custom_mode": None}, "custom_mode"),
        ({"custom_mode": False}, "gpt_description_prompt"),
        ({"continue_at": 0, "audio_weight": 2}, "continue_at' is 0|'audio_weight"),
    ],
)
def test_faulty_requests_for_songs_of_recordings_are_refused(refused, path, changes, field) -> None:
    body = URL | WORDS | {"continue_at": 5} | changes
    assert re.search(f"'({field})'" if "|" not in field else field, refused(f"/api/v1/sonic/{path}", json=body))


def test_something_is_added_to_a_recording(server, api, recording) -> None:
    body = {"task_type": "add_vocals", "continue_clip_id": recording, "mv": "sonic-v5", "prompt": "la la"}
    window = {"overpainting_start_s": 2, "overpainting_end_s": 6.5, "audio_weight": 0.3}
    (sung, _) = server.orders(server.create(body | window))
    assert isinstance(sung, orders.AddVocals)
    assert (sung.brief.lyrics, sung.start, sung.stop, sung.audio_weight) == ("la la", 2, 6.5, 0.3)
    (played, _) = server.orders(server.create(body | {"task_type": "add_instrumental", "tags": "folk"}))
    assert isinstance(played, orders.AddInstrumental)
    assert (played.brief.instrumental, played.brief.tags, played.start, played.stop) == (True, "folk", None, None)


@pytest.mark.parametrize("task_type", ["add_vocals", "add_instrumental"])
@pytest.mark.parametrize(
    ("window", "field"),
    [
        ({"overpainting_start_s": 9.1}, "overpainting_start_s"),
        ({"overpainting_end_s": 9.1}, "overpainting_end_s"),
        ({"overpainting_start_s": 5, "overpainting_end_s": 5}, "overpainting_end_s"),
        ({"overpainting_start_s": -1}, "overpainting_start_s"),
        ({"audio_weight": 1.5}, "audio_weight"),
    ],
)
def test_a_window_lies_in_the_recording(recording, refused, task_type, window, field) -> None:
    body = {"task_type": task_type, "continue_clip_id": recording, "mv": "sonic-v5", "prompt": "la"}
    assert f"'{field}'" in refused(CREATE, json=body | window)


@pytest.mark.parametrize("prefix", ["", "upload_"])
def test_recordings_are_extended_and_covered_under_either_name(server, recording, prefix) -> None:
    extended = {"task_type": f"extend_{prefix}music", "continue_clip_id": recording, "continue_at": 0.1}
    assert isinstance(server.orders(server.create(extended | WORDS))[0], orders.Extend)
    covered = {"task_type": f"cover_{prefix}music", "continue_clip_id": recording}
    assert isinstance(server.orders(server.create(covered | WORDS))[0], orders.Cover)


def test_the_tempo_of_a_recording_is_as_heard(api, recording) -> None:
    assert api.post("/api/v1/sonic/bpm", json={"clip_id": recording}).json()["data"] == {
        "avg_bpm": 120.0,
        "max_bpm": 120.0,
        "min_bpm": 120.0,
        "confidence": 0.8,
        "method": "by ear (tempo)",
        "alternatives": [{"bpm": 60.0, "confidence": 0.15}],
    }


def test_the_notes_of_a_recording_are_as_heard(api, recording) -> None:
    parts = api.post("/api/v1/sonic/midi", json={"clip_id": recording}).json()["data"]["instruments"]
    assert [(part["name"], part["confidence"], part["method"]) for part in parts] == [
        ("melody", 0.6, "by ear (melody)"),
        ("drums", 0.7, "by ear (drums)"),
    ]
    assert [(note["start"], note["end"], note["pitch"]) for note in parts[0]["notes"]] == [
        (1.0, 1.25, 64),
        (1.25, 1.5, 67),
    ]


def test_the_singing_of_a_recording_is_where_it_was_heard(api, recording) -> None:
    data = api.post("/api/v1/sonic/vox", json={"clip_id": recording}).json()["data"]
    assert (data["vocal_start_s"], data["confidence"], data["method"]) == (1.0, 0.75, "by ear (voices)")
    silent = {"clip_id": recording, "vocal_start_s": 5, "vocal_end_s": 8}
    assert "Nobody sings" in api.post("/api/v1/sonic/vox", json=silent).json()["message"]


def test_the_words_of_a_recording_are_as_sure_as_they_were_heard(api, recording) -> None:
    data = api.post("/api/v1/sonic/aligned-lyrics", json={"clip_id": recording}).json()["data"]
    assert (data["confidence"], data["method"]) == (0.9, "by ear (words)")
    assert [(word["success"], word["p_align"]) for word in data["alignment"]] == [(True, 0.5), (False, 0.0)]


def test_what_may_be_taken_out_of_a_recording_is_tried(server, api, recording) -> None:
    for name, labels in (("basic", ["vocals", "instrumental"]), ("full", ["vocals", "drums", "bass"])):
        task_id = api.post(f"/api/v1/sonic/stems/{name}", json={"clip_id": recording}).json()["task_id"]
        assert [(one.label, one.separated) for one in server.orders(task_id)] == [(label, True) for label in labels]


def test_a_recording_is_shown_and_deleted_like_any_clip(api, recording) -> None:
    shown = next(clip for clip in listed(api) if clip["clip_id"] == recording)
    assert (shown["recording"], shown["title"], shown["stems"], shown["empty_stems"]) == (
        True,
        "Harbour",
        ["recording"],
        [],
    )
    assert api.get(f"/api/v1/clips/{recording}/score").json()["heard"]["tempo"]["bpm"] == 120
    assert api.get(f"/api/v1/clips/{recording}/project.zip").status_code == 200
    assert api.delete(f"/api/v1/clips/{recording}").status_code == 200
    assert recording not in known(api)
