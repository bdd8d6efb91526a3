import numpy as np

from descant.compose.band.expression import expressed
from descant.compose.band.instruments import Instrument
from descant.song.score import Note, Role
from descant.song.streams import stream

GUITAR = Instrument(Role.GUITAR, "driven", 40, 86, scoop=150.0, vibrato=22.0)
ORGAN = Instrument(Role.KEYBOARD, "sustain", 36, 90)


def line(count: int, duration: float, rest: float = 0.0) -> list[Note]:
    return [Note(i * (duration + rest), duration, 60 + i % 5, 90) for i in range(count)]


def rng():
    return stream(1, "test")


def test_held_notes_shake_and_short_ones_do_not():
    assert all(12 <= note.vibrato <= 22 for note in expressed(line(20, 1.5), GUITAR, rng()))
    assert all(note.vibrato == 0 for note in expressed(line(20, 0.75), GUITAR, rng()))


def test_phrases_are_scooped_into_more_often_than_what_follows_in_them():
    inside = [note.scoop > 0 for note in expressed(line(400, 1.0), GUITAR, rng())]
    opening = [note.scoop > 0 for note in expressed(line(400, 1.0, rest=1.0), GUITAR, rng())]
    assert 0.1 < np.mean(inside) < 0.27
    assert 0.4 < np.mean(opening) < 0.6


def test_there_is_no_time_to_scoop_into_short_notes():
    assert all(note.scoop == 0 for note in expressed(line(50, 0.25, rest=1.0), GUITAR, rng()))


def test_an_instrument_that_does_neither_plays_what_is_written():
    notes = line(20, 1.5, rest=0.5)
    assert expressed(notes, ORGAN, rng()) == notes


def test_how_deep_one_goes_does_not_move_where_one_does():
    deeper = Instrument(Role.GUITAR, "driven", 40, 86, scoop=200.0)
    places = [[note.scoop > 0 for note in expressed(line(60, 1.0), one, rng())] for one in (GUITAR, deeper)]
    assert places[0] == places[1]
