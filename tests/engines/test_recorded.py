"""Edits of a recording carried out by the engine: files, samples, stems."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from descant.edit.recordings import song_of
from descant.engines import CannotMake, delivery, protocol, recordings
from descant.engines.listening import excess, listen_to, stored
from descant.engines.score.engine import ScoreEngine, write
from descant.engines.score.tuning import retuned, stretched
from descant.engines.sources import needed
from descant.media import flac
from descant.mix import loudness
from descant.mix.mixdown import Mixdown
from descant.mix.recall import Sheet
from descant.perform.voice.voices import profiles
from descant.song.brief import Brief
from descant.song.document import Provenance, Song, decode, encode
from descant.song.orders import (
    AddInstrumental,
    AddVocals,
    Concat,
    Extend,
    Listen,
    Mashup,
    Remaster,
    Replace,
    Sample,
    Variation,
)
from descant.song.score import Role
from descant.song.tempo import Metre
from descant.song.theory import Chord, Key
from descant.song.transcription import (
    HeardChord,
    HeardHit,
    HeardKey,
    HeardNote,
    HeardSection,
    HeardTempo,
    Transcription,
)

RATE = 48_000
BEAT = 0.5
SECONDS = 16.3
TAGS = "pop, piano"


def recorded() -> tuple[np.ndarray, Transcription]:
    """Return eight bars of clicks and chords, and what is heard in them."""
    time = np.arange(round(SECONDS * RATE)) / RATE
    rng = np.random.default_rng(2)
    audio = np.zeros((len(time), 2))
    chords = [Chord(0), Chord(9, "m"), Chord(5), Chord(7)]
    spans, notes, hits = [], [], []
    for bar in range(8):
        start, chord = bar * 4 * BEAT, chords[bar % 4]
        inside = (time >= start) & (time < start + 4 * BEAT)
        for pc in chord.pitch_classes:
            pitch = 48 + pc
            wave = 0.06 * np.sin(2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * time) * np.exp(-(time - start)) * inside
            audio += wave[:, None]
            notes.append(HeardNote(start, start + 4 * BEAT, float(pitch), 80, 0.9))
        spans.append(HeardChord(start, start + 4 * BEAT, chord, 0.9))
        hits += [HeardHit(start + beat * BEAT, 36 if beat % 2 == 0 else 38, 90, 0.9) for beat in range(4)]
    for hit in hits:
        first = round(hit.start * RATE)
        audio[first : first + 2400] += 0.08 * rng.standard_normal((2400, 2)) * np.exp(-np.arange(2400) / 400)[:, None]
    heard = Transcription(
        seconds=SECONDS,
        tempo=HeardTempo(120.0, 0.9),
        beats=tuple(n * BEAT for n in range(33)),
        downbeats=tuple(range(0, 33, 4)),
        metre=Metre(),
        key=HeardKey(Key(0, "major"), 0.9),
        evidence={},
        chords=tuple(spans),
        sections=(HeardSection(0.0, SECONDS, "A", 0.5),),
        notes=tuple(notes),
        drums=tuple(hits),
    )
    return stored(np.asarray(audio, np.float32)), heard


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> ScoreEngine:
    return ScoreEngine(cache=tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording as it is stored after it was listened to."""
    folder = tmp_path_factory.mktemp("recording")
    audio, heard = recorded()
    song = song_of(heard, "Clicks", voices=profiles(), loudness=-18.0, true_peak=-3.0)
    delivery.save(song, Mixdown(audio, {Role.RECORDING: audio}, -18.0, -3.0, Sheet(profile="pop")), folder)
    return folder


def samples(folder: Path, name: str) -> np.ndarray:
    return np.asarray(soundfile.read(folder / name, dtype="int32", always_2d=True)[0] >> 8)


def stems(folder: Path) -> dict[str, np.ndarray]:
    return {path.stem: samples(folder, f"stems/{path.name}") for path in sorted((folder / "stems").iterdir())}


def check_sum(folder: Path) -> None:
    record = samples(folder, protocol.WAV_FILE).astype(float)
    off = record - sum(stem.astype(float) for stem in stems(folder).values())
    assert 10 * np.log10(np.mean(off**2) / np.mean(record**2) + 1e-30) < -80


