"""A small band made of sines and noise, so that the desk is tested without the players."""

from collections.abc import Callable

import numpy as np
import pytest

from descant.song.lyrics import SectionKind
from descant.song.score import Note, Part, Phrase, Role, Score, Section, SungNote, VocalPart
from descant.song.tempo import Metre, TempoChange
from descant.song.theory import Key

RATE = 48_000
Performer = Callable[[Part | VocalPart, int, int], np.ndarray]


def band(beats: int = 32) -> Score:
    """Drums, bass, two guitars, keys, a pad and a voice over ``beats`` beats of 120 bpm in two sections."""
    half = beats // 2
    drums = [Note(b, 0.25, 36 if b % 2 == 0 else 38, 100) for b in range(beats)]
    drums += [Note(b / 2, 0.25, 42, 80) for b in range(2 * beats)] + [Note(0.0, 1.0, 49, 100)]
    bass = [Note(b / 2, 0.45, 33 + 2 * (b % 3), 90) for b in range(2 * beats)]
    chords = [Note(float(b), 0.9, 57 + step, 80) for b in range(beats) for step in (0, 4, 7)]
    pads = [Note(float(b), 4.0, 69 + step, 80) for b in range(0, beats, 4) for step in (0, 4, 7)]
    sung = tuple(SungNote(b + 0.5, 0.8, 69 + b % 5, 0, 0) for b in range(beats - 1) if b % 8 < 6)

    def notes(given: list[Note]) -> tuple[Note, ...]:
        return tuple(sorted(given, key=lambda note: (note.start, note.pitch)))

    return Score(
        title="Test",
        tempo=(TempoChange(0.0, 120.0),),
        metre=Metre(),
        key=Key(9, "minor"),
        sections=(
            Section(SectionKind.VERSE, "Verse", 0.0, half // 4, 0.4, Key(9, "minor")),
            Section(SectionKind.CHORUS, "Chorus", float(half), half // 4, 0.9, Key(9, "minor")),
        ),
        chords=(),
        parts=(
            Part("kit", Role.DRUMS, "standard_kit", notes(drums)),
            Part("bass", Role.BASS, "electric_bass", notes(bass)),
            Part("piano", Role.KEYBOARD, "grand_piano", notes(chords)),
            Part("guitar left", Role.GUITAR, "distorted_guitar", notes(chords)),
            Part("guitar right", Role.GUITAR, "distorted_guitar", notes(chords)),
            Part("pad", Role.SYNTH, "warm_pad", notes(pads)),
        ),
        vocals=(VocalPart("lead", Role.LEAD_VOCAL, "clara", (Phrase("la", (), sung, 0),)),),
        length=float(beats),
    )


def _hit(pitch: int, length: int) -> np.ndarray:
    time = np.arange(length) / RATE
    noise = np.random.default_rng(pitch).standard_normal(length)
    if pitch == 36:
        return np.sin(2 * np.pi * 55 * time) * np.exp(-12 * time)
    return noise * np.exp(-(60 if pitch == 42 else 18) * time) * 0.4


def _tone(pitch: int, length: int) -> np.ndarray:
    time = np.arange(length) / RATE
    wave = sum(np.sin(2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * k * time) / k for k in range(1, 9))
    edge = np.clip(np.minimum(time, time[::-1]) / 0.01, 0, 1)
    return np.asarray(wave * edge * (0.5 + 0.5 * np.exp(-2 * time)))


def player(score: Score, length: int) -> Performer:
    """Return a player of ``score``: every role has its own timbre, keys and pads a little width."""

    def perform(part: Part | VocalPart, begin: int, end: int) -> np.ndarray:
        out = np.zeros((length, 2), np.float32)
        notes = part.notes if isinstance(part, Part) else part.phrases[0].notes
        for note in notes:
            start, stop = score.performed(note)
            first = int(start * RATE)
            count = min(int((stop - start) * RATE), length - first)
            if count < 100:
                continue
            wave = (_hit if part.role is Role.DRUMS else _tone)(note.pitch, count) * note.velocity / 1270
            other = np.roll(wave, 29) if part.role in (Role.KEYBOARD, Role.SYNTH) else wave
            out[first : first + count] += np.stack([wave, other], axis=1).astype(np.float32)
        return out[begin:end]

    return perform


@pytest.fixture(scope="session")
def score() -> Score:
    return band()


@pytest.fixture(scope="session")
def length(score: Score) -> int:
    return int((score.seconds(score.length) + 2.0) * RATE)


@pytest.fixture(scope="session")
def perform(score: Score, length: int) -> Performer:
    return player(score, length)


def tone(frequency: float, seconds: float = 1.0, level: float = 0.0, channels: int = 2) -> np.ndarray:
    """Return a sine of a peak level in dBFS, float32 (samples, channels)."""
    time = np.arange(round(seconds * RATE)) / RATE
    wave = 10 ** (level / 20) * np.sin(2 * np.pi * frequency * time)
    return np.repeat(wave[:, None], channels, axis=1).astype(np.float32)


@pytest.fixture(scope="session")
def sine() -> Callable[..., np.ndarray]:
    return tone


@pytest.fixture(scope="session")
def noise() -> np.ndarray:
    return np.asarray(np.random.default_rng(3).standard_normal((3 * RATE, 2)) * 0.1, np.float32)
