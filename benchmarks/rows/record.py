"""Rows 7 and 8: loudness, peaks, mono safety, silence, and stems that sum to the record.

Loudness is pyloudnorm's (ITU-R BS.1770-4); true peak is the highest sample of a 4× oversampled copy.
"""

from collections.abc import Sequence

import numpy as np
import pyloudnorm
from numpy.typing import NDArray
from scipy.signal import resample_poly

from benchmarks.table import Figure
from benchmarks.takes import Take
from descant.media import decode, m4a
from descant.mix import profile

RATE = 48_000


def true_peak(audio: NDArray[np.float32]) -> float:
    """Return the true peak in dBTP."""
    return float(20 * np.log10(max(np.abs(resample_poly(audio[:, ch], 4, 1)).max() for ch in (0, 1)) + 1e-12))


def clipped_run(audio: NDArray[np.float32]) -> int:
    """Return the longest run of samples at the same extreme value near full scale."""
    longest = 0
    for channel in audio.T:
        at_top = np.abs(channel) >= 0.999
        edges = np.flatnonzero(np.diff(np.concatenate([[0], at_top.astype(np.int8), [0]])))
        longest = max(longest, int((edges[1::2] - edges[::2]).max(initial=0)))
    return longest


def mono_loss(audio: NDArray[np.float32]) -> float:
    """Return how many dB the loudness falls when the record is folded to mono."""
    meter = pyloudnorm.Meter(RATE)
    mono = np.repeat(audio.mean(axis=1, keepdims=True), 2, axis=1)
    return float(meter.integrated_loudness(audio) - meter.integrated_loudness(mono))


def residual(take: Take, master: NDArray[np.float32]) -> float:
    """Return the level in dB of the sum of the stems minus the master, against the master."""
    total = np.zeros_like(master)
    for path in take.stems().values():
        stem = take.audio(f"stems/{path.name}")
        total[: len(stem)] += stem
    return float(10 * np.log10(np.mean((total - master) ** 2) / np.mean(master**2) + 1e-20))


def figures(takes: Sequence[Take]) -> list[Figure]:
    """Return the figures of rows 7 and 8, each the worst over the takes."""
    meter = pyloudnorm.Meter(RATE)
    loudness, peaks, mp3_peaks, aac_peaks, offsets, runs, correlations, losses, sums, silences = ([] for _ in range(10))
    for take in takes:
        master, coded = take.audio(), take.audio("audio.mp3")
        wanted = profile.load(take.song.plan.mix).bus.loudness
        loudness.append(meter.integrated_loudness(master) - wanted)
        peaks.append(true_peak(master))
        mp3_peaks.append(true_peak(coded))
        aac_peaks.append(true_peak(decode.decode(m4a.encode(master))))
        offsets.append(abs(float(master.mean())))
        runs.append(clipped_run(master))
        correlations.append(float(np.corrcoef(master[:, 0], master[:, 1])[0, 1]))
        losses.append(mono_loss(master))
        sums.append(residual(take, master))
        level = np.abs(master[: len(master) // RATE * RATE]).reshape(-1, RATE * 2).max(axis=1)
        silences.append(int(np.sum(level[1:-4] < 1e-3)))
    low, high = min(loudness), max(loudness)
    return [
        Figure("7", "loudness against the genre's target (−14, quieter kinds −16 or −18 LUFS)",
               f"{low:+.2f} … {high:+.2f} LU", "± 0.5", low >= -0.5 and high <= 0.5),
        Figure("7", "true peak of the master", f"{max(peaks):.2f} dBTP", "≤ −1.0", max(peaks) <= -1),
        Figure("7", "true peak after MP3 decoding", f"{max(mp3_peaks):.2f} dBTP", "≤ −1.0", max(mp3_peaks) <= -1),
        Figure("7", "true peak after AAC decoding", f"{max(aac_peaks):.2f} dBTP", "≤ −1.0", max(aac_peaks) <= -1),
        Figure("7", "DC offset", f"{max(offsets):.1e}", "≤ 1e-3", max(offsets) <= 1e-3),
        Figure("7", "longest clipped run", f"{max(runs)} samples", "0", max(runs) == 0),
        Figure("7", "silent seconds inside a song", str(max(silences)), "0", max(silences) == 0),
        Figure("7", "correlation left to right, lowest", f"{min(correlations):.2f}", "> 0.2", min(correlations) > 0.2),
        Figure("7", "loudness lost in mono", f"{max(losses):.2f} dB", "< 3", max(losses) < 3),
        Figure("8", "sum of stems against the master", f"{max(sums):.1f} dB", "≤ −60", max(sums) <= -60),
    ]  # fmt: skip
