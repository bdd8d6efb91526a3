"""Revisions of a real small song carried out: what is kept, what is performed, and how they meet."""

import hashlib
from pathlib import Path

import msgspec
import numpy as np
import pytest
import soundfile

from descant.edit.revision import Keep, Perform, Revision
from descant.engines import CannotMake, protocol
from descant.engines.score.engine import ScoreEngine
from descant.engines.score.takes import CROSSFADE
from descant.media import decode as media
from descant.mix import loudness, recall
from descant.mix.filters import Filter, high_pass
from descant.song.brief import Brief
from descant.song.document import Song, decode
from descant.song.orders import Create, Replace
from descant.song.score import Note, Part, Role, Score

RATE = 48_000
BRIEF = Brief(
    seed=11,
    title="Harbour",
    tags="pop, 120 bpm, in G major, male vocals",
    lyrics="[Verse]\nThe harbour lights are low tonight\n[Chorus]\nCarry me home across the bay\n[Outro]",
)


def read(folder: Path, name: str) -> np.ndarray:
    return np.asarray(soundfile.read(folder / name, dtype="int32", always_2d=True)[0] >> 8)


def stems(folder: Path) -> dict[str, np.ndarray]:
    return {path.stem: read(folder, f"stems/{path.name}") for path in sorted((folder / "stems").iterdir())}


