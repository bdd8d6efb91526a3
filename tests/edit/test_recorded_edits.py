"""Recordings taken the same road as songs: extended, joined, covered, sampled, mended, refused where nothing can be."""

from collections.abc import Callable, Sequence

import msgspec
import pytest
from transcriptions import heard_of, slowing

from descant.edit.heard import carrying
from descant.edit.recordings import has_recording, song_of
from descant.edit.revising import revise
from descant.edit.revision import CannotEdit, Keep, Perform, Polish, Revision
from descant.song.brief import Brief
from descant.song.document import Song
from descant.song.orders import Concat, Cover, Extend, Mashup, Remaster, Replace
from descant.song.score import Role
from descant.song.voices import VoiceProfile

SongOf = Callable[[str], Song]
Voices = Sequence[VoiceProfile]
MORE = "[Bridge]\nAnd if the tide should turn around I will not make a sound"


@pytest.fixture
def recording(song: SongOf, voices: Voices) -> Song:
    return song_of(heard_of(song("pop").score, jitter=0.004), "Carry Me Over", voices=voices)


def performed(revision: Revision) -> Perform:
    (take,) = (take for take in revision.takes if isinstance(take, Perform))
    return take


def test_a_recording_goes_on_on_its_beat(song: SongOf, voices: Voices, recording: Song) -> None:
    written = song("pop").score
    revision = revise(Extend(Brief(seed=2, lyrics=MORE), at=30.0), [recording], voices)
    assert revision.joined_at is not None
    for beat in (0.0, 4.0, 16.0):
        heard = revision.joined_at + revision.score.seconds(beat)
        true = min((written.seconds(float(n)) for n in range(200)), key=lambda second: abs(second - heard))
        assert abs(true - heard) < 0.006
    join = revision.joined_at + revision.score.seconds(0.0)
    bars = [written.seconds(4.0 * n) for n in range(60)]
    assert min(abs(bar - join) for bar in bars) < 0.006


def test_a_drifting_recording_goes_on_at_the_pace_it_has_reached(song: SongOf, voices: Voices) -> None:
    source = song_of(heard_of(song("pop").score, drift=slowing), "Slowing", voices=voices)
    early = revise(Extend(Brief(seed=2, instrumental=True), at=8.0), [source], voices).score.tempo[0].bpm
    late = revise(Extend(Brief(seed=2, instrumental=True), at=45.0), [source], voices).score.tempo[0].bpm
    assert early > late + 3.0


def test_what_follows_a_recording_is_fitted_to_it_and_plays_nothing_that_was_heard(
    voices: Voices, recording: Song
) -> None:
    revision = revise(Extend(Brief(seed=2, lyrics=MORE), at=30.0), [recording], voices)
    take = performed(revision)
    assert take.beside is not None
    assert take.beside.begins == revision.joined_at
    assert take.beside.stop >= take.beside.begins
    assert take.balance is None
    assert not has_recording(take.score)
    assert revision.before is not None
    assert has_recording(revision.before)


def test_new_sections_go_on_with_the_chords_that_were_heard(voices: Voices, recording: Song) -> None:
    revision = revise(Extend(Brief(seed=2, lyrics=MORE), at=30.0), [recording], voices)
    assert revision.score.key == recording.score.key
    roots = {span.chord.root for span in recording.score.chords}
    assert {span.chord.root for span in revision.score.chords} <= roots


def test_a_recording_may_be_extended_at_its_very_end(voices: Voices, recording: Song) -> None:
    revision = revise(Extend(Brief(seed=2, instrumental=True), at=recording.seconds), [recording], voices)
    assert revision.joined_at is not None
    assert recording.seconds - revision.joined_at < 3.5


def test_a_recording_and_what_follows_are_one_song_when_joined(
    voices: Voices, recording: Song, made: Callable[[Revision], Song]
) -> None:
    extension = made(revise(Extend(Brief(seed=2, lyrics=MORE), at=30.0), [recording], voices))
    whole = revise(Concat(), [recording, extension], voices)
    assert [type(take) for take in whole.takes] == [Keep, Keep]
    assert has_recording(whole.score)
    assert {Role.RECORDING, Role.DRUMS} <= {part.role for part in whole.score.parts}
    again = revise(Extend(Brief(seed=3, instrumental=True), at=38.0), [made(whole)], voices)
    assert not has_recording(performed(again).score)


