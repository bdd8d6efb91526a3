"""The whole road on a short song: two lines, one voice, real sounds."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from descant.engines import CannotMake, UnknownEngine, load, names, protocol
from descant.song.brief import Brief
from descant.song.document import Song, decode
from descant.song.orders import Create
from descant.song.score import Role

BRIEF = Brief(
    seed=6,
    title="Ferry",
    tags="pop, 120 bpm, in D major, female vocals, no drums",
    lyrics="[Verse]\nThe ferry leaves at seven\nI wave it from the shore",
)
RATE = 48_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("take")


@pytest.fixture(scope="module")
def reports() -> list[tuple[float, str]]:
    return []


@pytest.fixture(scope="module")
def song(folder: Path, reports: list[tuple[float, str]]) -> Iterator[Song]:
    engine = load(cache=folder.parent / "cache")
    return engine.make(Create(BRIEF), (), folder, lambda done, stage: reports.append((done, stage)))


def test_the_document_tells_what_was_asked_and_made(song: Song, folder: Path) -> None:
    assert decode((folder / protocol.SONG_FILE).read_bytes()) == song
    assert song.brief == BRIEF
    assert song.title == "Ferry"
    assert (song.plan.bpm, song.score.key.name) == (120, "D major")
    assert song.provenance.engine == "score"
    assert song.provenance.voices


def test_every_word_is_sung_and_timed_in_order(song: Song) -> None:
    words = [word for word in song.words if word.role == Role.LEAD_VOCAL]
    assert " ".join(word.text for word in words) == "The ferry leaves at seven I wave it from the shore"
    assert all(word.start < word.stop <= song.seconds for word in words)
    assert [word.start for word in words] == sorted(word.start for word in words)


def test_what_was_not_wanted_does_not_play(song: Song, folder: Path) -> None:
    assert Role.DRUMS not in {part.role for part in song.score.parts}
    assert not (folder / protocol.STEMS_FOLDER / "drums.flac").exists()


def test_the_stems_sum_to_the_record(song: Song, folder: Path) -> None:
    master = soundfile.read(folder / protocol.WAV_FILE, always_2d=True)[0]
    stems = [soundfile.read(path, always_2d=True)[0] for path in (folder / protocol.STEMS_FOLDER).iterdir()]
    assert {len(stem) for stem in stems} == {len(master)}
    residual = np.sum(stems, axis=0) - master
    assert np.sqrt(np.mean(residual**2)) < 1e-4 * np.sqrt(np.mean(master**2))


def test_the_record_is_as_long_as_it_says_and_ends_in_silence(song: Song, folder: Path) -> None:
    master, rate = soundfile.read(folder / protocol.WAV_FILE, always_2d=True)
    assert rate == RATE
    assert len(master) / RATE == pytest.approx(song.seconds)
    assert np.abs(master[-RATE // 20 :]).max() < 1e-3


def test_the_mp3_is_the_record(song: Song, folder: Path) -> None:
    coded, rate = soundfile.read(folder / protocol.AUDIO_FILE, always_2d=True)
    master = soundfile.read(folder / protocol.WAV_FILE, always_2d=True)[0]
    assert rate == RATE
    assert len(coded) == len(master)
    assert np.corrcoef(coded.mean(axis=1), master.mean(axis=1))[0, 1] > 0.99


def test_progress_rises_through_the_stages(song: Song, reports: list[tuple[float, str]]) -> None:
    done = [share for share, _ in reports]
    assert done == sorted(done)
    assert (done[0], done[-1]) == (0.0, 1.0)
    assert list(dict.fromkeys(stage for _, stage in reports)) == ["writing", "performing", "mixing", "encoding"]


def test_the_same_brief_gives_the_same_bytes(song: Song, folder: Path, tmp_path: Path) -> None:
    load(cache=None).make(Create(BRIEF), (), tmp_path, lambda *_: None)
    for name in (protocol.WAV_FILE, protocol.AUDIO_FILE, protocol.SONG_FILE, protocol.MIDI_FILE, protocol.COVER_FILE):
        first, second = ((place / name).read_bytes() for place in (folder, tmp_path))
        assert hashlib.sha256(first).digest() == hashlib.sha256(second).digest(), name


def test_lyrics_without_words_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(CannotMake, match="sing"):
        load().make(Create(Brief(seed=1, lyrics="[Verse]\n♪ 🎵 ♪")), (), tmp_path, lambda *_: None)


def test_a_missing_sound_bank_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotMake, match="DESCANT_SOUNDFONT"):
        load(soundfont=tmp_path / "none.sf2").make(Create(BRIEF), (), tmp_path, lambda *_: None)


def test_engines_are_known_by_name() -> None:
    assert "score" in names()
    with pytest.raises(UnknownEngine, match="score"):
        load("neural")
