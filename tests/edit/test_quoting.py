"""Recordings that are sampled are heard: on the beat, where their chords are played, no farther than they bear."""

from collections.abc import Callable, Sequence

import msgspec
import numpy as np
import pytest
from transcriptions import heard_of, slowing

from descant.edit import sampling
from descant.edit.quoting import SAMPLE, Chop, Stretching
from descant.edit.recordings import has_recording, song_of
from descant.edit.revising import revise
from descant.edit.revision import Perform, Revision, Sampled
from descant.song.brief import Brief
from descant.song.document import Song
from descant.song.orders import Extend, Sample
from descant.song.score import Role
from descant.song.voices import VoiceProfile

SongOf = Callable[[str], Song]
Voices = Sequence[VoiceProfile]
WORDS = "[Verse]\nAnd if the tide should turn around\n[Chorus]\nI will not make a sound"


@pytest.fixture(scope="module")
def recording(song: SongOf, voices: Voices) -> Song:
    return song_of(heard_of(song("pop").score, drift=slowing), "Carry Me Over", voices=voices)


def sampled(recording: Song, voices: Voices, tags: str, **asked: object) -> tuple[Revision, Sampled]:
    """Return a song on eight seconds of a recording, and what it quotes."""
    brief = Brief(seed=5, tags=tags, **{"lyrics": WORDS, **asked})  # type: ignore[arg-type]
    revision = revise(Sample(brief, 10.0, 20.0), [recording], voices)
    (take,) = revision.takes
    assert isinstance(take, Perform)
    assert take.sampled is not None
    assert not has_recording(take.score)
    return revision, take.sampled


def test_a_sample_is_cut_on_the_beats_that_were_heard(recording: Song, voices: Voices) -> None:
    revision, quoted = sampled(recording, voices, "house")
    assert recording.heard is not None
    beats = np.array(recording.heard.beats)
    assert max(np.abs(beats - moment).min() for moment in quoted.moments) < 0.005
    assert quoted.moments[0] == pytest.approx(10.0, abs=2.0)
    assert quoted.spacing == pytest.approx(60.0 / revision.plan.bpm)


@pytest.mark.parametrize("stop", [45.0, 80.0])
def test_of_a_long_window_a_loop_is_heard(recording: Song, voices: Voices, stop: float) -> None:
    revision = revise(Sample(Brief(seed=5, tags="house", lyrics=WORDS), 5.0, stop), [recording], voices)
    (take,) = revision.takes
    assert isinstance(take, Perform)
    assert take.sampled is not None
    assert take.sampled.bars
    assert 4.0 < take.sampled.moments[0] < take.sampled.moments[-1] < stop + 2.0


def test_a_sample_that_fits_nowhere_is_played_in_its_place(
    recording: Song, voices: Voices, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = Sample(Brief(seed=5, tags="house", instrumental=True), 10.0, 20.0)
    heard = revise(order, [recording], voices)
    monkeypatch.setattr(sampling, "quote", lambda *_: None)
    played = revise(order, [recording], voices)
    lead = played.plan.instruments["lead"]
    without, tune = (
        sum(len(part.notes) for part in made.score.parts if part.instrument == lead) for made in (heard, played)
    )
    assert not has_recording(played.score)
    assert tune > without


def test_it_is_heard_on_bar_lines_in_front_of_the_band_and_under_the_voice(recording: Song, voices: Voices) -> None:
    revision, quoted = sampled(recording, voices, "house")
    score = revision.score
    lines = np.array([score.seconds(4.0 * n) for n in range(int(score.length / 4))])
    assert quoted.bars
    for bars in quoted.bars:
        assert np.abs(lines - bars.at).min() < 0.001
        assert bars.beats % 4 == 0
    sung = {section.lyrics is not None for section in revision.plan.sections}
    assert {bars.under for bars in quoted.bars} == sung
    assert revision.score.sections[0].kind.value == "intro"
    assert min(bars.at for bars in quoted.bars) == pytest.approx(score.seconds(0.0), abs=0.001)


def test_its_bars_stand_where_the_new_chords_are_its_own(recording: Song, voices: Voices) -> None:
    revision, quoted = sampled(recording, voices, "house", lyrics="", instrumental=True)
    score = revision.score

    def root(chords: Sequence[object], beat: float) -> int:
        return next(c.chord.root for c in chords if c.start - 1e-6 <= beat < c.start + c.duration - 1e-6)  # type: ignore[attr-defined]

    first = recording.score.tempo_map.beat(quoted.moments[0] - recording.score.lead_in)
    agreeing = []
    for bars in quoted.bars:
        at = round(score.tempo_map.beat(bars.at - score.lead_in))
        for n in range(0, bars.beats, 4):
            own = (root(recording.score.chords, round(first) + bars.first + n) + round(quoted.semitones)) % 12
            agreeing.append(own == root(score.chords, at + n))
    assert np.mean(agreeing) > 0.7


def test_it_is_written_into_the_score_and_told(recording: Song, voices: Voices) -> None:
    revision, quoted = sampled(recording, voices, "house")
    (part,) = (part for part in revision.score.parts if part.role is Role.RECORDING)
    assert part.name == SAMPLE
    assert part.notes
    assert f"from {quoted.moments[0]:.2f} to {quoted.moments[-1]:.2f} s" in revision.plan.notes[-1]
    assert "Carry Me Over" in revision.plan.notes[-1]


def test_a_song_with_a_sample_goes_on(recording: Song, voices: Voices, made: Callable[[Revision], Song]) -> None:
    revision, _ = sampled(recording, voices, "house")
    more = revise(Extend(Brief(seed=6, instrumental=True), at=20.0), [made(revision)], voices)
    assert not has_recording(more.score)
    assert more.score.key == revision.score.key


def test_a_sample_is_stretched_and_transposed_only_so_far(recording: Song) -> None:
    chop = Chop(start=16.0, factor=1.0, bars=4, loop=(0, 1, 2, 3), chords=(), spacing=60.0 / recording.plan.bpm)
    assert Stretching(recording, chop, 0).is_bearable
    assert Stretching(recording, chop, -3).is_bearable
    assert not Stretching(recording, chop, 5).is_bearable
    assert not Stretching(recording, msgspec.structs.replace(chop, spacing=2.0 * chop.spacing), 0).is_bearable
    assert not Stretching(recording, msgspec.structs.replace(chop, start=1e4), 0).is_bearable


def test_a_song_that_was_written_is_quoted_in_notes(song: SongOf, voices: Voices) -> None:
    revision = revise(Sample(Brief(seed=5, tags="house", lyrics=WORDS), 10.0, 18.0), [song("pop")], voices)
    (take,) = revision.takes
    assert isinstance(take, Perform)
    assert take.sampled is None
