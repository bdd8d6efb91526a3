"""Making the benchmark songs, each in a process of its own, with what it cost."""

import json
import resource
import subprocess
import sys
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from benchmarks.stages import cpu_seconds, timed
from descant.engines import load, protocol
from descant.song.brief import Brief
from descant.song.document import Song, decode
from descant.song.orders import Create

FOLDER = Path(__file__).parent / "songs"


@dataclass(frozen=True)
class Case:
    """A benchmark song: its brief, and the tempo and key that were asked for."""

    name: str
    brief: Brief
    bpm: float | None = None
    key: str | None = None
    timed: bool = False


@dataclass(frozen=True)
class Take:
    """A song made: its folder, its cost in CPU seconds (children included) and its peak memory in bytes.

    ``stages`` are the parts of ``cpu_seconds``; ``warming`` are those spent once a process, before.
    """

    case: Case
    folder: Path
    cpu_seconds: float
    peak_bytes: int
    stages: dict[str, float] = field(default_factory=dict)
    warming: float = 0.0

    @cached_property
    def song(self) -> Song:
        """The song document."""
        return decode((self.folder / protocol.SONG_FILE).read_bytes())

    def audio(self, name: str = protocol.WAV_FILE) -> NDArray[np.float32]:
        """Return a file of the take as float32 (samples, 2)."""
        return soundfile.read(self.folder / name, dtype="float32", always_2d=True)[0]

    def stems(self) -> dict[str, Path]:
        """Return the files of the stems by role."""
        return {path.stem: path for path in sorted((self.folder / protocol.STEMS_FOLDER).iterdir())}


def cases() -> list[Case]:
    """Return the songs of ``benchmarks/songs``, by file name."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        extra = {name: data.pop(name) for name in ("bpm", "key", "timed") if name in data}
        found.append(Case(path.stem, Brief(**data), **extra))
    return found


def make(case: Case, folder: Path, cache: Path) -> Take:
    """Make a case in a fresh process and return the take."""
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", "benchmarks.takes", case.name, str(folder), str(cache)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    cost = json.loads(done.stdout.splitlines()[-1])
    return Take(case, folder, cost["cpu_seconds"], cost["peak_bytes"], cost["stages"], cost["warming"])


def _main(name: str, folder: str, cache: str) -> None:
    case = next(case for case in cases() if case.name == name)
    engine = load(cache=Path(cache))
    begun = cpu_seconds()
    engine.warm()  # as a worker does once, before its first song
    warming = cpu_seconds() - begun
    with timed() as stages:
        engine.make(Create(case.brief), (), Path(folder), lambda *_: None)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    cost = {"cpu_seconds": sum(stages.values()), "warming": warming, "peak_bytes": peak, "stages": stages}
    print(json.dumps(cost))


if __name__ == "__main__":
    _main(*sys.argv[1:])
