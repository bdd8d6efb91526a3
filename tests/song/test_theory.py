import pytest

from descant.song.theory import Chord, Key, nearest_step, parse_chord, parse_pitch_class


@pytest.mark.parametrize(
    ("key", "scale"),
    [
        (Key(0, "major"), (0, 2, 4, 5, 7, 9, 11)),
        (Key(9, "minor"), (9, 11, 0, 2, 4, 5, 7)),
        (Key(2, "dorian"), (2, 4, 5, 7, 9, 11, 0)),
    ],
)
def test_scale_rises_from_the_tonic(key: Key, scale: tuple[int, ...]) -> None:
    assert key.scale == scale


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (Key(3, "major"), "Eb major"),
        (Key(6, "minor"), "F# minor"),
        (Key(7, "minor"), "G minor"),
        (Key(0, "minor"), "C minor"),
        (Key(10, "minor"), "Bb minor"),
        (Key(2, "mixolydian"), "D mixolydian"),
    ],
)
def test_keys_are_spelled_as_people_write_them(key: Key, name: str) -> None:
    assert key.name == name


@pytest.mark.parametrize("mode", ["major", "minor", "dorian", "phrygian", "lydian", "mixolydian"])
def test_relative_major_shares_the_scale(mode: str) -> None:
    for tonic in range(12):
        key = Key(tonic, mode)
        assert set(Key(key.relative_major, "major").scale) == set(key.scale)


@pytest.mark.parametrize(
    ("symbol", "chord"),
    [
        ("C", Chord(0)),
        ("F#m7", Chord(6, "m7")),
        ("Bbmaj7/D", Chord(10, "maj7", 2)),
        ("E♭m", Chord(3, "m")),
        ("Gsus", Chord(7, "sus4")),
        ("Bø", Chord(11, "m7b5")),
    ],
)
def test_chord_symbols_are_read(symbol: str, chord: Chord) -> None:
    assert parse_chord(symbol) == chord


@pytest.mark.parametrize("symbol", ["H", "Cfoo", "", "am"])
def test_what_is_no_chord_is_refused(symbol: str) -> None:
    with pytest.raises(ValueError, match="chord"):
        parse_chord(symbol)


def test_note_names_ignore_case_and_sign_style() -> None:
    assert [parse_pitch_class(text) for text in ("f#", "F♯", "gb", "B♭", "cb")] == [6, 6, 6, 10, 11]
    with pytest.raises(ValueError, match="'H' is not a note name"):
        parse_pitch_class("H")


def test_transposing_moves_root_and_bass() -> None:
    assert Chord(11, "m7", 2).transposed(3) == Chord(2, "m7", 5)
    assert Chord(2, "m", 5).symbol() == "Dm/F"


def test_the_nearest_step_goes_up_by_a_tritone_at_most():
    assert [nearest_step(0, tonic) for tonic in range(12)] == [0, 1, 2, 3, 4, 5, 6, -5, -4, -3, -2, -1]
    assert nearest_step(11, 0) == 1
