"""Every refusal has the contract's shape, whatever refused."""

import json

import pytest

CREATE = "/api/v1/sonic/create"


def test_an_unknown_path_is_404(api, assert_refused):
    assert "'/api/v1/nothing'" in assert_refused(api.get("/api/v1/nothing"), 404, "not_found")


def test_a_wrong_method_is_405_and_names_the_right_one(api, assert_refused):
    answer = api.put(CREATE)
    assert_refused(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize("path", ["/api/v1/sonic/task", "/api/v1/sonic/task/"])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_missing_task_id_is_400(api, assert_refused, path, method):
    assert "task id is missing" in assert_refused(api.request(method, path), 400, "bad_request")


@pytest.mark.parametrize("task_id", ["00000000-0000-4000-8000-000000000000", "x" * 128, "x" * 129, "%00", "a%2Fb?"])
def test_an_unknown_task_is_400(api, assert_refused, task_id):
    answer = api.get(f"/api/v1/sonic/task/{task_id}")
    if "%2F" in task_id:
        assert_refused(answer, 404, "not_found")
    else:
        assert_refused(answer, 400, "bad_request")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b'{"mv": }', b"\xff\xfe", b"[]", b"null", b'"text"', b"5", b"[" * 5000, b'{"a": 1} trailing'],
)
def test_a_body_that_is_no_json_object_is_400(api, assert_refused, body):
    text = assert_refused(
        api.post(CREATE, content=body, headers={"Content-Type": "application/json"}), 400, "bad_request"
    )
    assert "JSON" in text


def test_a_body_of_another_type_is_400_and_names_the_header(api, assert_refused, song):
    text = assert_refused(api.post(CREATE, content=json.dumps(song)), 400, "bad_request")
    assert "Content-Type: application/json" in text
    text = assert_refused(api.post(CREATE, data={"mv": "sonic-v5"}), 400, "bad_request")
    assert "Content-Type: application/json" in text


def test_a_body_too_large_is_413_whether_announced_or_streamed(api, assert_refused):
    big = b'{"prompt": "' + b"x" * 2_200_000 + b'"}'
    headers = {"Content-Type": "application/json"}
    assert "2,097,152" in assert_refused(api.post(CREATE, content=big, headers=headers), 413, "too_large")
    streamed = (big[start : start + 500_000] for start in range(0, len(big), 500_000))
    assert_refused(api.post(CREATE, content=streamed, headers=headers), 413, "too_large")


def test_a_fault_of_ours_is_500_without_its_insides(server, api, assert_refused, monkeypatch):
    def broken(account: object) -> None:
        raise RuntimeError("secret path /srv/descant")

    monkeypatch.setattr(type(server.rules.credits), "balance", lambda self, account: broken(account))
    text = assert_refused(api.get("/api/v1/get-credits"), 500, "api_error")
    assert "secret" not in text
    assert "RuntimeError" not in text


def test_an_empty_purse_is_403_and_costs_nothing(server, api, song, assert_refused):
    poor = server.rules.accounts.create_key(credits=14)
    header = {"Authorization": f"Bearer {poor.key}"}
    text = assert_refused(api.post(CREATE, json=song, headers=header), 403, "forbidden")
    assert "15" in text
    assert "14" in text
    assert api.get("/api/v1/get-credits", headers=header).json() == {"credits": 14, "extra_credits": 0}


def test_too_many_creates_are_429_with_retry_after(serving, tmp_path, song, assert_refused):
    with serving(tmp_path, rate_limit=2) as server:
        assert [server.client.post(CREATE, json=song).status_code for _ in range(2)] == [200, 200]
        answer = server.client.post(CREATE, json=song)
        assert_refused(answer, 429, "too_many_requests")
        assert 1 <= int(answer.headers["retry-after"]) <= 30
        assert server.client.get("/api/v1/get-credits").json()["credits"] == 100_000 - 30
        other = server.rules.accounts.create_key(credits=15)
        header = {"Authorization": f"Bearer {other.key}"}
        assert server.client.post(CREATE, json=song, headers=header).status_code == 200


def test_all_methods_of_a_path_are_named(api):
    answer = api.request("PATCH", "/api/v1/sonic/batch")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")
