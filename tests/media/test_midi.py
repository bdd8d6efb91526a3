from itertools import pairwise

import msgspec
import pytest
import symusic

from descant.media import midi


@pytest.fixture(scope="module")
def file(score):
    return symusic.Score.from_midi(midi.encode(score))


def notes(file, name):
    return [
        (n.time / midi.TICKS, n.duration / midi.TICKS, n.pitch, n.velocity)
        for track in file.tracks
        if track.name == name
        for n in track.notes
    ]


def seconds(file, beat):
    """Seconds of a file's beat by its own tempo map."""
    tempos = [*file.tempos, None]
    total = 0.0
    for tempo, after in pairwise(tempos):
        stop = beat if after is None else min(beat, after.time / midi.TICKS)
        total += max(0.0, stop - tempo.time / midi.TICKS) * 60 / tempo.qpm
    return total


def test_notes_stand_where_they_are_written(file):
    assert notes(file, "piano") == [(1.0, 2.0, 60, 80)]
    assert notes(file, "kit") == [(1.0, 0.25, 36, 100), (2.0, 0.25, 38, 90)]
    assert [n[2] for n in notes(file, "lead")] == [67, 69, 71, 72, 74]


def test_its_time_line_is_that_of_the_audio(score, file):
    for note in score.vocals[0].phrases[0].notes:
        at = next(n[0] for n in notes(file, "lead") if n[2] == note.pitch)
        assert seconds(file, at) == pytest.approx(max(score.seconds(note.start), 0.0), abs=0.002)


def test_a_syllable_is_written_once_however_many_notes_it_has(score):
    data = midi.encode(score)
    at = [data.index(b"\xff\x05" + bytes([len(text)]) + text) for text in (b"the ", b"wa-", b"ter ", b"falls ")]
    assert at == sorted(at)
    assert data.count(b"\xff\x05") == 4


def test_metre_key_and_sections_are_marked(file):
    assert [(t.numerator, t.denominator) for t in file.time_signatures] == [(1, 4), (4, 4)]
    assert [(k.key, k.tonality) for k in file.key_signatures] == [(6, 1), (6, 0)]
    assert [(m.time / midi.TICKS, m.text) for m in file.markers] == [(1.0, "Verse 1"), (9.0, "Chorus")]


def test_drums_are_drums_and_sounds_have_programs(file):
    sounds = {t.name: (t.program, t.is_drum) for t in file.tracks if len(t.notes)}
    assert sounds == {"lead": (52, False), "piano": (0, False), "kit": (40, True)}


def test_the_pedal_goes_down_and_up(file):
    piano = next(track for track in file.tracks if track.name == "piano")
    assert [(c.time / midi.TICKS, c.number, c.value) for c in piano.controls] == [(1.0, 64, 127), (4.5, 64, 0)]


def test_without_a_lead_in_beat_0_is_tick_0(score):
    bare = symusic.Score.from_midi(midi.encode(msgspec.structs.replace(score, lead_in=0.0)))
    assert notes(bare, "piano")[0][0] == 0.0


def test_equal_scores_give_equal_bytes(score):
    assert midi.encode(score) == midi.encode(score)
