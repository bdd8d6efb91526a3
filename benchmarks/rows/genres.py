"""Genres, from written scores alone: whether styles are unlike one another, and the table of docs/genres.md.

Every style at hand writes three wordless songs for its row; three more are asked whose songs they are.
"""

import statistics
from collections.abc import Mapping, Sequence
from functools import cache

from benchmarks.table import Figure
from descant.compose import styles
from descant.compose.metrics import portrait
from descant.compose.metrics.portrait import Portrait
from descant.compose.planning import make_plan
from descant.compose.writing import write_score
from descant.perform.voice.voices import profiles
from descant.song.brief import Brief
from descant.song.lyrics import Lyrics
from descant.song.score import Score
from descant.song.wish import Wish

LEAST = 0.55
"""Distance in notes alone that must lie between any two styles: more than between two samples of one style (median)."""

SEEDS, OTHER_SEEDS = (1, 2, 3), (4, 5, 6)
_SHADES = ((0.75, "X"), (0.35, "x"), (0.12, "·"))
"""Least mean strength of an onset for each character of a groove."""


def songs(style: str, seeds: Sequence[int]) -> list[Score]:
    """Return a style's wordless songs."""
    wish = Wish(genres=((style, 1.0),))
    briefs = [Brief(seed=seed, instrumental=True) for seed in seeds]
    return [write_score(make_plan(brief, Lyrics(()), wish, profiles())) for brief in briefs]


@cache
def portraits(seeds: tuple[int, ...] = SEEDS) -> Mapping[str, Portrait]:
    """Return the portrait of every style."""
    return {name: portrait.portray(songs(name, seeds)) for name in styles.names()}


def figures() -> list[Figure]:
    """Return how far apart the two nearest styles lie, and how many styles are named from other songs of theirs."""
    rows = portraits()
    near = {name: portrait.nearest(name, rows) for name in rows}
    closest = min(near, key=lambda name: near[name][1])
    other, distance = near[closest]
    others = portraits(OTHER_SEEDS)
    own = statistics.median(portrait.apart(rows[name], others[name]) for name in rows)
    named = sum(min(rows, key=lambda key: portrait.apart(others[name], rows[key])) == name for name in rows)
    return [
        Figure(
            "4",
            f"distance in notes of the two nearest of {len(rows)} styles ({own:.2f} between samples of one)",
            f"{distance:.2f} ({closest}, {other})",
            f"≥ {LEAST}",
            distance >= LEAST,
        ),
        Figure("4", "styles named from three other songs by their notes", f"{named} of {len(rows)}", "all",
               named == len(rows)),
    ]  # fmt: skip


def table() -> str:
    """Return the genre table in Markdown."""
    rows = portraits()
    heads = ["genre", "bpm", "metre", "swing", "minor", "chords a bar", "tones a chord"]
    heads += ["notes a bar: drums, percussion, bass, chords, held, lead", "kick", "snare", "cymbals", "bass"]
    heads += ["off the beat", "band", "nearest"]
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    return "\n".join(lines + [_row(name, rows) for name in rows])


def _row(name: str, rows: Mapping[str, Portrait]) -> str:
    found = rows[name]
    other, distance = portrait.nearest(name, rows)
    cells = (
        name.replace("_", " "),
        f"{min(found.bpm):.0f}–{max(found.bpm):.0f}",
        f"{found.metre[0]}/{found.metre[1]}",
        f"{found.swing:.2f}" if found.swing > 0.52 else "–",
        f"{found.minor:.0%}",
        f"{found.changes:.1f}",
        f"{found.tones:.1f}",
        " ".join(f"{found.density[family]:.0f}" for family in portrait.FAMILIES),
        *(f"`{_groove(found.onsets[lane])}`" for lane in ("kick", "snare", "cymbals", "bass")),
        f"{found.syncopation:.0%}",
        ", ".join(preset.replace("_", " ") for preset in found.instruments[:7]),
        f"{other.replace('_', ' ')} {distance:.2f}",
    )
    return f"| {' | '.join(cells)} |"


def _groove(strengths: Sequence[float]) -> str:
    return "".join(next((mark for least, mark in _SHADES if value >= least), ".") for value in strengths)
