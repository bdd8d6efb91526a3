"""Chords of recordings: as heard, or harmonised where a voice stands alone."""

from collections.abc import Callable

from transcriptions import heard_of

from descant.edit.fitting import Sounding, clash
from descant.edit.heard.players import has_bass, is_accompanied, is_drummed, is_sung
from descant.edit.recordings import song_of
from descant.song.document import Song

SongOf = Callable[[str], Song]


def test_chords_that_were_heard_stand_in_the_score(song: SongOf) -> None:
    written = song("pop").score
    found = song_of(heard_of(written), "Heard").score
    for span in written.chords:
        middle = span.start + span.duration / 2
        here = next(c for c in found.chords if c.start <= middle < c.start + c.duration)
        assert here.chord == span.chord


def test_a_voice_alone_is_harmonised_with_chords_that_its_melody_sits_on(song: SongOf) -> None:
    alone = heard_of(song("pop").score, only=("voice",))
    assert not is_accompanied(alone)
    found = song_of(alone, "Alone").score
    assert all(c.chord.root in found.key.scale for c in found.chords)
    notes = [
        Sounding(n.start, n.start + n.duration, n.pitch % 12)
        for part in found.vocals
        for phrase in part.phrases
        for n in phrase.notes
    ]
    rub = sum(clash(notes, c.chord, c.start, c.start + c.duration) for c in found.chords)
    sung = sum(note.stop - note.start for note in notes)
    assert rub < 0.35 * sung
    assert len({c.chord for c in found.chords}) >= 3


def test_chords_cover_the_score_without_gaps_and_cross_no_section(song: SongOf) -> None:
    for only in (("voice", "notes", "bass", "drums"), ("voice",)):
        score = song_of(heard_of(song("waltz").score, only=only), "Waltz").score
        reached = 0.0
        for span in score.chords:
            assert abs(span.start - reached) < 1e-6
            reached = span.start + span.duration
            inside = [s for s in score.sections if s.start - 1e-6 <= span.start < s.start + 3 * s.bars]
            assert reached <= inside[-1].start + 3 * inside[-1].bars + 1e-6
        assert abs(reached - score.length) < 1e-6


def test_who_plays_is_told_from_what_sounds_beside_the_melody(song: SongOf) -> None:
    full, alone = heard_of(song("rock").score), heard_of(song("rock").score, only=("voice", "drums"))
    assert is_accompanied(full)
    assert is_drummed(full)
    assert has_bass(full)
    assert is_sung(full)
    assert not is_accompanied(alone)
    assert not is_drummed(alone)  # consonants of a voice alone are heard as strokes
