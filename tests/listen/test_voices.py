"""Voices: what glides and trembles is sung, what holds still is played."""

import numpy as np

from descant.listen.voices import evidence, voices

from . import sounds

TUNE = (60, 62, 64, 65, 67, 65, 64, 62)


def _tune(vibrato: float) -> sounds.Sound:
    notes = [(0.5 + 0.6 * i, sounds.tone(key, 0.58, vibrato=vibrato)) for i, key in enumerate(TUNE)]
    return sounds.placed(notes, 6.0)


def test_a_trembling_lead_is_a_voice_for_as_long_as_it_sounds() -> None:
    found = voices(_tune(0.6))
    assert len(found) == 1
    assert abs(found[0].start - 0.5) < 0.3
    assert abs(found[0].stop - 5.3) < 0.3


def test_a_lead_that_holds_its_pitch_is_no_voice() -> None:
    assert voices(_tune(0.0)) == ()


def test_silence_has_no_voice() -> None:
    found = voices(np.zeros((48_000, 2), np.float32))
    assert found == ()
    assert evidence(found).confidence == 0.0
