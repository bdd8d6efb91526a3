"""What a create request may hold: every documented limit, N allowed and N+1 refused."""

import json

import pytest

from descant.api.sonic.create import wanted
from descant.api.sonic.schemas import CreateRequest
from descant.service.models import MODELS

CREATE = "/api/v1/sonic/create"
SHORT_MODELS = ["sonic-v3-5", "sonic-v4", "chirp-v3-5", "chirp-v4"]
LONG_MODELS = ["sonic-v4-5", "sonic-v4-5-plus", "sonic-v5", "chirp-v4-5", "chirp-v4-5-plus", "chirp-v5"]


@pytest.fixture
def taken(api):
    """Send a request that must be taken."""

    def send(body: dict[str, object]) -> dict[str, object]:
        answer = api.post(CREATE, json=body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    return send


@pytest.fixture
def refused(api, assert_refused):
    """Send a request that must be refused; return the text, after seeing that nothing was charged."""

    def send(body: object) -> str:
        before = api.get("/api/v1/get-credits").json()
        text = str(assert_refused(api.post(CREATE, json=body), 400, "bad_request"))
        assert api.get("/api/v1/get-credits").json() == before
        return text

    return send


def lines(length: int) -> str:
    """Return lyrics of exactly ``length`` characters."""
    return ("Paper boats along the gutter\n" * (length // 29 + 1))[: length - 1] + "a"


def test_the_answer_is_the_contracts(taken, song):
    body = taken(song)
    assert set(body) == {"code", "task_id", "message"}
    assert (body["code"], body["message"]) == (200, "success")
    assert len(str(body["task_id"])) == 36


def test_a_song_costs_15(api, taken, song):
    before = api.get("/api/v1/get-credits").json()["credits"]
    taken(song)
    assert api.get("/api/v1/get-credits").json()["credits"] == before - 15


@pytest.mark.parametrize("task_type", [None, "create_music"])
def test_the_task_type_may_be_left_out_null_or_named(taken, song, task_type):
    taken(song | {"task_type": task_type})


@pytest.mark.parametrize("mv", SHORT_MODELS + LONG_MODELS)
def test_each_model_is_taken_in_both_spellings(server, song, mv):
    task_id = server.create(song | {"mv": mv})
    server.begin(server.clip_ids(task_id)[0])
    data = server.client.get(f"/api/v1/sonic/task/{task_id}").json()["data"]
    assert {clip["mv"] for clip in data} == {mv.replace("chirp", "sonic")}


@pytest.mark.parametrize("mv", ["sonic-v5-5", "chirp-v6", "suno", "", "SONIC-V5"])
def test_an_unknown_model_is_refused_with_the_list_of_known_ones(refused, song, mv):
    text = refused(song | {"mv": mv})
    assert text.startswith("'mv' is ")
    assert all(name in text for name in MODELS)


@pytest.mark.parametrize(
    ("models", "field", "limit"),
    [
        (SHORT_MODELS, "prompt", 3000),
        (SHORT_MODELS, "tags", 200),
        (LONG_MODELS, "prompt", 5000),
        (LONG_MODELS, "tags", 1000),
    ],
)
def test_prompt_and_tags_may_be_as_long_as_the_model_allows(taken, refused, song, models, field, limit):
    for mv in models:
        taken(song | {"mv": mv, field: lines(limit)})
        text = refused(song | {"mv": mv, field: lines(limit + 1)})
        assert text.startswith(f"'{field}' is {limit + 1:,} characters long")
        assert f"at most {limit:,}" in text


def test_lengths_count_characters_not_bytes(taken, refused, song):
    taken(song | {"title": "é" * 80})
    taken(song | {"title": "🎵" * 80})
    assert "81 characters" in refused(song | {"title": "é" * 81})


def test_a_description_may_have_400_characters(taken, refused):
    request = {"custom_mode": False, "mv": "sonic-v5"}
    taken(request | {"gpt_description_prompt": lines(400)})
    assert "'gpt_description_prompt' is 401 characters" in refused(request | {"gpt_description_prompt": lines(401)})


def test_a_title_may_have_80_characters(taken, refused, song):
    taken(song | {"title": lines(80)})
    assert "'title' is 81 characters long, but may be at most 80." in refused(song | {"title": lines(81)})


@pytest.mark.parametrize("field", ["style_weight", "weirdness_constraint", "audio_weight"])
def test_weights_go_from_0_to_1(taken, refused, song, field):
    for value in (0, 1, 0.0, 1.0, 0.65, None):
        taken(song | {field: value})
    for value in (-0.01, 1.01, 2, -1):
        assert refused(song | {field: value}) == f"'{field}' is {value}, but must be a number from 0 to 1."


def test_numbers_that_are_none_are_refused(api, assert_refused, song):
    for word in ("NaN", "Infinity", "1e999"):
        body = json.dumps(song)[:-1] + f', "style_weight": {word}}}'
        answer = api.post(CREATE, content=body, headers={"Content-Type": "application/json"})
        assert_refused(answer, 400, "bad_request")


@pytest.mark.parametrize("value", [0, 1, 2**31 - 1, None])
def test_seeds_fit_31_bits(taken, song, value):
    taken(song | {"seed": value})


@pytest.mark.parametrize("value", [-1, 2**31, 10**30])
def test_other_seeds_are_refused(refused, song, value):
    assert "but must be a whole number from 0 to 2147483647" in refused(song | {"seed": value})


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        *[(field, "true") for field in ("custom_mode", "make_instrumental", "auto_lyrics", "use_suno_cdn")],
        *[(field, 1) for field in ("custom_mode", "make_instrumental", "auto_lyrics", "use_suno_cdn")],
        *[(field, 5) for field in ("mv", "prompt", "title", "tags", "negative_tags", "gpt_description_prompt")],
        *[(field, ["pop"]) for field in ("tags", "negative_tags", "prompt", "mv", "task_type", "vocal_gender")],
        *[(field, {}) for field in ("title", "webhook_url", "webhook_secret", "persona_id", "continue_clip_id")],
        *[(field, "0.5") for field in ("style_weight", "weirdness_constraint", "audio_weight", "continue_at")],
        *[(field, True) for field in ("style_weight", "continue_at", "seed", "overpainting_start_s", "tags")],
        ("seed", "7"),
        ("seed", 1.5),
        ("overpainting_end_s", "9"),
        ("variation_category", 1),
    ],
)
def test_a_wrong_json_type_is_refused_naming_field_and_value(refused, song, field, bad):
    assert f"'{field}' is {json.dumps(bad)}, but must be " in refused(song | {field: bad})


@pytest.mark.parametrize("field", ["custom_mode", "mv"])
def test_what_is_required_is_missed(refused, song, field):
    del song[field]
    assert refused(song) == f"'{field}' is required for 'create_music'."
    assert refused(song | {field: None}) == f"'{field}' is required for 'create_music'."


def test_several_faults_are_named_at_once(refused):
    text = refused({"custom_mode": "yes", "mv": 3, "title": "x" * 81})
    assert all(f"'{field}'" in text for field in ("custom_mode", "mv", "title"))


@pytest.mark.parametrize("value", ["f", "m", None])
def test_the_gender_of_the_voice_is_f_or_m(taken, song, value):
    taken(song | {"vocal_gender": value})


@pytest.mark.parametrize("value", ["", "female", "F", "x"])
def test_no_other_gender_is_known(refused, song, value):
    assert f"'vocal_gender' is {json.dumps(value)}, but must be 'f' or 'm'." in refused(song | {"vocal_gender": value})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"prompt": None}, "prompt"),
        ({"prompt": " \n"}, "prompt"),
        ({"prompt": None, "auto_lyrics": True}, "prompt"),
        ({"custom_mode": False}, "gpt_description_prompt"),
        ({"custom_mode": False, "gpt_description_prompt": ""}, "gpt_description_prompt"),
        ({"custom_mode": False, "make_instrumental": True}, "gpt_description_prompt"),
    ],
)
def test_each_mode_needs_its_words(refused, song, changes, field):
    assert refused(song | changes).startswith(f"'{field}'")


