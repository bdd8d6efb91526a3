import pytest

from descant.compose import styles
from descant.compose.harmony import parse_progression
from descant.compose.leadsheet import read_sheet
from descant.edit.numerals import numeral, progression
from descant.edit.transposing import best_move, folded, in_mode, moved_to, sung_pitches
from descant.song.score import ChordSpan
from descant.song.theory import Key, parse_chord


@pytest.fixture
def sheet(song):
    return read_sheet(song("pop").plan, song("pop").score)


def test_everything_moves_together(sheet):
    moved = moved_to(sheet, 3, -1)
    assert moved.key.tonic == (sheet.key.tonic + 3) % 12
    assert sung_pitches(moved) == [pitch - 9 for pitch in sung_pitches(sheet)]
    assert [s.chord for s in moved.chords] == [s.chord.transposed(3) for s in sheet.chords]
    assert moved_to(moved, -3, 1) == sheet


@pytest.mark.parametrize("octave", [-12, 12])
def test_an_octave_is_the_nearest_key_for_a_voice_an_octave_away(sheet, octave):
    pitches = sung_pitches(sheet)
    span = (min(pitches) + octave - 2, max(pitches) + octave + 2)
    assert best_move(sheet, span, sum(span) // 2, None) == (0, octave // 12)


def test_a_key_changes_where_no_octave_fits(sheet):
    pitches = sung_pitches(sheet)
    span = (min(pitches) - 5, max(pitches) - 5)
    semitones, octaves = best_move(sheet, span, sum(span) // 2, None)
    assert all(span[0] <= pitch + semitones + 12 * octaves <= span[1] for pitch in pitches)


def test_major_turned_minor_and_back_is_the_same_song(sheet):
    minor = in_mode(sheet, "minor")
    assert minor.key == Key(sheet.key.tonic, "minor")
    again = in_mode(minor, "major")
    scale = sheet.key.scale
    for before, after in zip(sung_pitches(sheet), sung_pitches(again), strict=True):
        if before % 12 in scale:
            assert after == before
    diatonic = [s.chord.root for s in sheet.chords if s.chord.root in scale]
    assert diatonic == [a.chord.root for s, a in zip(sheet.chords, again.chords, strict=True) if s.chord.root in scale]


def test_folding_keeps_the_pitch_class():
    assert folded(40, 50, 70) == 52
    assert folded(90, 50, 70) == 66
    assert folded(60, 50, 70) == 60


def test_every_chord_of_every_style_survives_its_numeral():
    for name in styles.names():
        for table in styles.load(name).writing.progressions.values():
            for text, _ in (row for rows in table.values() for row in rows):
                for chord in (chord for bar in parse_progression(text, 3) for chord in bar):
                    ((again,),) = parse_progression(numeral(chord, 3), 3)
                    assert (again.root, again.quality, again.bass_pitch_class) == (
                        chord.root,
                        chord.quality,
                        chord.bass_pitch_class,
                    )


def test_bars_of_chords_become_a_progression():
    am, f, g = (parse_chord(name) for name in ("Am", "F", "G7"))
    bars = [[ChordSpan(0, 4, am)], [ChordSpan(0, 2, f), ChordSpan(2, 2, g)], [ChordSpan(0, 3, f), ChordSpan(3, 1, g)]]
    assert progression(bars, 4.0, 9) == "i bVI,bVII7 bVI,bVI,bVI,bVII7"
