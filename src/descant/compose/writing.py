"""Writing: a plan becomes a score, the song and its band together."""

from descant.compose import styles
from descant.compose.arranging import arrange
from descant.compose.genres import writing_of
from descant.compose.remembering import Remembered
from descant.compose.sketch import Sketch
from descant.compose.songwriting import write_sketch
from descant.song.plan import Plan
from descant.song.score import Score

_LEAD_IN = 0.4
"""Seconds before the first bar line, or before the first pickup where one stands ahead of it."""


def write_score(plan: Plan, remembered: Remembered | None = None) -> Score:
    """Return the score of a plan. Equal plans give equal scores.

    The first of the plan's genres owns the band's patterns; writing figures are blended by weight. What is
    ``remembered`` keeps its words, melody, chords and form; the band plays it anew.
    """
    return with_band(plan, write_sketch(plan, writing_of(plan.genres), remembered))


def with_band(plan: Plan, sketch: Sketch) -> Score:
    """Return the score of a sketch: its voices, and the plan's band around them."""
    parts = arrange(plan, styles.load(plan.genres[0][0]), sketch)
    starts = [note.start for part in parts for note in part.notes] + [note.start for note in sketch.lead_notes]
    pickup = -min(0.0, *starts) if starts else 0.0
    return Score(
        title=plan.title,
        tempo=sketch.tempo,
        metre=sketch.metre,
        key=sketch.key,
        sections=sketch.sections,
        chords=sketch.chords,
        parts=parts,
        vocals=sketch.vocals,
        length=sketch.length,
        lead_in=_LEAD_IN + pickup * 60.0 / plan.bpm,
        fade=sketch.fade,
    )
