"""Every task type that starts from a clip: what it takes, what becomes of it, what it costs, what it refuses."""

import pytest

from descant.song import orders

from .operations import CREATE, LENGTH, NOBODY, WORDS, requests_on

KINDS = sorted(requests_on("", ""))


@pytest.mark.parametrize("kind", KINDS)
def test_each_operation_is_a_task_at_its_price_that_names_its_source(
    server, api, finished, another, send, credits_left, kind
):
    path, body, price = requests_on(finished, another)[kind]
    before = credits_left()
    task_id = send(path, body)
    assert credits_left() == before - price
    assert api.get(f"/api/v1/sonic/task/{task_id}").status_code == 202
    ids = server.clip_ids(task_id)
    assert len(ids) == {"edit": 1}.get(kind, 2)
    server.begin(ids[0])
    clips = api.get(f"/api/v1/sonic/task/{task_id}").json()["data"]
    parent = another if kind == "mashup band" else finished
    assert {clip["parent_clip_id"] for clip in clips} == {parent}
    assert {clip["joined_at"] for clip in clips} == {None}


@pytest.mark.parametrize("kind", KINDS)
def test_a_failed_operation_gives_its_price_back_once(server, finished, another, send, credits_left, kind):
    path, body, _ = requests_on(finished, another)[kind]
    before = credits_left()
    for clip_id in server.clip_ids(send(path, body)):
        server.fail(clip_id, "no")
    assert credits_left() == before


@pytest.mark.parametrize("kind", KINDS)
def test_an_operation_on_a_clip_of_another_account_answers_as_if_there_were_none(
    server, finished, another, stranger, assert_refused, kind
):
    path, body, _ = requests_on(finished, another)[kind]
    known = stranger.post(path, json=body)
    path, body, _ = requests_on(NOBODY, another)[kind]
    unknown = server.client.post(path, json=body)
    status, error = (404, "not_found") if kind == "edit" else (400, "bad_request")
    assert "There is no clip" in assert_refused(known, status, error)
    assert assert_refused(unknown, status, error) == f"There is no clip '{NOBODY}'."
    assert stranger.get("/api/v1/get-credits").json()["credits"] == 1000


@pytest.mark.parametrize("kind", KINDS)
def test_an_operation_on_a_clip_that_is_not_there_any_more_or_not_yet_says_so(
    server, api, song, finished, another, refused, kind
):
    running, failed = server.clip_ids(server.create(song))
    server.begin(running)
    server.fail(failed, "The tale was too sad.")
    pending = server.clip_ids(server.create(song))[0]
    api.delete(f"/api/v1/clips/{finished}")
    said = {
        running: "not finished; its state is 'running'",
        pending: "not finished; its state is 'pending'",
        failed: "failed, so there is nothing to work with: The tale was too sad.",
        finished: "was deleted",
    }
    for clip_id, text in said.items():
        path, body, _ = requests_on(clip_id, another)[kind]
        assert text in refused(path, body)


@pytest.mark.parametrize("kind", KINDS)
def test_a_stem_is_not_worked_on_as_a_song(server, finished, another, contents, send, refused, kind):
    stem = server.clip_ids(send("/api/v1/sonic/stems/basic", {"clip_id": finished}))[0]
    server.finish(stem, contents)
    path, body, _ = requests_on(stem, another)[kind]
    assert "is a stem already (vocals)" in refused(path, body)


@pytest.mark.parametrize("kind", sorted({*KINDS} - {"edit", "stems"}))
def test_the_seed_of_a_request_decides_its_songs(server, finished, another, send, kind):
    path, body, _ = requests_on(finished, another)[kind]
    made = [server.orders(send(path, body | {"seed": seed})) for seed in (7, 7, 8)]
    assert made[0] == made[1] != made[2]
    assert made[0][0] != made[0][1]


@pytest.mark.parametrize("kind", KINDS)
def test_a_webhook_may_be_named_with_every_operation(server, finished, another, send, refused, kind):
    path, body, _ = requests_on(finished, another)[kind]
    task_id = send(path, body | {"webhook_url": "https://hooks.example.org/done", "webhook_secret": "s"})
    from descant.storage import webhooks

    with server.rules.database.reading() as tx:
        hook = webhooks.of_task(tx, task_id)
    assert (hook.url, hook.secret) == ("https://hooks.example.org/done", "s")
    assert "'webhook_url'" in refused(path, body | {"webhook_url": "http://10.0.0.1/"})


