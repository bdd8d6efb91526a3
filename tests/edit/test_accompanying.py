"""Mashups over recordings: the recording itself is the band, bar by bar where its chords suit the melody."""

from collections.abc import Callable, Sequence

import msgspec
import numpy as np
import pytest
from transcriptions import heard_of, slowing

from descant.edit.recordings import has_recording, song_of
from descant.edit.revising import revise
from descant.edit.revision import Perform, Revision, Sampled
from descant.song.brief import Brief
from descant.song.document import Song
from descant.song.orders import AddVocals, Mashup
from descant.song.score import Role
from descant.song.tempo import TempoChange
from descant.song.voices import VoiceProfile

SongOf = Callable[[str], Song]
Voices = Sequence[VoiceProfile]


@pytest.fixture(scope="module")
def recording(song: SongOf, voices: Voices) -> Song:
    heard = heard_of(song("pop").score, only=("bass", "drums", "notes"), drift=slowing)
    return song_of(heard, "Carry Me Over", voices=voices)


@pytest.fixture(scope="module")
def mashed(song: SongOf, voices: Voices, recording: Song) -> Revision:
    return revise(Mashup(Brief(seed=5)), [song("pop"), recording], voices)


def sampled(revision: Revision) -> Sampled:
    (take,) = revision.takes
    assert isinstance(take, Perform)
    assert take.sampled is not None
    return take.sampled


def test_nothing_but_the_voices_is_performed_over_a_recording(mashed: Revision) -> None:
    (take,) = mashed.takes
    assert isinstance(take, Perform)
    assert take.score.vocals
    assert not take.score.parts
    assert sampled(mashed).source == 1
    assert has_recording(mashed.score)
    assert {part.role for part in mashed.score.parts} == {Role.RECORDING}


def test_the_recording_is_heard_from_the_first_bar_to_the_last_on_its_beats(mashed: Revision, recording: Song) -> None:
    quoted, score = sampled(mashed), mashed.score
    assert recording.heard is not None
    beats = np.array(recording.heard.beats)
    assert max(np.abs(beats - moment).min() for moment in quoted.moments) < 0.02
    reached = score.seconds(0.0)
    for bars in quoted.bars:
        assert bars.at == pytest.approx(reached, abs=0.003)
        reached = bars.at + bars.beats * quoted.spacing
    assert reached == pytest.approx(score.seconds(score.length), abs=0.01)


def test_its_bars_go_on_as_they_were_recorded_where_they_suit(mashed: Revision) -> None:
    quoted = sampled(mashed)
    total = sum(bars.beats for bars in quoted.bars) // 4
    assert len(quoted.bars) <= total / 2


@pytest.mark.parametrize("bpm", [84, 130])
def test_a_bar_of_the_song_is_a_bar_of_the_recording_at_any_tempo_that_it_bears(
    song: SongOf, voices: Voices, bpm: int
) -> None:
    score = msgspec.structs.replace(song("pop").score, tempo=(TempoChange(0.0, 90.0),))
    slow = song_of(heard_of(score, only=("bass", "drums", "notes")), "Slow", voices=voices)
    revision = revise(Mashup(Brief(seed=5, tags=f"{bpm} bpm")), [song("pop"), slow], voices)
    assert revision.plan.bpm == bpm
    assert np.diff(sampled(revision).moments) == pytest.approx(60.0 / 90.0, abs=0.001)


def test_a_mashup_tells_what_it_samples(mashed: Revision) -> None:
    assert "samples the sound of 'Carry Me Over'" in mashed.plan.notes[-1]


def test_a_recording_that_would_have_to_be_transposed_too_far_is_played_anew(
    song: SongOf, voices: Voices, recording: Song
) -> None:
    key = msgspec.structs.replace(recording.score.key, tonic=(recording.score.key.tonic + 6) % 12)
    revision = revise(Mashup(Brief(seed=5, tags=f"in {key.name}")), [song("pop"), recording], voices)
    (take,) = revision.takes
    assert isinstance(take, Perform)
    assert revision.score.key == key
    assert take.sampled is None
    assert {part.role for part in revision.score.parts} >= {Role.BASS}


def test_a_recording_that_was_sung_over_is_played_anew(
    song: SongOf, voices: Voices, recording: Song, made: Callable[[Revision], Song]
) -> None:
    sung = made(revise(AddVocals(Brief(seed=2, lyrics="[Verse]\nCarry me home across the bay")), [recording], voices))
    (take,) = revise(Mashup(Brief(seed=5)), [song("pop"), sung], voices).takes
    assert isinstance(take, Perform)
    assert take.sampled is None
    assert take.score.parts
