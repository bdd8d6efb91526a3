"""Onsets and tempo: how fast the music goes.

Task: tempo estimation. Sources: onset strength as half-wave rectified flux of log-compressed mel bands, kept blind to
vibrato by a maximum over neighbouring bands (Böck & Widmer, DAFx 2013); periodicity as the autocorrelation of onset
strength read through a comb of multiples, weighted by a log-normal preference of listeners (Ellis, "Beat tracking by
dynamic programming", JNMR 2007; Moelants, "Preferred tempo reconsidered", ICMPC 2002).

Conventions: frames are those of :mod:`~descant.listen.features`, 100 a second; periods are in frames, tempi in beats a
minute.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy.ndimage import gaussian_filter1d, maximum_filter1d, uniform_filter1d
from scipy.signal import find_peaks

from descant.listen.features import BANDS_PER_SECOND, PITCHES_PER_SECOND, Bands, Pitches

LOW, MIDDLE, HIGH, HARMONY = range(4)
"""Columns of onset strength: below 200 Hz, up to 2 kHz, above, and change of pitch."""

EDGES = (7, 26)
"""First mel bands of MIDDLE and HIGH."""

REACH = 2
"""Frames over which a rise is measured: 20 ms, as long as a sharp attack takes in this view."""

SLOWEST, FASTEST = 40.0, 240.0
PREFERRED = 118.0
SPREAD = 0.75
"""Octaves: standard deviation of the preference."""

WEIGHTS = (1.0, 1.0, 0.8, 0.6)
"""How much each column of onset strength says of tempo."""


@dataclass(frozen=True)
class Periodicity:
    """The ``periods`` (frames) that were compared, how well each explains the onsets (``comb``, about 0 to 3), and
    ``scores``: the same weighted by what listeners prefer."""

    periods: NDArray[np.float64]
    comb: NDArray[np.float64]
    scores: NDArray[np.float64]

    def comb_at(self, period: float) -> float:
        """Return how well a period explains the onsets."""
        return float(np.interp(-period, -self.periods, self.comb))


def onset_strength(bands: Bands, pitches: Pitches) -> NDArray[np.float32]:
    """Return how strongly something begins at each frame, (frames, 4) ≥ 0, each column of local mean 1 or less."""
    level = bands.level
    before = np.vstack([level[:1]] * REACH + [level[:-REACH]])
    rise = np.maximum(0, level - maximum_filter1d(before, 3, axis=1))
    columns = [
        rise[:, : EDGES[0]].mean(axis=1),
        rise[:, EDGES[0] : EDGES[1]].mean(axis=1),
        rise[:, EDGES[1] :].mean(axis=1),
        _harmonic_change(pitches, len(level)),
    ]
    return np.stack([_levelled(column) for column in columns], axis=1).astype(np.float32)


def _harmonic_change(pitches: Pitches, frames: int) -> NDArray[np.float64]:
    """Return how much new pitch sounds 150 ms after each frame that did not 150 ms before."""
    salience = np.log1p(4 * pitches.salience[:, :58])
    smooth = uniform_filter1d(salience, 5, axis=0)
    later, earlier = np.roll(smooth, -3, axis=0), np.roll(smooth, 3, axis=0)
    change = np.maximum(0, later - earlier).sum(axis=1)
    change[:3] = change[-3:] = 0
    at = np.arange(frames) * PITCHES_PER_SECOND / BANDS_PER_SECOND
    return np.asarray(np.interp(at, np.arange(len(change)), change), np.float64)


def _levelled(strength: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return strength without its slow mean, over the mean of its surroundings: loud passages count as quiet ones."""
    clear = np.maximum(0, strength - uniform_filter1d(strength, 41))
    around = uniform_filter1d(clear, 8 * BANDS_PER_SECOND)
    return np.asarray(clear / np.maximum(around, 0.1 * clear.mean() + 1e-6), np.float64)


def periodicity(strength: NDArray[np.float32]) -> Periodicity:
    """Return how well each period of a beat explains the onsets."""
    longest = int(60 / SLOWEST * BANDS_PER_SECOND * 4) + 2
    lags = np.zeros(longest)
    for column, weight in enumerate(WEIGHTS):
        lags += weight * _autocorrelation(gaussian_filter1d(strength[:, column].astype(float), 1.5), longest)
    bpm = np.exp(np.arange(np.log(SLOWEST), np.log(FASTEST), 0.004))
    periods = 60 * BANDS_PER_SECOND / bpm
    comb = np.sum([np.interp(periods * k, np.arange(longest), lags) / k**0.5 for k in (1, 2, 3, 4)], axis=0) / 2.78
    preference = np.exp(-0.5 * (np.log2(bpm / PREFERRED) / SPREAD) ** 2)
    comb = np.maximum(comb, 0)
    return Periodicity(periods, comb, comb * preference)


def _autocorrelation(strength: NDArray[np.float64], longest: int) -> NDArray[np.float64]:
    clear = strength - strength.mean()
    size = fft.next_fast_len(len(clear) + longest)
    power = np.abs(fft.rfft(clear, size)) ** 2
    lags = fft.irfft(power, size)[:longest] / np.maximum(len(clear) - np.arange(longest), 1)
    return lags / lags[0] if lags[0] > 1e-9 else np.zeros(longest)


def candidates(found: Periodicity, count: int) -> list[float]:
    """Return the best separate periods, best first."""
    peaks, _ = find_peaks(np.concatenate([[0], found.scores, [0]]))
    ranked = sorted(peaks - 1, key=lambda i: -found.scores[i])
    return [float(found.periods[i]) for i in ranked[:count]]


def strength_at(strength: NDArray[np.floating], times: NDArray[np.float64], reach: int = 3) -> NDArray[np.float64]:
    """Return the greatest onset strength within ``reach`` frames of each of ``times`` (seconds)."""
    frames = np.round(times * BANDS_PER_SECOND).astype(int)
    around = np.clip(frames[:, None] + np.arange(-reach, reach + 1), 0, len(strength) - 1)
    return np.asarray(strength[around].max(axis=1), np.float64)