@pytest.mark.parametrize(
    ("order", "role"),
    [
        (AddVocals(Brief(seed=3, lyrics="[Verse]\nCarry me home across the bay", tags=TAGS)), "vocals"),
        (AddInstrumental(Brief(seed=3, tags=TAGS)), "bass"),
    ],
    ids=["vocals", "instrumental"],
)
def test_a_recording_is_untouched_under_what_is_added(
    engine: ScoreEngine, home: Path, tmp_path: Path, order: AddVocals | AddInstrumental, role: str
) -> None:
    made = engine.make(order, (home,), tmp_path, lambda *_: None)
    source, kept = samples(home, "stems/recording.flac"), stems(tmp_path)["recording"]
    assert np.array_equal(source, samples(home, protocol.WAV_FILE))
    assert np.array_equal(kept[: len(source)], source)
    assert not kept[len(source) :].any()
    assert stems(tmp_path)[role].any()
    check_sum(tmp_path)
    assert made.true_peak <= -0.9
    assert decode((tmp_path / protocol.SONG_FILE).read_bytes()) == made


def test_what_follows_a_recording_begins_where_it_was_left_without_a_step(
    engine: ScoreEngine, home: Path, tmp_path: Path
) -> None:
    more, whole = tmp_path / "more", tmp_path / "whole"
    more.mkdir()
    whole.mkdir()
    extension = engine.make(Extend(Brief(seed=4, instrumental=True, max_seconds=40.0), at=9.0), (home,), more, _quiet)
    joined = engine.make(Concat(), (home, more), whole, _quiet)
    assert extension.joined_at is not None
    place = round(extension.joined_at * RATE)
    record, source = samples(whole, protocol.WAV_FILE), samples(home, protocol.WAV_FILE)
    assert np.array_equal(record[:place], source[:place])
    steps = np.abs(np.diff(record.astype(float), axis=0)).max(axis=1)
    around = steps[place - 480 : place + 1920].max()
    assert around <= 1.5 * steps[: place - 4800].max()
    check_sum(more)
    check_sum(whole)
    beats = (extension.joined_at + extension.score.seconds(0.0)) / BEAT
    assert abs(beats - round(beats)) * BEAT < 0.005
    near = _level(source[place - 4 * RATE : place])
    assert _level(record[place + RATE // 4 : place + 4 * RATE]) == pytest.approx(near, abs=4.0)
    assert {"recording", "drums"} <= set(stems(whole))
    assert joined.seconds > extension.seconds


def test_a_sampled_recording_is_heard_on_the_beats_of_the_new_song(
    engine: ScoreEngine, home: Path, tmp_path: Path
) -> None:
    brief = Brief(seed=5, tags="pop, piano, 108 bpm", instrumental=True, max_seconds=40.0)
    made = engine.make(Sample(brief, 4.0, 12.0), (home,), tmp_path, _quiet)
    heard = stems(tmp_path)["recording"] / 2.0**23
    check_sum(tmp_path)
    steps = np.abs(np.diff(heard.mean(axis=1), prepend=0.0))
    level = steps[: len(steps) // 96 * 96].reshape(-1, 96).max(axis=1)
    struck = [
        n
        for n in range(60, len(level))
        if level[n] > 0.3 * level.max() and not np.any(level[n - 60 : n] > 0.3 * level.max())
    ]
    beats = [made.score.tempo_map.beat(n * 96 / RATE - made.score.lead_in) for n in struck]
    off = np.array([abs(beat - round(beat)) * 60.0 / made.plan.bpm for beat in beats])
    assert len(off) > 16
    assert np.percentile(off, 90) < 0.015
    assert "samples the sound of 'Clicks' from 4.00 to 12.00 s" in made.plan.notes[-1]
    assert made.loudness == pytest.approx(-14.0, abs=1.0)
    assert made.true_peak <= -0.9
    assert any(part.role is Role.RECORDING for part in made.score.parts)


def test_a_mashup_over_a_recording_sounds_of_it_and_is_made_of_the_files_that_are_asked_for(
    engine: ScoreEngine, home: Path, tmp_path: Path
) -> None:
    voice, band, out = (tmp_path / name for name in ("voice", "band", "out"))
    for folder in (voice, band, out):
        folder.mkdir()
    brief = Brief(
        seed=3, lyrics="[Verse]\nCarry me home across the bay", tags="pop, 118 bpm, in C major", max_seconds=20.0
    )
    reading, plan, score = write(brief)
    seconds = score.seconds(score.length)
    provenance = Provenance(engine=engine.name, version=engine.version, seed=brief.seed)
    song = Song(
        brief=brief,
        plan=plan,
        score=score,
        provenance=provenance,
        title=reading.title,
        lyrics=reading.text,
        tags=brief.tags,
        seconds=seconds,
        loudness=-14.0,
        true_peak=-1.0,
    )
    (voice / protocol.SONG_FILE).write_bytes(encode(song))
    order = Mashup(Brief(seed=4))
    held = [path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()]
    for name in needed(order, held):
        shutil.copyfile(home / name, band / name)
    made = engine.make(order, (voice, band), out, _quiet)
    assert {"recording", "vocals"} <= set(stems(out)) <= {"recording", "vocals", "backing-vocals"}
    assert "samples the sound of 'Clicks'" in made.plan.notes[-1]
    assert made.true_peak <= -0.9
    check_sum(out)


def test_a_replaced_stretch_lies_between_recorded_samples(engine: ScoreEngine, home: Path, tmp_path: Path) -> None:
    order = Replace(Brief(seed=5, lyrics="Carry me home across the bay"), 4.0, 8.0)
    engine.make(order, (home,), tmp_path, _quiet)
    new, old = samples(tmp_path, protocol.WAV_FILE), samples(home, protocol.WAV_FILE)
    changed = np.flatnonzero((new[: len(old)] != old).any(axis=1)) / RATE
    assert changed[0] > 3.0
    assert changed[-1] < 8.1
    check_sum(tmp_path)


def test_a_score_for_a_sharp_recording_is_performed_slower_and_played_back_faster(home: Path, tmp_path: Path) -> None:
    from descant.engines.score.recording import Studio

    song = decode((home / protocol.SONG_FILE).read_bytes())
    slow = stretched(song.score, 30.0)
    assert slow.seconds(16.0) == pytest.approx(song.score.seconds(16.0) * 2 ** (30 / 1200))
    time = np.arange(4 * RATE) / RATE
    tone = np.repeat(0.2 * np.sin(2 * np.pi * 440.0 * time)[:, None], 2, axis=1).astype(np.float32)
    found = retuned(
        Mixdown(tone, {Role.BASS: tone}, 0.0, 0.0, Sheet(profile="pop")), 30.0, Studio(None, None, tmp_path)
    )
    assert len(found.master) == round(4 * RATE / 2 ** (30 / 1200))
    spectrum = np.abs(np.fft.rfft(found.master[RATE : 3 * RATE, 0] * np.hanning(2 * RATE), 16 * RATE))
    assert 1200 * np.log2(spectrum.argmax() / 16 / 440.0) == pytest.approx(30.0, abs=0.5)


def _quiet(*_: object) -> None:
    return


def _level(audio: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(audio.astype(float) ** 2)))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"<html><body>no song</body></html>", "cannot be listened to"),
        (b"", "cannot be listened to"),
        (flac.encode(np.zeros((3 * RATE, 2), np.float32)), "silent"),
        (flac.encode(np.full((RATE // 4, 2), 0.1, np.float32)), "at least 1 s"),
    ],
    ids=["html", "empty", "silent", "short"],
)
def test_what_cannot_be_listened_to_is_refused_in_words(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / protocol.RECORDING_FILE).write_bytes(data)
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(CannotMake, match=message):
        listen_to(tmp_path, Listen("Nothing"), out, _quiet)
    assert not list(out.iterdir())


@pytest.mark.parametrize("level", [0.1, 0.0], ids=["short", "silent"])
def test_what_nothing_can_be_made_of_is_refused_alike_where_it_is_taken_in_and_heard(
    tmp_path: Path, level: float
) -> None:
    sound = np.full((RATE // 4 if level else 2 * RATE, 2), level, np.float32)
    (tmp_path / protocol.RECORDING_FILE).write_bytes(flac.encode(sound))
    with pytest.raises(CannotMake) as taken_in:
        recordings.prepare(tmp_path / protocol.RECORDING_FILE, tmp_path / "clean", 60.0)
    with pytest.raises(CannotMake) as heard:
        listen_to(tmp_path, Listen("Nothing"), tmp_path, _quiet)
    assert str(taken_in.value) == str(heard.value)


def test_a_recording_that_was_listened_to_is_stored_sample_by_sample(engine: ScoreEngine, tmp_path: Path) -> None:
    audio, _ = recorded()
    (tmp_path / protocol.RECORDING_FILE).write_bytes(flac.encode(audio))
    out = tmp_path / "out"
    out.mkdir()
    made: Song = engine.make(Listen("Clicks"), (tmp_path,), out, _quiet)
    sent = np.asarray(soundfile.read(tmp_path / protocol.RECORDING_FILE, dtype="int32")[0] >> 8)
    assert np.array_equal(samples(out, protocol.WAV_FILE), sent)
    assert np.array_equal(samples(out, "stems/recording.flac"), sent)
    assert made.heard is not None
    assert made.provenance.engine == "recording"
    assert (out / protocol.MIDI_FILE).exists()
    assert (out / protocol.AUDIO_FILE).exists()


def test_a_recording_over_full_scale_is_turned_down_as_a_whole(tmp_path: Path) -> None:
    loud, _ = recorded()
    loud = loud[: 4 * RATE] * np.float32(10 ** (6 / 20) / np.abs(loud[: 4 * RATE]).max())
    soundfile.write(tmp_path / "sent.wav", loud, RATE, subtype="FLOAT")
    recordings.prepare(tmp_path / "sent.wav", tmp_path / protocol.RECORDING_FILE, 60.0)
    out = tmp_path / "out"
    out.mkdir()
    made = listen_to(tmp_path, Listen("Loud"), out, _quiet)
    kept = samples(out, protocol.WAV_FILE) / 2**23
    assert abs(20 * np.log10(np.abs(kept).max()) + 0.1) < 1e-3
    np.testing.assert_allclose(kept * 10 ** (6.1 / 20), loud, atol=1e-6)
    assert np.array_equal(samples(out, "stems/recording.flac"), samples(out, protocol.WAV_FILE))
    assert made.plan.notes == ("turned the recording down by 6.1 dB: it peaked over full scale",)
    assert decode((out / protocol.SONG_FILE).read_bytes()) == made


@pytest.mark.parametrize("peak", [1.0, -1.0, 0.5])
def test_a_recording_within_full_scale_keeps_its_level(peak: float) -> None:
    audio = np.array([[peak, -0.25], [0.125, 0.0]], np.float32)
    assert excess(audio) == 0.0
    np.testing.assert_allclose(stored(audio), audio, atol=2**-23)


@pytest.mark.parametrize(("variation", "least"), [("subtle", 3.0), ("high", 6.0)])
def test_a_remastered_recording_is_louder_and_lies_where_it_lay(
    engine: ScoreEngine, home: Path, tmp_path: Path, variation: Variation, least: float
) -> None:
    song = engine.make(Remaster(5, variation, request_seed=5), [home], tmp_path, lambda *_: None)
    old = soundfile.read(home / protocol.WAV_FILE, always_2d=True)[0]
    new = soundfile.read(tmp_path / protocol.WAV_FILE, always_2d=True)[0]
    assert old.shape == new.shape
    assert song.heard == decode((home / protocol.SONG_FILE).read_bytes()).heard
    assert song.loudness >= loudness.integrated(old.astype(np.float32)) + least
    assert -14.6 <= song.loudness <= -13.6 or song.true_peak > -1.5
    assert song.true_peak <= -0.9
    check_sum(tmp_path)
    lag = np.argmax(np.fft.irfft(np.fft.rfft(new[:, 0]) * np.conj(np.fft.rfft(old[:, 0])), len(new)))
    assert min(lag, len(new) - lag) < 48
