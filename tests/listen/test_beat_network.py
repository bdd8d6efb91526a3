"""What the beat network is given depends on neither loudness nor key, and it gives a chance for every frame."""

import numpy as np

from descant.listen import beat_network, features

from . import sounds


def _struck(times: np.ndarray, seconds: float, pitch: int = 57) -> sounds.Sound:
    return sounds.placed([(at, sounds.tone(pitch, 0.2, decay=12.0)) for at in times], seconds)


def test_inputs_do_not_depend_on_loudness() -> None:
    sound = _struck(np.arange(0.5, 6.0, 0.5), 7.0)
    loud, soft = (np.expm1(features.bands(sound * gain).level) / 1000.0 for gain in (1.0, 0.05))
    changes = np.zeros((7 * features.PITCHES_PER_SECOND, 8), np.float32)
    assert np.allclose(beat_network.inputs(loud, changes), beat_network.inputs(soft, changes), atol=0.02)


def test_harmony_changes_where_the_chord_does_whatever_its_key() -> None:
    salience = np.zeros((200, 73), np.float32)
    for lowest in (20, 25):
        salience[:] = 0
        salience[:100, [lowest, lowest + 4, lowest + 7]] = 1
        salience[100:, [lowest + 5, lowest + 9, lowest + 12]] = 1
        found = beat_network.novelty(salience)
        assert all(found[:, column].argmax() in (99, 100, 101) for column in range(4))
        assert found[50, :2].max() < 0.01


def test_there_is_a_frame_every_fiftieth_of_a_second_and_probabilities_in_each() -> None:
    sound = _struck(np.arange(0.5, 6.0, 0.5), 7.0)
    heard = beat_network.activations(features.bands(sound), features.pitches(sound))
    for column in (heard.beat, heard.downbeat):
        assert len(column) == 7 * beat_network.FRAMES_PER_SECOND + 1
        assert column.min() >= 0
        assert column.max() <= 1
