"""Stems as a client sees them: a task like any other, a clip a stem."""

import pytest


def separate(api, kind: str, clip_id: str) -> str:
    answer = api.post(f"/api/v1/sonic/stems/{kind}", json={"clip_id": clip_id})
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == {"code", "task_id", "message"}
    return str(answer.json()["task_id"])


@pytest.mark.parametrize(
    ("kind", "price", "labels"),
    [
        ("basic", 15, ["vocals", "instrumental"]),
        ("full", 75, ["vocals", "backing vocals", "drums", "keyboard"]),
    ],
)
def test_stems_are_a_task_with_a_labelled_clip_for_each(server, api, finished, credits_left, kind, price, labels):
    before = credits_left()
    task_id = separate(api, kind, finished)
    assert credits_left() == before - price
    assert api.get(f"/api/v1/sonic/task/{task_id}").status_code == 202
    for clip_id in server.clip_ids(task_id):
        server.begin(clip_id)
    clips = api.get(f"/api/v1/sonic/task/{task_id}").json()["data"]
    assert [clip["stem"] for clip in clips] == labels
    assert [clip["title"] for clip in clips] == [f"Found Title ({label})" for label in labels]
    assert {clip["parent_clip_id"] for clip in clips} == {finished}
    assert {(clip["mv"], clip["state"]) for clip in clips} == {("sonic-v4-5", "running")}


def test_a_song_tells_which_stems_it_has_and_which_are_empty(api, finished):
    clip = api.get(f"/api/v1/clips/{finished}").json()["data"]
    assert clip["stems"] == ["vocals", "backing vocals", "drums", "keyboard"]
    assert clip["empty_stems"] == ["bass", "guitar", "percussion", "strings", "synth", "fx", "brass", "woodwinds"]
    assert api.delete(f"/api/v1/clips/{finished}").json()["data"]["stems"] == []


def test_failed_stems_give_their_share_back(server, api, finished, credits_left):
    before = credits_left()
    first, second = server.clip_ids(separate(api, "basic", finished))
    server.fail(first, "no")
    assert credits_left() == before - 15
    server.fail(second, "no")
    assert credits_left() == before


def test_stopped_stems_give_everything_back_once(api, finished, credits_left):
    before = credits_left()
    task_id = separate(api, "full", finished)
    for _ in range(2):
        assert api.delete(f"/api/v1/sonic/task/{task_id}").status_code == 200
    assert credits_left() == before


def test_a_stem_is_asked_like_a_song_but_not_taken_apart(server, api, finished, contents, credits_left, assert_refused):
    clip_id = server.clip_ids(separate(api, "basic", finished))[0]
    server.finish(clip_id, contents)
    for path in ("wav", "midi", "bpm", "aligned-lyrics"):
        assert api.post(f"/api/v1/sonic/{path}", json={"clip_id": clip_id}).status_code == 200
    before = credits_left()
    for kind in ("basic", "full"):
        answer = api.post(f"/api/v1/sonic/stems/{kind}", json={"clip_id": clip_id})
        assert "stem already" in assert_refused(answer, 400, "bad_request")
    assert credits_left() == before


def test_an_instrumental_still_has_two_halves(server, api, song, contents):
    clip_id = server.clip_ids(server.create(song))[0]
    server.finish(clip_id, {name: data for name, data in contents.items() if "vocals" not in name})
    assert len(server.clip_ids(separate(api, "basic", clip_id))) == 2
    assert len(server.clip_ids(separate(api, "full", clip_id))) == 2
