import pytest

from descant.compose import harmony
from descant.song.theory import Chord, Key, parse_chord


@pytest.mark.parametrize(
    ("numeral", "symbol"),
    [
        ("I", "C"),
        ("vi", "Am"),
        ("bVII", "Bb"),
        ("iv", "Fm"),
        ("V/7", "G/B"),
        ("ii7", "Dm7"),
        ("IVmaj7", "Fmaj7"),
        ("VI7", "A7"),
        ("viio", "Bdim"),
    ],
)
def test_numerals_name_chords_above_the_tonic(numeral, symbol):
    assert harmony.parse_numeral(numeral, 0) == parse_chord(symbol)


def test_an_unknown_numeral_is_refused():
    with pytest.raises(ValueError, match="Roman numeral"):
        harmony.parse_numeral("H7", 0)


def test_commas_part_chords_inside_a_bar():
    bars = harmony.parse_progression("ii7,V7 Imaj7", 0)
    assert [len(bar) for bar in bars] == [2, 1]


def test_a_progression_repeats_over_more_bars_than_it_has():
    bars = harmony.over_bars(harmony.parse_progression("I V vi IV", 0), 6)
    assert [bar[0].root for bar in bars] == [0, 7, 9, 5, 0, 7]


def test_a_half_cadence_leaves_the_phrase_on_the_dominant_side():
    bars = harmony.with_half_cadence(list(harmony.parse_progression("I IV I I", 2)), Key(2, "major"))
    assert bars[-1][-1] == Chord(9)


def test_the_closing_tonic_keeps_the_mode():
    assert harmony.tonic_chord(Key(9, "minor"), "add9") == Chord(9, "madd9")
    assert harmony.tonic_chord(Key(0, "major"), "add9") == Chord(0, "add9")


def test_a_phrygian_dominant_song_comes_home_from_the_flat_second():
    key = Key(4, "phrygian dominant")
    assert not key.is_minor
    assert harmony.tonic_chord(key) == Chord(4)
    assert harmony.dominant(key) == Chord(5)
    assert harmony.subdominant(key) == Chord(9, "m")
    bars = harmony.parse_progression("iv bIII bII I", 4)
    assert harmony.with_half_cadence(list(bars), key)[-1] == (Chord(4), Chord(5))
