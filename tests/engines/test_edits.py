"""Orders that change a small song, made into sound: what stays to the last bit, and how what is new meets it."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from descant.engines.score.engine import ScoreEngine
from descant.engines.score.takes import CROSSFADE
from descant.song.brief import Brief
from descant.song.document import Song
from descant.song.orders import ChordChange, Concat, Create, Extend, Order, Replace, Rescore, SectionEdit
from descant.song.theory import parse_chord

RATE = 48_000
BRIEF = Brief(
    seed=12,
    title="Harbour",
    tags="pop, 120 bpm, in G major, female vocals",
    lyrics="[Verse]\nThe harbour lights are low tonight\nAnd every boat is turned to shore\n"
    "[Chorus]\nCarry me home across the bay",
)


class Shelf:
    """Songs by name, made where they are asked for first."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.engine = ScoreEngine(cache=root / "cache")
        self.songs: dict[str, Song] = {}

    def make(self, name: str, order: Order, *sources: str) -> Song:
        if name not in self.songs:
            (self.root / name).mkdir()
            folders = [self.root / source for source in sources]
            self.songs[name] = self.engine.make(order, folders, self.root / name, lambda *_: None)
        return self.songs[name]

    def audio(self, name: str) -> np.ndarray:
        return np.asarray(soundfile.read(self.root / name / "audio.wav", dtype="int32", always_2d=True)[0] >> 8)

    def source(self) -> Song:
        return self.make("source", Create(BRIEF))

    def extension(self) -> Song:
        score = self.source().score
        words = Brief(seed=13, lyrics="[Verse]\nA lantern on the water burns\n[Chorus]", tags="")
        return self.make("extension", Extend(words, score.seconds(score.sections[-1].start)), "source")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    root = tmp_path_factory.mktemp("songs")
    (root / "cache").mkdir()
    return Shelf(root)


def decibels(difference: np.ndarray, whole: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(difference.astype(float) ** 2) / np.mean(whole.astype(float) ** 2) + 1e-30))


def changed(before: np.ndarray, after: np.ndarray) -> tuple[int, int]:
    """Return the first and last sample that differ."""
    places = np.flatnonzero((before != after).any(axis=1))
    return int(places[0]), int(places[-1])


def test_a_song_and_its_extension_are_joined_to_the_sample(shelf: Shelf) -> None:
    source, extension = shelf.source(), shelf.extension()
    whole = shelf.make("whole", Concat(), "source", "extension")
    old, new, both = shelf.audio("source"), shelf.audio("extension"), shelf.audio("whole")
    join = round(extension.joined_at * RATE)
    assert np.array_equal(both[:join], old[:join])
    assert np.array_equal(both[join + CROSSFADE :], new[CROSSFADE:])
    assert whole.seconds == pytest.approx(extension.joined_at + extension.seconds, abs=1e-4)
    assert len(whole.score.sections) == len(whole.plan.sections)
    lead = [word for word in whole.words if word.role == "vocals"]
    assert [word.start for word in lead] == sorted(word.start for word in lead)
    assert [word.text for word in lead][-6:] == ["Carry", "me", "home", "across", "the", "bay"]
    assert source.words[0] == whole.words[0]


def test_what_was_heard_before_an_extension_rings_into_it(shelf: Shelf) -> None:
    extension = shelf.extension()
    join = round(extension.joined_at * RATE)
    old, new = shelf.audio("source"), shelf.audio("extension")
    moment = slice(CROSSFADE, CROSSFADE + RATE // 50)
    assert decibels(new[moment] - old[join:][moment], old[join:][moment]) < -12


def test_replacing_a_section_changes_no_sample_outside_it(shelf: Shelf) -> None:
    source = shelf.source()
    verse = source.score.sections[1]
    start, stop = (source.score.seconds(verse.start + bars * 4.0) for bars in (0, verse.bars))
    words = Brief(seed=14, lyrics="Another light is on the hill\nAnd no one there is sleeping")
    replaced = shelf.make("replaced", Replace(words, start, stop), "source")
    first, last = changed(shelf.audio("source"), shelf.audio("replaced"))
    assert len(shelf.audio("source")) == len(shelf.audio("replaced"))
    assert start - 1.5 < first / RATE < start
    assert stop - 1.5 < last / RATE < stop
    texts = [word.text for word in replaced.words if word.role == "vocals"]
    assert texts[:4] == ["Another", "light", "is", "on"]
    assert texts[-6:] == ["Carry", "me", "home", "across", "the", "bay"]


def test_a_stretch_of_an_extension_is_replaced_in_place(shelf: Shelf) -> None:
    extension = shelf.extension()
    first = extension.score.sections[0]
    stop = extension.score.seconds(first.start + first.bars * 4.0)
    shelf.make("mended", Replace(Brief(seed=15, lyrics="A ferry on the water turns"), 0.5, stop), "extension")
    before, after = shelf.audio("extension"), shelf.audio("mended")
    assert len(before) == len(after)
    assert changed(before, after)[1] / RATE < stop
    again = shelf.make("mended whole", Concat(), "source", "mended")
    assert again.seconds == pytest.approx(extension.joined_at + extension.seconds, abs=1e-4)


def test_new_chords_are_heard_in_their_section_alone(shelf: Shelf) -> None:
    source = shelf.source()
    chords = ChordChange(((parse_chord("Em"), 4.0), (parse_chord("C"), 4.0)))
    shelf.make("rescored", Rescore(16, (SectionEdit(1, chords=chords),)), "source")
    section = source.score.sections[1]
    start, stop = (source.score.seconds(section.start + bars * 4.0) for bars in (0, section.bars))
    first, last = changed(shelf.audio("source"), shelf.audio("rescored"))
    assert start - 1.5 < first / RATE < start + 4.0
    assert last / RATE < stop
