"""The picture of a record: spectrogram, loudness, balance, width and stems."""

from pathlib import Path

import matplotlib as mpl
import numpy as np

mpl.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from numpy.typing import NDArray
from scipy.signal import spectrogram

from benchmarks.portraits.measuring import Portrait
from descant.engines.score.recording import RATE
from descant.mix import loudness
from descant.mix.balance import CENTRES
from descant.mix.profile import Profile
from descant.song.score import Score


def draw(
    path: Path, name: str, master: NDArray[np.float32], portrait: Portrait, score: Score, profile: Profile
) -> None:
    """Draw a portrait into a PNG file."""
    figure, axes = plt.subplot_mosaic(
        [["heard", "heard"], ["loud", "loud"], ["balance", "width"], ["balance", "stems"]],
        figsize=(15, 14), height_ratios=[2.2, 1.3, 1, 1],
    )  # fmt: skip
    _heard(axes["heard"], master, score)
    _loud(axes["loud"], portrait, score, profile)
    _balance(axes["balance"], portrait, profile.bus.corridor)
    axes["width"].bar(list(portrait.widths), [side for side, _ in portrait.widths.values()], color="tab:purple")
    axes["width"].set(ylabel="side − middle, dB", ylim=(-40, 3), title="width; numbers: correlation left to right")
    for place, (side, correlation) in enumerate(portrait.widths.values()):
        axes["width"].text(place, max(side, -38), f"{correlation:.2f}", ha="center", va="bottom")
    levels = {stem: level for stem, level in portrait.stems.items() if level > -70}
    axes["stems"].barh(list(levels), [level + 60 for level in levels.values()], left=-60, color="tab:blue")
    axes["stems"].set(xlim=(-50, -10), title="stems, LUFS")
    figure.suptitle(
        f"{name}: {portrait.loudness:.1f} LUFS, {portrait.true_peak:.1f} dBTP, range {portrait.range:.1f} LU"
    )
    figure.tight_layout()
    figure.savefig(path, dpi=70)
    plt.close(figure)


def _heard(axes: Axes, master: NDArray[np.float32], score: Score) -> None:
    bins, times, power = spectrogram(master.mean(axis=1), RATE, nperseg=4096, noverlap=2048)
    axes.pcolormesh(times, bins[1:], 10 * np.log10(power[1:] + 1e-12), vmin=-110, vmax=-35, shading="auto")
    axes.set(yscale="log", ylim=(30, 20000), ylabel="Hz")
    _sections(axes, score)


def _loud(axes: Axes, portrait: Portrait, score: Score, profile: Profile) -> None:
    times = np.arange(len(portrait.momentary)) * loudness.HOP / RATE
    axes.plot(times, portrait.momentary, linewidth=0.6, color="0.6")
    axes.plot(times, portrait.short, color="tab:red")
    axes.axhline(profile.bus.loudness, linestyle=":", color="black")
    axes.set(ylim=(-40, -4), xlim=(0, times[-1]), ylabel="LUFS, 0.4 s and 3 s")
    _sections(axes, score)


def _sections(axes: Axes, score: Score) -> None:
    for section in score.sections:
        axes.axvline(
            score.seconds(section.start), color="white" if axes.get_yscale() == "log" else "0.3", linewidth=0.8
        )
        axes.text(
            score.seconds(section.start), axes.get_ylim()[1], f"{section.kind.value} {section.energy:.2f}", va="bottom"
        )


def _balance(axes: Axes, portrait: Portrait, corridor: float) -> None:
    reach = corridor + 3.0  # what the ear forgives in one third of an octave
    axes.fill_between(CENTRES, portrait.target - reach, portrait.target + reach, alpha=0.25, color="tab:green")
    axes.plot(CENTRES, portrait.target, color="tab:green")
    axes.plot(CENTRES, portrait.spectrum, color="black", marker="o")
    axes.plot(CENTRES, np.zeros(len(CENTRES)), linestyle=":", color="0.5")
    axes.set(
        xscale="log", title="third octaves against the genre's curve (dotted: pink noise)", ylabel="dB", ylim=(-32, 16)
    )
    axes.grid(alpha=0.4, which="both")
