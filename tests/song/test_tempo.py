import pytest
from hypothesis import given
from hypothesis import strategies as st

from descant.song.tempo import Metre, TempoChange, TempoMap


def test_each_tempo_counts_from_where_it_begins() -> None:
    tempo = TempoMap([TempoChange(0, 120), TempoChange(4, 60), TempoChange(6, 240)])
    assert [tempo.seconds(beat) for beat in (0, 2, 4, 5, 6, 10)] == [0, 1, 2, 3, 4, 5]
    assert [tempo.bpm(beat) for beat in (0, 3.9, 4, 7)] == [120, 120, 60, 240]


def test_a_pickup_extends_the_first_tempo_backwards() -> None:
    assert TempoMap([TempoChange(0, 60)]).seconds(-0.5) == -0.5


@given(st.floats(-2, 40))
def test_beats_come_back_from_seconds(beat: float) -> None:
    tempo = TempoMap([TempoChange(0, 97), TempoChange(7.5, 93), TempoChange(8, 131)])
    assert tempo.beat(tempo.seconds(beat)) == pytest.approx(beat, abs=1e-9)


@pytest.mark.parametrize(
    "changes", [[], [TempoChange(1, 90)], [TempoChange(0, 90), TempoChange(0, 80)]], ids=["none", "late", "twice"]
)
def test_maps_that_make_no_sense_are_refused(changes: list[TempoChange]) -> None:
    with pytest.raises(ValueError, match="tempo"):
        TempoMap(changes)


@pytest.mark.parametrize(("metre", "length"), [(Metre(4, 4), 4), (Metre(6, 8), 3), (Metre(3, 4), 3)])
def test_a_bar_is_counted_in_quarter_notes(metre: Metre, length: float) -> None:
    assert metre.bar_length == length
