"""Drums: strokes are found when they fall, and told from each other."""

import numpy as np

from descant.listen.drums import drums, evidence

from . import sounds

SECONDS = 6.0
KICKS = tuple(0.5 + i for i in range(5))
SNARES = tuple(1.0 + i for i in range(5))


def _kick() -> np.ndarray:
    t = np.arange(round(0.25 * sounds.RATE)) / sounds.RATE
    return 5.0 * np.sin(2 * np.pi * (50 * t + 6.0 * (1 - np.exp(-t * 25)))) * np.exp(-t * 14)


def _snare() -> np.ndarray:
    t = np.arange(round(0.2 * sounds.RATE)) / sounds.RATE
    return (1.5 * np.sin(2 * np.pi * 190 * t) + 1.2 * sounds.noise(0.2, 5)) * np.exp(-t * 18)


def _beat() -> sounds.Sound:
    return sounds.placed([(t, _kick()) for t in KICKS] + [(t, _snare()) for t in SNARES], SECONDS)


def _share(found: set[float], wanted: tuple[float, ...]) -> float:
    return float(np.mean([any(abs(start - t) < 0.03 for start in found) for t in wanted]))


def test_kicks_and_snares_are_found_when_they_fall_and_told_apart() -> None:
    hits = drums(_beat())
    kicks = {hit.start for hit in hits if hit.key == 36}
    others = {hit.start for hit in hits if hit.key in {37, 38, 39}}
    assert _share(kicks, KICKS) == 1.0
    assert _share(others, SNARES) == 1.0
    assert _share(kicks, SNARES) == 0.0
    assert all(1 <= hit.velocity <= 127 and 0.0 <= hit.confidence <= 1.0 for hit in hits)


def test_held_chords_have_no_strokes() -> None:
    chord = [(0.5, sounds.tone(key, 4.0)) for key in (48, 60, 64, 67)]
    assert len(drums(sounds.placed(chord, 5.0))) <= 1


def test_silence_has_no_strokes() -> None:
    found = drums(np.zeros((48_000, 2), np.float32))
    assert found == ()
    assert evidence(found).confidence == 0.0
