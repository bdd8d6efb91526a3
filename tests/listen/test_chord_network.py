"""Chords as the network hears them: alike in every key, sevenths among them."""

import numpy as np
import pytest
from numpy.typing import NDArray

from descant.listen import chord_network, chords, features, harmony
from descant.listen.posteriors import posteriors
from descant.song.theory import parse_chord

from . import sounds

RINGING = 2.0
SPAN = 0.5


def _played(symbols: list[str]) -> sounds.Sound:
    """Return chords of 2 s each: the root in the bass, and the chord in close position around middle C."""
    notes = []
    for i, symbol in enumerate(symbols):
        chord = parse_chord(symbol)
        pitches = [36 + chord.root % 12, *(57 + (pc - 9) % 12 for pc in chord.pitch_classes)]
        notes += [(i * RINGING, sounds.tone(pitch, RINGING, 6)) for pitch in pitches]
    return sounds.placed(notes, len(symbols) * RINGING)


def _heard(sound: sounds.Sound) -> list[str]:
    pitches, keys = features.pitches(sound), posteriors(sound)
    times = np.arange(0, len(sound) / sounds.RATE + 0.01, SPAN)
    treble, bass = harmony.treble_chroma(pitches, times, keys), harmony.bass_chroma(pitches, times)
    scores = chords.by_network(treble, bass, chord_network.likelihoods(harmony.views(pitches, keys, times)))
    found = chords.recognise(scores, treble.sum(axis=1) + bass.sum(axis=1), times, np.arange(len(treble)) % 4 == 0)
    return [heard.chord.symbol() if heard.chord else "N" for heard in found]


@pytest.fixture(scope="module")
def views() -> NDArray[np.float64]:
    """Views of eight spans in which anything sounds."""
    drawn = np.random.default_rng(4).random((8, 4, 12))
    return drawn / np.linalg.norm(drawn, axis=2, keepdims=True)


def test_chances_of_all_chords_of_a_span_sum_to_one(views: NDArray[np.float64]) -> None:
    found = chord_network.likelihoods(views)
    assert found.shape == (8, 12, len(chords.KINDS))
    np.testing.assert_allclose(np.exp(found).sum(axis=(1, 2)), 1.0)


def test_music_in_another_key_has_the_same_chords_there(views: NDArray[np.float64]) -> None:
    higher = chord_network.likelihoods(np.roll(views, 5, axis=2))
    np.testing.assert_allclose(higher, np.roll(chord_network.likelihoods(views), 5, axis=1), atol=1e-4)


@pytest.mark.parametrize(
    "symbols", [["C", "Am", "F", "G"], ["A7", "D7", "A7", "E7"], ["Dm7", "G7", "Cmaj7", "Am7"]], ids=" ".join
)
def test_triads_and_sevenths_are_told_apart(symbols: list[str]) -> None:
    assert _heard(_played(symbols)) == symbols


def test_the_views_of_silence_are_empty() -> None:
    silence = np.zeros((2 * sounds.RATE, 2), np.float32)
    shown = harmony.views(features.pitches(silence), posteriors(silence), np.array([0.0, 1.0, 2.0]))
    assert shown.shape == (2, 4, 12)
    assert np.isfinite(shown).all()
    assert np.isfinite(chord_network.likelihoods(shown)).all()
