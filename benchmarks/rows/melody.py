"""Row 4: the statistics of melody and band over many songs, against the ranges real songs keep (composition.md §7).

Thirty songs, styles by seeds, are written but not performed; their words are those of the benchmark songs. The same is
asked of songs that are not among the thirty: every style at two other seeds.
"""

import math
import statistics
import time
from collections import defaultdict
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from benchmarks.table import Figure
from benchmarks.takes import cases
from descant.compose import metrics, styles
from descant.compose.metrics import ensemble, sections
from descant.compose.planning import make_plan
from descant.compose.writing import write_score
from descant.perform.voice.voices import profiles
from descant.song.brief import Brief
from descant.song.lyrics import Lyrics
from descant.song.score import Score
from descant.song.theory import MODES, Key
from descant.song.wish import Wish
from descant.words import lyrics

SONGS = 30
FIRST_SEED = 1000
OTHER_SEEDS = (2, 3)
WITHIN = 0.9  # of songs inside a range that is reported and not a gate


class Written(NamedTuple):
    """A written song, its style, and the CPU seconds from its brief to its score."""

    style: str
    score: Score
    seconds: float


def songs() -> list[Written]:
    """Return ``SONGS`` written songs: every style in turn, in keys that change with the seed."""
    names = styles.names()
    found = []
    for n in range(SONGS):
        style = names[n * max(1, len(names) // SONGS) % len(names)]
        modes = [mode for mode in styles.load(style).writing.modes if mode in MODES]
        key = Key((5 * n) % 12, "minor" if n % 2 and any(Key(0, mode).is_minor for mode in modes) else modes[0])
        found.append(_write(style, FIRST_SEED + n, n, key))
    return found


def other_songs() -> list[Written]:
    """Return a song in every style for each of ``OTHER_SEEDS``, in keys of the style's own choice."""
    pairs = [(seed, n, style) for seed in OTHER_SEEDS for n, style in enumerate(styles.names())]
    return [_write(style, 977 * seed + n, n + seed, None) for seed, n, style in pairs]


def _write(style: str, seed: int, text: int, key: Key | None) -> Written:
    texts = _texts()
    begun = time.process_time()
    wish = Wish(genres=((style, 1.0),), key=key)
    score = write_score(make_plan(Brief(seed=seed), texts[text % len(texts)], wish, profiles()))
    return Written(style, score, time.process_time() - begun)


@cache
def _texts() -> list[Lyrics]:
    return [lyrics.parse(case.brief.lyrics) for case in cases() if case.brief.lyrics]


def figures() -> list[Figure]:
    """Return the figures of row 4: gates, every metric, keys, speed, and how far two seeds differ."""
    _write(styles.names()[0], 0, 0, None)  # what the first song reads from disk is not the others' cost
    written, others = songs(), other_songs()
    values: dict[str, list[float]] = defaultdict(list)
    for song in written:
        for name, value in metrics.evaluate(song.score).items():
            values[name].append(value)
    rows = [
        _inside("songs inside every gate of melody", written),
        _inside(f"songs of {len(OTHER_SEEDS)} other seeds in every style inside every gate", others),
        _keyed("written key named by a key finder from the notes", written),
        _keyed("the same of the other songs", others),
        _spent([*written, *others]),
        _spread(),
    ]
    rows += [_row(name, values[name], span, gate=True) for name, span in metrics.GATES.items()]
    return rows + [_row(name, values[name], span, gate=False) for name, span in metrics.REPORTED.items()]


def _inside(name: str, written: list[Written]) -> Figure:
    outside = [
        f"{song.style}: {metric} {value:.2f}"
        for song in written
        for metric, value in metrics.failures(metrics.evaluate(song.score)).items()
    ]
    passed = sum(not metrics.failures(metrics.evaluate(song.score)) for song in written)
    text = f"{passed} of {len(written)}" + (f" ({'; '.join(outside)})" if outside else "")
    return Figure("4", name, text, "all", passed == len(written))


def _keyed(name: str, written: list[Written]) -> Figure:
    unheard = [f"{s.style} in {s.score.key.name}" for s in written if ensemble.key_clarity(s.score) <= 0]
    text = f"{len(written) - len(unheard)} of {len(written)}" + (f" ({'; '.join(unheard)})" if unheard else "")
    return Figure("4", name, text, "≥ 97 %", len(unheard) <= 0.03 * len(written))


def _spent(written: list[Written]) -> Figure:
    seconds = [song.seconds for song in written]
    text = f"{statistics.median(seconds):.2f} at the median, {max(seconds):.2f} at worst of {len(seconds)}"
    return Figure("4", "CPU seconds from brief to score, whole songs", text, "≤ 0.5", max(seconds) <= 0.5)


def _row(name: str, values: list[float], span: tuple[float, float], *, gate: bool) -> Figure:
    known = np.array([value for value in values if not math.isnan(value)])
    high = f"{span[1]:g}" if span[1] < math.inf else "…"
    bar = f"{span[0]:g} – {high}"
    if not len(known):
        return Figure("4", name, "–", bar, None)
    low, middle, top = np.percentile(known, (10, 50, 90))
    inside = float(np.mean((known >= span[0] - 1e-9) & (known <= span[1] + 1e-9)))
    text = f"{low:.2f} / {middle:.2f} / {top:.2f}; inside {inside:.0%}"
    return Figure("4", name, text, bar, inside == 1.0 if gate else (None if inside < WITHIN else True))


def _spread() -> Figure:
    """Return how much the leads of two seeds of one brief differ, the least of four pairs."""
    text = next(case.brief.lyrics for case in cases() if case.brief.lyrics)
    scores = [
        write_score(make_plan(Brief(seed=seed), lyrics.parse(text), Wish(), profiles())) for seed in (1, 2, 3, 4, 5)
    ]
    least = min(sections.difference(a, b) for a, b in pairwise(scores))
    return Figure("4", "lead notes that two seeds do not share, the least of four pairs", f"{least:.2f}", "≥ 0.60",
                  least >= 0.6)  # fmt: skip
