"""Row 13: CPU seconds (programs it starts included) and peak memory of a 3:00 sung song, stage by stage.

The process has warmed up as a worker does; nothing of the song itself is cached.

Beside the sampler stands FluidSynth, playing the same notes from the same bank, when it is on the machine.
"""

import resource
import shutil
import subprocess
import tempfile
from pathlib import Path

import msgspec

from benchmarks.table import Figure
from benchmarks.takes import Take
from descant.media import midi
from descant.perform.instruments.bank import open_bank


def fluidsynth_seconds(take: Take) -> float | None:
    """Return the CPU seconds in which FluidSynth plays the band of a take to a file; None where it is not installed."""
    program = shutil.which("fluidsynth")
    if program is None:
        return None
    band = msgspec.structs.replace(take.song.score, vocals=())
    with tempfile.TemporaryDirectory() as name:
        notes, sound = Path(name, "band.mid"), Path(name, "band.wav")
        notes.write_bytes(midi.encode(band))
        quiet = ["-q", "-n", "-i", "-R", "0", "-C", "0", "-r", "48000", "-o", "synth.dynamic-sample-loading=1"]
        before = _children()
        subprocess.run([program, *quiet, "-F", str(sound), str(open_bank().path), str(notes)], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        return _children() - before


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def figures(take: Take) -> list[Figure]:
    """Return the figures of row 13 from the timed take: the whole, each stage, memory and FluidSynth."""
    seconds, cpu, peak = take.song.seconds, take.cpu_seconds, take.peak_bytes / 1e9
    scaled = cpu * 180 / seconds
    rows = [
        Figure("13", f"CPU seconds for {seconds:.0f} s of song", f"{cpu:.1f} ({scaled:.1f} for 180 s)",
               "≤ 25", scaled <= 25),
        Figure("13", "peak memory", f"{peak:.2f} GB", "≤ 1 GB", peak <= 1.0),
    ]  # fmt: skip
    rows += [
        Figure("13", f"CPU seconds of {stage}", f"{cost:.2f} ({cost / cpu:.0%})", "reported", None)
        for stage, cost in take.stages.items()
    ]
    rows.append(Figure("13", "CPU seconds of warming up, once a worker", f"{take.warming:.1f}", "reported", None))
    other = fluidsynth_seconds(take)
    if other is not None:
        ours = take.stages["playing"]
        text = f"{other:.1f} s, ours {ours:.1f} s, each instrument apart"
        rows.append(Figure("13", "FluidSynth playing the same notes", text, "ours less", ours < other))
    return rows
