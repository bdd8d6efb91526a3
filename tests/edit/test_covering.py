from itertools import pairwise

import msgspec
import pytest

from descant.compose.leadsheet import read_sheet
from descant.edit.covering import cover
from descant.edit.revision import CannotEdit
from descant.song.brief import Brief
from descant.song.orders import Cover
from descant.song.persona import Persona
from descant.song.tempo import Metre
from descant.song.theory import Key

STYLES = ("", "bossa nova", "waltz", "metal", "drum and bass", "jazz", "folk, 6/8", "reggae, in D minor", "trap")
SUNG = ("pop", "rock", "waltz", "seven", "duet", "rap")


def intervals(notes):
    return [b.pitch - a.pitch for a, b in pairwise(notes)]


def words(score):
    return [phrase.text for part in score.vocals if part.role == "vocals" for phrase in part.phrases]


@pytest.mark.parametrize("faithfulness", [1.0, 0.2])
@pytest.mark.parametrize("tags", STYLES)
@pytest.mark.parametrize("name", [*SUNG, "instrumental"])
def test_covers_of_every_kind_are_whole_songs(name, tags, faithfulness, song, voices, check_whole):
    revision = cover(Cover(Brief(seed=11, tags=tags), faithfulness), [song(name)], voices)
    check_whole(revision)
    assert words(revision.score) == words(song(name).score)


@pytest.mark.parametrize("name", SUNG)
def test_a_faithful_cover_keeps_melody_chords_key_and_tempo(name, song, voices, lead):
    source = song(name)
    score = cover(Cover(Brief(seed=11), 1.0), [source], voices).score
    assert [(n.start, n.duration, n.pitch, n.word) for n in lead(score)] == [
        (n.start, n.duration, n.pitch, n.word) for n in lead(source.score)
    ]
    assert score.chords == source.score.chords
    assert score.key == source.score.key
    assert score.tempo[0] == source.score.tempo[0]
    assert score.parts != source.score.parts


def test_freer_covers_leave_the_melody_further(song, voices, lead):
    source = song("pop")
    own = {(n.start, n.pitch) for n in lead(source.score)}
    kept = []
    for faithfulness in (1.0, 0.7, 0.4, 0.0):
        notes = lead(cover(Cover(Brief(seed=11), faithfulness), [source], voices).score)
        kept.append(len(own & {(n.start, n.pitch) for n in notes}) / len(own))
    assert kept[0] == 1.0
    assert kept == sorted(kept, reverse=True)
    assert kept[-1] > 0.3


def test_a_style_gives_its_band_groove_and_metre(song, voices):
    source = song("pop")
    bossa = cover(Cover(Brief(seed=11, tags="bossa nova"), 0.7), [source], voices)
    assert bossa.plan.genres[0][0] == "bossa_nova"
    assert bossa.plan.mix == "jazz"
    assert "nylon_guitar" in {part.instrument for part in bossa.score.parts}
    waltz = cover(Cover(Brief(seed=11, tags="waltz"), 0.7), [source], voices)
    assert waltz.score.metre == Metre(3, 4)
    assert source.score.metre == Metre(4, 4)


def test_strong_beats_stay_strong_in_another_metre(song, voices, lead):
    source = song("pop")
    score = cover(Cover(Brief(seed=11, tags="waltz"), 1.0), [source], voices).score
    bar = score.metre.bar_length
    for old, new in zip(lead(source.score), lead(score), strict=True):
        if old.start % 4.0 == 0.0:
            assert new.start % bar == 0.0
        if old.start % 4.0 == 2.0:
            assert new.start % bar == 0.0


def test_a_tempo_asked_for_is_exact(song, voices):
    score = cover(Cover(Brief(seed=11, tags="house, 126 bpm"), 0.5), [song("pop")], voices).score
    assert score.tempo[0].bpm == 126.0


def test_a_slow_song_over_fast_beats_is_sung_at_half_their_speed(song, voices):
    source = song("instrumental")
    score = cover(Cover(Brief(seed=11, tags="drum and bass"), 0.9), [source], voices).score
    assert score.length == 2 * source.score.length
    assert score.tempo[0].bpm > 150


@pytest.mark.parametrize("faithfulness", [1.0, 0.3])
def test_a_key_asked_for_is_exact_and_moves_the_melody_whole(faithfulness, song, voices, lead):
    source = song("pop")
    score = cover(Cover(Brief(seed=11, tags="in A major"), faithfulness), [source], voices).score
    assert score.key == Key(9, "major")
    if faithfulness == 1.0:
        assert intervals(lead(score)) == intervals(lead(source.score))
        moves = {(n.pitch - o.pitch) % 12 for n, o in zip(lead(score), lead(source.score), strict=True)}
        assert moves == {2}
        assert [s.chord.root for s in score.chords] == [(s.chord.root + 2) % 12 for s in source.score.chords]


