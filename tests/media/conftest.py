import numpy as np
import pytest

from descant.song.lyrics import SectionKind, Syllable, SyllableClass, Word
from descant.song.plan import Plan
from descant.song.score import ChordSpan, Note, Part, Pedal, Phrase, Role, Score, Section, SungNote, VocalPart
from descant.song.tempo import Metre, TempoChange
from descant.song.theory import Chord, Key

RATE = 48_000


def word(text, *syllables):
    return Word(text, text, tuple(Syllable(s, ("ax",), SyllableClass.CONTENT) for s in syllables))


@pytest.fixture(scope="session")
def audio():
    """Three seconds of two decaying chords, a little different left and right."""
    time = np.arange(3 * RATE) / RATE
    left = sum(np.sin(2 * np.pi * f * time) for f in (220.0, 277.2, 329.6)) * np.exp(-(time % 1.5)) * 0.15
    return np.stack([left, np.roll(left, 11)], axis=1).astype(np.float32)


@pytest.fixture(scope="session")
def score():
    sung = (
        SungNote(-0.5, 0.5, 67, 0, 0),
        SungNote(0.0, 1.0, 69, 1, 0),
        SungNote(1.0, 0.5, 71, 1, 1),
        SungNote(1.5, 0.5, 72, 1, 1),
        SungNote(8.0, 2.0, 74, 2, 0),
    )
    words = (word("the", "the"), word("water", "wa", "ter"), word("falls", "falls"))
    return Score(
        title="Water",
        tempo=(TempoChange(0.0, 96.0), TempoChange(8.0, 100.0)),
        metre=Metre(4, 4),
        key=Key(3, "minor"),
        sections=(
            Section(SectionKind.VERSE, "Verse 1", 0.0, 2, 0.4, Key(3, "minor")),
            Section(SectionKind.CHORUS, "Chorus", 8.0, 2, 0.9, Key(6, "major")),
        ),
        chords=tuple(ChordSpan(4.0 * k, 4.0, Chord(root, "m")) for k, root in enumerate((3, 8, 1, 6))),
        parts=(
            Part("piano", Role.KEYBOARD, "grand_piano", (Note(0.0, 2.0, 60, 80, 0.01),), pedals=(Pedal(0.0, 3.5),)),
            Part("kit", Role.DRUMS, "brush_kit", (Note(0.0, 0.25, 36, 100), Note(1.0, 0.25, 38, 90))),
        ),
        vocals=(VocalPart("lead", Role.LEAD_VOCAL, "clara", (Phrase("the water falls", words, sung, 0),)),),
        length=16.0,
    )


@pytest.fixture(scope="session")
def plan():
    return Plan(
        seed=11,
        title="Water",
        genres=(("pop", 1.0),),
        bpm=96.0,
        key=Key(3, "minor"),
        metre=Metre(),
        sections=(),
        instruments={},
    )
