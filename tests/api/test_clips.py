"""An account's clips: listed, read, deleted, taken home."""

import io
import zipfile
from xml.etree import ElementTree

import httpx
import pytest

from descant.song import document

UNKNOWN = "00000000-0000-4000-8000-000000000000"
FILES = ("score", "score.mid", "score.musicxml", "lyrics.lrc", "project.zip")


@pytest.fixture
def owner(server, song):
    """A client of an account of its own, and what creates songs for it."""
    key = server.rules.accounts.create_key(credits=1000, name="owner").key
    with httpx.Client(base_url=server.settings.public_url, headers={"Authorization": f"Bearer {key}"}) as client:

        def create() -> list[str]:
            task_id = client.post("/api/v1/sonic/create", json=song).json()["task_id"]
            account = server.rules.accounts.authenticate(key)
            return [clip.id for clip in server.rules.tasks.read(account, task_id).clips]

        yield client, create


def test_clips_are_listed_newest_first_a_page_at_a_time(owner):
    client, create = owner
    made = [create() for _ in range(3)]
    newest_first = {clip_id for task in made for clip_id in task}
    seen, before = [], None
    while True:
        query = {"page_size": 4} | ({"before": before} if before else {})
        body = client.get("/api/v1/clips", params=query).json()
        assert set(body) == {"code", "data", "next", "message"}
        assert body["code"] == 200
        seen += [clip["clip_id"] for clip in body["data"]]
        before = body["next"]
        if before is None:
            break
        create()  # what is made meanwhile does not shift the pages
    assert set(seen) == newest_first
    assert len(seen) == 6
    places = [seen.index(first) for first, _ in made]
    assert all(seen.index(second) == seen.index(first) + 1 for first, second in made)
    assert len(set(places)) == 3


def test_a_list_shows_clips_as_their_task_does(server, owner, contents):
    client, create = owner
    first, _ = create()
    server.finish(first, contents)
    body = client.get("/api/v1/clips").json()
    shown = next(clip for clip in body["data"] if clip["clip_id"] == first)
    assert client.get(f"/api/v1/clips/{first}").json() == {"code": 200, "data": shown, "message": "success"}
    assert shown["audio_url"].endswith(f"{first}.mp3")
    feed = client.get("/api/v1/sonic/feed", params={"page_size": 1}).json()
    assert feed["data"] == body["data"][:1]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("page_size=0", "'page_size' is \"0\", but must be at least 1."),
        ("page_size=101", "'page_size' is \"101\", but must be at most 100."),
        ("page_size=many", "'page_size' is \"many\", but must be a whole number."),
        ("before=" + "a" * 129, "'before' is 129 characters long, but may be at most 128."),
    ],
)
def test_a_page_that_cannot_be_is_400(api, assert_refused, query, said):
    assert assert_refused(api.get(f"/api/v1/clips?{query}"), 400, "bad_request") == said


def test_a_page_after_an_unknown_clip_is_404(api, assert_refused):
    assert_refused(api.get(f"/api/v1/clips?before={UNKNOWN}"), 404, "not_found")


def test_the_score_is_the_song_document(api, finished, contents, small_song):
    answer = api.get(f"/api/v1/clips/{finished}/score")
    assert answer.headers["content-type"] == "application/json"
    assert document.decode(answer.content) == small_song
    notes = api.get(f"/api/v1/clips/{finished}/score.mid")
    assert (notes.headers["content-type"], notes.content) == ("audio/midi", contents["score.mid"])
    sheet = api.get(f"/api/v1/clips/{finished}/score.musicxml")
    assert sheet.headers["content-type"] == "application/vnd.recordare.musicxml+xml"
    assert ElementTree.fromstring(sheet.content).tag == "score-partwise"
    words = api.get(f"/api/v1/clips/{finished}/lyrics.lrc")
    assert words.headers["content-type"].startswith("text/plain")
    assert "[00:00.40]Paper boats (boats)\n" in words.text


