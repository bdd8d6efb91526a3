from itertools import pairwise

import pytest

from descant.compose.band.voicing import Place, voice
from descant.song.theory import QUALITIES, Chord

LOOP = [
    Chord(0),
    Chord(7),
    Chord(9, "m"),
    Chord(5),
    Chord(2, "m7"),
    Chord(7, "sus4"),
    Chord(0, "add9"),
    Chord(5, "maj7"),
]


@pytest.mark.parametrize("quality", QUALITIES)
@pytest.mark.parametrize("voices", [2, 3, 4])
def test_every_quality_is_voiced_with_its_own_notes_and_its_third(quality, voices):
    chord = Chord(4, quality)
    (pitches,) = voice([Place(chord)], voices, 48, 70)
    assert 2 <= len(pitches) <= voices
    assert {p % 12 for p in pitches} <= set(chord.pitch_classes)
    thirds = [s for s in QUALITIES[quality] if s in (2, 3, 4, 5)]
    if thirds:
        assert (4 + thirds[0]) % 12 in {p % 12 for p in pitches}


def test_voices_move_two_semitones_or_less_on_average():
    places = [Place(chord) for chord in LOOP * 3]
    voicings = voice(places, 4, 48, 70)
    moved = [sum(abs(a - b) for a, b in zip(x, y, strict=True)) / 4 for x, y in pairwise(voicings) if len(x) == len(y)]
    assert sum(moved) / len(moved) <= 2.0


def test_nothing_below_c3_is_closer_than_a_fourth():
    for voicing in voice([Place(chord, 36, 52) for chord in LOOP], 4, 40, 72):
        assert all(b - a >= 5 for a, b in pairwise(voicing) if b < 48)


def test_the_top_stays_under_a_ceiling_that_leaves_room():
    for voicing in voice([Place(chord, 36, 60) for chord in LOOP], 4, 45, 72):
        assert voicing[-1] <= 60


def test_a_hand_that_is_full_leaves_the_root_to_the_bass():
    (pitches,) = voice([Place(Chord(2, "m9"), 38)], 3, 50, 69)
    assert 2 not in {p % 12 for p in pitches}


def test_nothing_to_voice_gives_nothing():
    assert voice([], 3, 48, 70) == []
