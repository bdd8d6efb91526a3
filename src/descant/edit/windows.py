"""The stretch of a song that an edit changes: bar lines near what was asked for, at the seams of its form and lines."""

from collections.abc import Callable

import msgspec

from descant.edit.revision import CannotEdit
from descant.edit.seams import Timeline, bar_lines, cut_cost
from descant.song.document import Song
from descant.song.score import Phrase, Score

_EDGE = 1e-6  # beats
_INSIDE_SECTION = 0.3  # cost in bars of cutting between the lines of a section
_INSIDE_LINE = 2.5  # and of cutting a line, which has to stay whole on one side


class Piece(msgspec.Struct, frozen=True):
    """What of a section lies in a window: its number, first beat and bars."""

    section: int
    start: float
    bars: int


def musical_window(song: Song, line: Timeline, start: float, stop: float) -> tuple[float, float]:
    """Return the beats of the timeline between which a song is changed.

    Parameters
    ----------
    start, stop : seconds of the song's audio.

    Raises
    ------
    CannotEdit : when there is no such stretch in the song.
    """
    if not song.score.sections or song.score.length <= 0:
        raise CannotEdit("the song has no written music to replace")
    if not 0.0 <= start < stop:
        raise CannotEdit(f"a window begins before it ends: 0 ≤ start < stop, not {start:g} and {stop:g} s")
    if start >= song.seconds:
        raise CannotEdit(f"the song ends at {song.seconds:.2f} s; a window cannot begin at {start:g} s")
    score = line.score
    lines = [beat for beat in bar_lines(score) if beat >= line.origin - _EDGE]
    beats = [score.tempo_map.beat(at + line.offset - score.lead_in) for at in (start, stop)]
    first = _nearest(score, lines[:-1], beats[0], lambda beat: _held_over(score, beat))
    last = _nearest(score, [beat for beat in lines if beat > first + _EDGE], beats[1], lambda _: 0.0)
    return first, last


def wider(line: Timeline, start: float, stop: float) -> list[tuple[float, float]]:
    """Return the windows that reach one clean cut further, a bar or less away: to the right, to the left, both ways."""
    score, bar = line.score, line.score.metre.bar_length
    clean = [beat for beat in bar_lines(score) if beat >= line.origin - _EDGE and not cut_cost(score, beat)]
    right = min((beat for beat in clean if stop + _EDGE < beat <= stop + bar + _EDGE), default=stop)
    left = max((beat for beat in clean if start - bar - _EDGE <= beat < start - _EDGE), default=start)
    return [window for window in ((start, right), (left, stop), (left, right)) if window != (start, stop)]


def pieces(score: Score, start: float, stop: float) -> list[Piece]:
    """Return the sections, or parts of them, between two bar lines."""
    bar = score.metre.bar_length
    found = []
    for i, section in enumerate(score.sections):
        end = section.start + section.bars * bar
        low, high = max(section.start, start), min(end, stop)
        if high - low > _EDGE:
            found.append(Piece(i, low, round((high - low) / bar)))
    return found


def lead_phrases(score: Score, section: int) -> list[Phrase]:
    """Return the lead's phrases of a section, rising in time."""
    own = [
        phrase
        for part in score.vocals
        if part.leads
        for phrase in part.phrases
        if phrase.section == section and phrase.notes
    ]
    return sorted(own, key=lambda phrase: phrase.notes[0].start)


def _held_over(score: Score, beat: float) -> float:
    """Return for how many bars after a beat the last note of a line begun before it is held."""
    last = [phrase.notes[-1] for part in score.vocals if part.leads for phrase in part.phrases if phrase.notes]
    over = [note.start + note.duration - beat for note in last if note.start < beat - _EDGE]
    return max([0.0, *over]) / score.metre.bar_length


def _nearest(score: Score, lines: list[float], at: float, held: Callable[[float], float]) -> float:
    """Return the bar line at which a cut costs least; ``held`` is the bars that what stays takes up behind one."""
    starts = {section.start for section in score.sections} | {score.length}
    bar = score.metre.bar_length

    def cost(line: float) -> tuple[float, float]:
        inside = 0.0 if line in starts else _INSIDE_SECTION
        cut = _INSIDE_LINE if cut_cost(score, line) else 0.0
        return abs(line - at) / bar + inside + cut + held(line), line

    return min(lines, key=cost)
