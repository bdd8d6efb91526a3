"""The pace in which a recording is gone on from: that of the moment, settling into that of the bars before.

Players lean into a beat and away from it. On the first bar after a join the tempo is the one that the recording has
around it, before and after, so that the next strokes fall where they would have fallen; from there it comes to the mean
of the last bars, for what a moment does is no tempo of a song.
"""

import msgspec

from descant.song.score import Score
from descant.song.tempo import TempoChange

_STEPS = 4  # bars, from the second on, over which the pace settles
_NEAR = 0.06  # share by which the paces may differ for one to settle into the other; farther is another tempo
_SAME = 0.001  # share under which nothing is done


def at_moment(score: Score, beat: float) -> float:
    """Return the tempo of a bar on either side of a bar line, or of the one side that there is."""
    bar = score.metre.bar_length
    start, stop = max(0.0, beat - bar), min(score.length, beat + bar)
    return 60.0 * (stop - start) / (score.seconds(stop) - score.seconds(start))


def settled(following: Score, recorded: Score, beat: float) -> Score:
    """Return what follows a recording from a bar line on, in the pace of the moment there, settling into its own.

    Parameters
    ----------
    following : what follows, at the recording's beats; its own tempo begins at ``beat``.
    recorded : the recording, what is heard after ``beat`` included.
    """
    own = next(change.bpm for change in reversed(following.tempo) if change.beat <= beat + _SAME)
    moment = at_moment(recorded, beat)
    if not _SAME < abs(moment / own - 1.0) < _NEAR:
        return following
    bar = recorded.metre.bar_length
    later = [change for change in following.tempo if change.beat > beat + _SAME]
    free = min((change.beat for change in later), default=following.length)
    steps = [
        TempoChange(beat + number * bar, round(moment + (own - moment) * number / _STEPS, 4))
        for number in range(_STEPS + 1)
        if beat + number * bar < free - _SAME
    ]
    before = [change for change in following.tempo if change.beat < beat - _SAME]
    return msgspec.structs.replace(following, tempo=(*before, *steps, *later))
