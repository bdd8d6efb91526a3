"""Hand percussion: shaker, tambourine and claps, layers that come with energy."""

from descant.compose.band.chart import Chart
from descant.compose.band.drums import hit
from descant.compose.band.layering import Layering
from descant.compose.band.patterns import bar_steps, choose, is_turn
from descant.compose.styles.band import STEP, BandStyle
from descant.song.score import Note


def write(chart: Chart, layering: Layering, band: BandStyle) -> list[Note]:
    """Return the percussion part of a song."""
    notes: list[Note] = []
    for frame in chart.frames:
        groove = choose(chart, "percussion", band.percussion, frame)
        if groove is None:
            continue
        for bar in frame.bars:
            if not layering.plays("percussion", bar):
                continue
            if chart.is_closing(bar):
                notes.append(hit("tambourine", "x", bar.start))
                continue
            lanes = groove.lanes | groove.turn if is_turn(bar) else groove.lanes
            for lane, text in lanes.items():
                steps = bar_steps(text, bar)
                notes.extend(hit(lane, c, bar.start + i * STEP, 0.9) for i, c in enumerate(steps) if c not in ".?")
    return notes
