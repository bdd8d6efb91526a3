"""Notes: struck keys are found where and as long as they sound."""

from itertools import pairwise

import numpy as np

from descant.listen.notes import evidence, notes

from . import sounds

CHORDS = ((0.5, (60, 64, 67)), (1.5, (57, 60, 64)), (2.5, (65, 69, 72)), (3.5, (55, 59, 62)))


def _heard() -> set[tuple[float, int]]:
    played = [(start, sounds.tone(pitch, 0.9, decay=2.0)) for start, chord in CHORDS for pitch in chord]
    return {(note.start, round(note.pitch)) for note in notes(sounds.placed(played, 5.0))}


def test_chords_are_heard_note_by_note_where_they_are_struck() -> None:
    heard = _heard()
    for start, chord in CHORDS:
        for pitch in chord:
            assert any(abs(at - start) < 0.05 and key == pitch for at, key in heard), (start, pitch)
    assert len(heard) <= 15


def test_a_key_struck_again_is_two_notes() -> None:
    played = [(t, sounds.tone(62, 0.45, decay=3.0)) for t in (0.5, 1.0, 1.5)]
    heard = [note for note in notes(sounds.placed(played, 2.5)) if round(note.pitch) == 62]
    np.testing.assert_allclose([note.start for note in heard], (0.5, 1.0, 1.5), atol=0.05)
    assert all(note.stop <= after.start for note, after in pairwise(heard))


def test_silence_has_no_notes_and_no_certainty() -> None:
    found = notes(np.zeros((48_000, 2), np.float32))
    assert found == ()
    assert evidence(found).confidence == 0.0


def test_the_same_sound_gives_the_same_notes() -> None:
    assert _heard() == _heard()
