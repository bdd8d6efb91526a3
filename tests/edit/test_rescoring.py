"""Sections changed by hand."""

from itertools import pairwise

import msgspec
import pytest
import scores

from descant.compose.leadsheet import read_sheet
from descant.edit.remaking import with_words
from descant.edit.revising import revise
from descant.edit.revision import CannotEdit, Keep, Perform
from descant.song.brief import Brief
from descant.song.orders import ChordChange, Extend, MelodyNote, Rescore, SectionEdit
from descant.song.theory import parse_chord


def rescored(source, *edits, seed=300):
    return revise(Rescore(seed, edits), [source], ())


def chords(*symbols, beats=4.0):
    return ChordChange(tuple((parse_chord(symbol), beats) for symbol in symbols))


@pytest.mark.parametrize("name", ["pop", "waltz", "seven", "duet", "instrumental"])
def test_new_chords_are_played_in_their_section_alone(name, song):
    source = song(name)
    revision = rescored(source, SectionEdit(1, chords=chords("Em", "C", "Am7", "D7")))
    scores.check(revision.score)
    scores.check_kept(source, revision)
    section = source.score.sections[1]
    end = section.start + section.bars * source.score.metre.bar_length
    new = [span for span in revision.score.chords if section.start <= span.start < end]
    assert [span.chord.symbol() for span in new[:4]] == ["Em", "C", "Am7", "D7"]
    assert new[0].start == section.start
    assert [s for s in revision.score.chords if s.start < section.start] == [
        s for s in source.score.chords if s.start < section.start
    ]
    assert [type(take) for take in revision.takes] == [Keep, Perform, Keep]


def test_the_melody_stays_but_where_it_clashes_hard(song, lead):
    source = song("pop")
    revision = rescored(source, SectionEdit(1, chords=chords("Eb", "Ab")))
    before, after = lead(source.score), lead(revision.score)
    assert [n.start for n in before] == [n.start for n in after]
    moved = [(old, new) for old, new in zip(before, after, strict=True) if old.pitch != new.pitch]
    section = revision.score.sections[1]
    end = section.start + section.bars * 4.0
    assert moved
    for old, new in moved:
        assert section.start - 1.0 <= old.start < end
        assert abs(new.pitch - old.pitch) <= 2
        assert old.duration >= 0.5
    same = rescored(source, SectionEdit(1, chords=chords("G", "Em")))
    assert len([1 for old, new in zip(before, lead(same.score), strict=True) if old.pitch != new.pitch]) < len(moved)


def test_new_words_are_sung_to_the_old_melody(song):
    source = song("pop")
    words = "Golden sand is falling through the hourglass\nEvery grain is shining like a star"
    revision = rescored(source, SectionEdit(1, lyrics=words))
    scores.check(revision.score)
    scores.check_kept(source, revision)
    new, old = scores.in_section(revision.score, 1), scores.in_section(source.score, 1)
    assert [word.spoken for phrase in new for word in phrase.words] == scores.words_of(words)
    assert [phrase.notes[0].start for phrase in new] == [phrase.notes[0].start for phrase in old[:2]]
    assert {n.pitch for n in new[1].notes} <= {n.pitch for n in old[1].notes}
    assert revision.plan.sections[1].lyrics.lines[0].text == "Golden sand is falling through the hourglass"
    assert words in revision.lyrics


def test_more_lines_than_the_melody_has_are_given_one(song):
    source = song("pop")
    words = "\n".join(
        ["Golden sand is falling", "Through the glass", "Silver rain is falling", "On the grass", "And away"]
    )
    revision = rescored(source, SectionEdit(1, lyrics=words))
    scores.check(revision.score)
    assert [w.spoken for p in scores.in_section(revision.score, 1) for w in p.words] == scores.words_of(words)


