"""Make, measure and draw the portraits: ``python -m benchmarks.portraits [FOLDER] [--only GENRE …]``."""

import argparse
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import soundfile
from numpy.typing import NDArray

from benchmarks.portraits.drawing import draw
from benchmarks.portraits.measuring import Portrait, measure
from benchmarks.rows.key import heard_key
from benchmarks.rows.record import mono_loss
from benchmarks.stages import cpu_seconds
from descant.engines.score.engine import write
from descant.engines.score.recording import RATE, Studio
from descant.mix import profile as profiles
from descant.song.brief import Brief

SONGS = Path(__file__).with_name("songs.toml")

COLUMNS = (
    "genre", "profile", "s", "LUFS", "dBTP", "peak − loudness", "range", "off balance: rms, most",
    "side 120–500 / 0.5–2 k / 2–6 k", "correlation", "mono loss", "lead over band 1–4 k", "lead − rest, LU",
    "like strokes: kick, snare, hats", "key written, heard", "CPU s",
)  # fmt: skip


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.portraits", description=__doc__)
    parser.add_argument(
        "folder", type=Path, nargs="?", default=Path("var/portraits"), help="where pictures and WAVs go"
    )
    parser.add_argument("--only", nargs="*", default=[], help="genres by name")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    songs = tomllib.loads(SONGS.read_text("utf-8"))
    print(_line(COLUMNS), _line(["---"] * len(COLUMNS)), sep="\n")
    for name, fields in songs.items():
        if not options.only or name in options.only:
            print(_sit(name, Brief(**fields), options.folder), flush=True)


def _sit(name: str, brief: Brief, folder: Path) -> str:
    """Make one song, draw it and return its row."""
    print(f"making {name}", file=sys.stderr, flush=True)
    begun = cpu_seconds()
    with TemporaryDirectory() as scratch:
        _, plan, score = write(brief)
        studio = Studio(None, folder / "voices", Path(scratch))
        mixdown = studio.record(score, plan.mix, plan.seed, lambda *_: None)
        spent = cpu_seconds() - begun
        settings = profiles.load(plan.mix)
        portrait = measure(mixdown, score, settings, studio.bank, plan.seed)
        master = np.asarray(mixdown.master)
        draw(folder / f"{name}.png", f"{name} ({plan.mix})", master, portrait, score, settings)
        soundfile.write(folder / f"{name}.wav", master, RATE, subtype="PCM_24")
    heard = f"{score.key.name}, {heard_key(master).name}"
    return _row(name, plan.mix, portrait, master, heard, spent)


def _row(name: str, mix: str, portrait: Portrait, master: NDArray[np.float32], keys: str, spent: float) -> str:
    sides = " / ".join(f"{portrait.widths[band][0]:.0f}" for band in ("low middle", "middle", "presence"))
    correlation = np.corrcoef(master[:, 0], master[:, 1])[0, 1]
    above, against = ("–" if value is None else f"{value:+.1f}" for value in (portrait.above, portrait.against))
    alike = ", ".join(
        f"{portrait.likeness[drum]:.3f}" if drum in portrait.likeness else "–" for drum in ("kick", "snare", "hats")
    )
    rms, most = portrait.off_balance
    return _line([
        name, mix, f"{len(master) / RATE:.0f}", f"{portrait.loudness:.2f}", f"{portrait.true_peak:.2f}",
        f"{portrait.punch:.1f}", f"{portrait.range:.1f}", f"{rms:.1f}, {most:+.1f}", sides, f"{correlation:.2f}",
        f"{mono_loss(master):.2f}", above, against, alike, keys, f"{spent:.1f}",
    ])  # fmt: skip


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
