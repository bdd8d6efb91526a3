"""Words alone: lyrics written, tags told in full."""

import pytest


def lyrics(api, **body):
    answer = api.post("/api/v1/sonic/lyrics", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("field", ["description", "prompt"])
def test_lyrics_are_two_candidates_under_results_and_free(api, credits_left, field):
    before = credits_left()
    body = lyrics(api, **{field: "Two friends drive all night to see the sea"})
    assert set(body) == {"code", "message", "results"}
    assert (body["code"], body["message"]) == (200, "success")
    first, second = body["results"]
    assert set(first) == set(second) == {"title", "lyrics"}
    assert first["lyrics"] != second["lyrics"]
    assert all("[Chorus]" in each["lyrics"] and each["title"] for each in (first, second))
    assert credits_left() == before


def test_lyrics_need_no_credits(server, api):
    key = server.rules.accounts.create_key(credits=0, name="poor").key
    answer = api.post("/api/v1/sonic/lyrics", json={"description": "rain"}, headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 200


def test_a_seed_gives_the_same_lyrics_again(api):
    assert lyrics(api, description="rain", seed=5) == lyrics(api, description="rain", seed=5)
    assert lyrics(api, description="rain", seed=5) != lyrics(api, description="rain", seed=6)
    assert lyrics(api, description="rain") != lyrics(api, description="rain")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "'description'"),
        ({"description": ""}, "'description'"),
        ({"description": " \n"}, "'description'"),
        ({"description": "a" * 121}, "'description'"),
        ({"description": 7}, "'description'"),
        ({"prompt": "a" * 121}, "'description'"),
        ({"description": "rain", "seed": -1}, "'seed'"),
    ],
)
def test_lyrics_about_nothing_or_too_much_are_refused(api, assert_refused, body, field):
    assert field in assert_refused(api.post("/api/v1/sonic/lyrics", json=body), 400, "bad_request")


def test_lyrics_of_120_characters_of_description_are_written(api):
    assert lyrics(api, description="a" * 120)["results"]


def test_what_may_not_be_sung_is_403_and_free(api, credits_left, assert_refused, monkeypatch):
    from descant.words import moderation
    from descant.words.errors import RefusedTextError

    def refuse(text: str) -> None:
        raise RefusedTextError("these words", "for a test")

    before = credits_left()
    monkeypatch.setattr(moderation, "check", refuse)
    text = assert_refused(api.post("/api/v1/sonic/lyrics", json={"description": "x"}), 403, "forbidden")
    assert "these words" in text
    assert_refused(api.post("/api/v1/sonic/upsample-tags", json={"tags": "x"}), 403, "forbidden")
    assert credits_left() == before


def test_tags_are_told_in_full_for_a_credit(api, credits_left):
    before = credits_left()
    answer = api.post("/api/v1/sonic/upsample-tags", json={"tags": "lo-fi, rainy evening"})
    body = answer.json()
    assert (answer.status_code, body["code"], body["message"]) == (200, 200, "success")
    assert set(body["data"]) == {"upsampled_tags"}
    full = body["data"]["upsampled_tags"]
    assert full.startswith("lo-fi, rainy evening")
    assert "bpm" in full
    assert credits_left() == before - 1
    song = {"custom_mode": True, "mv": "sonic-v5", "make_instrumental": True, "tags": full}
    assert api.post("/api/v1/sonic/create", json=song).status_code == 200


@pytest.mark.parametrize("body", [{}, {"tags": ""}, {"tags": "  "}, {"tags": ["pop"]}, {"tags": "a" * 1001}])
def test_tags_that_are_no_text_are_refused_and_free(api, credits_left, assert_refused, body):
    before = credits_left()
    assert "'tags'" in assert_refused(api.post("/api/v1/sonic/upsample-tags", json=body), 400, "bad_request")
    assert credits_left() == before


def test_words_without_credits_or_too_often_are_refused(serving, tmp_path, assert_refused):
    with serving(tmp_path, rate_limit=2) as server:
        key = server.rules.accounts.create_key(credits=0, name="poor").key
        carried = {"Authorization": f"Bearer {key}"}
        ask = lambda: server.client.post("/api/v1/sonic/upsample-tags", json={"tags": "pop"}, headers=carried)  # noqa: E731
        assert_refused(ask(), 403, "forbidden")
        ask()
        assert "retry-after" in ask().headers
