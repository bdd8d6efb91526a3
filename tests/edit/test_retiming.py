import pytest

from descant.compose.leadsheet import read_sheet
from descant.edit.retiming import choose, retimed, stretches
from descant.song.tempo import Metre

METRES = [Metre(*pair) for pair in ((4, 4), (3, 4), (6, 8), (12, 8), (5, 4), (7, 8), (2, 4))]


@pytest.mark.parametrize("new", METRES)
@pytest.mark.parametrize("old", METRES)
def test_bars_fill_whole_bars_in_order(old, new):
    for stretch in stretches(old, new):
        slots, after = round(4 * old.bar_length), round(4 * new.bar_length)
        places = [stretch.slot(slot) for slot in range(3 * slots + 1)]
        assert places == sorted(places)
        for bar in range(4):
            assert stretch.slot(bar * slots) == bar * stretch.bars * after


def test_a_metre_onto_itself_moves_nothing():
    for metre in METRES:
        assert stretches(metre, metre)[0].is_identity


def test_every_second_beat_of_four_becomes_the_third_of_a_waltz():
    _, long = stretches(Metre(4, 4), Metre(3, 4))
    assert [long.slot(slot) for slot in (0, 4, 8, 12)] == [0, 8, 12, 20]


def test_eighths_become_long_and_short_in_compound_time_and_three_three_two_on_the_way_back():
    forth = stretches(Metre(4, 4), Metre(12, 8))[0]
    assert [forth.slot(slot) for slot in (0, 2, 4, 6)] == [0, 4, 6, 10]
    back = stretches(Metre(6, 8), Metre(4, 4))[0]
    assert [back.slot(slot) for slot in (0, 2, 4, 6)] == [0, 3, 6, 8]


def test_the_pace_is_kept_as_far_as_the_tempo_range_allows(song):
    sheet = read_sheet(song("pop").plan, song("pop").score)
    same, bpm = choose(sheet, sheet.metre, 90, 120)
    assert (same.bars, bpm) == (1, sheet.bpm)
    doubled, bpm = choose(sheet, sheet.metre, 165, 185)
    assert doubled.bars == 2
    assert 165 <= bpm <= 185


@pytest.mark.parametrize("metre", METRES)
@pytest.mark.parametrize("name", ["pop", "waltz", "seven", "duet"])
def test_retimed_songs_keep_their_notes_in_order_on_the_grid(name, metre, song):
    sheet = read_sheet(song(name).plan, song(name).score)
    stretch, bpm = choose(sheet, metre, 60, 200)
    moved = retimed(sheet, stretch, bpm)
    assert moved.metre == metre
    assert moved.length == sum(s.bars for s in moved.sections) * metre.bar_length
    assert [line.pitches for line in moved.lead] == [line.pitches for line in sheet.lead]
    for line in moved.lead:
        for n in range(1, len(line.onsets)):
            assert line.onsets[n - 1] + line.lengths[n - 1] <= line.onsets[n]
    assert moved.chords[-1].start + moved.chords[-1].duration == pytest.approx(moved.length)
