"""The pace in which a recording is gone on from: of the moment first, of the last bars soon after."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from transcriptions import heard_of

from descant.edit.heard.paces import at_moment
from descant.edit.recordings import song_of
from descant.edit.revising import revise
from descant.song.brief import Brief
from descant.song.document import Song
from descant.song.orders import Extend
from descant.song.voices import VoiceProfile

SongOf = Callable[[str], Song]
Voices = Sequence[VoiceProfile]


def swaying(seconds: float) -> float:
    """A drift: players who take their time and catch up again, every 22 seconds."""
    return seconds + 0.09 * float(np.sin(2.0 * np.pi * seconds / 22.0))


def test_the_first_bar_falls_where_the_recording_goes_on_and_the_tempo_settles(song: SongOf, voices: Voices) -> None:
    source = song_of(heard_of(song("pop").score, drift=swaying), "Swaying", voices=voices)
    assert source.heard is not None
    worst, straight = [], []
    for at in (14.0, 25.0, 31.0):
        revision = revise(Extend(Brief(seed=2, instrumental=True), at=at), [source], voices)
        assert revision.joined_at is not None
        beats = np.array(source.heard.beats)
        join = revision.joined_at + revision.score.seconds(0.0)
        final = revision.score.tempo_map.bpm(20.0)
        for beat in range(4):
            at_beat = revision.joined_at + revision.score.seconds(float(beat))
            worst.append(np.abs(beats - at_beat).min())
            straight.append(np.abs(beats - (join + beat * 60.0 / final)).min())
        opening = revision.score.tempo[0].bpm
        place = float(round(source.score.tempo_map.beat(join - source.score.lead_in)))
        assert opening == pytest.approx(at_moment(source.score, place), abs=0.01)
    assert max(worst) < 0.015
    assert max(worst) < 0.6 * max(straight)


def test_a_recording_in_one_tempo_goes_on_in_one(song: SongOf, voices: Voices) -> None:
    source = song_of(heard_of(song("pop").score), "Steady", voices=voices)
    revision = revise(Extend(Brief(seed=2, instrumental=True), at=20.0), [source], voices)
    assert len({change.bpm for change in revision.score.tempo if change.beat < 20.0}) == 1
