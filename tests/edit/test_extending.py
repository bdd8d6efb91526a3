"""Extensions: what is carried on, what new words and tags bring, and where they begin."""

import pytest
import scores

from descant.edit.revising import revise
from descant.edit.revision import CannotEdit, Perform
from descant.song.brief import Brief
from descant.song.lyrics import SectionKind
from descant.song.orders import Extend
from descant.song.theory import Key
from descant.words.reading import INSTRUMENTAL_MARKER

NEW = """[Verse]
Autumn found me waiting by the water
Counting every lantern on the shore

[Chorus]

[Bridge]
If the river should forget me
I will follow evermore
"""
SONGS = ["pop", "rock", "waltz", "seven", "duet", "rap"]


def extended(source, voices, at, lyrics=NEW, tags="", seed=100, **more):
    return revise(Extend(Brief(seed=seed, lyrics=lyrics, tags=tags, **more), at), [source], voices)


def at_section(source, number):
    return source.score.seconds(source.score.sections[number].start)


@pytest.mark.parametrize("name", SONGS)
def test_new_words_are_all_sung_in_order(name, song, voices):
    source = song(name)
    revision = extended(source, voices, 0.7 * source.seconds)
    scores.check(revision.score)
    assert scores.lead_words(revision.score) == scores.words_of(revision.lyrics)
    assert len(revision.plan.sections) == len(revision.score.sections)


@pytest.mark.parametrize("name", ["pop", "rock", "waltz", "seven", "duet"])
def test_a_chorus_without_words_repeats_the_sources_note_for_note(name, song, voices):
    source = song(name)
    revision = extended(source, voices, at_section(source, len(source.score.sections) - 1))
    old = next(i for i, section in enumerate(source.score.sections) if section.kind is SectionKind.CHORUS)
    new = next(i for i, section in enumerate(revision.score.sections) if section.kind is SectionKind.CHORUS)
    before, after = source.score.sections[old], revision.score.sections[new]
    assert scores.tune(scores.in_section(revision.score, new), after.start) == scores.tune(
        scores.in_section(source.score, old), before.start
    )
    chords = [
        [(c.start - section.start, c.chord) for c in score.chords if 0 <= c.start - section.start < 16]
        for score, section in ((source.score, before), (revision.score, after))
    ]
    assert chords[0] == chords[1]


@pytest.mark.parametrize("name", SONGS)
def test_key_tempo_metre_voice_and_band_carry_on(name, song, voices):
    source = song(name)
    revision = extended(source, voices, at_section(source, 2))
    score = revision.score
    assert (score.key, score.metre) == (source.score.key, source.score.metre)
    assert score.tempo[0].bpm == source.score.tempo[0].bpm
    assert {part.voice for part in score.vocals} <= {part.voice for part in source.score.vocals} | {
        source.plan.backing_voice
    }
    assert revision.plan.instruments == source.plan.instruments
    assert revision.plan.mix == source.plan.mix
    assert revision.plan.genres == source.plan.genres


def test_repeating_the_sources_tags_changes_nothing(song, voices):
    source = song("pop")
    at = at_section(source, 3)
    same = extended(source, voices, at, tags=source.tags)
    assert same.plan.instruments == source.plan.instruments
    assert same.score.key == source.score.key
    assert same.plan.voice == source.plan.voice


def test_tags_change_tempo_and_key_from_the_join_on(song, voices):
    source = song("pop")
    revision = extended(source, voices, at_section(source, 3), tags="120 bpm, in D minor")
    assert revision.score.tempo[0].bpm == 120.0
    assert revision.score.key == Key(2, "minor")
    assert all(section.key == Key(2, "minor") for section in revision.score.sections)
    (take,) = revision.takes
    assert [change.bpm for change in take.score.tempo[:2]] == [104.0, 120.0]
    low, high = revision.plan.vocal_range
    assert all(low <= note.pitch <= high for p in scores.lead_phrases(revision.score) for note in p.notes)


def test_a_genre_changes_the_band_and_keeps_the_tempo(song, voices):
    source = song("pop")
    revision = extended(source, voices, at_section(source, 3), tags="bossa nova")
    assert revision.plan.genres[0][0] == "bossa_nova"
    assert revision.plan.instruments != source.plan.instruments
    assert revision.score.tempo[0].bpm == 104.0
    assert revision.plan.voice == source.plan.voice


def test_a_gender_changes_the_voice(song, voices):
    source = song("pop")
    revision = extended(source, voices, at_section(source, 3), vocal_gender="m")
    genders = {voice.name: voice.gender for voice in voices}
    assert genders[source.plan.voice] == "f"
    assert genders[revision.plan.voice] == "m"


def test_another_metre_is_refused_in_a_note(song, voices):
    source = song("pop")
    revision = extended(source, voices, at_section(source, 3), tags="waltz, 3/4")
    assert revision.score.metre == source.score.metre
    assert any("metre" in note for note in revision.plan.notes)


