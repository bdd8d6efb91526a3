"""Voices and bands added to recordings: what is written, where it is heard, and what stays."""

from collections.abc import Callable, Sequence

import pytest
from transcriptions import heard_of, slowing

from descant.edit.recordings import played, song_of
from descant.edit.revising import revise
from descant.edit.revision import CannotEdit, Over
from descant.song.brief import Brief
from descant.song.document import Song
from descant.song.lyrics import SectionKind
from descant.song.orders import AddInstrumental, AddVocals
from descant.song.score import Role
from descant.song.voices import VoiceProfile

SongOf = Callable[[str], Song]
Voices = Sequence[VoiceProfile]
WORDS = """[Verse]
Winter paints the windows white and I leave a lamp for you
[Chorus]
I only know the long way home
I only know the long way home
"""
SUNG = "winter paints the windows white and i leave a lamp for you " + "i only know the long way home " * 2


def backing(song: SongOf, name: str = "pop") -> Song:
    return song_of(heard_of(song(name).score, only=("bass", "drums", "notes"), drift=slowing), "Backing")


def acappella(song: SongOf, name: str = "pop", **more: bool) -> Song:
    return song_of(heard_of(song(name).score, only=("voice",), drift=slowing, **more), "Voice")


def test_every_word_is_sung_over_the_recording_in_order(song: SongOf, voices: Voices) -> None:
    source = backing(song)
    revision = revise(AddVocals(Brief(seed=3, lyrics=WORDS, tags="female vocals")), [source], voices)
    (take,) = revision.takes
    assert isinstance(take, Over)
    phrases = sorted(
        (p for part in take.perform.score.vocals if part.role is Role.LEAD_VOCAL for p in part.phrases),
        key=lambda p: p.notes[0].start,
    )
    assert " ".join(word.spoken for phrase in phrases for word in phrase.words) == SUNG.strip()
    assert not take.perform.score.parts
    assert revision.score.tempo == source.score.tempo
    assert revision.score.parts == source.score.parts


def test_a_sung_melody_fits_the_chords_that_are_heard(song: SongOf, voices: Voices) -> None:
    source = backing(song)
    score = revise(AddVocals(Brief(seed=4, lyrics=WORDS)), [source], voices).score
    assert score.chords == source.score.chords
    inside = total = 0.0
    for part in score.vocals:
        if part.role is Role.LEAD_VOCAL:
            for note in (note for phrase in part.phrases for note in phrase.notes):
                chord = next(c.chord for c in score.chords if c.start <= note.start < c.start + c.duration)
                total += note.duration
                inside += note.duration * (note.pitch % 12 in chord.pitch_classes)
    assert inside / total > 0.55


def test_a_chorus_is_sung_over_what_sounds_like_one(song: SongOf, voices: Voices) -> None:
    source = backing(song)
    score = revise(AddVocals(Brief(seed=4, lyrics=WORDS)), [source], voices).score
    heard = {s.start for s in source.score.sections if s.kind is SectionKind.CHORUS}
    assert heard
    assert {s.start for s in score.sections if s.kind is SectionKind.CHORUS} <= heard


def test_singing_keeps_to_its_window(song: SongOf, voices: Voices) -> None:
    source = backing(song)
    start, stop = source.score.seconds(16.0), source.score.seconds(56.0)
    order = AddVocals(Brief(seed=5, lyrics="[Verse]\nLeave a lamp for you"), start=start, stop=stop)
    score = revise(order, [source], voices).score
    notes = [n for part in score.vocals if part.role is Role.LEAD_VOCAL for p in part.phrases for n in p.notes]
    assert min(n.start for n in notes) >= 15.0
    assert max(n.start + n.duration for n in notes) <= 56.5


def test_more_words_than_fit_are_refused_with_how_many_do(song: SongOf, voices: Voices) -> None:
    order = AddVocals(Brief(seed=5, lyrics=WORDS * 12), start=0.0, stop=12.0)
    with pytest.raises(CannotEdit, match=r"syllables do not fit into \d+ bars"):
        revise(order, [backing(song)], voices)


def test_a_band_strikes_on_the_beats_of_a_voice_that_slows_down(song: SongOf, voices: Voices) -> None:
    source = acappella(song)
    written = song("pop").score
    revision = revise(AddInstrumental(Brief(seed=6, tags="pop")), [source], voices)
    (take,) = revision.takes
    assert isinstance(take, Over)
    score = take.perform.score
    drums = next(part for part in score.parts if part.role is Role.DRUMS)
    beats = [slowing(written.seconds(float(n))) for n in range(int(written.length))]
    kicks = [score.performed(n)[0] for n in drums.notes if n.pitch in (35, 36) and n.start % 4.0 == 0.0]
    off = [min(abs(kick - beat) for beat in beats) for kick in kicks]
    assert len(kicks) > 8
    assert max(off) < 0.02
    assert {part.role for part in score.parts} >= {Role.DRUMS, Role.BASS}
    assert not score.vocals


def test_a_voice_without_a_pulse_is_accompanied_without_drums(song: SongOf, voices: Voices) -> None:
    (take,) = revise(AddInstrumental(Brief(seed=6, tags="pop")), [acappella(song, pulse=False)], voices).takes
    assert isinstance(take, Over)
    roles = {part.role for part in take.perform.score.parts}
    assert roles
    assert not roles & {Role.DRUMS, Role.PERCUSSION}


def test_a_band_keeps_to_its_window(song: SongOf, voices: Voices) -> None:
    source = acappella(song, "waltz")
    order = AddInstrumental(
        Brief(seed=6, tags="waltz"), start=source.score.seconds(12.0), stop=source.score.seconds(36.0)
    )
    (take,) = revise(order, [source], voices).takes
    assert isinstance(take, Over)
    starts = [note.start for part in take.perform.score.parts for note in part.notes]
    assert min(starts) >= 11.9
    assert max(starts) < 36.0


def test_the_nearer_to_the_recording_the_softer_is_what_is_added(song: SongOf, voices: Voices) -> None:
    def level(weight: float) -> float:
        order = AddInstrumental(Brief(seed=6, tags="pop"), audio_weight=weight)
        (take,) = revise(order, [acappella(song)], voices).takes
        assert isinstance(take, Over)
        return take.level

    assert level(1.0) < level(0.7) < level(0.0)


def test_what_was_heard_is_not_performed(song: SongOf, voices: Voices) -> None:
    revision = revise(AddInstrumental(Brief(seed=6, tags="pop")), [acappella(song)], voices)
    (take,) = revision.takes
    assert isinstance(take, Over)
    assert take.perform.score.parts == played(revision.score).parts
    assert any(part.role is Role.RECORDING for part in revision.score.vocals)


def test_songs_that_were_written_here_are_refused(song: SongOf, voices: Voices) -> None:
    for order in (AddVocals(Brief(seed=1, lyrics=WORDS)), AddInstrumental(Brief(seed=1))):
        with pytest.raises(CannotEdit, match="recordings that were sent in"):
            revise(order, [song("pop")], voices)


def test_singing_without_words_is_refused(song: SongOf, voices: Voices) -> None:
    with pytest.raises(CannotEdit, match="words"):
        revise(AddVocals(Brief(seed=1, lyrics="[Instrumental]")), [backing(song)], voices)