@pytest.mark.parametrize(
    ("task_type", "needed"),
    [
        ("extend_music", ["continue_clip_id", "continue_at", "custom_mode", "mv"]),
        ("cover_music", ["continue_clip_id", "custom_mode", "mv"]),
        ("persona_music", ["persona_id", "custom_mode", "mv"]),
        ("concat_music", ["continue_clip_id"]),
        ("remaster", ["continue_clip_id", "mv"]),
        ("add_instrumental", ["continue_clip_id", "mv"]),
        ("add_vocals", ["continue_clip_id", "mv", "prompt"]),
        ("extend_upload_music", ["continue_clip_id", "continue_at", "custom_mode", "mv"]),
        ("cover_upload_music", ["continue_clip_id", "custom_mode", "mv"]),
    ],
)
def test_each_task_type_misses_what_it_needs(finished, refused, task_type, needed):
    body = {"task_type": task_type, "continue_clip_id": finished, "continue_at": 5, "persona_id": "p"} | WORDS
    for field in needed:
        for value in ({}, {field: None}):
            sent = {name: value for name, value in body.items() if name != field} | value
            assert refused(CREATE, sent) == f"'{field}' is required for '{task_type}'."
    source = needed[0]
    assert refused(CREATE, body | {source: ""}) == f"'{source}' is required for '{task_type}'."


@pytest.mark.parametrize("task_type", ["extend_music", "persona_music"])
def test_new_songs_need_words_in_either_mode(finished, refused, task_type):
    body = {"task_type": task_type, "continue_clip_id": finished, "continue_at": 5, "persona_id": "p", "mv": "sonic-v5"}
    assert "'prompt' (the lyrics) is required" in refused(CREATE, body | {"custom_mode": True})
    assert "'gpt_description_prompt' is required" in refused(CREATE, body | {"custom_mode": False, "prompt": "la"})


def test_a_cover_keeps_the_words_unless_it_is_given_some(server, finished, create, refused):
    body = {"task_type": "cover_music", "continue_clip_id": finished, "mv": "sonic-v4-5", "tags": "bossa nova"}
    (kept, _) = server.orders(create(custom_mode=True, **body))
    assert (kept.brief.lyrics, kept.brief.tags, kept.faithfulness) == ("", "bossa nova", 0.7)
    (sung, _) = server.orders(create(custom_mode=True, prompt="la la", audio_weight=0, **body))
    assert (sung.brief.lyrics, sung.faithfulness) == ("la la", 0)
    (told, _) = server.orders(create(custom_mode=False, gpt_description_prompt="rain", audio_weight=1, **body))
    assert (told.brief.description, told.faithfulness) == ("rain", 1)
    assert "'gpt_description_prompt' is required" in refused(CREATE, body | {"custom_mode": False})


@pytest.mark.parametrize("variation", ["subtle", "normal", "high", None])
def test_a_remaster_says_how_much_is_made_anew(server, finished, create, variation):
    task_id = create(task_type="remaster", continue_clip_id=finished, mv="chirp-v5", variation_category=variation)
    assert [order.variation for order in server.orders(task_id)] == [variation or "normal"] * 2


@pytest.mark.parametrize("seed", [None, 7])
def test_the_takes_of_a_remaster_are_dealt_their_mixes_from_one_seed(server, finished, create, seed):
    body = {"task_type": "remaster", "continue_clip_id": finished, "mv": "sonic-v5", "seed": seed}
    first, second = server.orders(create(variation_category="subtle", **body))
    assert (first.take, second.take) == (0, 1)
    assert first.request_seed == second.request_seed == (first.request_seed if seed is None else seed)


def test_only_the_newest_model_knows_ways_to_remaster(finished, create, refused):
    body = {"task_type": "remaster", "continue_clip_id": finished}
    for mv in ("sonic-v3-5", "sonic-v4-5", "chirp-v4-5-plus"):
        create(mv=mv, **body)
        text = refused(CREATE, body | {"mv": mv, "variation_category": "subtle"})
        assert text == f"'variation_category' is known on sonic-v5 only; leave it out on {mv}."


def test_operations_go_on_from_what_operations_made(server, api, finished, create, contents, send):
    persona_id = api.post("/api/v1/sonic/persona", json={"name": "me", "clip_id": finished}).json()["persona_id"]
    sung = server.clip_ids(create(task_type="persona_music", persona_id=persona_id, **WORDS))[0]
    server.finish(sung, contents)
    extension = create(task_type="extend_music", continue_clip_id=sung, continue_at=9, **WORDS)
    extended = server.clip_ids(extension)[0]
    server.finish(extended, contents, joined_at=8.75)
    cover = create(task_type="cover_music", continue_clip_id=extended, **WORDS)
    covered = server.clip_ids(cover)[1]
    server.finish(covered, contents)
    further = create(task_type="extend_music", continue_clip_id=covered, continue_at=2, **WORDS)
    last = server.clip_ids(further)[0]
    server.finish(last, contents, joined_at=1.75)
    assert server.sources(create(task_type="concat_music", continue_clip_id=last)) == [[covered, last]]
    assert len(server.clip_ids(send("/api/v1/sonic/stems/full", {"clip_id": last}))) == 4


