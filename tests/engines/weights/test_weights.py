"""Networks from a folder: what is checked before they run, and that what they give arrives where it belongs."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
import soundfile

from descant.edit.recordings import song_of
from descant.engines import delivery, protocol
from descant.engines.listening import listen_to, stored
from descant.engines.protocol import RECORDING_FILE, CannotMake
from descant.engines.score.engine import ScoreEngine
from descant.engines.weights import ears
from descant.engines.weights.manifest import Beats, Manifest, WeightsError, read
from descant.listen import separation
from descant.mix.mixdown import Mixdown
from descant.mix.recall import Sheet
from descant.song.orders import Extract, Listen
from descant.song.score import Role
from descant.song.tempo import Metre
from descant.song.theory import Key
from descant.song.transcription import Evidence, HeardKey, HeardTempo, Transcription
from descant.words.lyrics import parse

from . import networks

RATE = 48_000


def _entry(kind: str, **fields: object) -> str:
    lines = [f"{name} = {list(value) if isinstance(value, tuple) else value!r}" for name, value in fields.items()]
    return "\n".join([f"[{kind}]", *lines, ""]).replace("'", '"')


def _noise(seconds: float) -> np.ndarray:
    return np.random.default_rng(3).normal(0, 0.1, (round(seconds * RATE), 2)).astype(np.float32)


def _separator(folder: Path, **changes: object) -> None:
    total = networks.separator(folder / "s.onnx", (0.25, 0.5, 0.125))
    fields = {"name": "tiny", "file": "s.onnx", "sha256": total, "sources": ("drums", "vocals", "other")}
    folder.joinpath("weights.toml").write_text(_entry("separator", **(fields | {"segment": 20_000} | changes)))


def test_segments_faded_into_each_other_give_what_the_network_gives_of_the_whole(tmp_path: Path) -> None:
    _separator(tmp_path, rate=RATE, quality=9.0)
    sound = _noise(2.3)
    found = ears.open_folder(tmp_path).separate(sound, tuple(Role))
    np.testing.assert_allclose(found[Role.DRUMS].audio, 0.25 * sound, atol=1e-6)
    np.testing.assert_allclose(found[Role.LEAD_VOCAL].audio, 0.5 * sound, atol=1e-6)
    assert set(found) == {Role.DRUMS, Role.LEAD_VOCAL}
    assert found[Role.DRUMS].method == "tiny"


def test_a_network_of_another_rate_gets_its_own_and_the_stem_comes_back_in_time(tmp_path: Path) -> None:
    _separator(tmp_path, rate=44_100)
    t = np.arange(RATE) / RATE
    sound = np.repeat(0.4 * np.sin(2 * np.pi * 1000 * t)[:, None], 2, axis=1).astype(np.float32)
    stem = ears.open_folder(tmp_path).separate(sound, (Role.LEAD_VOCAL,))[Role.LEAD_VOCAL].audio
    assert len(stem) == len(sound)
    np.testing.assert_allclose(stem[2000:-2000], 0.5 * sound[2000:-2000], atol=2e-3)


def test_a_file_that_is_not_the_one_listed_is_never_run(tmp_path: Path) -> None:
    _separator(tmp_path)
    with (tmp_path / "s.onnx").open("ab") as file:
        file.write(b"\0")
    with pytest.raises(WeightsError, match="SHA-256"):
        ears.open_folder(tmp_path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"file": "../s.onnx"}, "outside the folder"),
        ({"file": "absent.onnx"}, "cannot be read"),
        ({"sources": ("drums", "kazoo", "other")}, "kazoo"),
        ({"sha256": "abc"}, "sha256"),
        ({"hub": "somewhere"}, "hub"),
    ],
)
def test_a_manifest_that_cannot_be_followed_says_why(tmp_path: Path, changes: dict[str, object], message: str) -> None:
    _separator(tmp_path, **changes)
    with pytest.raises(WeightsError, match=message):
        ears.open_folder(tmp_path)


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"weights\.toml"):
        read(tmp_path)


def test_what_is_no_network_is_refused(tmp_path: Path) -> None:
    import hashlib

    (tmp_path / "s.onnx").write_bytes(b"a pickle, perhaps")
    total = hashlib.sha256(b"a pickle, perhaps").hexdigest()
    fields = {"name": "x", "file": "s.onnx", "sha256": total, "segment": 1500}
    (tmp_path / "weights.toml").write_text(_entry("beats", **fields))
    with pytest.raises(WeightsError, match="onnxruntime"):
        ears.open_folder(tmp_path)


def test_weights_kept_in_another_file_are_not_read_as_that_has_no_sum(tmp_path: Path) -> None:
    total = networks.elsewhere(tmp_path / "s.onnx", 0.5)
    fields = {"name": "x", "file": "s.onnx", "sha256": total, "sources": ("vocals",), "segment": 1500}
    (tmp_path / "weights.toml").write_text(_entry("separator", **fields))
    with pytest.raises(WeightsError, match="onnxruntime"):
        ears.open_folder(tmp_path)


@pytest.mark.parametrize(("sources", "gains"), [(("drums", "vocals"), (1.0,)), (("vocals",), (float("nan"),))])
def test_a_network_that_gives_what_it_must_not_says_so(
    tmp_path: Path, sources: tuple[str, ...], gains: tuple[float, ...]
) -> None:
    total = networks.separator(tmp_path / "s.onnx", gains)
    fields = {"name": "odd", "file": "s.onnx", "sha256": total, "sources": sources, "segment": 1500}
    (tmp_path / "weights.toml").write_text(_entry("separator", **fields))
    with pytest.raises(WeightsError, match=r"odd \(s.onnx\) gives"):
        ears.open_folder(tmp_path).separate(_noise(0.1), (Role.LEAD_VOCAL,))


def test_a_network_that_fails_on_a_recording_says_so_and_nothing_else_is_heard_instead(tmp_path: Path) -> None:
    _separator(tmp_path)
    with tmp_path.joinpath("weights.toml").open("a") as file:  # the separator's network fails on what beats are told of
        total = networks.separator(tmp_path / "s.onnx", (0.25, 0.5, 0.125))
        file.write(_entry("beats", name="not beats", file="s.onnx", sha256=total))
    with pytest.raises(WeightsError, match=r"not beats .* fails"):
        ears.heard_again(_counted(Metre(4, 4)), _noise(2.0), None, ears.open_folder(tmp_path))


def _clicks(times: list[float], strong: set[int], seconds: float) -> np.ndarray:
    sound = np.zeros((round(seconds * RATE), 2), np.float32)
    burst = np.random.default_rng(1).normal(0, 1, 1500).astype(np.float32)
    for i, time in enumerate(times):
        at = round(time * RATE)
        sound[at : at + 1500] += (0.8 if i in strong else 0.02) * burst[:, None]
    return sound


def test_beats_are_the_peaks_of_the_first_output_and_bars_those_of_the_second(tmp_path: Path) -> None:
    total = networks.beats(tmp_path / "b.onnx", 1.5, 5.0)
    fields = {"name": "tiny beats", "file": "b.onnx", "sha256": total, "segment": 120}
    (tmp_path / "weights.toml").write_text(_entry("beats", **fields))
    times = [0.5 + 0.5 * i for i in range(16)]
    found, bars = ears.open_folder(tmp_path).beats(_clicks(times, {0, 4, 8, 12}, 9.0))
    np.testing.assert_allclose(found, times, atol=0.04)
    assert bars == (0, 4, 8, 12)


LEVELS = {"": 0.0, "a": 0.2, "b": 0.4, "c": 0.6}


def _aligner(folder: Path) -> None:
    total = networks.letters(folder / "a.onnx", tuple(LEVELS.values()), 320)
    fields = {"name": "tiny letters", "file": "a.onnx", "sha256": total, "labels": tuple(LEVELS)}
    (folder / "weights.toml").write_text(_entry("aligner", **fields))


def _spelled(letters: tuple[tuple[str, float], ...], seconds: float) -> np.ndarray:
    sound = np.zeros((round(seconds * RATE), 2), np.float32)
    for letter, start in letters:
        sound[round(start * RATE) : round((start + 0.1) * RATE)] = LEVELS[letter]
    return sound


def test_words_far_into_a_recording_lie_where_they_are_though_frames_overlap(tmp_path: Path) -> None:
    total = networks.windows(tmp_path / "a.onnx", tuple(LEVELS.values()), 320, 400)
    fields = {"name": "tiny letters", "file": "a.onnx", "sha256": total, "labels": tuple(LEVELS)}
    (tmp_path / "weights.toml").write_text(_entry("aligner", **fields))
    starts = (29.9, 60.0, 149.0)
    sound = _spelled(tuple(("a", start) for start in starts), 152.0)
    found = ears.open_folder(tmp_path).align(sound, parse("[Verse]\na a a", title="", language="en"))
    np.testing.assert_allclose([word.start for word in found], starts, atol=0.03)


@pytest.mark.parametrize("seconds", [3.0071, 30.0101, 30.0311])
def test_words_are_found_in_a_recording_of_any_length(tmp_path: Path, seconds: float) -> None:
    _aligner(tmp_path)
    sound = _spelled((("a", 1.0), ("b", 1.3)), seconds)
    found = ears.open_folder(tmp_path).align(sound, parse("[Verse]\nab", title="", language="en"))
    assert [word.start for word in found] == pytest.approx([1.0], abs=0.05)


def test_words_lie_where_the_network_hears_their_letters(tmp_path: Path) -> None:
    _aligner(tmp_path)
    sound = _spelled((("a", 1.0), ("b", 1.3), ("c", 2.0), ("a", 2.2), ("b", 2.5)), 4.0)
    words = ears.open_folder(tmp_path).align(sound, parse("[Verse]\nab cab", title="", language="en"))
    assert [word.text for word in words] == ["ab", "cab"]
    np.testing.assert_allclose([(w.start, w.stop) for w in words], [(1.0, 1.4), (2.0, 2.6)], atol=0.05)
    assert min(word.confidence for word in words) > 0.9


def test_facts_that_a_network_found_name_it_and_others_stay(tmp_path: Path) -> None:
    total = networks.beats(tmp_path / "b.onnx", 1.5, 5.0)
    fields = {"name": "tiny beats", "file": "b.onnx", "sha256": total, "segment": 200}
    (tmp_path / "weights.toml").write_text(_entry("beats", **fields))
    before = Transcription(
        seconds=9.0, tempo=HeardTempo(90.0, 0.4), beats=(0.0, 0.7), downbeats=(0,), metre=Metre(4, 4),
        key=HeardKey(Key(0, "major"), 0.5), evidence={},
    )  # fmt: skip
    sound = _clicks([0.5 + 0.5 * i for i in range(16)], {0, 4, 8, 12}, 9.0)
    after = ears.heard_again(before, sound, None, ears.open_folder(tmp_path))
    assert after.tempo.bpm == pytest.approx(120.0, abs=0.5)
    assert after.evidence["beats"].method == "tiny beats"
    assert after.key == before.key


@pytest.mark.parametrize(
    ("old", "bars", "metre", "bpm"),
    [
        (Metre(4, 4), (1, 4, 7, 10), Metre(3, 4), 120.0),
        (Metre(6, 8), (0, 2, 4, 8, 10), Metre(6, 8), 180.0),
        (Metre(6, 8), (0, 4, 8), Metre(4, 4), 120.0),
    ],
)
def test_the_metre_is_counted_from_a_networks_bars(old: Metre, bars: tuple[int, ...], metre: Metre, bpm: float) -> None:
    times = tuple(0.5 * n for n in range(12))
    after = ears.heard_again(_counted(old), _noise(0.1), None, _beats_alone(times, bars))
    assert (after.beats, after.downbeats, after.metre, after.tempo.bpm) == (times, bars, metre, bpm)
    assert after.tempo_alternatives == ()
    assert {after.evidence[kind].method for kind in ("beats", "metre", "tempo")} == {"tiny beats"}


@pytest.mark.parametrize("bars", [(), (3,), (0, 7)])
def test_beats_without_bars_that_can_be_counted_change_nothing(bars: tuple[int, ...]) -> None:
    before = _counted(Metre(4, 4))
    times = tuple(0.5 * n for n in range(12))
    assert ears.heard_again(before, _noise(0.1), None, _beats_alone(times, bars)) == before


def _counted(metre: Metre) -> Transcription:
    return Transcription(
        seconds=9.0, tempo=HeardTempo(90.0, 0.4), tempo_alternatives=(HeardTempo(120.0, 0.3),), beats=(0.0, 0.7),
        downbeats=(0,), metre=metre, key=HeardKey(Key(0, "major"), 0.5), evidence={"metre": Evidence("accents", 0.4)},
    )  # fmt: skip


def _beats_alone(times: tuple[float, ...], bars: tuple[int, ...]) -> ears.Ears:
    names = Manifest(beats=Beats("tiny beats", "b.onnx", "0" * 64))
    return ears.Ears(names, beats=lambda _: (times, bars))


def test_an_upload_fails_with_the_reason_when_its_networks_cannot_be_used(tmp_path: Path) -> None:
    recording, workspace = tmp_path / "in", tmp_path / "out"
    recording.mkdir()
    workspace.mkdir()
    soundfile.write(recording / RECORDING_FILE, _noise(2.0), RATE, format="WAV")
    with pytest.raises(CannotMake, match=r"weights\.toml"):
        listen_to(recording, Listen("A take"), workspace, lambda *_: None, tmp_path)


@pytest.fixture
def held(tmp_path: Path) -> Path:
    """A recording of four seconds of noise, as a song in a folder."""
    folder = tmp_path / "held"
    folder.mkdir()
    sound = stored(_noise(4.0))
    mixdown = Mixdown(sound, {Role.RECORDING: sound}, -20.0, -3.0, Sheet(profile="pop"))
    heard = msgspec.structs.replace(_counted(Metre(4, 4)), seconds=4.0, beats=tuple(n * 0.5 for n in range(8)))
    delivery.save(song_of(heard, "A take"), mixdown, folder)
    return folder


@pytest.mark.parametrize(("label", "roles", "gain"), [("vocals", ("vocals",), 0.5), ("instrumental", (), 0.5)])
def test_a_folders_separator_takes_recordings_apart_and_is_named(
    tmp_path: Path, held: Path, label: str, roles: tuple[str, ...], gain: float
) -> None:
    _separator(tmp_path, rate=RATE, quality=9.0)
    out = tmp_path / "out"
    out.mkdir()
    engine = ScoreEngine(weights=tmp_path)
    song = engine.make(Extract(label, roles, separated=True), (held,), out, lambda *_: None)
    whole, stem = (soundfile.read(folder / protocol.WAV_FILE)[0] for folder in (held, out))
    np.testing.assert_allclose(stem, gain * whole, atol=1e-5)
    assert song.heard is not None
    assert song.heard.evidence["separation"] == Evidence("tiny", 0.9)


def test_what_a_folders_separator_does_not_know_is_estimated_without_it(
    tmp_path: Path, held: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(separation.LEAST_QUALITY, Role.DRUMS, -100.0)  # noise has no drums, and none would be given
    monkeypatch.setattr(separation, "LEAST_SHARE", 0.0)
    _separator(tmp_path, rate=RATE, sources=("vocals", "other", "other"))
    out = tmp_path / "out"
    out.mkdir()
    song = ScoreEngine(weights=tmp_path).make(Extract("drums", ("drums",), True), (held,), out, lambda *_: None)
    assert song.heard is not None
    assert song.heard.evidence["separation"].method != "tiny"


def test_a_stem_fails_with_the_reason_when_the_folder_cannot_be_used(tmp_path: Path, held: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(CannotMake, match=r"weights\.toml"):
        ScoreEngine(weights=tmp_path).make(Extract("drums", ("drums",), True), (held,), out, lambda *_: None)
