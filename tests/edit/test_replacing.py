"""Replaced stretches: what is new in them, and that nothing else changed."""

import pytest
import scores
from test_joining import with_words

from descant.edit.revising import revise
from descant.edit.revision import CannotEdit, Keep, Perform
from descant.song.brief import Brief
from descant.song.lyrics import SectionKind
from descant.song.orders import Extend, Replace
from descant.words.reading import INSTRUMENTAL_MARKER

TWO = "Lanterns on the water in the morning\nEvery one is burning for the sea"
FOUR = f"{TWO}\nNobody is waiting in the harbour\nNobody remembers only me"
SONGS = ["pop", "rock", "waltz", "seven", "duet", "rap"]


def replaced(source, voices, start, stop, lyrics=TWO, seed=200, **more):
    return revise(Replace(Brief(seed=seed, lyrics=lyrics, **more), start, stop), [source], voices)


def section_times(source, number):
    section, score = source.score.sections[number], source.score
    return score.seconds(section.start), score.seconds(section.start + section.bars * score.metre.bar_length)


@pytest.mark.parametrize("name", SONGS)
def test_outside_the_window_every_note_is_as_it_was(name, song, voices):
    source = song(name)
    revision = replaced(source, voices, *section_times(source, 1), lyrics=FOUR)
    scores.check(revision.score)
    scores.check_kept(source, revision)
    kept, performed, again = revision.takes
    assert isinstance(kept, Keep)
    assert isinstance(performed, Perform)
    assert isinstance(again, Keep)
    assert kept.stop == pytest.approx(performed.start)
    assert performed.stop == pytest.approx(again.start)
    assert (performed.balance, performed.seed, performed.score) == (0, source.plan.seed, revision.score)
    assert again.stop == source.seconds


@pytest.mark.parametrize("name", SONGS)
def test_the_new_words_are_sung_in_the_window_with_a_new_melody(name, song, voices):
    source = song(name)
    start, stop = section_times(source, 1)
    revision = replaced(source, voices, start, stop, lyrics=FOUR)
    new = scores.in_section(revision.score, 1)
    assert [word.spoken for phrase in new for word in phrase.words] == scores.words_of(FOUR)
    first, last = revision.score.performed(new[0].notes[0])[0], revision.score.performed(new[-1].notes[-1])[1]
    assert start - 1.0 < first
    assert last < stop + 0.5
    assert scores.lead_words(revision.score) == scores.words_of(revision.lyrics)
    assert revision.score.chords == source.score.chords
    assert revision.score.length == source.score.length


def test_a_window_inside_a_section_replaces_the_lines_it_covers(song, voices):
    source = song("pop")
    section = source.score.sections[1]
    bar = source.score.metre.bar_length
    start, stop = (source.score.seconds(section.start + n * bar) for n in (2.2, 3.7))
    revision = replaced(source, voices, start, stop, lyrics="Every little lantern on the water")
    scores.check(revision.score)
    scores.check_kept(source, revision)
    assert revision.score.sections == source.score.sections
    lines = [line.text for line in revision.plan.sections[1].lyrics.lines]
    assert lines == [
        "Silver rain is falling on the window",
        "Every little lantern on the water",
        "Somewhere in the harbour there's a lantern",
        "Burning for the memory of me",
    ]


def test_tags_bring_sections_of_their_own(song, voices):
    source = song("pop")
    verse, chorus = section_times(source, 3), section_times(source, 4)
    chorus_words = "[Chorus]\nCarry me over, carry me on\nOver the water, into the dawn"
    words = f"[Bridge]\nHold the light and hold it higher\n{chorus_words}"
    revision = replaced(source, voices, verse[0], chorus[1], lyrics=words)
    scores.check(revision.score)
    scores.check_kept(source, revision)
    kinds = [section.kind for section in revision.score.sections]
    assert kinds[3:5] == [SectionKind.BRIDGE, SectionKind.CHORUS]
    assert kinds[:3] == [section.kind for section in source.score.sections[:3]]
    assert revision.score.length == source.score.length
    old, new = scores.in_section(source.score, 2), scores.in_section(revision.score, 4)
    assert [note.pitch for note in new[0].notes] == [note.pitch for note in old[0].notes]


