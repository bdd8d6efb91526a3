"""Row 13: CPU seconds (programs it starts included) and peak memory of a 3:00 sung song, warm and uncached."""

from benchmarks.table import Figure
from benchmarks.takes import Take


def figures(take: Take) -> list[Figure]:
    """Return the figures of row 13 from the timed take."""
    seconds, cpu, peak = take.song.seconds, take.cpu_seconds, take.peak_bytes / 1e9
    scaled = cpu * 180 / seconds
    stages = ", ".join(f"{stage} {cost:.1f}" for stage, cost in take.stages.items())
    return [
        Figure("13", f"CPU seconds for {seconds:.0f} s of song ({stages})", f"{cpu:.1f} ({scaled:.1f} for 180 s)",
               "≤ 25", scaled <= 25),
        Figure("13", "peak memory", f"{peak:.2f} GB", "≤ 1 GB", peak <= 1.0),
    ]  # fmt: skip
