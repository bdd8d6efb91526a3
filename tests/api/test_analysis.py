"""Questions about finished clips: answered from the song document, paid for when answered, refused in words."""

import httpx
import pytest
from symusic import Score

PATHS = ("wav", "midi", "bpm", "aligned-lyrics", "vox", "stems/basic", "stems/full")
PRICES = {"wav": 1, "midi": 1, "bpm": 1, "aligned-lyrics": 1, "vox": 1, "stems/basic": 15, "stems/full": 75}

WRITTEN = {"confidence": 1.0, "method": "written"}
"""How what was not heard but written is known."""


@pytest.fixture
def ask(api):
    """Ask about a clip and return the answer's data."""

    def post(path: str, **body: object) -> dict[str, object]:
        answer = api.post(f"/api/v1/sonic/{path}", json=body)
        assert answer.status_code == 200, answer.text
        found = answer.json()
        assert set(found) == {"code", "data", "message"}
        assert (found["code"], found["message"]) == (200, "success")
        assert type(found["code"]) is int
        return dict(found["data"])

    return post


def test_wav_is_an_address_that_needs_no_key(ask, finished, contents):
    address = ask("wav", clip_id=finished)["wav_url"]
    answer = httpx.get(str(address))
    assert (answer.status_code, answer.content) == (200, contents["audio.wav"])
    assert answer.headers["content-type"] == "audio/wav"


def test_midi_holds_every_note_in_seconds_and_the_file_agrees(ask, finished, small_song):
    data = ask("midi", clip_id=finished)
    instruments = {entry["name"]: entry["notes"] for entry in data["instruments"]}
    assert list(instruments) == ["lead vocal", "harmony vocal", "piano", "kit"]
    assert instruments["piano"] == [
        {"start": 0.4, "end": 2.4, "pitch": 60, "velocity": 1.0},
        {"start": 4.41, "end": 8.41, "pitch": 55, "velocity": 0.5039},
    ]
    assert len(instruments["kit"]) == 12
    for notes in instruments.values():
        assert all(0 <= note["start"] < note["end"] <= small_song.seconds for note in notes)
        assert all(0 <= note["pitch"] <= 127 and 0 < note["velocity"] <= 1 for note in notes)
    file = Score.from_midi(httpx.get(data["midi_url"]).content).to("second")
    played = [track for track in file.tracks if len(track.notes)]  # the reader keeps lyrics in tracks of their own
    assert [track.name for track in played] == list(instruments)
    for track in played:
        starts = [note["start"] for note in instruments[track.name]]
        assert [note.start for note in track.notes] == pytest.approx(starts, abs=0.011)


def test_bpm_is_that_of_the_tempo_map(ask, finished):
    tempo = {"avg_bpm": 90.0, "max_bpm": 120.0, "min_bpm": 60.0, "alternatives": []}
    assert ask("bpm", clip_id=finished) == tempo | WRITTEN


def test_aligned_lyrics_are_the_lyrics_word_by_word(ask, finished, small_song):
    words = ask("aligned-lyrics", clip_id=finished)["alignment"]
    assert "".join(word["word"] for word in words) == small_song.lyrics
    assert words[0] == {"word": "[Verse]\nPaper ", "start_s": 0.4, "end_s": 0.9, "success": True, "p_align": 1.0}
    assert all(set(word) == {"word", "start_s", "end_s", "success", "p_align"} for word in words)


def test_aligned_lyrics_cost_once_for_a_clip(ask, finished, credits_left):
    before = credits_left()
    first = ask("aligned-lyrics", clip_id=finished)
    assert credits_left() == before - 1
    assert ask("aligned-lyrics", clip_id=finished) == first
    assert credits_left() == before - 1


@pytest.mark.parametrize("path", ["wav", "midi", "bpm", "vox"])
def test_other_questions_cost_each_time(ask, finished, credits_left, path):
    before = credits_left()
    ask(path, clip_id=finished)
    ask(path, clip_id=finished)
    assert credits_left() == before - 2


def test_vox_without_a_window_takes_the_singing_there_is(ask, finished):
    data = ask("vox", clip_id=finished)
    assert set(data) == {
        "vox_audio_id",
        "status",
        "source_clip_id",
        "vocal_start_s",
        "vocal_end_s",
        "wave_response",
        *WRITTEN,
    }
    assert data["source_clip_id"] == finished
    assert (data["vocal_start_s"], data["vocal_end_s"]) == (0.4, 9.0)


def test_vox_takes_the_window_that_is_asked_for(ask, finished):
    data = ask("vox", clip_id=finished, vocal_start_s=1, vocal_end_s=3.5)
    assert (data["vocal_start_s"], data["vocal_end_s"]) == (1.0, 3.5)


