"""Chords and keys: named as they were played, in any tuning and under any overtones."""

from itertools import pairwise

import numpy as np
import pytest

from descant.listen import chords, features, harmony, key
from descant.song.theory import Key, parse_chord
from descant.song.transcription import HeardChord

from . import sounds

SPAN = 0.5
RINGING = 2.0


def _played(symbols: list[str], off: float = 0.0, harmonics: int = 8) -> sounds.Sound:
    """Return chords of 2 s each: bass, and close position around middle C; ``off`` semitones out of tune."""
    notes = []
    for i, symbol in enumerate(symbols):
        chord = parse_chord(symbol)
        pitches = [36 + (chord.bass_pitch_class - 4) % 12 + 4 - 12 * (chord.bass_pitch_class >= 8), *(
            57 + (pc - 9) % 12 for pc in chord.pitch_classes
        )]  # fmt: skip
        notes += [(i * RINGING, sounds.tone(p + off, RINGING, harmonics)) for p in pitches]
    return sounds.placed(notes, len(symbols) * RINGING)


def _recognised(sound: sounds.Sound, home: Key | None = None) -> list[str]:
    pitches = features.pitches(sound)
    times = np.arange(0, len(sound) / sounds.RATE + 0.01, SPAN)
    treble, bass = harmony.treble_chroma(pitches, times), harmony.bass_chroma(pitches, times)
    lines = np.arange(len(treble)) % 4 == 0
    scores = chords.by_templates(treble, bass, home)
    found = chords.recognise(scores, treble.sum(axis=1) + bass.sum(axis=1), times, lines)
    assert found[0].start == 0.0
    assert found[-1].stop == pytest.approx(times[-1])
    assert all(left.stop == right.start for left, right in pairwise(found))
    return [heard.chord.symbol() if heard.chord else "N" for heard in found]


@pytest.mark.parametrize(
    "symbols",
    [["C", "Am", "F", "G"], ["F#m", "D", "A", "E"], ["Bb", "Gm", "D#", "F"]],
    ids=" ".join,
)
def test_chords_are_named_as_played(symbols: list[str]) -> None:
    expected = [parse_chord(symbol).symbol() for symbol in symbols]
    assert _recognised(_played(symbols)) == expected


def test_a_recording_off_concert_pitch_keeps_its_chords() -> None:
    sound = _played(["C", "Am", "F", "G"], off=0.35)
    assert features.pitches(sound).tuning == pytest.approx(0.35, abs=0.07)
    assert _recognised(sound) == ["C", "Am", "F", "G"]


def test_the_fifth_overtone_does_not_make_minor_chords_major() -> None:
    assert _recognised(_played(["Em", "C", "Am"], harmonics=16), Key(4, "minor")) == ["Em", "C", "Am"]


def test_silence_is_no_chord() -> None:
    sound = np.concatenate([_played(["C", "F"]), np.zeros((4 * sounds.RATE, 2), np.float32)])
    assert _recognised(sound)[:2] == ["C", "F"]
    assert _recognised(sound)[-1] == "N"


def _key_of(symbols: list[str]) -> tuple[Key, float]:
    spans = tuple(HeardChord(2.0 * i, 2.0 * i + 2, parse_chord(symbol), 1.0) for i, symbol in enumerate(symbols))
    notes = np.zeros((len(symbols), 12))
    for row, span in zip(notes, spans, strict=True):
        row[list(span.chord.pitch_classes)] = 1.0
    roots = np.zeros((len(symbols), 12))
    for row, span in zip(roots, spans, strict=True):
        row[span.chord.bass_pitch_class] = 1.0
    found = key.find(notes, roots, spans)
    assert sum(k.confidence for k in found) <= 1.0 + 1e-6
    return found[0].key, found[0].confidence


@pytest.mark.parametrize(
    ("symbols", "tonic", "mode"),
    [
        ("C F G C Am F G C", 0, "major"),
        ("Am F C G Am F E Am", 9, "minor"),
        ("F#m D A E F#m D C# F#m", 6, "minor"),
        ("Eb Bb Cm Ab Eb Bb Ab Eb", 3, "major"),
    ],
)
def test_relative_keys_are_told_apart_by_their_home_chord(symbols: str, tonic: int, mode: str) -> None:
    found, confidence = _key_of(symbols.split())
    assert found == Key(tonic, mode)
    assert confidence > 0.4


@pytest.mark.parametrize(
    ("symbols", "tonic"),
    [("A7 D7 A7 A7 D7 D7 A7 A7 E7 D7 A7 E7", 9), ("E7 E7 E7 E7 A7 A7 E7 E7 B7 A7 E7 B7", 4)],
    ids=["quick change in A", "in E"],
)
def test_a_blues_is_in_the_key_of_its_first_chord_not_a_fourth_below(symbols: str, tonic: int) -> None:
    assert _key_of(symbols.split())[0] == Key(tonic, "major")


def test_a_tune_alone_has_the_key_of_its_notes() -> None:
    tune = np.zeros((16, 12))
    tune[np.arange(16), [7, 9, 7, 4, 0, 2, 4, 0, 5, 4, 2, 7, 9, 11, 0, 0]] = 1.0
    assert key.find(tune, np.zeros_like(tune), ())[0].key == Key(0, "major")


def test_nothing_at_all_still_has_some_key_and_none_is_sure() -> None:
    found = key.find(np.zeros((4, 12)), np.zeros((4, 12)), ())
    assert len(found) == key.LIKELY
    assert found[0].confidence < 0.2