@pytest.mark.parametrize("task_type", ["add_vocals", "add_instrumental", "extend_upload_music", "cover_upload_music"])
def test_what_works_on_uploads_refuses_clips_that_were_made_here(finished, refused, task_type):
    body = {"task_type": task_type, "continue_clip_id": finished, "continue_at": 5} | WORDS
    text = refused(CREATE, body)
    assert text.startswith(f"'{task_type}' takes uploaded clips, and the clip {finished!r} was made here")
    assert ("use '" in text) == ("upload" in task_type)
    assert refused(CREATE, body | {"continue_clip_id": NOBODY}) == f"There is no clip '{NOBODY}'."


@pytest.mark.parametrize(
    ("window", "taken"),
    [
        ({}, (0, 30)),
        ({"chop_sample_start_s": 80}, (80, LENGTH)),
        ({"chop_sample_end_s": 1}, (0, 1)),
        ({"chop_sample_start_s": 8, "chop_sample_end_s": 97.32}, (8, LENGTH)),
    ],
)
def test_a_sample_is_a_piece_of_a_clip(server, finished, send, window, taken):
    task_id = send("/api/v1/sonic/sample", {"sample_clip_id": finished} | WORDS | window)
    order = server.orders(task_id)[0]
    assert isinstance(order, orders.Sample)
    assert (order.start, order.stop) == taken


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sample_clip_id": None}, "sample_clip_id"),
        ({"url": "https://a.example/song.mp3"}, "url"),
        ({"sample_clip_id": None, "url": "http://10.0.0.1/song.mp3"}, "url"),
        ({"chop_sample_start_s": -1}, "chop_sample_start_s"),
        ({"chop_sample_start_s": 98}, "chop_sample_start_s"),
        ({"chop_sample_start_s": 5, "chop_sample_end_s": 5}, "chop_sample_end_s"),
        ({"chop_sample_end_s": 97.33}, "chop_sample_end_s"),
        ({"chop_sample_start_s": 5, "chop_sample_end_s": 5.9}, "chop_sample_end_s"),
        ({"chop_sample_start_s": 97}, "chop_sample_start_s"),
        ({"custom_mode": None}, "custom_mode"),
        ({"mv": None}, "mv"),
        ({"mv": "sonic-v9"}, "mv"),
        ({"prompt": None}, "prompt"),
        ({"audio_weight": 1.01}, "audio_weight"),
        ({"sample_clip_id": "c" * 129}, "sample_clip_id"),
        ({"title": "t" * 81}, "title"),
    ],
)
def test_faulty_samples_are_refused(finished, refused, changes, field):
    assert f"'{field}'" in refused("/api/v1/sonic/sample", {"sample_clip_id": finished} | WORDS | changes)


def test_a_mashup_keeps_the_order_of_its_clips_and_needs_no_words(server, finished, another, send):
    body = {"mashup_clip_ids": [another, finished], "custom_mode": True, "mv": "sonic-v5"}
    task_id = send("/api/v1/sonic/mashup", body)
    assert server.sources(task_id) == [[another, finished]] * 2
    assert isinstance(server.orders(task_id)[0], orders.Mashup)


@pytest.mark.parametrize(
    "ids",
    [None, [], ["first"], ["first", "second", "second"], ["first", 7], "first", ["first", "first"], ["first", "\0"]],
)
def test_a_mashup_is_made_of_exactly_two_clips(finished, another, refused, ids):
    own = {"first": finished, "second": another}
    named = [own.get(name, name) for name in ids] if isinstance(ids, list) else ids
    text = refused("/api/v1/sonic/mashup", {"mashup_clip_ids": named} | WORDS)
    assert "'mashup_clip_ids" in text


def test_a_section_is_replaced_with_its_words_in_the_model_of_its_clip(server, finished, send):
    body = {"clip_id": finished, "infill_start_s": 0, "infill_end_s": 97.32, "infill_lyrics": "la", "seed": 5}
    task_id = send("/api/v1/sonic/replace-section", body)
    order = server.orders(task_id)[0]
    assert isinstance(order, orders.Replace)
    assert (order.start, order.stop, order.brief.lyrics, order.brief.model) == (0, LENGTH, "la", "sonic-v4-5")


