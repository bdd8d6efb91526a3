"""Batches over HTTP: each request taken in or refused by itself, all polled at once."""

import json

import pytest
from sqlalchemy import func, select

from descant.api.bodies import MAX_BYTES
from descant.storage import webhooks
from descant.storage.tables import Batch

BATCH = "/api/v1/sonic/batch"
NOBODY = "00000000-0000-0000-0000-000000000000"
WORDS = {"custom_mode": True, "mv": "sonic-v5", "prompt": "[Verse]\nla la"}


@pytest.fixture
def send(api):
    def post(*items: object) -> dict[str, object]:
        answer = api.post(BATCH, json={"items": list(items)})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    return post


def test_a_batch_is_taken_in_at_the_price_of_its_requests(server, api, finished, send, credits_left):
    before = credits_left()
    made = send(WORDS, {"task_type": "cover_music", "continue_clip_id": finished, **WORDS})
    assert credits_left() == before - 30
    assert set(made) == {"code", "batch_id", "submitted", "tasks", "message"}
    assert (made["code"], made["submitted"], made["message"]) == (200, 2, "success")
    assert [task["index"] for task in made["tasks"]] == [0, 1]
    seen = api.get(BATCH, params={"batch_id": made["batch_id"]}).json()
    assert (seen["submitted"], seen["finished"]) == (2, False)
    assert [len(task["data"]) for task in seen["tasks"]] == [2, 2]
    assert [task["task_id"] for task in seen["tasks"]] == [task["task_id"] for task in made["tasks"]]
    for task in made["tasks"]:
        for clip_id in server.clip_ids(task["task_id"]):
            server.finish(clip_id, {"audio.mp3": b"mp3"})
    seen = api.get(BATCH, params={"batch_id": made["batch_id"]}).json()
    assert seen["finished"]
    assert {clip["state"] for task in seen["tasks"] for clip in task["data"]} == {"succeeded"}


def test_each_request_has_its_own_webhook(server, send):
    made = send(WORDS | {"webhook_url": "https://hooks.example.org/one"}, WORDS)
    with server.rules.database.reading() as tx:
        hooks = [webhooks.of_task(tx, task["task_id"]) for task in made["tasks"]]
    assert [hook and hook.url for hook in hooks] == ["https://hooks.example.org/one", None]


def test_a_refused_request_says_why_and_leaves_the_others_alone(api, send, credits_left):
    before = credits_left()
    made = send(
        WORDS | {"title": "t" * 81},
        WORDS,
        {"task_type": "remaster", "continue_clip_id": NOBODY, "mv": "sonic-v5"},
        WORDS | {"webhook_url": "http://10.0.0.1/"},
        {"task_type": "sing"},
    )
    assert credits_left() == before - 15
    assert made["submitted"] == 1
    refused = [task["error"] for task in made["tasks"]]
    assert refused[1] is None
    assert refused[0]["message"] == "'title' is 81 characters long, but may be at most 80."
    assert refused[2]["message"] == f"There is no clip '{NOBODY}'."
    assert "'webhook_url'" in refused[3]["message"]
    assert "'task_type'" in refused[4]["message"]
    assert {(error["code"], error["type"]) for error in refused if error} == {(400, "bad_request")}
    seen = api.get(BATCH, params={"batch_id": made["batch_id"]}).json()
    assert [task["error"] for task in seen["tasks"]] == refused
    assert [len(task["data"]) for task in seen["tasks"]] == [0, 2, 0, 0, 0]


def test_credits_that_run_out_in_the_middle_pay_for_the_first(server, stranger, credits_left):
    stranger_key = server.rules.accounts.keys()[-1].id
    server.rules.accounts.credit(stranger_key, 20 - 1000)
    made = stranger.post(BATCH, json={"items": [WORDS, WORDS, WORDS]}).json()
    assert [task["error"] and task["error"]["code"] for task in made["tasks"]] == [None, 403, 403]
    assert stranger.get("/api/v1/get-credits").json()["credits"] == 5


def test_a_batch_counts_as_many_requests_as_it_has(serving, tmp_path):
    with serving(tmp_path, rate_limit=2) as server:
        made = server.client.post(BATCH, json={"items": [WORDS] * 3}).json()
        assert [task["error"] and task["error"]["code"] for task in made["tasks"]] == [None, None, 429]
        assert "Too many create requests" in made["tasks"][2]["error"]["message"]


def test_a_batch_that_comes_too_soon_is_429_as_a_whole_and_leaves_nothing(serving, tmp_path, assert_refused):
    with serving(tmp_path, rate_limit=2) as server:
        assert server.client.post(BATCH, json={"items": [WORDS] * 2}).json()["submitted"] == 2
        answer = server.client.post(BATCH, json={"items": [WORDS] * 3})
        assert "Too many create requests" in assert_refused(answer, 429, "too_many_requests")
        assert 1 <= int(answer.headers["retry-after"]) <= 30
        with server.rules.database.reading() as tx:
            assert tx.connection.execute(select(func.count()).select_from(Batch)).scalar_one() == 1
        assert server.client.get("/api/v1/get-credits").json()["credits"] == 100_000 - 30


def test_the_longest_batch_is_taken_however_its_characters_are_written(api):
    """Each character stands beyond the first plane, where JSON may write it as two escapes of six bytes."""
    lengths = {"prompt": 5000, "tags": 1000, "gpt_description_prompt": 400, "title": 80, "webhook_secret": 1024}
    item = WORDS | {field: "𝄞" * length for field, length in lengths.items()}
    content = json.dumps({"items": [item | {"webhook_url": "https://hooks.example.org/one"}] * 10})
    assert content.isascii()
    assert 900_000 < len(content) < MAX_BYTES // 2
    answer = api.post(BATCH, content=content, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["submitted"]) == (200, 10)


@pytest.mark.parametrize("items", [None, [], [WORDS] * 11, "all", [7], {}])
def test_a_batch_has_1_to_10_requests(api, assert_refused, items):
    assert "'items" in assert_refused(api.post(BATCH, json={"items": items}), 400, "bad_request")


def test_ten_requests_are_taken(send):
    assert send(*[WORDS] * 10)["submitted"] == 10


def test_an_unknown_batch_is_refused(api, stranger, send, assert_refused):
    known = send(WORDS)["batch_id"]
    for client, batch_id in ((api, NOBODY), (stranger, known), (api, "\0"), (api, "")):
        assert_refused(client.get(BATCH, params={"batch_id": batch_id}), 400, "bad_request")
    assert "'batch_id' is required." in assert_refused(api.get(BATCH), 400, "bad_request")
