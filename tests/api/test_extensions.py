"""Extensions: where they begin, what they are joined to, and the whole songs that are asked for with them."""

import pytest

from descant.song import orders

from .operations import CREATE, LENGTH, WORDS, requests_on


def test_an_extension_begins_at_its_time_with_its_words(server, api, finished, create, contents):
    task_id = create(
        task_type="extend_music", continue_clip_id=finished, continue_at=60.5, tags="choir", title="On", **WORDS
    )
    first, second = server.orders(task_id)
    assert isinstance(first, orders.Extend)
    assert (first.at, first.brief.lyrics, first.brief.tags) == (60.5, WORDS["prompt"], "choir")
    assert first.brief.seed != second.brief.seed
    assert server.sources(task_id) == [[finished], [finished]]
    clip_id = server.clip_ids(task_id)[0]
    server.finish(clip_id, contents, joined_at=59.75)
    assert api.get(f"/api/v1/clips/{clip_id}").json()["data"]["joined_at"] == 59.75


@pytest.mark.parametrize("at", [0.1, 1, 97.318, 97.32])
def test_an_extension_may_begin_anywhere_in_the_clip(server, finished, create, at):
    task_id = create(task_type="extend_music", continue_clip_id=finished, continue_at=at, **WORDS)
    assert server.orders(task_id)[0].at == min(at, LENGTH)


@pytest.mark.parametrize("at", [97.33, 98, 1e9])
def test_an_extension_begins_in_the_clip(finished, refused, at):
    body = {"task_type": "extend_music", "continue_clip_id": finished, "continue_at": at} | WORDS
    text = refused(CREATE, body)
    assert text.startswith("'continue_at' is ")
    assert "97.32 seconds long" in text


def test_a_chain_of_extensions_becomes_one_song(server, api, finished, extended, create, contents, credits_left):
    task_id = create(task_type="extend_music", continue_clip_id=extended, continue_at=30, **WORDS)
    last = server.clip_ids(task_id)[1]
    server.finish(last, contents, joined_at=29.5)
    before = credits_left()
    task_id = create(task_type="concat_music", continue_clip_id=last)
    assert credits_left() == before - 2
    assert server.orders(task_id) == [orders.Concat()]
    assert server.sources(task_id) == [[finished, extended, last]]
    (clip_id,) = server.clip_ids(task_id)
    server.finish(clip_id, contents)
    body = api.get(f"/api/v1/sonic/task/{task_id}").json()["data"]
    assert [(clip["parent_clip_id"], clip["mv"], clip["joined_at"]) for clip in body] == [(finished, "sonic-v5", None)]


@pytest.fixture
def changed(server, contents, send):
    """Change a clip in part; return the new clip, which begins where the old one did."""

    def change(kind: str, clip_id: str, joined_at: float | None) -> str:
        path, body, _ = requests_on(clip_id, clip_id)[kind]
        made = server.clip_ids(send(path, body))[0]
        server.finish(made, contents, joined_at=joined_at, duration=40.0)
        return str(made)

    return change


@pytest.mark.parametrize("kind", ["replace", "edit"])
def test_an_extension_that_was_changed_is_joined_to_what_it_extends(server, finished, extended, changed, create, kind):
    twice = changed("edit", changed(kind, extended, 59.75), 59.75)
    assert server.sources(create(task_type="concat_music", continue_clip_id=twice)) == [[finished, twice]]


def test_an_extension_of_a_changed_extension_is_joined_to_all_before_it(
    server, api, finished, extended, changed, create, contents
):
    edited = changed("replace", extended, 59.75)
    last = server.clip_ids(create(task_type="extend_music", continue_clip_id=edited, continue_at=30, **WORDS))[0]
    server.finish(last, contents, joined_at=29.5)
    api.delete(f"/api/v1/clips/{extended}")  # what was changed is not needed any more
    task_id = create(task_type="concat_music", continue_clip_id=last)
    assert server.sources(task_id) == [[finished, edited, last]]


def test_what_is_made_wholly_new_of_an_extension_extends_nothing(finished, extended, changed, refused):
    cover = changed("cover", extended, None)
    text = refused(CREATE, {"task_type": "concat_music", "continue_clip_id": cover})
    assert f"{cover!r} extends no other" in text


@pytest.mark.parametrize(("seconds", "joined"), [(840.25, True), (840.26, False), (2000.0, False)])
def test_songs_are_joined_to_a_length_that_can_be_made(server, finished, create, contents, refused, seconds, joined):
    last = server.clip_ids(create(task_type="extend_music", continue_clip_id=finished, continue_at=60, **WORDS))[0]
    server.finish(last, contents, joined_at=59.75, duration=seconds)
    body = {"task_type": "concat_music", "continue_clip_id": last}
    if joined:
        assert server.sources(create(**body)) == [[finished, last]]
    else:
        assert f"would be a song of {59.75 + seconds:.0f} seconds, but 'concat_music' makes songs of at most 900" in (
            refused(CREATE, body)
        )


