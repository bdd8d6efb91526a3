"""What follows a recording is like it: its players, its loop of chords, its register, and as much going on."""

from collections.abc import Callable, Sequence
from statistics import median

import msgspec
import pytest
from transcriptions import heard_of

from descant.edit.heard import style
from descant.edit.recordings import song_of
from descant.edit.revising import revise
from descant.song.brief import Brief
from descant.song.document import Song
from descant.song.orders import Extend
from descant.song.score import Role
from descant.song.transcription import HeardNote
from descant.song.voices import VoiceProfile

SongOf = Callable[[str], Song]
Voices = Sequence[VoiceProfile]
MORE = Brief(seed=2, instrumental=True)


def moved(notes: Sequence[HeardNote], semitones: int) -> tuple[HeardNote, ...]:
    return tuple(msgspec.structs.replace(note, pitch=note.pitch + semitones) for note in notes)


def test_music_without_drums_is_not_answered_by_a_rock_band(song: SongOf, voices: Voices) -> None:
    heard = heard_of(song("rock").score, only=("tune", "notes"))
    revision = revise(Extend(MORE, at=20.0), [song_of(heard, "Quiet", voices=voices)], voices)
    roles = {part.role for part in revision.score.parts}
    assert roles <= {Role.KEYBOARD, Role.STRINGS, Role.WOODWINDS}
    assert Role.KEYBOARD in roles


def test_music_with_drums_and_bass_goes_on_with_both(song: SongOf, voices: Voices) -> None:
    revision = revise(Extend(MORE, at=20.0), [song_of(heard_of(song("pop").score), "Full", voices=voices)], voices)
    assert {part.role for part in revision.score.parts} >= {Role.DRUMS, Role.BASS}


@pytest.mark.parametrize("semitones", [-10, 0, 10])
def test_the_lead_plays_where_the_melody_lay(song: SongOf, voices: Voices, semitones: int) -> None:
    heard = heard_of(song("waltz").score, only=("tune", "notes"))
    heard = msgspec.structs.replace(heard, melody=moved(heard.melody, semitones))
    source = song_of(heard, "Somewhere", voices=voices)
    score = revise(Extend(MORE, at=20.0), [source], voices).score
    (lead,) = (part for part in score.parts if part.instrument == style.lead_of(heard))
    middle = median(note.pitch for note in heard.melody)
    assert abs(median(note.pitch for note in lead.notes) - middle) <= 13.0


def test_the_loop_of_chords_goes_on_over_the_join(song: SongOf, voices: Voices) -> None:
    source = song_of(heard_of(song("pop").score, jitter=0.003), "Round", voices=voices)
    revision = revise(Extend(MORE, at=40.0), [source], voices)
    before = revision.before
    assert before is not None
    last = before.sections[-1]
    bars = min(last.bars, 4)

    def root(spans: Sequence[object], beat: float) -> int:
        return next(s.chord.root for s in reversed(spans) if s.start <= beat + 1e-6)  # type: ignore[attr-defined]

    heard = [root(before.chords, before.length - 4.0 * n) for n in range(bars, 0, -1)]
    first = revision.score.sections[0].bars
    new = [root(revision.score.chords, 4.0 * n) for n in range(min(bars, first))]
    assert new == heard[: len(new)]


def test_as_much_goes_on_after_the_join_as_before(song: SongOf, voices: Voices) -> None:
    source = song_of(heard_of(song("pop").score), "Full", voices=voices)
    for at in (12.0, 30.0, 45.0):
        revision = revise(Extend(MORE, at=at), [source], voices)
        assert revision.before is not None
        assert abs(revision.score.sections[0].energy - revision.before.sections[-1].energy) < 0.1