@pytest.mark.parametrize("name", ["pop", "instrumental"])
def test_a_window_without_words_is_played(name, song, voices):
    source = song(name)
    revision = replaced(source, voices, *section_times(source, 1), lyrics="")
    scores.check(revision.score)
    scores.check_kept(source, revision)
    assert not scores.in_section(revision.score, 1)
    other = replaced(source, voices, *section_times(source, 1), lyrics="", seed=201)
    assert other.score != revision.score
    section = source.score.sections[1]
    end = section.start + section.bars * source.score.metre.bar_length

    def played(score):
        return [(n.start, n.pitch) for p in score.parts for n in p.notes if section.start <= n.start < end]

    assert played(revision.score) != played(source.score)
    if name == "instrumental":
        assert revision.lyrics == INSTRUMENTAL_MARKER


def test_an_instrumental_gets_a_voice_for_new_words(song, voices):
    source = song("instrumental")
    revision = replaced(source, voices, *section_times(source, 1))
    scores.check(revision.score)
    assert revision.plan.voice
    assert scores.lead_words(revision.score) == scores.words_of(TWO)


def test_many_words_are_set_denser_and_too_many_are_refused(song, voices):
    source = song("pop")
    start, stop = section_times(source, 1)
    dense = "\n".join(["Every single little lantern on the harbour"] * 6)
    revision = replaced(source, voices, start, stop, lyrics=dense)
    assert revision.score.length == source.score.length
    assert [w.spoken for p in scores.in_section(revision.score, 1) for w in p.words] == scores.words_of(dense)
    with pytest.raises(CannotEdit, match=r"144 syllables do not fit into 8 bars .* about \d+ do"):
        replaced(source, voices, start, stop, lyrics="\n".join([dense, dense]))


def test_the_end_of_a_song_can_be_replaced(song, voices):
    source = song("pop")
    last = next(
        i for i in reversed(range(len(source.score.sections))) if source.score.sections[i].kind is SectionKind.CHORUS
    )
    revision = replaced(source, voices, section_times(source, last)[0], source.seconds, lyrics=FOUR)
    scores.check(revision.score)
    assert revision.takes[-1].stop is None
    assert isinstance(revision.takes[-1], Perform)


def test_a_stretch_of_an_extension_can_be_replaced(song, voices, made):
    source = song("rock")
    at = source.score.seconds(source.score.sections[3].start)
    words = "[Verse]\nAutumn found me waiting by the water\n[Chorus]\n[Verse]\nWinter found me waiting by the sea"
    extension = made(revise(Extend(Brief(seed=1, lyrics=words, tags="120 bpm"), at), [source], voices))
    revision = replaced(extension, voices, *section_times(extension, 1), lyrics=TWO)
    scores.check(revision.score)
    scores.check_kept(extension, revision)
    performed = next(take for take in revision.takes if isinstance(take, Perform))
    assert performed.sections_before == len(extension.before.sections)
    assert revision.before == extension.before
    assert revision.joined_at == extension.joined_at
    outside = [part for part in extension.score.parts if part.name not in {p.name for p in revision.score.parts}]
    assert not outside


def test_kept_words_stand_where_they_are_sung(song, voices):
    source = with_words(song("pop"))
    revision = replaced(
        source, voices, *section_times(source, 1), lyrics="[Bridge]\nHold the light\n[Verse]\nHold it higher"
    )
    for word in revision.words:
        phrase = scores.in_section(revision.score, word.section)
        assert any(word.text in [other.text for other in line.words] for line in phrase)


@pytest.mark.parametrize(("start", "stop"), [(20.0, 10.0), (-1.0, 10.0), (10.0, 10.0), (1e6, 2e6)])
def test_a_window_that_is_none_is_refused(start, stop, song, voices):
    with pytest.raises(CannotEdit):
        replaced(song("pop"), voices, start, stop)


def test_words_that_cannot_be_sung_are_refused(song, voices):
    with pytest.raises(CannotEdit, match="cannot be sung"):
        replaced(song("pop"), voices, 20.0, 30.0, lyrics="???")
