"""The melody: a lead in the middle, over chords at the sides."""

from itertools import pairwise

import numpy as np

from descant.listen.melody import contour, evidence, melody
from descant.listen.posteriors import FRAMES_PER_SECOND

from . import sounds

TUNE = ((0.5, 67), (1.0, 69), (1.5, 72), (2.0, 71), (2.5, 67))


def _song() -> sounds.Sound:
    lead = sounds.placed([(start, sounds.tone(key, 0.45, vibrato=0.2)) for start, key in TUNE], 3.5)
    chords = [(t, 0.4 * sounds.tone(key, 1.4, decay=1.5)) for t in (0.5, 2.0) for key in (48, 52, 55)]
    return lead + sounds.placed(chords, 3.5, side=0.1)


def test_the_lead_is_heard_note_by_note_over_chords_at_the_side() -> None:
    found = melody(_song())
    for start, pitch in TUNE:
        assert any(abs(note.start - start) < 0.06 and abs(note.pitch - pitch) < 0.4 for note in found), (start, pitch)
    assert len(found) <= 7
    assert all(note.stop <= after.start for note, after in pairwise(found))


def test_vibrato_stays_one_note_and_its_middle_is_its_pitch() -> None:
    found = melody(sounds.placed([(0.3, sounds.tone(64.2, 1.4, vibrato=0.3))], 2.0))
    assert len(found) == 1
    assert abs(found[0].pitch - 64.2) < 0.2


def test_the_contour_is_silent_where_nothing_sounds() -> None:
    track = contour(_song())
    assert (track.confidence[: round(0.4 * FRAMES_PER_SECOND)] == 0.0).all()


def test_silence_has_no_melody() -> None:
    found = melody(np.zeros((48_000, 2), np.float32))
    assert found == ()
    assert evidence(found).confidence == 0.0


def test_pitch_is_told_in_silent_frames_too() -> None:
    track = contour(_song())
    silent = track.confidence == 0.0
    assert silent.any()
    assert ((track.pitch[silent] > 35.0) & (track.pitch[silent] < 95.0)).all()
