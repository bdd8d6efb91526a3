import msgspec
import pytest

from descant.edit.covering import cover
from descant.edit.mashing import mashup
from descant.edit.revision import CannotEdit
from descant.song.brief import Brief
from descant.song.orders import Cover, Mashup
from descant.song.theory import Key

NAMES = ("pop", "rock", "waltz", "seven", "duet", "rap", "instrumental")


@pytest.mark.parametrize("band", NAMES)
@pytest.mark.parametrize("sung", NAMES)
def test_any_two_songs_make_a_whole_song(sung, band, song, voices, check_whole):
    revision = mashup(Mashup(Brief(seed=21)), [song(sung), song(band)], voices)
    check_whole(revision)
    has_voice = bool(song(sung).score.vocals or song(band).score.vocals)
    assert bool(revision.score.vocals) == has_voice


def test_voices_of_the_first_stand_over_the_band_of_the_second(song, voices):
    first, second = song("pop"), song("rock")
    revision = mashup(Mashup(Brief(seed=21)), [first, second], voices)
    assert revision.plan.voice == first.plan.voice
    assert revision.plan.instruments == second.plan.instruments
    assert revision.plan.genres == second.plan.genres
    assert revision.plan.mix == second.plan.mix
    assert revision.lyrics == first.lyrics
    assert [s.kind for s in revision.score.sections] == [s.kind for s in first.score.sections]
    assert {p.instrument for p in revision.score.parts} <= set(second.plan.instruments.values()) | {
        p.instrument for p in second.score.parts
    }


def test_tempo_is_the_bands_or_a_little_towards_the_voices(song, voices):
    first, second = song("pop"), song("rock")
    bpm = mashup(Mashup(Brief(seed=21)), [first, second], voices).plan.bpm
    assert 0.92 * second.plan.bpm <= bpm <= second.plan.bpm
    asked = mashup(Mashup(Brief(seed=21, tags="120 bpm")), [first, second], voices).plan
    assert asked.bpm == 120.0
    assert asked.genres == second.plan.genres


def test_the_melody_moves_as_a_whole_into_the_bands_key(song, voices, lead):
    first, second = song("pop"), song("rock")
    score = mashup(Mashup(Brief(seed=21)), [first, second], voices).score
    moves = {new.pitch - old.pitch for old, new in zip(lead(first.score), lead(score), strict=True)}
    assert len(moves) == 1
    scale = set(score.key.scale)
    assert sum(note.pitch % 12 in scale for note in lead(score)) / len(lead(score)) > 0.9
    assert abs((score.key.tonic - second.score.key.tonic + 6) % 12 - 6) <= 3


def test_a_key_asked_for_is_exact(song, voices):
    score = mashup(Mashup(Brief(seed=21, tags="in C# minor")), [song("pop"), song("rock")], voices).score
    assert score.key == Key(1, "minor")


def test_the_bands_chords_carry_most_bars_and_clash_with_no_long_note(song, voices, lead):
    for first, second in (("pop", "rock"), ("rock", "duet"), ("duet", "pop")):
        score = mashup(Mashup(Brief(seed=21)), [song(first), song(second)], voices).score
        sounding = [
            (n, span.chord)
            for n in lead(score)
            if n.duration >= 1.0
            for span in score.chords
            if span.start <= n.start < span.start + span.duration
        ]
        rubs = [(n.pitch - pc) % 12 == 1 for n, chord in sounding for pc in chord.pitch_classes[:3]]
        assert sum(rubs) / len(sounding) < 0.1


def test_the_only_sung_one_of_two_gives_the_voices(song, voices):
    revision = mashup(Mashup(Brief(seed=21)), [song("instrumental"), song("pop")], voices)
    assert revision.plan.voice == song("pop").plan.voice
    assert revision.plan.instruments == song("instrumental").plan.instruments
    assert any("only" in note for note in revision.plan.notes)


def test_two_instrumentals_put_the_melody_of_the_first_over_the_band_of_the_second(song, voices, finished):
    first = song("instrumental")
    brief = Brief(seed=2, instrumental=True, tags="jazz")
    second = finished(cover(Cover(brief), [song("pop")], voices))
    revision = mashup(Mashup(Brief(seed=21)), [first, second], voices)
    assert revision.score.vocals == ()
    assert revision.plan.genres == second.plan.genres
    assert revision.plan.instruments["lead"] in {part.instrument for part in revision.score.parts}


def test_new_words_are_sung(song, voices, check_whole):
    brief = Brief(seed=21, lyrics="[Verse]\nHello to the morning\nHello to the day\n[Chorus]\nSing it out\nSing away")
    revision = mashup(Mashup(brief), [song("pop"), song("rock")], voices)
    check_whole(revision)
    assert "Hello to the morning" in {p.text for part in revision.score.vocals for p in part.phrases}


def test_the_same_order_gives_the_same_revision(song, voices):
    songs = [song("pop"), song("waltz")]
    first, again = (mashup(Mashup(Brief(seed=21)), songs, voices) for _ in range(2))
    assert msgspec.json.encode(first) == msgspec.json.encode(again)


def test_it_takes_two(song, voices):
    with pytest.raises(CannotEdit, match="a mashup starts from 2 songs; 1 given"):
        mashup(Mashup(Brief(seed=1)), [song("pop")], voices)


def test_a_mashup_is_sped_up_to_last_no_longer_than_it_may(song, voices):
    songs = [song("rock"), song("pop")]
    score = mashup(Mashup(Brief(seed=21)), songs, voices).score
    longest = score.seconds(score.length) - 6.0
    revision = mashup(Mashup(Brief(seed=21, max_seconds=longest)), songs, voices)
    assert revision.score.seconds(revision.score.length) <= longest
    assert any("tempo was raised" in note for note in revision.plan.notes)
    with pytest.raises(CannotEdit, match="longer than the 30 s it may"):
        mashup(Mashup(Brief(seed=21, max_seconds=30.0)), songs, voices)
    with pytest.raises(CannotEdit, match="at 70 bpm the song would last"):
        mashup(Mashup(Brief(seed=21, tags="70 bpm", max_seconds=longest)), songs, voices)