def test_only_extensions_can_be_joined(finished, refused):
    text = refused(CREATE, {"task_type": "concat_music", "continue_clip_id": finished})
    assert f"{finished!r} extends no other" in text


def test_what_an_extension_extends_must_still_be_there(api, finished, extended, refused):
    api.delete(f"/api/v1/clips/{finished}")
    text = refused(CREATE, {"task_type": "concat_music", "continue_clip_id": extended})
    assert f"{finished!r} was deleted" in text


def shown(api, task_id: str) -> list[dict]:
    return list(api.get(f"/api/v1/sonic/task/{task_id}").json()["data"])


def test_an_extension_with_its_whole_is_shown_as_a_pair(server, api, finished, create, contents, credits_left):
    before = credits_left()
    task_id = create(
        task_type="extend_music", continue_clip_id=finished, continue_at=60, auto_concat=True, title="On", **WORDS
    )
    assert credits_left() == before - 15
    extension, joined, second, other = server.clip_ids(task_id)
    assert server.sources(task_id) == [[finished], [finished, extension], [finished], [finished, second]]
    server.finish(extension, contents, joined_at=59.75, title="On")
    first, last = shown(api, task_id)
    assert [first["clip_id"], last["clip_id"]] == [joined, other]
    assert (first["state"], first["full"], first["joined_at"]) == ("pending", None, None)
    assert (first["extended"]["clip_id"], first["extended"]["joined_at"]) == (extension, 59.75)
    assert last["extended"]["state"] == "pending"
    server.finish(joined, contents, duration=120.5)
    first, last = shown(api, task_id)
    assert (first["state"], first["duration"], first["full"]["clip_id"]) == ("succeeded", "120.50", joined)
    assert {name: value for name, value in first.items() if name not in ("extended", "full")} == first["full"]
    assert last["full"] is None
    assert api.get(f"/api/v1/clips/{joined}").json()["data"] == first["full"]


def test_without_the_wish_an_extension_is_no_pair(server, api, finished, create):
    for said in ({}, {"auto_concat": False}, {"auto_concat": None}):
        task_id = create(task_type="extend_music", continue_clip_id=finished, continue_at=60, **said, **WORDS)
        server.begin(server.clip_ids(task_id)[0])
        assert [set(clip) & {"extended", "replaced", "full"} for clip in shown(api, task_id)] == [set()] * 2


def test_a_whole_can_be_extended_as_any_song(server, finished, create, contents):
    task_id = create(task_type="extend_music", continue_clip_id=finished, continue_at=60, auto_concat=True, **WORDS)
    extension, joined, *_ = server.clip_ids(task_id)
    server.finish(extension, contents)
    server.finish(joined, contents)
    further = create(task_type="extend_music", continue_clip_id=joined, continue_at=90, auto_concat=True, **WORDS)
    assert server.sources(further)[1] == [joined, server.clip_ids(further)[0]]


def test_a_replaced_section_is_a_pair_when_that_is_asked_for(server, api, finished, send, contents):
    path, body, _ = requests_on(finished, finished)["replace"]
    task_id = send(path, body | {"auto_concat": True})
    first, second = server.clip_ids(task_id)
    server.finish(first, contents)
    pairs = shown(api, task_id)
    assert [pair["clip_id"] for pair in pairs] == [first, second]
    assert pairs[0]["replaced"] == pairs[0]["full"]
    assert (pairs[1]["replaced"]["clip_id"], pairs[1]["full"]) == (second, None)


def test_a_batch_shows_pairs_too(server, api, finished):
    body = {"task_type": "extend_music", "continue_clip_id": finished, "continue_at": 60, "auto_concat": True} | WORDS
    made = api.post("/api/v1/sonic/batch", json={"items": [body]}).json()
    server.begin(server.clip_ids(made["tasks"][0]["task_id"])[0])
    (item,) = api.get("/api/v1/sonic/batch", params={"batch_id": made["batch_id"]}).json()["tasks"]
    assert [set(clip) & {"extended", "full"} for clip in item["data"]] == [{"extended", "full"}] * 2


@pytest.mark.parametrize("value", ["yes", 1, [], {}])
def test_whether_a_whole_is_wanted_is_yes_or_no(finished, refused, value):
    body = {"task_type": "extend_music", "continue_clip_id": finished, "continue_at": 6, "auto_concat": value} | WORDS
    assert "'auto_concat'" in refused(CREATE, body)
