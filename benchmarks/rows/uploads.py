"""Row 16, edits of recordings: each is extended, joined, covered, sung over, accompanied; a row for each measurement.

Measured of each recording: how far the beats of its extension lie from its own, whether extension, voice and band are
in its key, how many of its samples are changed under what is added, and what is heard at the join. The recordings are
the audio files of the folder named by ``DESCANT_AUDIO_TRUTH``, with a ``<name>_truth.json`` beside those of which beats
and key are known. Where none are, joins are held against the beats that were heard, and what is added against the key.

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
from descant.song.score import Note, Role, Score, SungNote
from descant.song.theory import Key, parse_pitch_class

RATE = 48_000
SUFFIXES = (".ogg", ".flac", ".wav", ".mp3")
WORDS = "[Verse]\nLeave a light on in the hall\n[Chorus]\nI am coming home"
FEW_WORDS = "[Verse]\nComing home"
LONG = 20.0  # seconds of a recording from which both lines are sung
BEATS = 4  # beats from a join on that are held against those that the recording has there
LEFT_AT = 0.7  # share of a recording after which it is left
IN_KEY = 0.9  # share of the notes of an added part that a key holds: passing notes and borrowed chords leave it
_UNPITCHED = (Role.DRUMS, Role.PERCUSSION, Role.RECORDING)
NEAR = 2.0  # seconds either side of a join whose levels are compared


@dataclass
class Edited:
    """What was measured on one recording; NaN for what was not."""

    name: str
    off_beat: list[float] = field(default_factory=list)
    known_beats: bool = False
    key: Key | None = None
    in_key: dict[str, float] = field(default_factory=dict)
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
    found.key = named_key(told["key"]) if told.get("key") else source.score.key
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
        if name != "cover":
            found.in_key[name] = in_key(song.score, found.key)
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
    beat = 1.5 if song.score.metre.unit == 8 else 1.0  # dotted quarters are what is heard as beats there
    for n in range(BEATS):
        own = song.joined_at + song.score.seconds(n * beat)
        if own <= beats[-1] + 0.1:
            found.off_beat.append(float(np.abs(beats - own).min()))


def named_key(name: str) -> Key:
    """Return a key that mir_eval would read, such as "F# minor"."""
    tonic, mode = name.split()
    return Key(parse_pitch_class(tonic), mode)


def in_key(score: Score, key: Key) -> float:
    """Return the share of the time of all notes that were added to a recording in which they are notes of a key.

    Drums have no notes; in minor the raised seventh is one. NaN for no notes.
    """
    scale = {*key.scale, *([(key.tonic + 11) % 12] if key.is_minor else [])}
    notes: list[Note | SungNote] = [note for part in score.parts if part.role not in _UNPITCHED for note in part.notes]
    sung = [part for part in score.vocals if part.role is not Role.RECORDING]
    notes += [note for part in sung for phrase in part.phrases for note in phrase.notes]
    spans = [(note.pitch % 12 in scale, note.duration) for note in notes]
    total = sum(duration for _, duration in spans)
    return sum(duration for inside, duration in spans if inside) / total if total else float("nan")


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
    for result in found:
        yield from _rows(result)
    yield from _joins(found)
    refused = [f"{result.name}: {name}" for result in found for name in result.refused]
    done = 4 * len(found) - len(refused)
    text = f"{done} of {4 * len(found)}" + (f" (refused: {', '.join(refused)})" if refused else "")
    yield Figure("16 edits", "operations carried out", text, "all", not refused)


def _rows(result: Edited) -> Iterator[Figure]:
    """Return what was measured on one recording against a bar."""
    name, what = result.name, "true" if result.known_beats else "heard"
    if result.off_beat:
        first, worst = 1000 * result.off_beat[0], 1000 * max(result.off_beat)
        text = f"{first:.1f} ms, worst of the bar {worst:.1f}"
        yield Figure("16 edits", f"{name}: first beat after the join off the {what} one", text, "≤ 15 ms", first <= 15)
    shares = {kind: share for kind, share in result.in_key.items() if np.isfinite(share)}
    if shares and result.key is not None:
        text = ", ".join(f"{kind} {100 * share:.0f} %" for kind, share in shares.items())
        good = min(shares.values()) >= IN_KEY
        yield Figure(
            "16 edits", f"{name}: added notes in {key_name(result.key)}", text, f"≥ {100 * IN_KEY:.0f} %", good
        )
    if result.changed:
        text = ", ".join(f"{kind} {count}" for kind, count in result.changed.items())
        kept = not any(result.changed.values())
        yield Figure("16 edits", f"{name}: samples of the recording changed under what is added", text, "0", kept)


def _joins(found: Sequence[Edited]) -> Iterator[Figure]:
    """Return what is heard at the joins of all recordings."""
    steps = [r.step for r in found if np.isfinite(r.step)]
    levels = [abs(r.level) for r in found if np.isfinite(r.level)]
    if steps:
        text = f"{max(steps):.2f}"
        yield Figure("16 edits", "largest step at a join against the 2 s before", text, "≤ 2", max(steps) <= 2)
        text = " / ".join(f"{level:.1f}" for level in levels) + " dB"
        yield Figure("16 edits", "change of level over a join, 2 s each", text, "≤ 4 dB", max(levels) <= 4)


if __name__ == "__main__":
    show(figures(sys.argv[1:]))
