"""Who may ask: the bearer key."""

import httpx
import pytest

ENDPOINTS = [
    ("POST", "/api/v1/sonic/create"),
    ("GET", "/api/v1/sonic/task/some-task"),
    ("DELETE", "/api/v1/sonic/task/some-task"),
    ("GET", "/get_music/some-task"),
    ("GET", "/api/v1/get-credits"),
]


def ask(server, method: str, path: str, **headers: str) -> httpx.Response:
    return httpx.request(method, server.settings.public_url + path, headers=headers)


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
def test_a_missing_header_is_401_and_says_what_to_send(server, assert_refused, method, path):
    answer = ask(server, method, path)
    assert "missing" in assert_refused(answer, 401, "unauthorized")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
@pytest.mark.parametrize("header", ["", "Bearer", "Basic abc", "just-a-key", "Bearer two words"])
def test_a_malformed_header_is_another_401(server, assert_refused, method, path, header):
    text = assert_refused(ask(server, method, path, Authorization=header), 401, "unauthorized")
    assert "malformed" in text


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
def test_an_unknown_key_is_401(server, assert_refused, method, path):
    text = assert_refused(ask(server, method, path, Authorization="Bearer dsc_nonsense"), 401, "unauthorized")
    assert "not valid" in text


def test_a_revoked_key_is_401(server, assert_refused):
    made = server.rules.accounts.create_key(credits=20)
    header = {"Authorization": f"Bearer {made.key}"}
    assert ask(server, "GET", "/api/v1/get-credits", **header).status_code == 200
    server.rules.accounts.revoke(made.id)
    assert "revoked" in assert_refused(ask(server, "GET", "/api/v1/get-credits", **header), 401, "unauthorized")


def test_the_scheme_may_be_written_in_any_case(server):
    answer = ask(server, "GET", "/api/v1/get-credits", Authorization=f"bEARER   {server.key.key}")
    assert answer.status_code == 200


def test_the_key_is_checked_before_the_body_is_looked_at(server, assert_refused):
    answer = httpx.post(
        server.settings.public_url + "/api/v1/sonic/create",
        content=b"{not json",
        headers={"Content-Type": "application/json"},
    )
    assert_refused(answer, 401, "unauthorized")


def test_one_account_cannot_see_or_stop_the_task_of_another(server, song, assert_refused):
    task_id = server.create(song)
    other = server.rules.accounts.create_key(credits=0)
    header = {"Authorization": f"Bearer {other.key}"}
    for method in ("GET", "DELETE"):
        assert_refused(ask(server, method, f"/api/v1/sonic/task/{task_id}", **header), 400, "bad_request")
    assert server.client.get(f"/api/v1/sonic/task/{task_id}").status_code == 202
