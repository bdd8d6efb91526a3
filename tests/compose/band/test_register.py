from descant.compose.band.register import clear_low, tidy
from descant.song.score import Note


def test_notes_outside_the_range_move_by_octaves():
    assert [n.pitch for n in tidy([Note(0, 1, 30, 80), Note(1, 1, 100, 80)], 40, 84)] == [42, 76]


def test_a_pitch_struck_again_ends_before():
    first, second = tidy([Note(0, 2, 60, 80), Note(1, 1, 60, 80)], 40, 84)
    assert first.start + first.duration < second.start


def test_the_same_note_twice_at_once_is_one_note():
    assert len(tidy([Note(0, 1, 60, 80), Note(0, 1, 60, 70)], 40, 84)) == 1


def test_the_bass_keeps_its_note_and_others_make_room():
    parts = {
        "bass": [Note(0, 4, 40, 90)],
        "piano": [Note(1, 1, 43, 80), Note(2, 1, 47, 80)],
        "late": [Note(4, 1, 41, 80)],
    }
    cleared = clear_low(parts, ["bass", "piano", "late"])
    assert cleared["bass"] == parts["bass"]
    assert [n.pitch for n in cleared["piano"]] == [55, 47]
    assert cleared["late"] == parts["late"]
