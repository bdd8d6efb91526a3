"""Backing voices: harmonies in the chorus, echoes of words in parentheses, and lines of their own."""

from collections.abc import Sequence

import msgspec

from descant.compose.grid import SLOT
from descant.compose.lines import WrittenLine
from descant.compose.phrases import SungLine
from descant.song.score import ChordSpan
from descant.words.languages.scripts import spaced

_HARMONY_COSTS = {3: 0.0, 4: 0.0, 5: 0.9, 6: 2.0, 7: 1.1, 8: 0.2, 9: 0.2, 10: 2.0}
"""Cost of a second voice at a distance of semitones from the lead."""
_FOREIGN = 12.0  # for a pitch outside scale and chord
_STEP_COST = 0.22  # a semitone of movement
_ECHO_AFTER = 2  # slots after the lead's last onset


def harmonise(line: WrittenLine, chords: Sequence[ChordSpan], low: int, high: int, *, above: bool) -> WrittenLine:
    """Return the line sung in parallel, in thirds and sixths with as few leaps as the harmony allows.

    The cheapest path through the scale and chord tones on one side of the lead: consonance with it, the chord, and
    small steps from note to note.

    Parameters
    ----------
    low, high : range of the backing voice, MIDI.
    above : whether the voice lies over the lead.
    """
    distances = range(3, 11) if above else range(-10, -2)
    totals: dict[int, float] = {}
    back: list[dict[int, int]] = []
    for n, pitch in enumerate(line.pitches):
        tones = tones_at(chords, line.beat(n) + 0.25 * line.lengths[n] * SLOT)
        options = {pitch + d: _HARMONY_COSTS[abs(d)] for d in distances if low <= pitch + d <= high} or {pitch: 0.0}
        here: dict[int, float] = {}
        links: dict[int, int] = {}
        for candidate, cost in options.items():
            cost += 0.0 if candidate % 12 in tones else 0.7 if candidate % 12 in line.task.scale else _FOREIGN
            if totals:
                links[candidate], cost = _reached(candidate, cost, totals)
            here[candidate] = cost
        totals = here
        back.append(links)
    return msgspec.structs.replace(line, pitches=_traced(totals, back))


def _reached(candidate: int, cost: float, totals: dict[int, float]) -> tuple[int, float]:
    """Return the pitch from which ``candidate`` is cheapest to reach, and the whole cost."""
    best = min(totals, key=lambda previous: totals[previous] + _STEP_COST * abs(candidate - previous))
    return best, cost + totals[best] + _STEP_COST * abs(candidate - best)


def _traced(totals: dict[int, float], back: Sequence[dict[int, int]]) -> tuple[int, ...]:
    """Return the cheapest path, first note first."""
    path = [min(totals, key=lambda pitch: totals[pitch])]
    for links in reversed(back[1:]):
        path.append(links[path[-1]])
    return tuple(reversed(path))


def tones_at(chords: Sequence[ChordSpan], beat: float) -> tuple[int, ...]:
    """Return the pitch classes of the chord that sounds at a beat."""
    for span in chords:
        if span.start <= beat < span.start + span.duration:
            return span.chord.pitch_classes
    return chords[-1].chord.pitch_classes


def echo(line: WrittenLine, limit: int, chords: Sequence[ChordSpan], low: int, high: int) -> WrittenLine | None:
    """Return the words in parentheses sung after the lead, in its last pitches, or None where the line has none.

    Parameters
    ----------
    limit : slot, from the line's window, by which the echo must end.
    """
    words = line.task.line.echo
    if not words:
        return None
    sung = SungLine(spaced(word.text for word in words), words, backing=True, language=line.task.line.language)
    count = len(sung.places)
    start = max(line.onsets[-1] + _ECHO_AFTER, min(line.end, limit - 2 * count))
    start += start % 2 if start + count * 2 < limit else 0
    step = 2 if (limit - start) >= 2 * count else 1
    onsets = tuple(start + step * i for i in range(count))
    lengths = (*(step for _ in range(count - 1)), max(step, min(4, limit - onsets[-1])))
    recalled = line.pitches[-count:] if len(line.pitches) >= count else line.pitches
    recalled = (*(recalled[:1] * (count - len(recalled))), *recalled)
    task = msgspec.structs.replace(line.task, line=sung)
    shifted = WrittenLine(task, onsets, lengths, recalled, sung.places)
    return harmonise(shifted, chords, low, high, above=True)