@pytest.mark.parametrize(
    ("window", "field"),
    [
        ({"vocal_start_s": 3, "vocal_end_s": 3}, "vocal_end_s"),
        ({"vocal_start_s": -1}, "vocal_start_s"),
        ({"vocal_start_s": 100}, "vocal_end_s"),
        ({"vocal_end_s": 100}, "vocal_end_s"),
        ({"vocal_start_s": 8.5, "vocal_end_s": 9}, "Nobody sings"),
        ({"vocal_start_s": "1"}, "vocal_start_s"),
    ],
)
def test_a_window_that_cannot_be_is_refused_and_free(api, finished, credits_left, assert_refused, window, field):
    before = credits_left()
    answer = api.post("/api/v1/sonic/vox", json={"clip_id": finished, **window})
    assert field in assert_refused(answer, 400, "bad_request")
    assert credits_left() == before


def test_an_instrumental_has_no_words_and_no_voice(server, api, ask, contents, small_song, assert_refused):
    import msgspec

    from descant.song import document

    song = msgspec.structs.replace(small_song, words=(), lyrics="[Instrumental]")
    clip_id = server.clip_ids(server.create({"custom_mode": True, "mv": "sonic-v5", "make_instrumental": True}))[0]
    server.finish(clip_id, contents | {"song.json": document.encode(song)})
    assert ask("aligned-lyrics", clip_id=clip_id) == {"alignment": []} | WRITTEN
    assert_refused(api.post("/api/v1/sonic/vox", json={"clip_id": clip_id}), 400, "bad_request")


@pytest.mark.parametrize("path", PATHS)
def test_a_clip_that_is_not_there_is_400_and_free(api, credits_left, assert_refused, path):
    before = credits_left()
    unknown = "00000000-0000-4000-8000-000000000000"
    text = assert_refused(api.post(f"/api/v1/sonic/{path}", json={"clip_id": unknown}), 400, "bad_request")
    assert unknown in text
    assert credits_left() == before


@pytest.mark.parametrize("path", PATHS)
def test_anothers_clip_answers_as_if_it_did_not_exist(server, api, finished, path):
    stranger = server.rules.accounts.create_key(credits=100, name="stranger").key
    mine = api.post(f"/api/v1/sonic/{path}", json={"clip_id": "00000000-0000-4000-8000-000000000000"})
    theirs = api.post(
        f"/api/v1/sonic/{path}", json={"clip_id": finished}, headers={"Authorization": f"Bearer {stranger}"}
    )
    assert theirs.status_code == mine.status_code == 400
    assert theirs.json()["message"].replace(finished, "") == mine.json()["message"].replace(
        "00000000-0000-4000-8000-000000000000", ""
    )


@pytest.mark.parametrize("path", PATHS)
def test_an_unfinished_a_failed_and_a_deleted_clip_say_so(
    server, api, song, contents, credits_left, assert_refused, path
):
    task_id = server.create(song)
    first, second = server.clip_ids(task_id)
    before = credits_left()

    def text(clip_id: str) -> str:
        return str(assert_refused(api.post(f"/api/v1/sonic/{path}", json={"clip_id": clip_id}), 400, "bad_request"))

    assert "'pending'" in text(first)
    claim = server.begin(first)
    assert "'running'" in text(first)
    server.finish(first, contents, claim)
    api.delete(f"/api/v1/clips/{first}")
    assert "deleted" in text(first)
    assert credits_left() == before
    server.fail(second, "The tale was too sad.")
    before = credits_left()
    assert "The tale was too sad." in text(second)
    assert credits_left() == before


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "body", [{}, {"clip_id": None}, {"clip_id": 7}, {"clip_id": "a" * 129}, {"clip_id": "a\0b"}, []]
)
def test_a_body_without_a_usable_clip_id_is_400(api, assert_refused, path, body):
    assert_refused(api.post(f"/api/v1/sonic/{path}", json=body), 400, "bad_request")


@pytest.mark.parametrize("path", [*PATHS, "lyrics", "upsample-tags"])
def test_every_operation_wants_a_key(server, assert_refused, path):
    answer = httpx.post(f"{server.settings.public_url}/api/v1/sonic/{path}", json={"clip_id": "x"})
    assert_refused(answer, 401, "unauthorized")


