"""Hand percussion: shakers, tambourines, claps, congas and bells, layers that come with energy."""

from descant.compose.band.chart import Chart
from descant.compose.band.drums import hit, lanes_of, struck
from descant.compose.band.layering import Layering
from descant.compose.band.patterns import choose
from descant.compose.styles.band import BandStyle
from descant.song.score import Note

_LEVEL = 0.9


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
                notes.append(hit(next(iter(groove.lanes)), "x", bar.start))
                continue
            for lane, steps in lanes_of(chart, groove, bar, len(frame.bars)).items():
                notes.extend(struck(steps, lane, bar.start, _LEVEL))
    return notes
