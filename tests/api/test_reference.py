"""The documents about the API: OpenAPI, the reference page, health."""

import re

import httpx
import pytest

from descant.api.sonic.examples import PERSONA, REQUESTS, TASK, UPLOAD
from descant.api.sonic.schemas import TaskBody
from descant.jobs import heartbeat

ANSWERED = (
    "wav",
    "midi",
    "bpm",
    "aligned-lyrics",
    "vox",
    "lyrics",
    "upsample-tags",
    "stems/basic",
    "stems/full",
    "download",
    "sample",
    "mashup",
    "replace-section",
    "upload",
    "upload-extend",
    "upload-cover",
)
"""Operations of the sonic family besides making songs."""


@pytest.fixture
def extended(server, finished, contents):
    """A finished extension."""
    body = REQUESTS["extend"]["value"] | {"continue_clip_id": finished}
    clip_id = server.clip_ids(server.create(body))[0]
    server.finish(clip_id, contents)
    return clip_id


@pytest.fixture
def recording(server, contents):
    """A recording that was taken in."""
    account = server.rules.accounts.authenticate(server.key.key)
    (clip_id,) = server.clip_ids(server.rules.uploads.fetch(account, url=UPLOAD["url"]))
    server.finish(clip_id, contents)
    return clip_id


@pytest.fixture
def kept(api, finished):
    """A persona."""
    return api.post("/api/v1/sonic/persona", json=PERSONA | {"clip_id": finished}).json()["persona_id"]


@pytest.fixture(scope="module")
def document(server):
    """The OpenAPI document, fetched without a key."""
    return httpx.get(server.settings.public_url + "/openapi.json").json()


def references(node: object) -> set[str]:
    """Return every $ref below a node."""
    if isinstance(node, dict):
        here = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return here.union(*(references(value) for value in node.values()))
    return set().union(*(references(value) for value in node)) if isinstance(node, list) else set()


def test_the_document_is_openapi_3_1_with_every_endpoint(document, server):
    assert document["openapi"].startswith("3.1")
    assert document["servers"] == [{"url": server.settings.public_url}]
    assert {(path, method) for path, methods in document["paths"].items() for method in methods} == {
        ("/api/v1/sonic/create", "post"),
        ("/api/v1/sonic/task/{task_id}", "get"),
        ("/api/v1/sonic/task/{task_id}", "delete"),
        ("/api/v1/sonic/batch", "post"),
        ("/api/v1/sonic/batch", "get"),
        ("/api/v1/sonic/persona", "post"),
        ("/api/v1/personas", "get"),
        ("/api/v1/personas/{persona_id}", "get"),
        ("/api/v1/personas/{persona_id}", "delete"),
        ("/api/v1/clips/{clip_id}/edits", "post"),
        ("/api/v1/get-credits", "get"),
        ("/media/{file}", "get"),
        ("/media/{granted}/{file}", "get"),
        ("/api/v1/clips", "get"),
        ("/api/v1/clips/{clip_id}", "get"),
        ("/api/v1/clips/{clip_id}", "delete"),
        ("/api/v1/clips/{clip_id}/score", "get"),
        ("/api/v1/clips/{clip_id}/score.mid", "get"),
        ("/api/v1/clips/{clip_id}/score.musicxml", "get"),
        ("/api/v1/clips/{clip_id}/lyrics.lrc", "get"),
        ("/api/v1/clips/{clip_id}/project.zip", "get"),
        *((f"/api/v1/sonic/{name}", "post") for name in ANSWERED),
        ("/healthz", "get"),
    }


def test_every_reference_in_the_document_leads_somewhere(document):
    for reference in references(document):
        node = document
        for key in reference.removeprefix("#/").split("/"):
            node = node[key]
    operations = [operation for methods in document["paths"].values() for operation in methods.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)


def test_the_document_promises_no_422(document):
    for methods in document["paths"].values():
        for operation in methods.values():
            assert "422" not in operation["responses"]
            assert operation["summary"]
            assert operation["description"]


def test_what_needs_a_key_says_so(document):
    for path, methods in document["paths"].items():
        for operation in methods.values():
            assert bool(operation.get("security")) == path.startswith("/api/")


def test_the_schema_holds_the_documented_limits(document):
    fields = document["components"]["schemas"]["CreateRequest"]["properties"]

    def limit(field: str, name: str) -> object:
        schema = next(part for part in fields[field].get("anyOf", [fields[field]]) if part.get("type") != "null")
        return schema.get(name, fields[field].get(name))

    assert limit("prompt", "maxLength") == 5000
    assert limit("tags", "maxLength") == 1000
    assert limit("title", "maxLength") == 80
    assert limit("gpt_description_prompt", "maxLength") == 400
    assert (limit("style_weight", "minimum"), limit("style_weight", "maximum")) == (0, 1)
    assert limit("seed", "maximum") == 2**31 - 1
    assert limit("vocal_gender", "enum") == ["f", "m"]
    assert "sonic-v4-5" in limit("mv", "enum")