def test_a_minor_cover_keeps_degrees_and_functions(song, voices, lead):
    source = song("pop")
    score = cover(Cover(Brief(seed=11, tags="in G minor"), 1.0), [source], voices).score
    major, minor = Key(7, "major").scale, Key(7, "minor").scale
    assert score.key == Key(7, "minor")
    for old, new in zip(lead(source.score), lead(score), strict=True):
        if old.pitch % 12 in major:
            assert new.pitch % 12 == minor[major.index(old.pitch % 12)]
    tonics = [n.chord.quality for o, n in zip(source.score.chords, score.chords, strict=True) if o.chord.root == 7]
    assert all(quality.startswith("m") for quality in tonics)


@pytest.mark.parametrize("name", ["pop", "rock", "waltz", "seven"])
def test_another_voice_sings_in_its_range(name, song, voices, lead):
    source = song(name)
    own = next(voice for voice in voices if voice.name == source.plan.voice)
    other = "m" if own.gender == "f" else "f"
    revision = cover(Cover(Brief(seed=11, vocal_gender=other), 1.0), [source], voices)
    voice = next(voice for voice in voices if voice.name == revision.plan.voice)
    assert voice.gender == other
    pitches = [note.pitch for note in lead(revision.score)]
    assert voice.low <= min(pitches)
    assert max(pitches) <= voice.high
    assert intervals(lead(revision.score)) == intervals(lead(source.score))


def test_the_same_gender_keeps_the_same_singer(song, voices):
    source = song("rock")
    assert cover(Cover(Brief(seed=11, vocal_gender="m")), [source], voices).plan.voice == source.plan.voice


def test_a_persona_sings_the_cover(song, voices, lead):
    persona = Persona(voice="clara", centre=66, range=(57, 76))
    revision = cover(Cover(Brief(seed=11, persona=persona, vocal_gender="m"), 1.0), [song("rock")], voices)
    assert revision.plan.voice == "clara"
    assert {part.voice for part in revision.score.vocals if part.role == "vocals"} == {"clara"}
    assert all(55 <= note.pitch <= 79 for note in lead(revision.score))
    assert any("left aside" in note for note in revision.plan.notes)


NEW = """[Verse 1]
Golden light is leaving on the railway
Nobody is waiting for the train
Somewhere in the valley there's a whistle
Calling all the summer back again

[Chorus]
Tell me a story, tell me it's true
Over the mountain, coming for you
Tell me a story, sing me to sleep
All the little promises we keep

[Verse 2]
Copper coins are lying on the table
All the empty glasses in a row
Every chair is waiting for a stranger
Every door is telling me to go

[Chorus]
Tell me a story, tell me it's true
Over the mountain, coming for you
Tell me a story, sing me to sleep
All the little promises we keep
"""


def test_new_words_are_sung_to_the_melody_in_its_form(song, voices, lead, check_whole):
    source = song("pop")
    revision = cover(Cover(Brief(seed=11, lyrics=NEW), 1.0), [source], voices)
    check_whole(revision)
    assert [(s.kind, s.bars) for s in revision.score.sections] == [(s.kind, s.bars) for s in source.score.sections]
    old = {(n.start, n.pitch) for n in lead(source.score)}
    new = {(n.start, n.pitch) for n in lead(revision.score)}
    assert len(old & new) / len(old) > 0.8
    assert "Golden light is leaving on the railway" in words(revision.score)
    assert revision.lyrics == NEW


@pytest.mark.parametrize("name", [*SUNG, "instrumental"])
@pytest.mark.parametrize(
    "lyrics",
    [
        "[Verse]\nShort one\n",
        "[Chorus]\n" + "A line that goes on with many more syllables than anybody ever wrote before it\n" * 6,
        "Just some words without any tags\nAnd a second line of them\n\nAnother stanza here\nWith two",
        "[Intro]\n[Verse]\nOne two three four five\nSix (six)\n[Solo]\n[Bridge]\nHold\n"
        "[Chorus]\nOh, oh (oh)\n(All along)\n",
    ],
)
def test_any_words_find_room(name, lyrics, song, voices, check_whole):
    for faithfulness in (1.0, 0.3):
        revision = cover(Cover(Brief(seed=11, lyrics=lyrics), faithfulness), [song(name)], voices)
        check_whole(revision)
        assert revision.score.vocals


def test_an_instrumental_cover_plays_the_sung_melody(song, voices, lead, check_whole):
    source = song("pop")
    revision = cover(Cover(Brief(seed=11, tags="jazz", instrumental=True), 1.0), [source], voices)
    check_whole(revision)
    assert revision.score.vocals == ()
    assert revision.lyrics == "[Instrumental]"
    preset = revision.plan.instruments["lead"]
    tune = [note for part in revision.score.parts if part.instrument == preset for note in part.notes]
    ratio = revision.score.length / source.score.length
    played = {(note.start, note.pitch % 12) for note in tune}
    sung = [(note.start * ratio, note.pitch % 12) for note in lead(source.score)]
    assert sum(note in played for note in sung) / len(sung) > 0.9


