from itertools import pairwise

import msgspec
import pytest
import symusic

from descant.engines.score.engine import write
from descant.media import midi
from descant.perform.instruments import presets
from descant.song.brief import Brief
from descant.song.score import Note, Part, Role


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


def test_notes_stand_where_they_are_performed(score, file):
    (begins, *piano), (played,) = notes(file, "piano")[0], score.parts[0].notes
    assert piano == [2.0, 60, 80]
    assert seconds(file, begins) == pytest.approx(score.performed(played)[0], abs=0.002)
    assert notes(file, "kit") == [(1.0, 0.25, 36, 100), (2.0, 0.25, 38, 90)]
    assert [n[2] for n in notes(file, "lead")] == [67, 69, 71, 72, 74]


def test_a_note_played_early_ends_the_one_of_its_pitch_before_it(score):
    early, late = Note(4.0, 1.0, 60, 90, shift=0.02), Note(5.0, 1.0, 60, 90, shift=-0.01)
    part = Part("guitar", Role.GUITAR, "clean_guitar", (early, late))
    read = symusic.Score.from_midi(midi.encode(msgspec.structs.replace(score, parts=(part,))))
    begun = [(time, time + length) for time, length, *_ in notes(read, "guitar")]
    for note, (time, _) in zip((early, late), begun, strict=True):
        assert seconds(read, time) == pytest.approx(score.performed(note)[0], abs=0.002)
    assert begun[0][1] <= begun[1][0]


def test_its_time_line_is_that_of_the_audio(score, file):
    for note in score.vocals[0].phrases[0].notes:
        at = next(n[0] for n in notes(file, "lead") if n[2] == note.pitch)
        assert seconds(file, at) == pytest.approx(max(score.performed(note)[0], 0.0), abs=0.002)


def test_a_scoop_is_a_bend_that_comes_home_and_vibrato_turns_the_wheel(score):
    note = Note(4.0, 2.0, 60, 90, scoop=100.0, vibrato=20.0)
    part = Part("lead guitar", Role.GUITAR, "overdriven_guitar", (note, Note(6.0, 1.0, 62, 90)))
    bent = symusic.Score.from_midi(midi.encode(msgspec.structs.replace(score, parts=(part,))))
    track = next(track for track in bent.tracks if track.name == "lead guitar")
    begins = track.notes[0].time
    bends = [(bend.time, bend.value) for bend in track.pitch_bends]
    assert bends[0] == (begins, -4096)
    assert [value for _, value in bends] == sorted(value for _, value in bends)
    assert bends[-1][1] == 0
    assert seconds(bent, bends[-1][0] / midi.TICKS) - seconds(bent, begins / midi.TICKS) == pytest.approx(0.1, abs=0.01)
    wheel = [(turn.time, turn.value) for turn in track.controls if turn.number == 1]
    assert wheel == [(begins + midi.TICKS // 2, 51), (begins + 2 * midi.TICKS, 0)]


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


def test_every_instrument_has_a_program(score):
    known = midi.PROGRAMS | midi.KITS
    assert [name for name in presets.names() if name not in known] == []
    assert all(0 <= program <= 127 for program in known.values())


def test_pitched_percussion_is_no_drum_and_one_kit_serves_all_drums(score):
    parts = (
        Part("percussion", Role.PERCUSSION, "percussion", (Note(0.0, 0.25, 54, 90),)),
        Part("kit", Role.DRUMS, "jazz_kit", (Note(0.0, 0.25, 36, 90),)),
        Part("vibes", Role.PERCUSSION, "vibraphone", (Note(0.0, 1.0, 72, 90),)),
    )
    band = symusic.Score.from_midi(midi.encode(msgspec.structs.replace(score, vocals=(), parts=parts)))
    sounds = {t.name: (t.program, t.is_drum) for t in band.tracks if len(t.notes)}
    assert sounds == {"percussion": (32, True), "kit": (32, True), "vibes": (11, False)}


def test_a_written_song_comes_back_whole():
    words = "[Verse]\nPaper boats are drifting out of view (out of view)\n[Chorus]\nPaper boats, oh, paper boats"
    _, _, song = write(Brief(seed=7, lyrics=words, tags="piano ballad, in Ab major, 70 bpm"))
    read = symusic.Score.from_midi(midi.encode(song))
    counts = {t.name: len(t.notes) for t in read.tracks if len(t.notes)}
    assert counts == {p.name: len(p.notes) for p in song.parts} | {
        v.name: sum(len(phrase.notes) for phrase in v.phrases) for v in song.vocals
    }
    lyrics = {t.name: "".join(event.text for event in t.lyrics) for t in read.tracks if len(t.lyrics)}
    sung = {v.name: [w for p in v.phrases for w in p.words] for v in song.vocals}
    assert {name: len(text.split()) for name, text in lyrics.items()} == {n: len(w) for n, w in sung.items()}
    assert [m.text for m in read.markers] == [section.label for section in song.sections]
    assert [t.qpm for t in read.tempos][1:] == pytest.approx([change.bpm for change in song.tempo], abs=0.01)
    assert [(k.key, k.tonality) for k in read.key_signatures] == [(-4, 0)]


def test_the_pedal_goes_down_and_up(file):
    piano = next(track for track in file.tracks if track.name == "piano")
    assert [(c.time / midi.TICKS, c.number, c.value) for c in piano.controls] == [(1.0, 64, 127), (4.5, 64, 0)]


def test_without_a_lead_in_beat_0_is_tick_0(score):
    bare = symusic.Score.from_midi(midi.encode(msgspec.structs.replace(score, lead_in=0.0)))
    assert bare.tempos[0].time == 0
    assert notes(bare, "piano")[0][0] == pytest.approx(score.parts[0].notes[0].shift * 96 / 60, abs=1 / midi.TICKS)


def test_equal_scores_give_equal_bytes(score):
    assert midi.encode(score) == midi.encode(score)