def test_less_than_a_bar_cannot_be_extended(song: SongOf, voices: Voices) -> None:
    heard = msgspec.structs.replace(heard_of(song("pop").score), seconds=1.5)
    with pytest.raises(CannotEdit, match="no whole bar"):
        revise(Extend(Brief(seed=2), at=1.0), [song_of(heard, "Short", voices=voices)], voices)


def test_a_cover_sings_the_melody_that_was_heard(song: SongOf, voices: Voices, recording: Song) -> None:
    cover = revise(Cover(Brief(seed=2, tags="rock"), faithfulness=1.0), [recording], voices)
    classes = [n.pitch % 12 for part in song("pop").score.vocals[:1] for p in part.phrases for n in p.notes]
    sung = [
        n.pitch for part in cover.score.vocals if part.role is Role.LEAD_VOCAL for p in part.phrases for n in p.notes
    ]
    moves = [sum((c + k) % 12 == p % 12 for c, p in zip(classes, sung, strict=False)) for k in range(12)]
    assert max(moves) > 0.8 * len(classes)
    assert not has_recording(cover.score)


def test_a_cover_of_a_voice_alone_has_a_band(song: SongOf, voices: Voices) -> None:
    alone = song_of(heard_of(song("waltz").score, only=("voice",)), "Alone", voices=voices)
    cover = revise(Cover(Brief(seed=2, tags="bossa nova")), [alone], voices)
    assert {part.role for part in cover.score.parts} >= {Role.BASS}
    assert cover.score.vocals


def test_a_recording_is_replaced_between_bars_and_kept_around_them(voices: Voices, recording: Song) -> None:
    revision = revise(Replace(Brief(seed=4, lyrics="Never the harbour, only the sea"), 18.0, 28.0), [recording], voices)
    before, take, after = revision.takes
    assert isinstance(before, Keep)
    assert isinstance(after, Keep)
    assert isinstance(take, Perform)
    assert take.start == 0.0
    assert take.stop == pytest.approx(after.start - before.stop)
    new = [take.score.performed(note)[0] for part in take.score.parts for note in part.notes]
    assert 0.0 < min(new) < max(new) < take.stop
    assert not has_recording(take.score)
    assert has_recording(revision.score)


def test_a_recording_can_be_mashed_up(song: SongOf, voices: Voices, recording: Song) -> None:
    mixed = revise(Mashup(Brief(seed=5)), [recording, song("rock")], voices)
    assert not has_recording(mixed.score)


def test_a_remaster_of_a_recording_keeps_what_was_heard_and_masters_its_sound(voices: Voices, recording: Song) -> None:
    made = {}
    for variation in ("subtle", "normal", "high"):
        for take in (0, 1):
            order = Remaster(seed=1 + take, variation=variation, request_seed=1, take=take)
            made[variation, take] = revise(order, [recording], voices)
    for revision in made.values():
        assert (revision.score, revision.heard, revision.words) == (recording.score, recording.heard, recording.words)
    takes = {key: revision.takes[0] for key, revision in made.items()}
    assert all(isinstance(take, Polish) for take in takes.values())
    assert 0 < takes["subtle", 0].depth < takes["normal", 0].depth < takes["high", 0].depth == 1.0
    assert takes["high", 0].mix != takes["high", 1].mix


def test_a_recording_is_left_at_its_end_though_no_note_is_heard_there(song: SongOf, voices: Voices) -> None:
    heard = heard_of(song("pop").score)
    fading = song_of(carrying.within(heard, [(0.0, heard.seconds - 20.0)]), "Fading", voices=voices)
    more = revise(Extend(Brief(seed=6, instrumental=True), at=fading.seconds), [fading], voices)
    bar = 4 * 60.0 / fading.plan.bpm
    assert more.joined_at == pytest.approx(fading.score.seconds(fading.score.length), abs=bar / 2)


def test_a_recording_in_which_no_note_is_heard_is_mastered_too(song: SongOf, voices: Voices) -> None:
    bare = song_of(heard_of(song("pop").score, only=()), "Rain", voices=voices)
    assert not has_recording(bare.score)
    (take,) = revise(Remaster(seed=1), [bare], voices).takes
    assert isinstance(take, Polish)