@pytest.mark.parametrize("name", SONGS)
def test_an_extension_begins_just_before_a_bar_line_and_is_performed_after_what_was(name, song, voices):
    source = song(name)
    at = 0.55 * source.seconds
    revision = extended(source, voices, at)
    (take,) = revision.takes
    assert isinstance(take, Perform)
    assert (take.balance, take.stop, take.seed) == (0, None, source.plan.seed)
    assert take.start == pytest.approx(revision.joined_at)
    join = source.score.tempo_map.beat(revision.joined_at + revision.score.lead_in - source.score.lead_in)
    bar = source.score.metre.bar_length
    assert join == pytest.approx(round(join / bar) * bar, abs=1e-3)
    assert abs(source.score.seconds(join) - at) <= 1.01 * bar * 60.0 / source.score.tempo[0].bpm
    assert 0.03 < revision.score.lead_in < bar * 60.0 / source.score.tempo[0].bpm + 1.5
    scores.check(take.score)
    for part in source.score.parts:
        played = next(p.notes for p in take.score.parts if p.name == part.name)
        assert [n for n in played if n.start < join - 8] == [n for n in part.notes if n.start < join - 8]
    assert take.sections_before == len(take.score.sections) - len(revision.score.sections)


def test_a_song_extended_from_its_last_seconds_goes_on_before_it_ends(song, voices):
    source = song("pop")
    revision = extended(source, voices, source.seconds)
    bar = source.score.metre.bar_length
    join = source.score.tempo_map.beat(revision.joined_at + revision.score.lead_in - source.score.lead_in)
    assert join <= source.score.length - bar + 1e-3


def test_a_faded_song_goes_on_from_before_its_fade(song, voices, made):
    faded = made(extended(song("pop"), voices, 40.0, tags="fade out"))
    assert faded.score.fade is not None
    revision = extended(faded, voices, faded.seconds - 1.0)
    assert revision.joined_at <= faded.score.seconds(faded.score.fade.start) + 0.01


def test_a_word_that_was_begun_is_sung_to_its_end(song, voices):
    source = song("pop")
    for number, at in enumerate((22.0, 25.5, 29.0, 47.3)):
        revision = extended(source, voices, at, seed=number)
        for phrase in scores.lead_phrases(revision.before):
            assert all(word.syllables for word in phrase.words)
            whole = next(p for p in scores.lead_phrases(source.score) if p.notes[0].start == phrase.notes[0].start)
            cut = len(phrase.words)
            assert phrase.words == whole.words[:cut]


def test_an_extension_of_an_extension_knows_the_first_songs_chorus(song, voices, made):
    source = song("rock")
    first = made(extended(source, voices, at_section(source, 3), lyrics="[Verse]\nOne more lantern on the water"))
    assert first.before is not None
    second = extended(first, voices, first.seconds - 8.0, lyrics="[Chorus]", seed=7)
    chorus = next(i for i, section in enumerate(second.score.sections) if section.kind is SectionKind.CHORUS)
    old = next(i for i, section in enumerate(source.score.sections) if section.kind is SectionKind.CHORUS)
    assert scores.tune(scores.in_section(second.score, chorus), second.score.sections[chorus].start) == scores.tune(
        scores.in_section(source.score, old), source.score.sections[old].start
    )
    scores.check(second.takes[0].score)


def test_without_words_new_ones_are_written_around_the_chorus(song, voices):
    source = song("pop")
    first = extended(source, voices, at_section(source, 3), lyrics="")
    second = extended(source, voices, at_section(source, 3), lyrics="", seed=101)
    assert "Carry me over, carry me on" in first.lyrics
    assert first.lyrics != second.lyrics
    assert scores.lead_words(first.score) == scores.words_of(first.lyrics)


def test_an_instrumental_goes_on_as_one(song, voices):
    source = song("instrumental")
    revision = extended(source, voices, 0.6 * source.seconds, lyrics="")
    scores.check(revision.score)
    assert revision.lyrics == INSTRUMENTAL_MARKER
    assert not revision.score.vocals
    assert revision.score.sections[0].kind is not SectionKind.INTRO
    assert {part.instrument for part in revision.score.parts} <= set(source.plan.instruments.values()) | {
        part.instrument for part in source.score.parts
    }


def test_an_instrumental_with_new_words_gets_a_voice(song, voices):
    source = song("instrumental")
    revision = extended(source, voices, 0.6 * source.seconds)
    assert revision.plan.voice
    assert scores.lead_words(revision.score) == scores.words_of(revision.lyrics)


def test_equal_orders_give_equal_revisions_and_other_seeds_others(song, voices):
    source = song("pop")
    assert extended(source, voices, 30.0) == extended(source, voices, 30.0)
    assert extended(source, voices, 30.0) != extended(source, voices, 30.0, seed=101)


@pytest.mark.parametrize("at", [0.0, -3.0, 1e6])
def test_a_time_outside_the_song_is_refused(at, song, voices):
    with pytest.raises(CannotEdit, match="inside it"):
        extended(song("pop"), voices, at)


def test_words_that_cannot_be_sung_are_refused(song, voices):
    with pytest.raises(CannotEdit, match="cannot be sung"):
        extended(song("pop"), voices, 30.0, lyrics="[Verse]\n???")
