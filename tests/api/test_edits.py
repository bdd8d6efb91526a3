"""Edits of the score over HTTP: chords as text, melodies, words."""

from itertools import pairwise

import pytest

from descant.song import orders
from descant.song.orders import ChordChange, MelodyNote, SectionEdit
from descant.song.theory import parse_chord

OVERLAPPING = [{"start": 0, "duration": 2, "pitch": 60}, {"start": 1, "duration": 1, "pitch": 62}]


@pytest.fixture
def edit(api, finished):
    """Send edits of a clip whose sections have 8 and 4 beats of 4/4."""
    return lambda *edits, **fields: api.post(f"/api/v1/clips/{finished}/edits", json={"edits": list(edits), **fields})


@pytest.fixture
def refused(edit, assert_refused):
    return lambda *edits, **fields: assert_refused(edit(*edits, **fields), 400, "bad_request")


def test_chords_melody_and_words_become_an_order(server, edit):
    melody = [{"start": 1, "duration": 0.5, "pitch": 67}, {"start": 0, "duration": 1, "pitch": 64}]
    answer = edit({"section": 0, "chords": "| C | Am  F/C | G7"}, {"section": 1, "melody": melody, "lyrics": "Go, go"})
    (order,) = server.orders(answer.json()["task_id"])
    c, am, f, g7 = (parse_chord(symbol) for symbol in ("C", "Am", "F/C", "G7"))
    assert order == orders.Rescore(
        order.seed,
        (
            SectionEdit(section=0, chords=ChordChange(((c, 4), (am, 2), (f, 2), (g7, 4)))),
            SectionEdit(section=1, melody=(MelodyNote(0, 1, 64), MelodyNote(1, 0.5, 67)), lyrics="Go, go"),
        ),
    )


@pytest.mark.parametrize("clip_id", ["nobody", "c" * 128, "c" * 129, "c" * 3000, "%00"])
def test_edits_of_a_clip_that_is_not_there_are_404_whatever_its_id(api, assert_refused, clip_id):
    answer = api.post(f"/api/v1/clips/{clip_id}/edits", json={"edits": [{"section": 0, "lyrics": "la"}]})
    assert len(assert_refused(answer, 404, "not_found")) < 200


def test_without_a_seed_the_song_is_performed_as_it_was(server, api, finished, edit):
    seed = api.get(f"/api/v1/clips/{finished}").json()["data"]["seed"]
    made = [edit({"section": 0, "lyrics": "la"}, **given).json()["task_id"] for given in ({}, {"seed": 5})]
    assert [server.orders(task_id)[0].seed for task_id in made] == [seed, 5]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"section": 2}, "changes nothing"),
        ({"section": 2, "lyrics": "la"}, "'edits.0.section' is 2, but the clip has 2 sections"),
        ({"section": -1, "lyrics": "la"}, "'edits.0.section' is -1, but must be at least 0."),
        ({"lyrics": "la"}, "'edits.0.section' is required."),
        ({"section": 0, "chords": "C | H"}, "'edits.0.chords', bar 2: 'H' is not a chord symbol"),
        ({"section": 0, "chords": "C | | G"}, "has 0 chords in bar 2"),
        ({"section": 0, "chords": "C C C C C C C C C"}, "has 9 chords in bar 1"),
        ({"section": 0, "chords": " "}, "'chords' of section 0 is empty"),
        ({"section": 0, "chords": "C" * 1001}, "'edits.0.chords' is 1,001 characters long"),
        ({"section": 0, "lyrics": ""}, "'lyrics' of section 0 is empty"),
        ({"section": 0, "lyrics": "l" * 3001}, "'edits.0.lyrics' is 3,001 characters long"),
        ({"section": 0, "lyrics": "a\0b"}, "without NUL"),
        ({"section": 0, "melody": []}, "'edits.0.melody' is [], but must be a list of at least 1."),
        ({"section": 0, "melody": [{"start": 0, "duration": 0, "pitch": 60}]}, "'edits.0.melody.0.duration'"),
        ({"section": 0, "melody": [{"start": 0, "duration": 1, "pitch": 128}]}, "'edits.0.melody.0.pitch'"),
        ({"section": 0, "melody": [{"start": -1, "duration": 1, "pitch": 60}]}, "'edits.0.melody.0.start'"),
        ({"section": 0, "melody": [{"start": 0, "duration": 9, "pitch": 60}]}, "ends at beat 9, but the section has 8"),
        ({"section": 0, "melody": OVERLAPPING}, "a note at beat 1, while the one before it lasts to 2"),
        (7, "'edits.0' is 7, but must be a JSON object."),
    ],
)
def test_edits_that_do_not_fit_the_score_are_refused_and_cost_nothing(refused, credits_left, change, text):
    before = credits_left()
    assert text in refused(change)
    assert credits_left() == before


def test_rounded_triplets_are_a_melody(server, edit):
    triplets = [MelodyNote(round(i * 2 / 3 + 0.004, 2), 0.67, 60 + i) for i in range(12)]
    assert any(note.start + note.duration > after.start for note, after in pairwise(triplets))
    assert triplets[-1].start + triplets[-1].duration > 8.0
    melody = [{"start": note.start, "duration": note.duration, "pitch": note.pitch} for note in triplets]
    (order,) = server.orders(edit({"section": 0, "melody": melody}).json()["task_id"])
    assert order.edits == (SectionEdit(0, melody=tuple(triplets)),)


def test_a_section_is_edited_once(refused):
    text = refused({"section": 0, "lyrics": "la"}, {"section": 0, "chords": "C"})
    assert text == "'edits.1.section' is 0, which another edit changes already."


def test_a_request_has_1_to_50_edits(api, finished, refused, assert_refused):
    assert "'edits'" in refused()
    assert "'edits'" in refused(*[{"section": 0, "lyrics": "la"}] * 51)
    assert "'edits'" in assert_refused(api.post(f"/api/v1/clips/{finished}/edits", json={}), 400, "bad_request")
