"""Make the benchmark songs and print the table."""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import takes
from benchmarks.rows import (
    alignment,
    answers,
    cover,
    coverage,
    edits,
    genres,
    hearing_parts,
    key,
    languages,
    listening,
    listening_speed,
    melodies,
    melody,
    record,
    repeat,
    separation,
    speed,
    stream,
    tempo,
    uploads,
    voice,
)
from benchmarks.table import Figure, show


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", nargs="*", default=[], help="songs by name or beginning of a name")
    parser.add_argument("--keep", type=Path, help="an empty folder for the songs; default: a temporary one")
    options = parser.parse_args()
    cases = [c for c in takes.cases() if not options.only or any(c.name.startswith(o) for o in options.only)]
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        made = []
        for case in cases:
            print(f"making {case.name}", file=sys.stderr, flush=True)
            made.append(takes.make(case, folder / case.name, folder / f"{case.name}.cache"))
        again = takes.make(cases[0], folder / "again", folder / "again.cache")
        show(_figures(made, again, folder / "edits"))


def _figures(made: list[takes.Take], again: takes.Take, edited: Path) -> Iterator[Figure]:
    yield from coverage.figures(made)
    yield from tempo.figures(made)
    yield from key.figures(made)
    yield from melody.figures()
    yield from genres.figures()
    yield from voice.figures(made)
    yield from languages.figures()
    yield from record.figures(made)
    yield from alignment.figures(made)
    yield from repeat.figures(made[0], again)
    yield from edits.figures(made[0], edited)
    yield from cover.figures(made)
    for take in made:
        if take.case.timed:
            yield from speed.figures(take)
    yield from stream.figures()
    yield from answers.figures()
    yield from uploads.figures()
    yield from listening.figures()
    yield from hearing_parts.figures()
    yield from melodies.figures()
    yield from separation.figures()
    yield from listening_speed.figures()


if __name__ == "__main__":
    main()
