"""Row 16, edits of recordings: each is extended, joined, covered, sung over, accompanied; joins and samples measured.

The recordings are the audio files of the folder named by ``DESCANT_AUDIO_TRUTH``, with a ``<name>_truth.json`` beside
those of which beats and key are known. Where none are, the join is held against the beats that were heard.

Run alone with ``python -m benchmarks.rows.uploads [names]``.
"""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from benchmarks.rows.listening import FOLDER, key_name
from benchmarks.table import Figure, show
from descant.engines import CannotMake, Engine, load, protocol
from descant.song.brief import Brief
from descant.song.document import Song
from descant.song.orders import AddInstrumental, AddVocals, Concat, Cover, Extend, Listen, Order

RATE = 48_000
SUFFIXES = (".ogg", ".flac", ".wav", ".mp3")
WORDS = "[Verse]\nLeave a light on in the hall\n[Chorus]\nI am coming home"
FEW_WORDS = "[Verse]\nComing home"
LONG = 20.0  # seconds of a recording from which both lines are sung
BEATS = 4  # beats from a join on that are held against those that the recording has there
LEFT_AT = 0.7  # share of a recording after which it is left
NEAR = 2.0  # seconds either side of a join whose levels are compared


@dataclass
class Edited:
    """What was measured on one recording; NaN for what was not."""

    name: str
    off_beat: list[float] = field(default_factory=list)
    known_beats: bool = False
    key_kept: bool | None = None
    key_right: bool | None = None
    changed: dict[str, int] = field(default_factory=dict)
    step: float = float("nan")
    level: float = float("nan")
    refused: dict[str, str] = field(default_factory=dict)


def recordings() -> list[Path]:
    """Return the audio files of the folder that the environment names; none without it."""
    folder = Path(os.environ.get(FOLDER, "/nonexistent"))
    return sorted(path for path in folder.glob("*") if path.suffix in SUFFIXES)


def edited(path: Path, scratch: Path, engine: Engine) -> Edited:
    """Listen to a recording and carry out the four operations on it."""
    found = Edited(path.stem)
    sent, home = scratch / "sent", scratch / "home"
    sent.mkdir(parents=True)
    shutil.copyfile(path, sent / protocol.RECORDING_FILE)
    source = _made(engine, Listen(path.stem), (sent,), home)
    told = _told(path)
    orders: dict[str, Order] = {
        "extend": Extend(Brief(seed=7, instrumental=True, max_seconds=60.0), source.seconds * LEFT_AT),
        "cover": Cover(Brief(seed=7, tags="bossa nova")),
        "vocals": AddVocals(Brief(seed=7, lyrics=WORDS if source.seconds > LONG else FEW_WORDS, tags="pop")),
        "instrumental": AddInstrumental(Brief(seed=7, tags="pop")),
    }
    for name, order in orders.items():
        try:
            song = _made(engine, order, (home,), scratch / name)
        except CannotMake as error:
            found.refused[name] = str(error)
            continue
        if name in ("vocals", "instrumental"):
            found.changed[name] = _changed(home, scratch / name)
        if name == "extend":
            _measure_join(found, source, song, told)
            _made(engine, Concat(), (home, scratch / name), scratch / "joined")
            found.step, found.level = _heard_at(scratch / "joined", song.joined_at or 0.0)
    return found


def _made(engine: Engine, order: Order, sources: Sequence[Path], folder: Path) -> Song:
    folder.mkdir()
    return engine.make(order, sources, folder, lambda *_: None)


def _told(path: Path) -> dict:
    truth = path.with_name(f"{path.stem}_truth.json")
    return json.loads(truth.read_text(encoding="utf-8")) if truth.exists() else {}


def _measure_join(found: Edited, source: Song, song: Song, told: dict) -> None:
    """Measure how far the beats from the join on lie from the recording's own there, and whether the key is kept."""
    assert source.heard is not None
    assert song.joined_at is not None
    beats = np.array(told.get("beats") or source.heard.beats)
    found.known_beats = "beats" in told
    for n in range(BEATS):
        own = song.joined_at + song.score.seconds(float(n))
        if own <= beats[-1] + 0.1:
            found.off_beat.append(float(np.abs(beats - own).min()))
    found.key_kept = song.score.key == source.score.key
    if told.get("key"):
        found.key_right = key_name(song.score.key) == told["key"]


