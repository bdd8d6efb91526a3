"""Row 4: the statistics of melody and band over many songs, against the ranges real songs keep (composition.md §7).

Thirty songs, styles by seeds, are written but not performed; their words are those of the benchmark songs.
"""

import math
from collections import defaultdict
from itertools import pairwise

import numpy as np

from benchmarks.table import Figure
from benchmarks.takes import cases
from descant.compose import metrics, styles
from descant.compose.metrics import ensemble, sections
from descant.compose.planning import make_plan
from descant.compose.writing import write_score
from descant.perform.voice.voices import profiles
from descant.song.brief import Brief
from descant.song.score import Score
from descant.song.theory import MODES, Key
from descant.song.wish import Wish
from descant.words import lyrics

SONGS = 30
FIRST_SEED = 1000
WITHIN = 0.9  # of songs inside a range that is reported and not a gate


def songs() -> list[tuple[str, Score]]:
    """Return ``SONGS`` written songs with the style of each: every style in turn, in keys that change with the seed."""
    texts = [case.brief.lyrics for case in cases() if case.brief.lyrics]
    names, voices = styles.names(), profiles()
    found = []
    for n in range(SONGS):
        style = names[n * max(1, len(names) // SONGS) % len(names)]
        modes = [mode for mode in styles.load(style).writing.modes if mode in MODES]
        key = Key((5 * n) % 12, "minor" if n % 2 and any(Key(0, mode).is_minor for mode in modes) else modes[0])
        wish = Wish(genres=((style, 1.0),), key=key)
        plan = make_plan(Brief(seed=FIRST_SEED + n), lyrics.parse(texts[n % len(texts)]), wish, voices)
        found.append((style, write_score(plan)))
    return found


def figures() -> list[Figure]:
    """Return the figures of row 4: one for each metric, the songs inside every gate, and how far two seeds differ."""
    written = songs()
    values: dict[str, list[float]] = defaultdict(list)
    passed, outside = 0, []
    for style, score in written:
        found = metrics.evaluate(score)
        failed = metrics.failures(found)
        passed += not failed
        outside += [f"{style}: {name} {value:.2f}" for name, value in failed.items()]
        for name, value in found.items():
            values[name].append(value)
    text = f"{passed} of {len(written)}" + (f" ({'; '.join(outside)})" if outside else "")
    rows = [Figure("4", "songs inside every gate of melody", text, "all", passed == len(written))]
    rows += [_row(name, values[name], span, gate=True) for name, span in metrics.GATES.items()]
    rows += [_row(name, values[name], span, gate=False) for name, span in metrics.REPORTED.items()]
    heard = sum(ensemble.key_clarity(score) > 0 for _, score in written)
    rows.append(
        Figure("4", "written key named by a key finder from the notes", f"{heard} of {len(written)}", "≥ 97 %",
               heard >= 0.97 * len(written))
    )  # fmt: skip
    return [*rows, _spread()]


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
