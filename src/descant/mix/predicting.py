"""A recall sheet before there is a mix: levels guessed from a few bars, so that a song's beginning can be heard early.

A mix measures the whole song before its first sample is final. Here the bars in which most is played are performed
and mixed alone, and what was measured on them stands for the song; what is silent there is measured when it enters.
A stretch mixed with such a sheet is a preview of the record, not the record.
"""

import msgspec

from descant.mix.desk import Perform
from descant.mix.levels import RATE
from descant.mix.mixdown import mix_again
from descant.mix.recall import Sheet
from descant.song.score import Score

SECONDS = 6.0
"""Length of the stretch that is listened to: about three bars."""

_SOFTER = 0.95
"""dB by which a whole record's bus stands above that of its fullest bars: there are softer ones to bring up. The mean
over pop, synthwave, jazz, rock and folk songs (0.5–1.3; part levels came within 0.4 dB, in backing vocals 1.2)."""


def predict(score: Score, profile_name: str, perform: Perform, length: int) -> Sheet:
    """Return a recall sheet for a song of which nothing was mixed yet.

    Parameters
    ----------
    score, profile_name, perform, length : as for :func:`descant.mix.mixdown.mix`; only a few seconds are performed.
    """
    start = min(round(_fullest(score) * RATE), max(0, length - round(SECONDS * RATE)))
    window = start, min(length, start + round(SECONDS * RATE))
    sheet = mix_again(score, Sheet(profile=profile_name), perform, window, length).recall
    raised = {name: level + _SOFTER for name, level in sheet.levels.items() if name == "bus.level"}
    return msgspec.structs.replace(sheet, levels=sheet.levels | raised)


def _fullest(score: Score) -> float:
    """Return the second at which the section of most energy begins, sung ones before others."""
    if not score.sections:
        return 0.0
    sung = {phrase.section for part in score.vocals for phrase in part.phrases if phrase.notes}

    def fullness(number: int) -> tuple[bool, float, int]:
        return number in sung, score.sections[number].energy, -number

    return max(0.0, score.seconds(score.sections[max(range(len(score.sections)), key=fullness)].start))