def test_a_project_holds_every_file_once(api, finished, contents, small_song, credits_left):
    before = credits_left()
    answer = api.get(f"/api/v1/clips/{finished}/project.zip")
    assert answer.headers["content-type"] == "application/zip"
    assert 'filename="Paper Boats.zip"' in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        held = {name: archive.read(name) for name in archive.namelist()}
    renamed = {
        "song.mp3": "audio.mp3",
        "song.wav": "audio.wav",
        "song.mid": "score.mid",
        "song.json": "song.json",
        "cover.jpeg": "cover.jpeg",
        "stems/vocals.flac": "stems/vocals.flac",
        "stems/backing-vocals.flac": "stems/backing-vocals.flac",
        "stems/drums.flac": "stems/drums.flac",
        "stems/keyboard.flac": "stems/keyboard.flac",
    }
    assert set(held) == {f"Paper Boats/{name}" for name in (*renamed, "lyrics.txt", "lyrics.lrc", "song.musicxml")}
    assert all(held[f"Paper Boats/{name}"] == contents[stored] for name, stored in renamed.items())
    assert held["Paper Boats/lyrics.txt"].decode() == small_song.lyrics
    assert credits_left() == before


def test_a_project_of_any_title_has_a_name_that_files_can_have(server, api, song, contents, small_song):
    import msgspec

    titled = msgspec.structs.replace(small_song, title='../"Été"\r\n/✂')
    clip_id = server.clip_ids(server.create(song))[0]
    server.finish(clip_id, contents | {"song.json": document.encode(titled)})
    answer = api.get(f"/api/v1/clips/{clip_id}/project.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert {name.split("/")[0] for name in archive.namelist()} == {"Été"}
    assert "%C3%89t%C3%A9.zip" in answer.headers["content-disposition"]


@pytest.mark.parametrize("path", ["", *(f"/{name}" for name in FILES)])
def test_what_is_not_yours_is_not_there(server, api, finished, assert_refused, path):
    stranger = {"Authorization": f"Bearer {server.rules.accounts.create_key(credits=1, name='stranger').key}"}
    assert_refused(api.get(f"/api/v1/clips/{UNKNOWN}{path}"), 404, "not_found")
    assert_refused(api.get(f"/api/v1/clips/{finished}{path}", headers=stranger), 404, "not_found")
    assert_refused(api.get(f"/api/v1/clips/%00{path}"), 404, "not_found")
    assert api.get(f"/api/v1/clips/{finished}{path}").status_code == 200


@pytest.mark.parametrize("name", FILES)
def test_an_unfinished_clip_has_nothing_to_take_home(server, api, song, assert_refused, name):
    clip_id = server.clip_ids(server.create(song))[0]
    assert "'pending'" in assert_refused(api.get(f"/api/v1/clips/{clip_id}/{name}"), 400, "bad_request")


def test_a_deleted_clip_leaves_its_place_but_no_files(server, api, song, contents, assert_refused):
    task_id = server.create(song)
    clip_id = server.clip_ids(task_id)[0]
    server.finish(clip_id, contents)
    address = api.post("/api/v1/sonic/wav", json={"clip_id": clip_id}).json()["data"]["wav_url"]
    for _ in range(2):
        gone = api.delete(f"/api/v1/clips/{clip_id}")
        assert gone.status_code == 200
        assert gone.json()["data"]["audio_url"] == ""
    assert api.get(f"/api/v1/sonic/task/{task_id}").json()["data"][0] == gone.json()["data"]
    assert "eleted" in gone.json()["data"]["error_message"]
    assert clip_id not in {clip["clip_id"] for clip in api.get("/api/v1/clips").json()["data"]}
    assert_refused(httpx.get(address), 404, "not_found")
    assert_refused(httpx.get(f"{server.settings.public_url}/media/{clip_id}.mp3"), 404, "not_found")
    assert server.rules.objects.list(f"clips/{clip_id}") == ()
    for name in FILES:
        assert_refused(api.get(f"/api/v1/clips/{clip_id}/{name}"), 400, "bad_request")


def test_a_clip_under_way_or_anothers_is_not_deleted(server, api, song, finished, assert_refused):
    stranger = {"Authorization": f"Bearer {server.rules.accounts.create_key(credits=1, name='stranger').key}"}
    clip_id = server.clip_ids(server.create(song))[0]
    assert_refused(api.delete(f"/api/v1/clips/{clip_id}"), 400, "bad_request")
    assert_refused(api.delete(f"/api/v1/clips/{finished}", headers=stranger), 404, "not_found")
    assert_refused(api.delete(f"/api/v1/clips/{UNKNOWN}"), 404, "not_found")
