"""How alike two songs are to one who knows one of them: by their melody, and by their harmony as chroma.

Melody: the best local alignment of two sequences of notes (Smith & Waterman 1981), transposed by whichever
interval fits best. Harmony: Qmax over a cross recurrence plot of chroma, transposed by the optimal transposition index
(Serrà, Serra & Andrzejak 2009), the measure by which systems for cover song identification are compared. Both allow for
other tempi, other forms and other voices.

Conventions: a melody is an array of MIDI pitches; chroma is (frames, 12), a frame every :data:`HOP` seconds.
"""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.signal import resample_poly

from descant.compose.leadsheet import read_sheet
from descant.song.plan import Plan
from descant.song.score import Role, Score

HOP = 0.5
"""Seconds between frames of chroma."""

_STACK = 9  # frames compared together
_NEAREST = 0.1  # share of each frame's nearest neighbours that count as the same
_GAP_OPEN, _GAP_MORE = 0.5, 0.5
_MISMATCH, _SKIP = -1.0, -0.7
_MOVES = 8  # transpositions tried, those whose pitch classes agree best
_VOICE = 1.6  # weight of a sung note
_UNPITCHED = (Role.DRUMS, Role.PERCUSSION, Role.FX)
_RATE, _WINDOW = 12_000, 8192  # Hz, samples
_LOWEST, _HIGHEST = 63.6, 2034.0  # Hz: five octaves, C2 to B6, for every class alike

Floats = NDArray[np.float64]


def melody(plan: Plan, score: Score) -> Floats:
    """Return the pitches of a song's melody: sung, or played where nobody sings; empty where there is none."""
    sheet = read_sheet(plan, score)
    sung = [pitch for line in sheet.lead if not line.task.line.rapped for pitch in line.pitches]
    played = [note.pitch for notes in sheet.themes for note in notes]
    return np.array(sung or played, dtype=np.float64)


def score_chroma(score: Score) -> Floats:
    """Return the chroma of what is written."""
    frames = np.zeros((math.ceil(score.seconds(score.length) / HOP) + 1, 12))
    notes = [(n, 1.0) for part in score.parts if part.role not in _UNPITCHED for n in part.notes]
    sung = [(n, _VOICE) for part in score.vocals for p in part.phrases if p.delivery == "sung" for n in p.notes]
    for note, weight in [*notes, *sung]:
        start, stop = score.performed(note)
        first, last = max(0, int(start / HOP)), min(len(frames) - 1, int(stop / HOP))
        for frame in range(first, last + 1):
            overlap = min(stop, (frame + 1) * HOP) - max(start, frame * HOP)
            frames[frame, note.pitch % 12] += max(overlap, 0.0) * weight * note.velocity / 90
    return _scaled(frames)


def audio_chroma(audio: NDArray[np.float32], rate: int) -> Floats:
    """Return the chroma of a recording, (samples, channels): the square root of its spectrum's magnitude by class."""
    mono = resample_poly(audio.mean(axis=1), _RATE, rate)
    hop = round(HOP * _RATE / 2)
    count = max(1, (len(mono) - _WINDOW) // hop)
    hertz = np.fft.rfftfreq(_WINDOW, 1 / _RATE)
    heard = (hertz >= _LOWEST) & (hertz <= _HIGHEST)
    classes = np.round(12 * np.log2(hertz[heard] / 440.0) + 69).astype(int) % 12
    window = np.hanning(_WINDOW)
    frames = np.zeros((count // 2 + 1, 12))
    for n in range(count):
        spectrum = np.abs(np.fft.rfft(mono[n * hop : n * hop + _WINDOW] * window))[heard]
        np.add.at(frames[n // 2], classes, np.sqrt(spectrum))
    return _scaled(frames - frames.min(axis=1, keepdims=True))


def melodies_alike(one: Floats, other: Floats) -> float:
    """Return how much of the shorter of two melodies is found in the other, 0–1; ``nan`` where one has none."""
    if not len(one) or not len(other):
        return math.nan
    mine, theirs = (np.bincount(notes.astype(int) % 12, minlength=12) for notes in (one, other))
    likeliest = sorted(range(12), key=lambda move: -int(np.roll(mine, move) @ theirs))[:_MOVES]
    best = max(_aligned(one + move, other) for move in likeliest)
    return float(best / min(len(one), len(other)))


def chroma_alike(one: Floats, other: Floats) -> float:
    """Return Qmax of two songs over the square root of the length of the second: higher is more alike."""
    move = max(range(12), key=lambda shift: float(np.roll(one.mean(axis=0), shift) @ other.mean(axis=0)))
    first, second = _stacked(np.roll(one, move, axis=1)), _stacked(other)
    alike = first @ second.T
    rows = alike >= np.quantile(alike, 1 - _NEAREST, axis=1, keepdims=True)
    columns = alike >= np.quantile(alike, 1 - _NEAREST, axis=0, keepdims=True)
    return float(_qmax(rows & columns) / math.sqrt(len(second)))


def _scaled(frames: Floats) -> Floats:
    loudest = frames.max(axis=1, keepdims=True)
    return np.asarray(np.sqrt(np.divide(frames, loudest, out=np.zeros_like(frames), where=loudest > 0)))


def _stacked(frames: Floats) -> Floats:
    """Return frames with those that follow beside them, each stack of length 1."""
    count = max(1, len(frames) - _STACK + 1)
    padded = np.vstack([frames, np.zeros((_STACK, 12))])
    stacks = np.hstack([padded[n : n + count] for n in range(_STACK)])
    return np.asarray(stacks / np.maximum(np.linalg.norm(stacks, axis=1, keepdims=True), 1e-9))


@njit(cache=True)  # type: ignore[misc]
def _aligned(one: Floats, other: Floats) -> float:
    table = np.zeros((len(one) + 1, len(other) + 1))
    best = 0.0
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            same = (one[i - 1] - other[j - 1]) % 12 == 0
            value = table[i - 1, j - 1] + (1.0 if same else _MISMATCH)
            value = max(0.0, value, table[i - 1, j] + _SKIP, table[i, j - 1] + _SKIP)
            table[i, j] = value
            best = max(best, value)
    return best


@njit(cache=True)  # type: ignore[misc]
def _qmax(plot: NDArray[np.bool_]) -> float:
    n, m = plot.shape
    table = np.zeros((n, m))
    best = 0.0
    for i in range(2, n):
        for j in range(2, m):
            a, b, c = table[i - 1, j - 1], table[i - 2, j - 1], table[i - 1, j - 2]
            if plot[i, j]:
                table[i, j] = max(a, b, c) + 1.0
            else:
                pa = a - (_GAP_OPEN if plot[i - 1, j - 1] else _GAP_MORE)
                pb = b - (_GAP_OPEN if plot[i - 2, j - 1] else _GAP_MORE)
                pc = c - (_GAP_OPEN if plot[i - 1, j - 2] else _GAP_MORE)
                table[i, j] = max(0.0, pa, pb, pc)
            best = max(best, table[i, j])
    return best
