"""Small vocal parts to sing, written out by hand so that every phone is known."""

import pytest

from descant.song.lyrics import Syllable, SyllableClass, Word
from descant.song.score import Phrase, Role, Score, SungNote, VocalPart
from descant.song.tempo import Metre, TempoChange
from descant.song.theory import Key

SYLLABLES = {
    "silver": ("s ih l", "v er"),
    "rain": ("r ey n",),
    "follow": ("f aa", "l ow"),
    "the": ("dh ax",),
    "street": ("s t r iy t",),
    "home": ("hh ow m",),
}


def word(name: str) -> Word:
    parts = SYLLABLES[name]
    made = [Syllable(name, tuple(p.split()), SyllableClass.CONTENT, int("ax" not in p)) for p in parts]
    return Word(name, name, tuple(made))


def phrase(
    text: str, pitches: list[int], start: float = 0.0, length: float = 1.0, last: float = 2.0, **more: float
) -> Phrase:
    words = tuple(word(name) for name in text.split())
    places = [(w, s) for w, one in enumerate(words) for s in range(len(one.syllables))]
    notes = []
    for n, ((w, s), pitch) in enumerate(zip(places, pitches, strict=True)):
        notes.append(SungNote(start + n * length, length if n < len(places) - 1 else last, pitch, w, s, 100))
    return Phrase(text, words, tuple(notes), 0, **more)  # type: ignore[arg-type]


def score_of(*phrases: Phrase, voice: str = "clara", role: Role = Role.LEAD_VOCAL, bpm: float = 100.0) -> Score:
    part = VocalPart("lead", role, voice, phrases)
    return Score(
        title="t",
        tempo=(TempoChange(0, bpm),),
        metre=Metre(),
        key=Key(0, "major"),
        sections=(),
        chords=(),
        parts=(),
        vocals=(part,),
        length=16.0,
    )


@pytest.fixture
def two_phrases() -> Score:
    first = phrase("follow the silver rain", [67, 69, 67, 65, 64, 62], length=0.5)
    second = phrase("street home", [60, 64], start=8.0, breath=0.25)
    return score_of(first, second)