@pytest.mark.parametrize(
    "changes",
    [
        {"prompt": None, "make_instrumental": True},
        {"prompt": None, "make_instrumental": True, "auto_lyrics": True, "tags": None, "title": None},
        {"prompt": "two friends at the sea", "auto_lyrics": True},
        {"custom_mode": False, "gpt_description_prompt": "a song", "prompt": None},
        {"custom_mode": False, "gpt_description_prompt": "a tune", "make_instrumental": True},
        {"custom_mode": False, "gpt_description_prompt": "a song", "auto_lyrics": True},
    ],
)
def test_each_mode_is_taken_with_its_words(taken, song, changes):
    taken(song | changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"continue_at": 0.1, "continue_clip_id": "c" * 128, "persona_id": "p"},
        {"overpainting_start_s": 0, "overpainting_end_s": 0.5, "variation_category": "subtle"},
        {"webhook_url": "https://hooks.example.org/done?x=1", "webhook_secret": "s"},
        {"webhook_url": "https://a.example/" + "x" * (1024 - 18)},
        {"wait_audio": "no", "duration": "long", "use_suno_cdn": False, "nested": {"any": ["thing"]}},
    ],
)
def test_fields_of_other_tasks_and_unknown_ones_change_nothing(taken, song, changes):
    taken(song | changes)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"continue_at": 0}, "continue_at"),
        ({"continue_at": -1}, "continue_at"),
        ({"continue_clip_id": "c" * 129}, "continue_clip_id"),
        ({"variation_category": "huge"}, "variation_category"),
        ({"overpainting_start_s": -1}, "overpainting_start_s"),
        ({"overpainting_start_s": 5, "overpainting_end_s": 5}, "overpainting_end_s"),
        ({"webhook_url": "ftp://a.example"}, "webhook_url"),
        ({"webhook_url": "https://"}, "webhook_url"),
        ({"webhook_url": "https://a b.example"}, "webhook_url"),
        ({"webhook_url": "https://a.example/" + "x" * (1025 - 18)}, "webhook_url"),
        ({"prompt": "a\0b"}, "prompt"),
    ],
)
def test_fields_of_other_tasks_are_held_to_their_limits(refused, song, changes, field):
    assert f"'{field}'" in refused(song | changes)


def test_an_invented_task_type_is_refused(refused, song):
    text = refused(song | {"task_type": "sing"})
    assert text.startswith("'task_type' is \"sing\", but must be one of create_music, extend_music, ")


def test_half_a_character_is_refused(api, assert_refused, song):
    body = json.dumps(song)[:-1] + ', "title": "\\ud83c"}'
    answer = api.post(CREATE, content=body, headers={"Content-Type": "application/json"})
    assert "'title'" in assert_refused(answer, 400, "bad_request")


def test_older_models_ignore_the_gender_of_the_voice(song):
    for mv, gender in (("sonic-v4", None), ("chirp-v3-5", None), ("sonic-v4-5", "f"), ("chirp-v5", "f")):
        assert wanted(CreateRequest(**song | {"mv": mv, "vocal_gender": "f"})).vocal_gender == gender


def test_nothing_of_a_request_is_lost_on_its_way_to_the_service(song):
    full = song | {
        "negative_tags": "choir",
        "style_weight": 0.25,
        "weirdness_constraint": 1,
        "seed": 7,
        "gpt_description_prompt": "about rain",
        "vocal_gender": "m",
    }
    request = wanted(CreateRequest(**full))
    for field, value in full.items():
        assert getattr(request, field) == value
