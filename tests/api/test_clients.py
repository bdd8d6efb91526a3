"""What public clients send and read (contract/clients.md): with their base URL changed, they work."""

import pytest

WORDS = {"custom_mode": True, "mv": "chirp-v5", "prompt": "[Verse]\nla la", "tags": "pop", "title": "Tide"}
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def succeeded(server, api, contents):
    """Send a create request as a client does and have its songs made; return the task."""

    def send(path: str, body: dict[str, object]) -> str:
        answer = api.post(path, json=body)
        assert answer.status_code == 200, answer.text
        task_id = str(answer.json()["task_id"])
        for clip_id in server.clip_ids(task_id):
            server.finish(clip_id, contents)
        return task_id

    return send


def test_the_vendors_sdk_creates_extends_joins_covers_and_polls(api, succeeded):
    task_id = succeeded("/api/v1/sonic/create", WORDS | {"make_instrumental": False})
    clip = api.get(f"/get_music/{task_id}", headers=JSON).json()["data"][0]
    assert (clip["state"], clip["mv"]) == ("succeeded", "sonic-v5")
    source = {"continue_clip_id": clip["clip_id"]}
    extension = succeeded("/api/v1/sonic/create", WORDS | source | {"task_type": "extend_music", "continue_at": 20})
    joined = api.get(f"/get_music/{extension}").json()["data"][1]["clip_id"]
    succeeded("/api/v1/sonic/create", {"task_type": "concat_music", "continue_clip_id": joined})
    succeeded("/api/v1/sonic/create", WORDS | source | {"task_type": "cover_music"})
    body = {"name": "me", "description": "my voice", **source}
    persona_id = api.post("/api/v1/sonic/persona", json=body).json()["persona_id"]
    succeeded("/api/v1/sonic/create", WORDS | {"task_type": "persona_music", "persona_id": persona_id})
    assert len(api.post("/api/v1/sonic/lyrics", json={"description": "the sea"}).json()["results"]) == 2
    assert set(api.get("/api/v1/get-credits").json()) == {"credits", "extra_credits"}


def test_clients_of_the_older_hosts_find_their_addresses(api, succeeded):
    task_id = succeeded("/api/v1/suno/create", WORDS | {"wait_audio": False})
    clip = api.get(f"/api/v1/suno/task/{task_id}").json()["data"][0]
    for path in ("bpm", "wav", "aligned-lyrics"):
        answer = api.post(f"/api/v1/suno/{path}", json={"clip_id": clip["clip_id"]}).json()
        assert answer["code"] == 200
        assert answer["data"]


def test_a_client_that_reads_numbers_lists_and_words_finds_them(api, succeeded):
    clips = api.get(f"/api/v1/sonic/task/{succeeded('/api/v1/sonic/create', WORDS)}", headers=JSON).json()["data"]
    assert isinstance(clips, list)
    for clip in clips:
        assert clip["state"] == "succeeded"
        assert float(clip["duration"]) > 0
        assert clip["audio_url"].startswith("http")
        assert "audiopipe" not in clip["audio_url"]
        assert api.get(clip["audio_url"]).status_code == 200


def test_a_client_that_sends_everything_with_everything_is_understood(api, succeeded):
    clip_id = api.get(f"/get_music/{succeeded('/api/v1/sonic/create', WORDS)}").json()["data"][0]["clip_id"]
    extras = {"use_suno_cdn": False, "duration": 120, "auto_concat": True, "webhook_url": "https://a.example/h"}
    remaster = {"task_type": "remaster", "continue_clip_id": clip_id, "mv": "chirp-v5", "variation_category": "high"}
    succeeded("/api/v1/sonic/create", remaster | extras)
    replace = {
        "clip_id": clip_id,
        "infill_start_s": 1.5,
        "infill_end_s": 6,
        "infill_lyrics": "la",
        "prompt": "la",
        "mv": "chirp-v5",
    }
    succeeded("/api/v1/sonic/replace-section", replace | extras)
    sample = {"sample_clip_id": clip_id, "chop_sample_start_s": 0, "chop_sample_end_s": 30, "audio_weight": 0.5}
    succeeded("/api/v1/sonic/sample", WORDS | sample | extras)
    other = api.get(f"/get_music/{succeeded('/api/v1/sonic/create', WORDS)}").json()["data"][0]["clip_id"]
    succeeded("/api/v1/sonic/mashup", WORDS | {"mashup_clip_ids": [clip_id, other]} | extras)
    for kind in ("basic", "full"):
        succeeded(f"/api/v1/sonic/stems/{kind}", {"clip_id": clip_id})
    assert api.get("/api/v1/sonic/feed", params={"page_size": 5}).json()["data"]