def test_a_new_section_is_in_the_style_of_its_song_whatever_is_asked(server, api, finished, send):
    body = {"clip_id": finished, "infill_start_s": 10, "infill_end_s": 20, "infill_lyrics": "la", "seed": 5}
    style = {"tags": "choir", "negative_tags": "drums", "style_weight": 0.9, "weirdness_constraint": 1.0}
    plain, styled = (send("/api/v1/sonic/replace-section", body | more) for more in ({}, style))
    assert server.orders(styled) == server.orders(plain)
    server.begin(server.clip_ids(styled)[0])
    shown = api.get(f"/api/v1/sonic/task/{styled}").json()["data"]
    assert {clip["tags"] for clip in shown} == {"pop, dreamy, 96 bpm"}
    sung = send("/api/v1/sonic/replace-section", body | {"vocal_gender": "f", "title": "Anew"})
    assert [(order.brief.vocal_gender, order.brief.title) for order in server.orders(sung)] == [("f", "Anew")] * 2


@pytest.mark.parametrize("kind", ["cover", "mashup"])
def test_words_for_a_song_from_songs_are_written_of_a_brief(server, api, finished, another, send, refused, kind):
    path, body, _ = requests_on(finished, another)[kind]
    body |= {"prompt": "Two friends drive all night to see the sea", "auto_lyrics": True, "seed": 5}
    first, second = server.orders(send(path, body))
    assert "[Chorus]" in first.brief.lyrics
    assert body["prompt"] not in first.brief.lyrics
    assert first.brief.lyrics != second.brief.lyrics
    assert server.orders(send(path, body)) == [first, second]
    task_id = send(path, body)
    server.begin(server.clip_ids(task_id)[0])
    assert api.get(f"/api/v1/sonic/task/{task_id}").json()["data"][0]["lyrics"] == first.brief.lyrics
    (silent, _) = server.orders(send(path, body | {"make_instrumental": True}))
    assert (silent.brief.lyrics, silent.brief.instrumental) == ("", True)
    (played, _) = server.orders(send(path, body | {"tags": "instrumental, piano"}))
    assert played.brief.lyrics == ""
    for nothing in ({"prompt": None}, {"prompt": " "}):
        assert refused(path, body | nothing) == "'prompt' (a brief for the lyrics) is required with 'auto_lyrics'."


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"clip_id": None}, "clip_id"),
        ({"infill_start_s": None}, "infill_start_s"),
        ({"infill_end_s": None}, "infill_end_s"),
        ({"infill_lyrics": None}, "infill_lyrics"),
        ({"infill_lyrics": " "}, "infill_lyrics"),
        ({"infill_start_s": -0.1}, "infill_start_s"),
        ({"infill_end_s": 10}, "infill_end_s"),
        ({"infill_end_s": 97.33}, "infill_end_s"),
        ({"infill_lyrics": "l" * 5001}, "infill_lyrics"),
        ({"mv": "sonic-v4", "infill_lyrics": "l" * 3001}, "infill_lyrics"),
        ({"mv": "sonic-v4", "prompt": "l" * 3001}, "prompt"),
        ({"mv": "sonic-v4", "tags": "t" * 201}, "tags"),
    ],
)
def test_faulty_replacements_are_refused(finished, refused, changes, field):
    body = {"clip_id": finished, "infill_start_s": 10, "infill_end_s": 20, "infill_lyrics": "la"} | changes
    assert f"'{field}'" in refused("/api/v1/sonic/replace-section", body)


@pytest.mark.parametrize("length", [3000, 5000])
def test_new_words_may_be_as_long_as_the_model_allows(finished, send, length):
    mv = {3000: "sonic-v4", 5000: "sonic-v5"}[length]
    body = {"clip_id": finished, "infill_start_s": 1, "infill_end_s": 2, "infill_lyrics": "l" * length, "mv": mv}
    send("/api/v1/sonic/replace-section", body)


def test_the_older_addresses_of_sister_hosts_are_answered(api, finished, assert_refused):
    task_id = api.post("/api/v1/suno/create", json=WORDS).json()["task_id"]
    assert api.get(f"/api/v1/suno/task/{task_id}").status_code == 202
    assert api.post("/api/v1/suno/bpm", json={"clip_id": finished}).json()["data"]["avg_bpm"] > 0
    assert api.get(f"/get_music/{task_id}").status_code == 202
    text = assert_refused(api.get("/api/v1/suno/nothing"), 404, "not_found")
    assert "/api/v1/sonic/nothing" in text