@pytest.mark.parametrize(("path", "price"), PRICES.items())
def test_without_credits_nothing_is_answered(server, api, contents, assert_refused, path, price):
    rules = server.rules
    key = rules.accounts.create_key(credits=15, name="poor")
    carried = {"Authorization": f"Bearer {key.key}"}
    made = api.post(
        "/api/v1/sonic/create", json={"custom_mode": True, "mv": "sonic-v5", "prompt": "la"}, headers=carried
    )
    account = rules.accounts.authenticate(key.key)
    clip_id = rules.tasks.read(account, made.json()["task_id"]).clips[0].id
    server.finish(clip_id, contents)
    answer = api.post(f"/api/v1/sonic/{path}", json={"clip_id": clip_id}, headers=carried)
    assert f"needs {price}" in assert_refused(answer, 403, "forbidden")
    rules.accounts.credit(key.id, price)
    assert api.post(f"/api/v1/sonic/{path}", json={"clip_id": clip_id}, headers=carried).status_code == 200
    assert rules.credits.balance(account).credits == 0


def test_a_clip_without_the_file_says_so_and_costs_nothing(server, api, song, contents, credits_left, assert_refused):
    clip_id = server.clip_ids(server.create(song))[0]
    server.finish(clip_id, {"audio.mp3": b"mp3"})
    before = credits_left()
    for path in PATHS:
        assert_refused(api.post(f"/api/v1/sonic/{path}", json={"clip_id": clip_id}), 400, "bad_request")
    assert credits_left() == before


def test_audio_is_downloaded_in_the_formats_asked_for(api, finished, credits_left):
    before = credits_left()
    answer = api.post("/api/v1/sonic/download", json={"clip_id": finished, "formats": ["mp3", "wav"]}).json()
    assert credits_left() == before - 2
    assert set(answer) == {"code", "data", "message"}
    files = [api.get(answer["data"][field]).content for field in ("mp3_url", "wav_url")]
    assert files == [b"ID3 mp3", b"RIFF wav"]
    answer = api.post("/api/v1/sonic/download", json={"clip_id": finished, "formats": ["mp3"]}).json()
    assert answer["data"]["wav_url"] is None
    assert credits_left() == before - 4
    api.post("/api/v1/sonic/download", json={"clip_id": finished, "formats": ["wav", "mp3"]})
    assert credits_left() == before - 4


@pytest.mark.parametrize("format", ["m4a", "flac", "opus", "mp3_320", "mp3_v0", "wav_16", "mp4"])
def test_further_formats_are_made_first(server, api, finished, credits_left, format):
    before = credits_left()
    request = {"clip_id": finished, "formats": [format, "mp3"]}
    for _ in range(2):
        answer = api.post("/api/v1/sonic/download", json=request)
        assert (answer.status_code, answer.json()["type"]) == (202, "not_ready")
    data = server.export(finished, format)
    answer = api.post("/api/v1/sonic/download", json=request).json()["data"]
    assert api.get(answer[f"{format}_url"]).content == data
    assert {field for field, url in answer.items() if url} == {f"{format}_url", "mp3_url"}
    assert credits_left() == before - 2


def test_a_clip_shows_its_video_once_it_was_made(server, api, finished):
    assert api.get(f"/api/v1/clips/{finished}").json()["data"]["video_url"] is None
    api.post("/api/v1/sonic/download", json={"clip_id": finished, "formats": ["mp4"]})
    data = server.export(finished, "mp4")
    url = api.get(f"/api/v1/clips/{finished}").json()["data"]["video_url"]
    answer = httpx.get(url, headers={"Range": "bytes=0-2"})
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (206, "video/mp4", data[:3])


@pytest.mark.parametrize("missing", ["mp3", "wav"])
def test_audio_that_is_not_there_is_not_sold(server, api, song, contents, assert_refused, credits_left, missing):
    clip_id = server.clip_ids(server.create(song))[0]
    server.finish(clip_id, {name: data for name, data in contents.items() if name != f"audio.{missing}"})
    before = credits_left()
    answer = api.post("/api/v1/sonic/download", json={"clip_id": clip_id, "formats": ["mp3", "wav"]})
    assert f"has no file 'audio.{missing}'" in assert_refused(answer, 400, "bad_request")
    assert credits_left() == before
    there = "wav" if missing == "mp3" else "mp3"
    assert api.post("/api/v1/sonic/download", json={"clip_id": clip_id, "formats": [there]}).status_code == 200


@pytest.mark.parametrize("formats", [None, [], "mp3", ["ogg"], ["mp3", "m4b"], ["mp3"] * 10])
def test_other_formats_are_refused(api, finished, assert_refused, formats):
    answer = api.post("/api/v1/sonic/download", json={"clip_id": finished, "formats": formats})
    assert "'formats" in assert_refused(answer, 400, "bad_request")


def test_the_audio_of_a_deleted_clip_is_gone(api, finished, assert_refused, credits_left):
    api.delete(f"/api/v1/clips/{finished}")
    before = credits_left()
    answer = api.post("/api/v1/sonic/download", json={"clip_id": finished, "formats": ["mp3"]})
    assert_refused(answer, 404, "not_found")
    assert credits_left() == before
