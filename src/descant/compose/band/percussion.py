"""Hand percussion: shakers, tambourines, claps, congas and bells, layers that come with energy."""

import math
from collections.abc import Sequence

from descant.compose.band.chart import Chart
from descant.compose.band.drums import hit, lanes_of, struck
from descant.compose.band.layering import Layering
from descant.compose.band.patterns import choose
from descant.compose.styles.band import BandStyle
from descant.song.score import Note

_LEVEL = 0.9


def write(chart: Chart, layering: Layering, band: BandStyle, drums: Sequence[Note]) -> list[Note]:
    """Return the percussion part of a song.

    ``drums`` is what the drummer plays: an instrument that he strikes in a bar is left to him there, since a band has
    one tambourine.
    """
    notes: list[Note] = []
    taken = {(note.pitch, math.floor(note.start / chart.metre.bar_length)) for note in drums}
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
    return [note for note in notes if (note.pitch, math.floor(note.start / chart.metre.bar_length)) not in taken]