def _samples(path: Path) -> NDArray[np.int32]:
    return np.asarray(soundfile.read(path, dtype="int32", always_2d=True)[0])


def _changed(home: Path, folder: Path) -> int:
    """Return how many samples of the recording are not what was taken in, under what was added."""
    old = _samples(home / protocol.WAV_FILE)
    new = _samples(folder / protocol.STEMS_FOLDER / "recording.flac")
    return int((new[: len(old)] != old).any(axis=1).sum()) + int(new[len(old) :].any(axis=1).sum())


def _heard_at(folder: Path, at: float) -> tuple[float, float]:
    """Return the largest step at a join against that of the 2 s before, and the change of level in dB."""
    audio = soundfile.read(folder / protocol.WAV_FILE, dtype="float32", always_2d=True)[0]
    place, near = round(at * RATE), round(NEAR * RATE)
    steps = np.abs(np.diff(audio, axis=0)).max(axis=1)
    usual = float(steps[max(0, place - near) : place - 480].max())
    powers = [np.mean(part**2) + 1e-12 for part in (audio[max(0, place - near) : place], audio[place : place + near])]
    return float(steps[place - 48 : place + 1300].max()) / max(usual, 1e-9), float(10 * np.log10(powers[1] / powers[0]))


def figures(names: Sequence[str] = ()) -> Iterator[Figure]:
    """Return the figures of row 16 for edits of recordings."""
    found = []
    for path in recordings():
        if names and path.stem not in names:
            continue
        with tempfile.TemporaryDirectory() as scratch:
            result = edited(path, Path(scratch), load())
            found.append(result)
            print(result, file=sys.stderr, flush=True)
    if not found:
        yield Figure("16 edits", f"recordings of {FOLDER}", "none", "", None)
        return
    yield from _joins(found)
    changed = sum(sum(result.changed.values()) for result in found)
    count = sum(len(result.changed) for result in found)
    yield Figure("16 edits", f"samples changed under {count} added parts", f"{changed}", "0", changed == 0)
    refused = [f"{result.name}: {name}" for result in found for name in result.refused]
    done = 4 * len(found) - len(refused)
    text = f"{done} of {4 * len(found)}" + (f" (refused: {', '.join(refused)})" if refused else "")
    yield Figure("16 edits", "operations carried out", text, "all", not refused)


def _joins(found: Sequence[Edited]) -> Iterator[Figure]:
    for known, what in ((True, "true"), (False, "heard")):
        off = [result.off_beat for result in found if result.off_beat and result.known_beats is known]
        if off:
            at = [1000 * beats[0] for beats in off]
            text = " / ".join(f"{ms:.1f}" for ms in at) + " ms"
            yield Figure("16 edits", f"join, first beat off the {what} one ({len(at)})", text, "≤ 15 ms", max(at) <= 15)
            text = " / ".join(f"{1000 * max(beats):.1f}" for beats in off) + " ms"
            yield Figure("16 edits", "the same, worst beat of the first bar", text, "", None)
    kept = [r.key_kept for r in found if r.key_kept is not None]
    right = [r.key_right for r in found if r.key_right is not None]
    yield Figure("16 edits", "extensions in the key heard", f"{sum(kept)} of {len(kept)}", "all", all(kept))
    if right:
        yield Figure("16 edits", "extensions in the true key", f"{sum(right)} of {len(right)}", "all", all(right))
    steps = [r.step for r in found if np.isfinite(r.step)]
    levels = [abs(r.level) for r in found if np.isfinite(r.level)]
    if steps:
        text = f"{max(steps):.2f}"
        yield Figure("16 edits", "largest step at a join against the 2 s before", text, "≤ 2", max(steps) <= 2)
        text = " / ".join(f"{level:.1f}" for level in levels) + " dB"
        yield Figure("16 edits", "change of level over a join, 2 s each", text, "≤ 4 dB", max(levels) <= 4)


if __name__ == "__main__":
    show(figures(sys.argv[1:]))
