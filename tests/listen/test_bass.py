"""The bass line: the lowest voice, under a band."""

from itertools import pairwise

import numpy as np

from descant.listen.bass import bass, evidence

from . import sounds

LINE = ((0.5, 36), (1.0, 36), (1.5, 43), (2.0, 41), (2.5, 38), (3.0, 31))


def test_the_lowest_line_is_heard_under_chords() -> None:
    low = [(start, sounds.tone(pitch, 0.48, decay=1.5)) for start, pitch in LINE]
    chords = [(start, 0.5 * sounds.tone(key, 0.95, decay=2.0)) for start in (0.5, 1.5, 2.5) for key in (60, 64, 67)]
    found = bass(sounds.placed(low + chords, 4.0))
    for start, pitch in LINE:
        assert any(abs(note.start - start) < 0.06 and round(note.pitch) == pitch for note in found), (start, pitch)
    assert len(found) <= 8
    assert all(note.stop <= after.start for note, after in pairwise(found))


def test_silence_has_no_bass() -> None:
    found = bass(np.zeros((48_000, 2), np.float32))
    assert found == ()
    assert evidence(found).confidence == 0.0


def test_what_goes_on_sounding_while_the_bass_rests_is_no_bass() -> None:
    low = [(0.5 + i, sounds.tone(36, 0.45, decay=1.5)) for i in range(5)]
    held = [(0.2, 0.5 * sounds.tone(45, 5.5))]
    found = bass(sounds.placed(low + held, 6.0))
    starts = [note.start for note in found if round(note.pitch) == 36]
    assert all(min(abs(start - (0.5 + i)) for start in starts) < 0.06 for i in range(5))
    assert len([note for note in found if round(note.pitch) == 45]) <= 1