def test_a_duet_stays_one(song, voices):
    source = song("duet")
    revision = cover(Cover(Brief(seed=11, tags="soul"), 0.7), [source], voices)
    singers = [{p.voice for p in s.vocals if p.role == "vocals"} for s in (source.score, revision.score)]
    assert len(singers[0]) == 2
    assert singers[0] == singers[1]


def test_choruses_of_a_free_cover_stay_one_chorus(song, voices):
    score = cover(Cover(Brief(seed=11, tags="bossa nova"), 0.2), [song("pop")], voices).score
    (part,) = [part for part in score.vocals if part.name == "lead vocal"]
    starts = {i: section.start for i, section in enumerate(score.sections) if section.kind == "chorus"}
    sung = {
        i: [(n.start - start, n.pitch) for p in part.phrases if p.section == i for n in p.notes]
        for i, start in starts.items()
    }
    first, second = sung.values()
    assert len(set(first) & set(second)) / len(first) > 0.8


def test_the_same_order_gives_the_same_revision_and_another_seed_another(song, voices):
    order = Cover(Brief(seed=11, tags="bossa nova"), 0.5)
    other = Cover(Brief(seed=12, tags="bossa nova"), 0.5)
    first, again, third = (cover(o, [song("pop")], voices) for o in (order, order, other))
    assert msgspec.json.encode(first) == msgspec.json.encode(again)
    assert first.score != third.score


def test_covers_can_be_covered(song, voices, finished, lead):
    source = song("pop")
    once = finished(cover(Cover(Brief(seed=11, tags="jazz"), 1.0), [source], voices))
    twice = cover(Cover(Brief(seed=12, tags="pop"), 1.0), [once], voices).score
    assert intervals(lead(twice)) == intervals(lead(source.score))


@pytest.mark.parametrize("tags", ["metal", "rock", "punk", "jazz", "house"])
def test_the_tune_of_an_instrumental_outlives_two_covers(tags, song, voices, finished):
    source = song("instrumental")
    once = finished(cover(Cover(Brief(seed=11, tags=tags), 1.0), [source], voices))
    back = cover(Cover(Brief(seed=12, tags="lo-fi hip hop, 84 bpm"), 1.0), [once], voices)
    tunes = []
    for plan, score in ((source.plan, source.score), (back.plan, back.score)):
        notes = [n.pitch for themes in read_sheet(plan, score).themes for n in themes]
        tunes.append([(b - a) % 12 for a, b in pairwise(notes)])
    alike = sum(a == b for a, b in zip(*tunes, strict=False)) / len(tunes[0])
    assert alike > 0.5
    assert abs(len(tunes[0]) - len(tunes[1])) < 0.35 * len(tunes[0])


def test_orders_that_cannot_be_kept_say_why(song, voices):
    with pytest.raises(CannotEdit, match="starts from 1 song; 2 given"):
        cover(Cover(Brief(seed=1)), [song("pop"), song("rock")], voices)
    with pytest.raises(CannotEdit, match="faithfulness is 2"):
        cover(Cover(Brief(seed=1), 2.0), [song("pop")], voices)
    with pytest.raises(CannotEdit, match="nothing to sing"):
        cover(Cover(Brief(seed=1, lyrics="[Verse]\n[Chorus]")), [song("pop")], voices)
    with pytest.raises(CannotEdit, match="not installed"):
        cover(Cover(Brief(seed=1, persona=Persona("nobody", 60, (50, 70)))), [song("pop")], voices)


def test_a_cover_is_sped_up_to_last_no_longer_than_it_may(song, voices):
    source = song("pop")
    longest = source.score.seconds(source.score.length) - 8.0
    revision = cover(Cover(Brief(seed=11, max_seconds=longest), 1.0), [source], voices)
    assert source.plan.bpm < revision.plan.bpm < 1.3 * source.plan.bpm
    assert longest - 4.0 < revision.score.seconds(revision.score.length) <= longest
    assert f"the tempo was raised to {revision.plan.bpm:g} bpm to keep the song within {longest:g} s" in (
        revision.plan.notes
    )
    short = cover(Cover(Brief(seed=11), 1.0), [source], voices)
    assert not any("tempo was raised" in note for note in short.plan.notes)


@pytest.mark.parametrize(("tags", "tempo"), [("60 bpm", "60 bpm"), ("waltz", "[0-9.]+ bpm")])
def test_a_cover_that_lasts_too_long_at_any_tempo_it_may_have_is_refused(tags, tempo, song, voices):
    with pytest.raises(CannotEdit, match=rf"at {tempo} the song would last \d+ s, longer than the 40 s it may"):
        cover(Cover(Brief(seed=11, tags=tags, max_seconds=40.0), 0.7), [song("pop")], voices)


def test_a_tempo_asked_for_is_kept_where_the_cover_lasts_no_longer_than_it_may(song, voices):
    brief = Brief(seed=11, tags="100 bpm", max_seconds=120.0)
    assert cover(Cover(brief, 0.7), [song("pop")], voices).plan.bpm == 100.0
