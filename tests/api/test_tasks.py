"""What a client sees while its songs are made."""

import re

import pytest

FIELDS = {
    "clip_id": str,
    "state": str,
    "title": str,
    "tags": str,
    "lyrics": str,
    "image_url": str,
    "audio_url": str,
    "video_url": type(None),
    "created_at": str,
    "mv": str,
    "gpt_description_prompt": (str, type(None)),
    "duration": (str, type(None)),
    "negative_tags": (str, type(None)),
    "style_weight": (float, int, type(None)),
    "weirdness_constraint": (float, int, type(None)),
    "error_message": (str, type(None)),
    "progress": (float, int),
    "seed": int,
    "stem": (str, type(None)),
    "stems": list,
    "empty_stems": list,
    "parent_clip_id": (str, type(None)),
    "recording": bool,
    "joined_at": (float, type(None)),
}


@pytest.fixture
def poll(api):
    """Return the clips of a task that has begun."""

    def read(task_id: str) -> list[dict[str, object]]:
        answer = api.get(f"/api/v1/sonic/task/{task_id}")
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert set(body) == {"code", "data", "message"}
        assert (body["code"], body["message"]) == (200, "success")
        return list(body["data"])

    return read


def test_before_a_worker_begins_the_answer_is_202_without_clips(server, api, song):
    answer = api.get(f"/api/v1/sonic/task/{server.create(song)}")
    assert answer.status_code == 202
    body = answer.json()
    assert (body["code"], body["type"]) == (202, "not_ready")
    assert body["error"]
    assert "data" not in body


def test_every_documented_field_is_there_in_its_type_in_every_state(server, song, poll):
    task_id = server.create(song)
    first, second = server.clip_ids(task_id)
    claim = server.begin(first)
    for clip in poll(task_id):
        assert set(clip) == set(FIELDS)
        assert all(isinstance(clip[name], kind) for name, kind in FIELDS.items()), clip
    server.finish(first, {"audio.mp3": b"mp3"}, claim)
    server.fail(second, "The tale was too sad.")
    for clip in poll(task_id):
        assert set(clip) == set(FIELDS)
        assert all(isinstance(clip[name], kind) for name, kind in FIELDS.items()), clip


def test_two_clips_keep_their_order_while_they_move_through_their_states(server, song, poll):
    task_id = server.create(song)
    first, second = server.clip_ids(task_id)
    claim = server.begin(second, progress=0.5)
    seen = poll(task_id)
    assert [clip["clip_id"] for clip in seen] == [first, second]
    assert [clip["state"] for clip in seen] == ["pending", "running"]
    assert [clip["progress"] for clip in seen] == [0, 0.5]
    server.finish(second, {"audio.mp3": b"mp3"}, claim)
    seen = poll(task_id)
    assert [clip["clip_id"] for clip in seen] == [first, second]
    assert [clip["state"] for clip in seen] == ["pending", "succeeded"]


def test_an_unfinished_clip_shows_what_was_asked_and_no_audio(server, song, poll):
    task_id = server.create(song | {"negative_tags": "choir", "style_weight": 0.7, "weirdness_constraint": 0})
    server.begin(server.clip_ids(task_id)[0])
    clip = poll(task_id)[0]
    assert (clip["title"], clip["tags"], clip["lyrics"]) == (song["title"], song["tags"], song["prompt"])
    assert (clip["negative_tags"], clip["style_weight"], clip["weirdness_constraint"]) == ("choir", 0.7, 0)
    assert (clip["audio_url"], clip["image_url"], clip["duration"]) == ("", "", None)


def test_a_finished_clip_shows_how_it_turned_out(server, song, poll):
    task_id = server.create(song)
    clip_id = server.clip_ids(task_id)[0]
    server.finish(clip_id, {"audio.mp3": b"mp3", "cover.jpeg": b"jpeg"})
    clip = poll(task_id)[0]
    assert clip["state"] == "succeeded"
    assert (clip["title"], clip["tags"], clip["lyrics"]) == ("Found Title", "pop, dreamy, 96 bpm", "[Verse]\nLa")
    assert clip["duration"] == "97.32"
    assert clip["audio_url"] == f"{server.settings.public_url}/media/{clip_id}.mp3"
    assert clip["image_url"] == f"{server.settings.public_url}/media/image_{clip_id}.jpeg"
    assert clip["error_message"] is None
    assert clip["progress"] == 1
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", str(clip["created_at"]))


def test_a_described_song_echoes_its_description(server, poll):
    task_id = server.create({"custom_mode": False, "mv": "sonic-v5", "gpt_description_prompt": "rain on a roof"})
    server.begin(server.clip_ids(task_id)[0])
    assert {clip["gpt_description_prompt"] for clip in poll(task_id)} == {"rain on a roof"}


def test_seeds_are_shown_differ_between_the_takes_and_can_be_given_again(server, song, poll):
    seeds = []
    for _ in range(2):
        task_id = server.create(song | {"seed": 12345})
        server.begin(server.clip_ids(task_id)[0])
        seeds.append([clip["seed"] for clip in poll(task_id)])
    assert seeds[0] == seeds[1]
    assert seeds[0][0] != seeds[0][1]


def test_a_failed_song_says_why_and_gives_its_credits_back(server, api, song, poll):
    before = api.get("/api/v1/get-credits").json()["credits"]
    task_id = server.create(song)
    for clip_id in server.clip_ids(task_id):
        server.fail(clip_id, "The tale was too sad.")
    assert {(clip["state"], clip["error_message"]) for clip in poll(task_id)} == {("failed", "The tale was too sad.")}
    assert api.get("/api/v1/get-credits").json()["credits"] == before


def test_a_stopped_task_fails_with_the_reason_and_gives_the_credits_back_once(server, api, song, poll):
    before = api.get("/api/v1/get-credits").json()["credits"]
    task_id = server.create(song)
    for _ in range(2):
        answer = api.delete(f"/api/v1/sonic/task/{task_id}")
        assert answer.status_code == 200
        assert {clip["state"] for clip in answer.json()["data"]} == {"failed"}
    assert all("ancelled" in str(clip["error_message"]) for clip in poll(task_id))
    assert api.get("/api/v1/get-credits").json()["credits"] == before


def test_stopping_a_finished_task_changes_nothing(server, api, song, poll):
    task_id = server.create(song)
    for clip_id in server.clip_ids(task_id):
        server.finish(clip_id, {"audio.mp3": b"mp3"})
    before = api.get("/api/v1/get-credits").json()
    assert api.delete(f"/api/v1/sonic/task/{task_id}").status_code == 200
    assert {clip["state"] for clip in poll(task_id)} == {"succeeded"}
    assert api.get("/api/v1/get-credits").json() == before


def test_the_vendors_sdk_finds_its_tasks_without_the_prefix(server, api, song):
    task_id = server.create(song)
    assert api.get(f"/get_music/{task_id}").status_code == 202
    server.begin(server.clip_ids(task_id)[0])
    assert api.get(f"/get_music/{task_id}").json() == api.get(f"/api/v1/sonic/task/{task_id}").json()


def test_a_poll_may_carry_a_json_content_type(server, api, song):
    task_id = server.create(song)
    answer = api.get(f"/api/v1/sonic/task/{task_id}", headers={"Content-Type": "application/json"})
    assert answer.status_code == 202


def test_credits_are_a_bare_object_of_two_integers(api):
    body = api.get("/api/v1/get-credits").json()
    assert set(body) == {"credits", "extra_credits"}
    assert all(type(value) is int for value in body.values())
