"""What ``audio_weight`` comes to: the more it is, the more of the recording's chords and rhythm is in what is added."""

from collections.abc import Callable, Sequence

import msgspec
import numpy as np
import pytest
from transcriptions import heard_of

from descant.edit.nearness import nearness
from descant.edit.recordings import song_of
from descant.edit.revising import revise
from descant.edit.revision import Over
from descant.song.brief import Brief
from descant.song.document import Song
from descant.song.orders import AddInstrumental, AddVocals
from descant.song.score import Score
from descant.song.voices import VoiceProfile

SongOf = Callable[[str], Song]
Voices = Sequence[VoiceProfile]
WORDS = "[Verse]\nLeave a light on in the hall\nAnd the door a little wide\n[Chorus]\nI am coming home tonight"


@pytest.fixture(scope="module")
def recording(song: SongOf, voices: Voices) -> Song:
    heard = heard_of(song("rock").score, only=("bass", "drums", "notes"))
    return song_of(heard, "Lantern", voices=voices)


def sung(recording: Song, voices: Voices, weight: float, seed: int) -> Score:
    order = AddVocals(Brief(seed=seed, lyrics=WORDS, tags="rock"), audio_weight=weight)
    (take,) = revise(order, [recording], voices).takes
    assert isinstance(take, Over)
    return take.perform.score


def test_singing_is_nearer_to_the_recording_the_more_it_weighs(recording: Song, voices: Voices) -> None:
    found = {
        weight: [nearness(sung(recording, voices, weight, seed), recording.score) for seed in (1, 2)]
        for weight in (0.0, 0.5, 1.0)
    }
    for freest, usual, nearest in zip(*found.values(), strict=True):
        assert freest <= usual <= nearest
    assert np.mean(found[1.0]) > np.mean(found[0.0]) + 0.03


def test_a_melody_on_the_chords_and_strokes_is_nearer_than_one_beside_them(recording: Song, voices: Voices) -> None:
    own = sung(recording, voices, 1.0, 1)

    def beside(score: Score) -> Score:
        """Return it a semitone higher, and between the sixteenths that are struck."""
        vocals = tuple(
            msgspec.structs.replace(
                part,
                phrases=tuple(
                    msgspec.structs.replace(
                        phrase,
                        notes=tuple(
                            msgspec.structs.replace(n, pitch=n.pitch + 1, start=n.start + 100.0) for n in phrase.notes
                        ),
                    )
                    for phrase in part.phrases
                ),
            )
            for part in score.vocals
        )
        return msgspec.structs.replace(score, vocals=vocals)

    assert nearness(own, recording.score) > nearness(beside(own), recording.score) + 0.2
    assert nearness(msgspec.structs.replace(own, vocals=()), recording.score) == 0.0


def test_a_band_keeps_the_chords_that_were_heard_the_more_it_weighs(recording: Song, voices: Voices) -> None:
    heard = recording.score

    def kept(weight: float) -> float:
        order = AddInstrumental(Brief(seed=1, tags="jazz"), audio_weight=weight)
        score = revise(order, [recording], voices).score
        beats = range(int(heard.length))
        return float(np.mean([_chord(score, beat) == _chord(heard, beat) for beat in beats]))

    assert kept(1.0) == 1.0
    assert kept(0.0) < 0.9


def _chord(score: Score, beat: float) -> object:
    return next(span.chord for span in reversed(score.chords) if span.start <= beat + 1e-6)
