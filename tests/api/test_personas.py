"""Personas over HTTP: kept from a clip in both documented forms, listed, sung by, forgotten."""

from uuid import uuid4

import msgspec
import pytest

from descant.song.persona import Persona
from descant.storage import clips, personas
from descant.storage.records import VoiceWindowRecord, now
from descant.words import moderation
from descant.words.errors import RefusedTextError

PERSONA = "/api/v1/sonic/persona"
NOBODY = "00000000-0000-0000-0000-000000000000"
WORDS = {"custom_mode": True, "mv": "sonic-v5", "prompt": "[Verse]\nla la"}


@pytest.fixture
def keep(api):
    """Keep a persona; return its id."""

    def post(**body: object) -> str:
        answer = api.post(PERSONA, json={"name": "Harbour voice", **body})
        assert answer.status_code == 200, answer.text
        assert set(answer.json()) == {"code", "persona_id", "message"}
        return str(answer.json()["persona_id"])

    return post


@pytest.fixture
def refused(api, finished, assert_refused, credits_left):
    def post(**changes: object) -> str:
        before = credits_left()
        body = {"name": "Harbour voice", "clip_id": finished, **changes}
        text = assert_refused(api.post(PERSONA, json=body), 400, "bad_request")
        assert credits_left() == before
        return str(text)

    return post


def singer(server, persona_id: str) -> Persona:
    with server.rules.database.reading() as tx:
        return msgspec.json.decode(personas.read(tx, persona_id).singer, type=Persona)


def test_a_persona_sings_as_its_clip_does(server, finished, keep, credits_left):
    before = credits_left()
    persona_id = keep(clip_id=finished)
    assert credits_left() == before - 1
    assert singer(server, persona_id) == Persona("clara", 66, (64, 69), "sung", "pop, dreamy")
    assert singer(server, keep(clip_id=finished, styles="folk")).tags == "folk"


def test_both_documented_forms_are_taken(api, finished, keep):
    newer = keep(clip_id=finished, describe="Warm", styles="folk, dreamy")
    older = keep(continue_clip_id=finished, description="Warm")
    bodies = [api.get(f"/api/v1/personas/{each}").json()["data"] for each in (newer, older)]
    assert [(body["description"], body["styles"]) for body in bodies] == [("Warm", "folk, dreamy"), ("Warm", "")]
    assert {body["clip_id"] for body in bodies} == {finished}


def test_a_persona_is_taken_from_the_stretch_that_vox_set_apart(server, api, finished, keep, refused):
    stretch = api.post("/api/v1/sonic/vox", json={"clip_id": finished, "vocal_start_s": 0, "vocal_end_s": 5}).json()
    window = {field: stretch["data"][field] for field in ("vox_audio_id", "vocal_start_s", "vocal_end_s")}
    keep(clip_id=finished, **window)
    keep(clip_id=finished, vox_audio_id=window["vox_audio_id"])
    assert "'vocal_end_s' is 2, but 'vox' set 0 to 5 seconds apart." in refused(**window | {"vocal_end_s": 2})
    assert "'vox_audio_id'" in refused(vox_audio_id=NOBODY)


def test_the_stretch_belongs_to_its_clip(api, another, refused):
    apart = api.post("/api/v1/sonic/vox", json={"clip_id": another}).json()["data"]["vox_audio_id"]
    assert "'vox_audio_id'" in refused(vox_audio_id=apart)


