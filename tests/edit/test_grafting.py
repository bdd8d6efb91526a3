"""Scores cut and joined."""

import msgspec
import pytest
import scores

from descant.edit import grafting
from descant.song.score import Note, Part, Pedal, Role, Swell
from descant.song.tempo import Metre


@pytest.mark.parametrize("name", ["pop", "waltz", "seven", "duet", "instrumental"])
def test_a_song_cut_in_two_and_joined_is_the_song(name, song):
    score = song(name).score
    at = score.sections[2].start
    whole = grafting.joined(grafting.until(score, at), grafting.since(score, at))
    scores.check(whole)
    assert (whole.sections, whole.chords, whole.tempo) == (score.sections, score.chords, score.tempo)
    assert scores.lead_phrases(whole) == scores.lead_phrases(score)
    assert {part.name for part in whole.parts} == {part.name for part in score.parts}
    for part in whole.parts:
        old = next(other for other in score.parts if other.name == part.name)
        assert [(n.start, n.pitch) for n in part.notes] == [(n.start, n.pitch) for n in old.notes]


def test_moving_a_score_there_and_back_leaves_it(song):
    score = song("pop").score
    back = grafting.shifted(grafting.shifted(score, 16.0, 1.0), -16.0, score.lead_in)
    assert scores.lead_phrases(back) == scores.lead_phrases(score)
    assert (back.sections, back.chords, back.tempo, back.length) == (
        score.sections,
        score.chords,
        score.tempo,
        score.length,
    )
    for old, new in zip(score.parts, back.parts, strict=True):
        assert [n.start for n in new.notes] == pytest.approx([n.start for n in old.notes])


def test_a_held_note_a_pedal_and_a_swell_end_at_the_cut(song):
    score = song("pop").score
    held = Part(
        "held",
        Role.SYNTH,
        "warm_pad",
        (Note(14.0, 6.0, 60, 80),),
        (Pedal(12.0, 18.0),),
        (Swell(8.0, -8.0), Swell(24.0, 0.0)),
    )
    score = msgspec.structs.replace(score, parts=(held,))
    before = grafting.until(score, 16.0).parts[0]
    assert before.notes[0].duration == 2.0
    assert before.pedals == (Pedal(12.0, 16.0),)
    assert before.swells[-1].level == pytest.approx(-4.0, abs=0.1)
    later = msgspec.structs.replace(score, parts=(msgspec.structs.replace(held, notes=(Note(16.0, 1.0, 60, 80),)),))
    after = grafting.since(later, 16.0).parts[0]
    assert after.pedals == (Pedal(16.0, 18.0),)
    assert after.swells[0] == Swell(16.0, pytest.approx(-4.0))


def test_another_players_part_of_the_same_name_stays_apart(song):
    score = song("pop").score
    at = score.sections[2].start
    first, second = grafting.until(score, at), grafting.since(score, at)
    other = msgspec.structs.replace(second.parts[0], instrument="celesta", role=Role.SYNTH)
    whole = grafting.joined(first, msgspec.structs.replace(second, parts=(other,)))
    names = [part.name for part in whole.parts]
    assert len(set(names)) == len(names)
    assert any(part.instrument == "celesta" for part in whole.parts)


def test_songs_of_two_metres_are_not_joined(song):
    score = song("pop").score
    with pytest.raises(ValueError, match="4/4 cannot go on in 3/4"):
        grafting.joined(score, msgspec.structs.replace(score, metre=Metre(3, 4)))