@pytest.mark.parametrize("name", REQUESTS)
def test_every_example_of_the_reference_works_once_its_clips_are_there(api, document, extended, recording, kept, name):
    content = document["paths"]["/api/v1/sonic/create"]["post"]["requestBody"]["content"]["application/json"]
    value = content["examples"][name]["value"]
    own = {"continue_clip_id": recording if name.startswith("add_") else extended, "persona_id": kept}
    body = value | {field: own[field] for field in value if field in own}
    assert api.post("/api/v1/sonic/create", json=body).status_code == 200


@pytest.mark.parametrize("name", ["SampleRequest", "MashupRequest", "ReplaceRequest", "EditsRequest", "BatchRequest"])
def test_the_example_of_a_body_works_once_its_clips_are_there(api, document, finished, another, name):
    (value,) = document["components"]["schemas"][name]["examples"]
    own = {"sample_clip_id": finished, "mashup_clip_ids": [finished, another], "clip_id": finished}
    body = value | {field: own[field] for field in value if field in own}
    path = {
        "SampleRequest": "/api/v1/sonic/sample",
        "MashupRequest": "/api/v1/sonic/mashup",
        "ReplaceRequest": "/api/v1/sonic/replace-section",
        "BatchRequest": "/api/v1/sonic/batch",
        "EditsRequest": f"/api/v1/clips/{finished}/edits",
    }[name]
    answer = api.post(path, json=body)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("name", ANSWERED)
def test_the_fields_of_every_operation_have_examples(document, name):
    operation = document["paths"][f"/api/v1/sonic/{name}"]["post"]
    schemas = document["components"]["schemas"]

    def schema(node):
        return schemas[node["schema"]["$ref"].rpartition("/")[2]] if "$ref" in node["schema"] else node["schema"]

    asked = schema(operation["requestBody"]["content"]["application/json"])
    for field in asked["required"]:
        assert asked["properties"][field].get("examples") or field in asked["examples"][0], field
    answered = schema(operation["responses"]["200"]["content"]["application/json"])
    assert answered["properties"]["code"]["examples"] == [200]
    assert {"400", "401", "403", "413", "500"} <= set(operation["responses"])


def test_the_example_of_an_answer_has_the_fields_of_one():
    assert TaskBody(**TASK).model_dump() == TASK


def test_refusals_in_the_document_carry_an_example_in_the_contracts_shape(document):
    for methods in document["paths"].values():
        for operation in methods.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400 and status != "416":
                    example = response["content"]["application/json"]["example"]
                    assert example["code"] == int(status)
                    assert example["message"] == example["error"]


@pytest.mark.parametrize("path", ["/", "/docs", "/docs/reference.css", "/docs/reference.js"])
def test_the_reference_page_needs_no_other_host(server, path):
    answer = httpx.get(server.settings.public_url + path)
    assert answer.status_code == 200
    assert not re.search(r"(https?:)?//[a-z0-9-]+\.[a-z]", answer.text.lower())
    assert not re.search(r"@import|\burl\(", answer.text)
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_the_reference_page_has_nothing_else(server, assert_refused):
    assert_refused(httpx.get(server.settings.public_url + "/docs/other.js"), 404, "not_found")


def test_health_needs_no_key(server):
    answer = httpx.get(server.settings.public_url + "/healthz")
    assert answer.status_code == 200
    assert set(answer.json()) == {"status", "workers", "running", "pending"}


def test_health_counts_workers_and_songs(serving, tmp_path, song):
    def look() -> tuple[object, ...]:
        body = server.client.get("/healthz").json()
        return body["status"], body["workers"], body["running"], body["pending"]

    with serving(tmp_path) as server:
        first, second = server.clip_ids(server.create(song))
        assert look() == ("no_workers", 0, 0, 2)
        beating = heartbeat.Heartbeat(server.rules.database, "test-1")
        beating.start()
        server.begin(first)
        assert look() == ("ok", 1, 1, 1)
        server.fail(second, "no")
        beating.stop()
        assert look() == ("no_workers", 0, 1, 0)


def test_a_lost_database_is_503(server, assert_refused, monkeypatch):
    from descant.service.errors import Unavailable

    def lost(self: object) -> None:
        raise Unavailable("no answer from postgresql://songs:secret@10.0.0.5")

    monkeypatch.setattr(type(server.rules), "healthy", lost)
    text = assert_refused(httpx.get(server.settings.public_url + "/healthz"), 503, "unavailable")
    assert "database" in text
    assert "10.0.0.5" not in text


def test_a_body_shows_its_own_fields_before_those_it_shares(document):
    fields = list(document["components"]["schemas"]["CreateRequest"]["properties"])
    assert fields[:2] == ["task_type", "continue_clip_id"]
    assert fields.index("custom_mode") < fields.index("title") < fields.index("seed") < fields.index("webhook_url")