def test_the_stretch_of_another_account_is_unknown(server, stranger, finished, refused):
    """Even one that names a clip of one's own: nothing but the account of the stretch itself decides."""
    owner = server.rules.accounts.keys()[-1].account_id
    window = VoiceWindowRecord(
        id=str(uuid4()), account_id=owner, clip_id=finished, start=0.0, stop=5.0, created_at=now()
    )
    with server.rules.database.transaction() as tx:
        clips.add_voice_window(tx, window)
    assert refused(vox_audio_id=window.id) == (
        f"'vox_audio_id' is {window.id!r}, but must be what 'vox' answered for the clip {finished!r}."
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": None}, "name"),
        ({"name": " "}, "name"),
        ({"name": "n" * 81}, "name"),
        ({"clip_id": None}, "clip_id"),
        ({"clip_id": NOBODY}, NOBODY),
        ({"continue_clip_id": "another"}, "continue_clip_id"),
        ({"describe": "d" * 201}, "describe"),
        ({"description": "d" * 201}, "description"),
        ({"styles": "s" * 1001}, "styles"),
        ({"vocal_start_s": 5, "vocal_end_s": 5}, "vocal_end_s"),
        ({"vocal_start_s": 98}, "vocal_start_s"),
        ({"vocal_end_s": 98}, "vocal_end_s"),
        ({"vocal_start_s": -1}, "vocal_start_s"),
    ],
)
def test_faulty_personas_are_refused(refused, changes, field):
    assert f"'{field}'" in refused(**changes)


def test_the_longest_texts_are_taken(keep, finished):
    keep(name="n" * 80, describe="d" * 200, styles="s" * 1000, clip_id=finished)


def test_what_nobody_sings_makes_no_persona(refused):
    assert "nobody sings" in refused(vocal_start_s=60, vocal_end_s=70)


@pytest.mark.parametrize("field", ["name", "styles"])
def test_what_may_not_be_sung_names_no_persona(api, finished, assert_refused, credits_left, monkeypatch, field):
    def refuse(text: str) -> None:
        if "banned" in text:
            raise RefusedTextError("banned", "for a test")

    monkeypatch.setattr(moderation, "check", refuse)
    before = credits_left()
    answer = api.post(PERSONA, json={"name": "me", "clip_id": finished} | {field: "banned words"})
    assert "banned" in assert_refused(answer, 403, "forbidden")
    assert credits_left() == before


def test_a_persona_sings_a_new_song(server, api, finished, keep):
    persona_id = keep(clip_id=finished)
    body = {"task_type": "persona_music", "persona_id": persona_id, **WORDS}
    task_id = api.post("/api/v1/sonic/create", json=body).json()["task_id"]
    assert {order.brief.persona.voice for order in server.orders(task_id)} == {"clara"}
    assert server.sources(task_id) == [[], []]


def test_personas_of_others_are_unknown(api, stranger, finished, keep, assert_refused):
    persona_id = keep(clip_id=finished)
    assert_refused(stranger.get(f"/api/v1/personas/{persona_id}"), 404, "not_found")
    assert_refused(stranger.delete(f"/api/v1/personas/{persona_id}"), 404, "not_found")
    body = {"task_type": "persona_music", "persona_id": persona_id, **WORDS}
    answer = stranger.post("/api/v1/sonic/create", json=body)
    assert assert_refused(answer, 400, "bad_request") == f"There is no persona {persona_id!r}."
    assert stranger.get("/api/v1/personas").json()["data"] == []


def test_personas_are_listed_a_page_at_a_time_and_forgotten(api, finished, keep, assert_refused):
    kept = [keep(clip_id=finished, name=f"voice {number}") for number in range(3)]
    first = api.get("/api/v1/personas", params={"page_size": 2}).json()
    assert [body["persona_id"] for body in first["data"]] == [kept[2], kept[1]]
    second = api.get("/api/v1/personas", params={"page_size": 1, "before": first["next"]}).json()
    assert [body["name"] for body in second["data"]] == ["voice 0"]
    assert api.delete(f"/api/v1/personas/{kept[0]}").json()["data"]["persona_id"] == kept[0]
    assert_refused(api.get(f"/api/v1/personas/{kept[0]}"), 404, "not_found")
    body = {"task_type": "persona_music", "persona_id": kept[0], **WORDS}
    assert_refused(api.post("/api/v1/sonic/create", json=body), 400, "bad_request")
    assert_refused(api.get("/api/v1/personas", params={"before": NOBODY}), 404, "not_found")