def decibels(difference: np.ndarray, whole: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(difference.astype(float) ** 2) / np.mean(whole.astype(float) ** 2) + 1e-30))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> ScoreEngine:
    return ScoreEngine(cache=tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("source")


@pytest.fixture(scope="module")
def source(engine: ScoreEngine, home: Path) -> Song:
    return engine.make(Create(BRIEF), (), home, lambda *_: None)


def with_flute(score: Score, start: float, stop: float) -> Score:
    """Return the score with a flute on every beat from ``start`` to ``stop``."""
    notes = tuple(Note(float(beat), 0.9, 79, 90) for beat in range(round(start), round(stop)))
    return msgspec.structs.replace(score, parts=(*score.parts, Part("flute", Role.WOODWINDS, "flute", notes)))


def revision(song: Song, score: Score, takes: tuple[Keep | Perform, ...], **more: object) -> Revision:
    return Revision(
        brief=song.brief,
        plan=song.plan,
        score=score,
        title=song.title,
        lyrics=song.lyrics,
        tags=song.tags,
        takes=takes,
        **more,  # type: ignore[arg-type]
    )


@pytest.fixture(scope="module")
def window(source: Song) -> tuple[float, float]:
    """The chorus of the source in seconds."""
    chorus = next(k for k, section in enumerate(source.score.sections) if section.kind.value == "chorus")
    sections = source.score.sections
    return source.score.seconds(sections[chorus].start), source.score.seconds(sections[chorus + 1].start)


@pytest.fixture(scope="module")
def changed(engine: ScoreEngine, home: Path, source: Song, window: tuple[float, float], tmp_path_factory):
    """The source with a flute in its chorus, and the folder of its files."""
    start, stop = window
    beats = [source.score.tempo_map.beat(at - source.score.lead_in) for at in window]
    score = with_flute(source.score, *beats)
    takes = (
        Keep(0, 0.0, start),
        Perform(score, source.plan.seed, source.plan.mix, start, stop, balance=0),
        Keep(0, stop, source.seconds),
    )
    kept = tuple(word for word in source.words if not start <= word.start < stop)
    folder = tmp_path_factory.mktemp("changed")
    song = engine.carry_out(revision(source, score, takes, words=kept), [source], [home], folder, lambda *_: None)
    return song, folder


def outside(window: tuple[float, float], length: int) -> np.ndarray:
    """Return where samples are kept: everywhere but in the window."""
    mask = np.ones(length, bool)
    mask[round(window[0] * RATE) : round(window[1] * RATE)] = False
    return mask


def test_samples_outside_the_performed_take_are_the_sources(changed, home, window):
    _, folder = changed
    before, after = read(home, "audio.wav"), read(folder, "audio.wav")
    kept = outside(window, len(before))
    assert len(after) == len(before)
    assert np.array_equal(after[kept], before[kept])
    assert not np.array_equal(after[~kept], before[~kept])
    old, new = stems(home), stems(folder)
    for role in old:
        assert np.array_equal(new[role][kept], old[role][kept]), role


def test_a_role_only_the_new_take_has_is_silent_elsewhere(changed, home, window):
    _, folder = changed
    new = stems(folder).keys() - stems(home).keys()
    assert new == {"woodwinds"}
    stem = read(folder, "stems/woodwinds.flac")
    inside = ~outside(window, len(stem))
    assert stem[inside].any()
    assert not stem[~inside].any()


def test_the_stems_still_sum_to_the_record(changed):
    _, folder = changed
    master = read(folder, "audio.wav")
    assert decibels(sum(stem.astype(float) for stem in stems(folder).values()) - master, master) < -90


def test_a_part_that_did_not_change_sounds_as_before_inside_too(changed, home, window):
    _, folder = changed
    inside = ~outside(window, len(read(home, "audio.wav")))
    old, new = read(home, "stems/bass.flac")[inside], read(folder, "stems/bass.flac")[inside]
    assert decibels(new - old, old) < -20  # the bus hears the flute
    scale = (new * old.astype(float)).sum() / (old.astype(float) ** 2).sum()
    assert abs(20 * np.log10(scale)) < 0.7


def test_no_join_clicks(changed, window):
    _, folder = changed
    sharp = np.abs(Filter([high_pass(9000.0)] * 2).process((read(folder, "audio.wav") / 2**23).astype(np.float32)))
    sharp = sharp.max(axis=1)
    for place in (round(window[0] * RATE), round(window[1] * RATE) - CROSSFADE):
        near = np.concatenate([sharp[place - RATE // 4 : place], sharp[place + CROSSFADE : place + RATE // 4]])
        assert sharp[place : place + CROSSFADE].max() <= 1.05 * near.max()


def test_the_record_stays_under_one_decibel_true_peak(changed):
    song, folder = changed
    audio = media.decode((folder / "audio.wav").read_bytes())
    assert loudness.true_peak(audio) <= -1.0
    assert song.true_peak == pytest.approx(loudness.true_peak(audio), abs=0.02)
    assert song.loudness == pytest.approx(loudness.integrated(audio), abs=0.02)


def test_the_document_tells_what_is_heard(changed, source):
    song, folder = changed
    assert decode((folder / protocol.SONG_FILE).read_bytes()) == song
    assert song.seconds == source.seconds
    assert [word.text for word in song.words] == [word.text for word in source.words]
    for now, then in zip(song.words, source.words, strict=True):
        assert (now.start, now.stop) == pytest.approx((then.start, then.stop), abs=1e-3)
        assert (now.section, now.line) == (then.section, then.line)
    assert {path.name for path in folder.iterdir()} == {
        "audio.mp3", "audio.wav", "cover.jpeg", "score.mid", "song.json", "mix.json", "stems",
    }  # fmt: skip
    assert "flute.fader" in recall.decode((folder / protocol.RECALL_FILE).read_bytes()).levels


def test_an_unchanged_window_performed_again_is_what_it_was(engine, source, home, window, tmp_path):
    start, stop = window
    takes = (
        Keep(0, 0.0, start),
        Perform(source.score, source.plan.seed, source.plan.mix, start, stop, balance=0),
        Keep(0, stop, source.seconds),
    )
    engine.carry_out(revision(source, source.score, takes), [source], [home], tmp_path, lambda *_: None)
    old, new = read(home, "audio.wav"), read(tmp_path, "audio.wav")
    inside = ~outside(window, len(old))
    assert decibels((new - old)[inside], old[inside]) < -50


def test_the_same_revision_gives_the_same_bytes(changed, engine, source, home, window, tmp_path):
    song, folder = changed
    takes = (
        Keep(0, 0.0, window[0]),
        Perform(song.score, source.plan.seed, source.plan.mix, *window, balance=0),
        Keep(0, window[1], source.seconds),
    )
    kept = tuple(word for word in source.words if not window[0] <= word.start < window[1])
    engine.carry_out(revision(source, song.score, takes, words=kept), [source], [home], tmp_path, lambda *_: None)
    for name in ("audio.wav", "audio.mp3", "song.json", "mix.json", "stems/bass.flac"):
        digests = {hashlib.sha256((place / name).read_bytes()).hexdigest() for place in (folder, tmp_path)}
        assert len(digests) == 1, name


def test_new_words_for_a_section_leave_the_rest_as_it_was(engine, source, home, window, tmp_path):
    order = Replace(Brief(seed=12, lyrics="[Chorus]\nLeave me a light upon the stair"), *window)
    song = engine.make(order, [home], tmp_path, lambda *_: None)
    old, new = read(home, "audio.wav"), read(tmp_path, "audio.wav")
    differs = np.flatnonzero((old != new).any(axis=1)) / RATE
    assert len(new) == len(old)
    assert differs[0] > window[0] - 1.0
    assert differs[-1] < window[1]
    assert "stair" in [word.text for word in song.words]


def test_an_edit_that_cannot_be_made_says_why(engine, source, home, tmp_path):
    with pytest.raises(CannotMake):
        engine.make(Replace(BRIEF, source.seconds + 5.0, source.seconds + 9.0), [home], tmp_path, lambda *_: None)


def test_two_songs_one_after_the_other_keep_both_to_the_sample(engine, source, home, tmp_path):
    cut, other = 6.0, 1.5
    takes = (Keep(0, 0.0, cut), Keep(1, other, source.seconds))
    made = revision(source, source.score, takes)
    engine.carry_out(made, [source, source], [home, home], tmp_path, lambda *_: None)
    old, new = read(home, "audio.wav"), read(tmp_path, "audio.wav")
    place = round(cut * RATE)
    assert np.array_equal(new[:place], old[:place])
    assert np.array_equal(new[place + CROSSFADE :], old[round(other * RATE) + CROSSFADE :])


def test_takes_that_follow_each_other_in_their_source_are_not_faded(engine, source, home, tmp_path):
    takes = (Keep(0, 0.0, 5.0), Keep(0, 5.0, source.seconds))
    engine.carry_out(revision(source, source.score, takes), [source], [home], tmp_path, lambda *_: None)
    assert np.array_equal(read(tmp_path, "audio.wav"), read(home, "audio.wav"))


def test_a_song_without_a_balance_is_mixed_and_mastered_whole(engine, source, home, tmp_path):
    takes = (Perform(source.score, source.plan.seed, "ballad"),)
    song = engine.carry_out(revision(source, source.score, takes), [source], [home], tmp_path, lambda *_: None)
    assert song.loudness == pytest.approx(-14.0, abs=0.3)
    assert [word.text for word in song.words] == [word.text for word in source.words]
    assert recall.decode((tmp_path / protocol.RECALL_FILE).read_bytes()).profile == "ballad"


def test_a_song_without_a_recall_sheet_is_mixed_again_to_have_one(engine, source, home, window, tmp_path):
    bare, folder = tmp_path / "bare", tmp_path / "made"
    folder.mkdir()
    for path in (path for path in home.rglob("*") if path.is_file() and path.name != protocol.RECALL_FILE):
        copy = bare / path.relative_to(home)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    takes = (Keep(0, 0.0, window[0]), Perform(source.score, source.plan.seed, source.plan.mix, *window, balance=0))
    engine.carry_out(revision(source, source.score, takes), [source], [bare], folder, lambda *_: None)
    stop = round(window[1] * RATE)
    old, new = read(home, "audio.wav")[:stop], read(folder, "audio.wav")[:stop]
    assert decibels(new - old, old) < -50
