"""Beats: when a listener would tap.

Task: beat tracking with drift. Sources: dynamic programming over onset strength (Ellis, "Beat tracking by dynamic
programming", JNMR 2007), the expected period following a smooth path through local autocorrelations so that drift
is kept to (Grosche & Müller, "Extracting predominant local pulse information from music recordings", IEEE TASLP 2011);
a straight line where the beats lie on one.

Conventions: times in seconds; periods in frames of :mod:`~descant.listen.features`.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from descant.listen.features import BANDS_PER_SECOND

TIGHTNESS = 600.0
"""What a beat off its time costs, for each squared natural logarithm of its share, against onsets of deviation 1. Ellis
takes 100 with one tempo for all; the period follows the music here, so that beats can keep to it six times closer."""

STEADY = 0.012
"""Seconds: beats that lie this near a straight line, root mean square, are taken to lie on it."""

SWAY = 0.18
"""Share by which the period may leave the middle one, either way."""

WINDOW = 8.0
"""Seconds of music that a local period is read from."""

STEP = 1.0
"""Seconds between two such readings."""


def track(strength: NDArray[np.floating], period: float) -> NDArray[np.float64]:
    """Return the times of beats.

    Parameters
    ----------
    strength : (frames,) how strongly something begins.
    period : frames between beats, in the middle of the recording's sway.
    """
    if len(strength) < 2 * period:
        return np.arange(0, len(strength) / BANDS_PER_SECOND, period / BANDS_PER_SECOND)
    sharp = gaussian_filter1d(strength.astype(np.float64), 1.0)
    sharp /= max(float(sharp.std()), 1e-9)
    found = _best_path(sharp, local_periods(sharp, period), TIGHTNESS)
    return _straightened(_between_frames(sharp, found) / BANDS_PER_SECOND)


def _straightened(times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the beats on a straight line when they nearly lie on one, as music to a click does, or else themselves."""
    if len(times) < 8:
        return times
    numbers = np.arange(len(times))
    used = np.ones(len(times), bool)
    line = times
    for _ in range(3):  # beats that are far off, before the music and in breaks, do not bend the line
        line = np.asarray(np.polyval(np.polyfit(numbers[used], times[used], 1), numbers), np.float64)
        used = np.abs(times - line) < 3 * STEADY
        if used.sum() < 0.8 * len(times):
            return times
    return line if np.sqrt(np.mean((times - line)[used] ** 2)) < STEADY else times


def local_periods(strength: NDArray[np.float64], period: float) -> NDArray[np.float64]:
    """Return the period at each frame: a smooth path through local autocorrelations around the middle period."""
    grid = period * np.exp(np.linspace(np.log(1 - SWAY), np.log(1 + SWAY), 61))
    half, step = int(WINDOW * BANDS_PER_SECOND / 2), int(STEP * BANDS_PER_SECOND)
    centres = np.arange(0, len(strength) + step, step)
    scores = np.zeros((len(centres), len(grid)))
    for row, centre in enumerate(centres):
        piece = strength[max(0, centre - half) : centre + half]
        if len(piece) < 3 * period:
            continue
        piece = (piece - piece.mean()) * np.hanning(len(piece))
        size = 2 * len(piece)
        lags = np.fft.irfft(np.abs(np.fft.rfft(piece, size)) ** 2)[: len(piece)]
        if lags[0] > 0:
            lags = gaussian_filter1d(lags / lags[0], 1.0)
            at = np.arange(len(lags))
            scores[row] = np.sum([np.interp(grid * k, at, lags) / k**0.5 for k in (1, 2, 4)], axis=0)
    path = _smooth_path(scores)
    return np.interp(np.arange(len(strength)), centres, grid[path])


@njit(cache=True, fastmath=False, nogil=True)
def _smooth_path(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the column of each row on the best path; a step costs 0.004 a squared column."""
    rows, columns = scores.shape
    total = scores[0].copy()
    came = np.zeros((rows, columns), np.int64)
    for row in range(1, rows):
        new = np.empty(columns)
        for column in range(columns):
            best, origin = -1e9, column
            for other in range(max(0, column - 6), min(columns, column + 7)):
                value = total[other] - 0.004 * (column - other) ** 2
                if value > best:
                    best, origin = value, other
            new[column] = best + scores[row, column]
            came[row, column] = origin
        total = new
    path = np.empty(rows, np.int64)
    path[-1] = np.argmax(total)
    for row in range(rows - 1, 0, -1):
        path[row - 1] = came[row, path[row]]
    return path


@njit(cache=True, fastmath=False, nogil=True)
def _best_path(strength: NDArray[np.float64], periods: NDArray[np.float64], tightness: float) -> NDArray[np.int64]:
    """Return the frames of the sequence with the most onset strength at the steadiest distances."""
    frames = len(strength)
    total = strength.copy()
    came = np.full(frames, -1, np.int64)
    for t in range(frames):
        period = periods[t]
        best, origin = 0.0, -1
        for before in range(max(0, int(t - 2 * period)), int(t - 0.5 * period) + 1):
            value = total[before] - tightness * np.log((t - before) / period) ** 2
            if origin < 0 or value > best:
                best, origin = value, before
        if origin >= 0 and (best > 0 or t > 2 * period):
            total[t] += best
            came[t] = origin
    last = frames - 1
    for t in range(max(0, frames - int(1.2 * periods[-1])), frames):
        if total[t] > total[last]:
            last = t
    count, t = 0, last
    while t >= 0:
        count += 1
        t = came[t]
    path = np.empty(count, np.int64)
    t = last
    for i in range(count - 1, -1, -1):
        path[i] = t
        t = came[t]
    return path


def _between_frames(strength: NDArray[np.float64], frames: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the peaks of strength near frames, by the parabola through three points."""
    out = frames.astype(np.float64)
    inner = (frames > 0) & (frames < len(strength) - 1)
    a, b, c = (strength[frames[inner] + d] for d in (-1, 0, 1))
    bend = a - 2 * b + c
    shift = np.where(bend < -1e-9, 0.5 * (a - c) / np.where(bend < -1e-9, bend, 1), 0)
    out[inner] += np.clip(shift, -0.5, 0.5)
    return out
