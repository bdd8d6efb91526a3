"""Effects around a drop: noise that rises into it, and the impact it lands with."""

from descant.compose.band.chart import CHORUS_KINDS, Chart, Frame
from descant.song.lyrics import SectionKind
from descant.song.score import Note

RISER, IMPACT = "riser", "impact"
"""Presets of the two parts."""

_PITCH = 60
_RISER_STRENGTH, _IMPACT_STRENGTH = 88, 104
_LONGEST_RISER = 16.0  # beats
_LEAST_RISE = 0.15  # of energy, into a chorus; a drop always has its riser
_IMPACT_BEATS = 4.0


def write(chart: Chart) -> dict[str, list[Note]]:
    """Return the notes of the risers and of the impacts, by preset.

    A riser lasts as long as its note: through a build, over the last two bars of anything else.
    """
    risers: list[Note] = []
    impacts: list[Note] = []
    for frame, following in zip(chart.frames, chart.frames[1:], strict=False):
        if not _lands(frame, following):
            continue
        start = following.bars[0].start
        bars = frame.bars if frame.kind is SectionKind.BUILD else frame.bars[-2:]
        length = min(_LONGEST_RISER, start - bars[0].start)
        risers.append(Note(start - length, length, _PITCH, _RISER_STRENGTH))
        impacts.append(Note(start, _IMPACT_BEATS, _PITCH, _IMPACT_STRENGTH))
    return {RISER: risers, IMPACT: impacts}


def _lands(frame: Frame, following: Frame) -> bool:
    if following.kind is SectionKind.DROP:
        return True
    return following.kind in CHORUS_KINDS and frame.rise >= _LEAST_RISE