def test_a_new_melody_is_sung_to_the_sections_words(song):
    source = song("pop")
    tune = tuple(MelodyNote(0.5 * i, 0.5, 67 + (i // 4) % 3) for i in range(60))
    revision = rescored(source, SectionEdit(1, melody=tune))
    scores.check(revision.score)
    scores.check_kept(source, revision)
    new = scores.in_section(revision.score, 1)
    old = scores.in_section(source.score, 1)
    assert [w.spoken for p in new for w in p.words] == [w.spoken for p in old for w in p.words]
    asked = {n.start + source.score.sections[1].start: n.pitch for n in tune}
    for phrase in new:
        for note in phrase.notes:
            assert asked.get(note.start, note.pitch) == note.pitch


def test_a_melody_where_nobody_sings_is_played(song):
    source = song("pop")
    tune = tuple(MelodyNote(float(i), 1.0, 72 + i % 3) for i in range(8))
    revision = rescored(source, SectionEdit(0, melody=tune))
    scores.check(revision.score)
    played = [part for part in revision.score.parts if part.instrument == revision.plan.instruments["lead"]]
    notes = [n for n in played[-1].notes if n.start < 8.0]
    assert [n.start for n in notes] == [float(i) for i in range(8)]
    assert [b.pitch - a.pitch for a, b in pairwise(notes)] == [1, 1, -2, 1, 1, -2, 1]


def test_neighbouring_sections_are_performed_in_one_go(song):
    source = song("pop")
    revision = rescored(
        source, SectionEdit(2, chords=chords("Em", "C")), SectionEdit(1, lyrics="Golden sand is falling")
    )
    assert [type(take) for take in revision.takes] == [Keep, Perform, Keep]
    apart = rescored(source, SectionEdit(1, chords=chords("Em", "C")), SectionEdit(3, chords=chords("Em", "C")))
    assert [type(take) for take in apart.takes] == [Keep, Perform, Keep, Perform, Keep]
    scores.check_takes(apart)


def test_empty_lyrics_silence_the_section(song):
    source = song("pop")
    revision = rescored(source, SectionEdit(1, lyrics=""))
    scores.check(revision.score)
    assert not scores.in_section(revision.score, 1)


def test_a_melody_may_reach_a_rounding_over_its_section(song):
    source = song("pop")
    length = source.score.sections[0].bars * source.score.metre.bar_length
    scores.check(rescored(source, SectionEdit(0, melody=(MelodyNote(length - 2.0, 2.01, 72),))).score)
    with pytest.raises(CannotEdit, match="does not lie in it"):
        rescored(source, SectionEdit(0, melody=(MelodyNote(length - 2.0, 2.2, 72),)))


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        ((), "no change"),
        ((SectionEdit(1),), "nothing is to be changed"),
        ((SectionEdit(99, lyrics="x"),), "there is no section 99"),
        ((SectionEdit(1, lyrics="x"), SectionEdit(1, lyrics="y")), "changed once"),
        ((SectionEdit(1, chords=ChordChange(())),), "at least one chord"),
        ((SectionEdit(1, melody=()),), "no notes"),
        ((SectionEdit(1, melody=(MelodyNote(500.0, 1.0, 67),)),), "does not lie in it"),
        ((SectionEdit(1, melody=(MelodyNote(0.0, 1.0, 20),)),), "out of reach"),
        ((SectionEdit(1, melody=(MelodyNote(0.0, 1.0, 67),)),), "too few"),
        ((SectionEdit(1, lyrics="???"),), "cannot be sung"),
    ],
)
def test_changes_that_cannot_be_made_are_refused(edits, message, song):
    with pytest.raises(CannotEdit, match=message):
        rescored(song("pop"), *edits)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"chords": ChordChange(())}, "section 1: it needs at least one chord"),
        ({"melody": ()}, "section 1: its new melody has no notes"),
        ({"melody": (MelodyNote(500.0, 1.0, 67),)}, "section 1: it is .* beats long"),
        ({"lyrics": "???"}, "section 1: the new words cannot be sung"),
    ],
)
def test_refusals_count_an_extensions_own_sections(change, message, song, voices, made):
    source = song("pop")
    brief = Brief(seed=1, lyrics="[Verse]\nAutumn found me waiting by the water\n[Chorus]")
    extension = made(revise(Extend(brief, 0.6 * source.seconds), [source], voices))
    with pytest.raises(CannotEdit, match=message):
        rescored(extension, SectionEdit(1, **change))


def test_a_line_with_more_syllables_than_its_melody_has_room_for_is_refused(song):
    source = song("pop")
    sheet = read_sheet(source.plan, source.score)
    line = sheet.lines_of(1)[0].task.line
    long = msgspec.structs.replace(line, words=line.words * 5)
    with pytest.raises(CannotEdit, match=r"has 50 syllables; the melody of line 1 has room for \d+"):
        with_words(sheet, 1, [long])
