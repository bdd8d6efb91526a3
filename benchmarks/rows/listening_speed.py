"""Row 16, cost: CPU seconds and memory of taking in and listening to uploads of 3:00 and 8:00, and of separating them.

The upload is a song of ``truth/tune.toml`` (:mod:`benchmarks.truth`), again and again until it is as long, with two
words a second to be timed. Listening and separation are each measured in a process of its own that has warmed up, on
one core. The bars of the stages are the speeds that research/analysis.md measured of the same methods, in CPU seconds a
second of sound; memory is the highest resident one of the whole process, interpreter and networks included.

Run alone with ``python -m benchmarks.rows.listening_speed [seconds …]``.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile

from benchmarks.stages import timed
from benchmarks.table import Figure, show
from descant.engines import listening, recordings
from descant.engines.protocol import RECORDING_FILE
from descant.listen import separation
from descant.song.orders import Listen
from descant.song.score import Role

RATE = 48_000
SONG = "bright_pop"
LENGTHS = (180, 480)
VERSE = "Leave a light on in the hall\nI am coming home to you\n"
VERSE_SECONDS = 6.5
MOST_MEMORY = 1.0
"""Gigabytes that a process may take."""

STAGES: dict[str, tuple[str, ...]] = {
    "taking in": ("descant.engines.recordings.prepare", "descant.engines.listening.decode"),
    "tempo, beats, key, chords, sections": ("descant.listen.listening.outline",),
    "notes and bass": (
        "descant.listen.listening.posteriors",
        "descant.listen.notes.keys",
        "descant.listen.notes.read",
        "descant.listen.bass.bass",
    ),
    "melody": ("descant.listen.melody.lead_of", "descant.listen.melody.melody"),
    "voices": ("descant.listen.voices.voices",),
    "drums": ("descant.listen.drums.drums",),
    "words": ("descant.listen.aligning.align",),
    "the song of it": ("descant.engines.listening.song_of",),
    "files": ("descant.engines.delivery.save",),
}
BARS = {
    "tempo, beats, key, chords, sections": 0.28,  # beats .02, chords .25, sections .01
    "notes and bass": 0.18,
    "melody": 0.42,
    "words": 0.20,
}
SEPARATION_BAR = 0.4
"""Of a mask around the lead's overtones, the cheapest that reached what is reached here."""


def figures(lengths: tuple[int, ...] = LENGTHS) -> Iterator[Figure]:
    """Yield the figures of an upload of each length in seconds."""
    from benchmarks import truth  # music21 is no part of what is measured in the other processes

    with tempfile.TemporaryDirectory() as folder:
        song = truth.play(SONG, truth.written(SONG)).audio
        for seconds in lengths:
            path = Path(folder, f"{seconds}.wav")
            soundfile.write(path, np.resize(song, (seconds * RATE, 2)), RATE, subtype="FLOAT")
            yield from _listening(path, seconds)
            yield from _separating(path, seconds)
            path.unlink()


def _listening(path: Path, seconds: int) -> Iterator[Figure]:
    cost = _measured("listen", path)
    row, length = "16 cost", f"{seconds // 60}:{seconds % 60:02}"
    spent = sum(cost["stages"].values())
    yield Figure(row, f"listening to {length}, CPU seconds a second", f"{spent / seconds:.3f}", "–", None)
    for stage, own in cost["stages"].items():
        bar = BARS.get(stage)
        met = None if bar is None else own / seconds <= bar
        text = f"{own / seconds:.3f} ({own:.1f} s)"
        yield Figure(row, f"{length}, {stage}", text, f"≤ {bar}" if bar else "–", met)
    yield _memory(f"listening to {length}", cost["peak"])


def _separating(path: Path, seconds: int) -> Iterator[Figure]:
    length = f"{seconds // 60}:{seconds % 60:02}"
    for role in (Role.LEAD_VOCAL, Role.DRUMS, Role.BASS):
        cost = _measured(role.value, path)
        own = sum(cost["stages"].values()) / seconds
        text = f"{own:.3f}"
        yield Figure(
            "16 cost", f"{length}, taking out {role.value}", text, f"≤ {SEPARATION_BAR}", own <= SEPARATION_BAR
        )
        yield _memory(f"taking {role.value} out of {length}", cost["peak"])


def _memory(what: str, peak: int) -> Figure:
    size = peak / 1e9
    return Figure("16 cost", f"memory of {what}", f"{size:.2f} GB", f"≤ {MOST_MEMORY:g} GB", size <= MOST_MEMORY)


def _measured(what: str, path: Path) -> dict:
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
    command = [sys.executable, "-m", "benchmarks.rows.listening_speed", what, str(path)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ | one)
    return json.loads(done.stdout.splitlines()[-1])


def _measure(what: str, path: Path) -> None:
    """Listen to a recording, or take a role out of it, and print the cost."""
    _run(what, path, 4.0)
    with timed(STAGES) as stages:
        _run(what, path, None)
    print(json.dumps({"stages": stages, "peak": _peak()}))


def _peak() -> int:
    """Return the most bytes that this process had in memory; ``getrusage`` would count what its parent had as well."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def _run(what: str, path: Path, seconds: float | None) -> None:
    stop = None if seconds is None else round(seconds * RATE)
    with tempfile.TemporaryDirectory() as folder:
        sent, out = Path(folder, "sent"), Path(folder, "out")
        sent.mkdir()
        out.mkdir()
        if what != "listen":
            separation.separate(soundfile.read(path, dtype="float32", always_2d=True, stop=stop)[0], (Role(what),))
            return
        raw = path
        if stop is not None:
            raw = Path(folder, "raw.wav")
            soundfile.write(raw, soundfile.read(path, dtype="float32", stop=stop)[0], RATE, subtype="FLOAT")
        length = recordings.prepare(raw, sent / RECORDING_FILE, 3600.0)
        text = "[Verse]\n" + VERSE * max(1, int(length / VERSE_SECONDS))
        listening.listen_to(sent, Listen("upload", lyrics=text, language="en"), out, lambda *_: None)


if __name__ == "__main__":
    if len(sys.argv) == 3 and not sys.argv[1].isdigit():
        _measure(sys.argv[1], Path(sys.argv[2]))
    else:
        show(figures(tuple(int(seconds) for seconds in sys.argv[1:]) or LENGTHS))
