"""Other words under a given melody: which syllable is sung on which notes.

With as many syllables as the melody has, each takes its own; fewer share by melisma, more split the longest notes.
Among the ways that keep the order, the one is taken whose stressed syllables fall on strong slots and long notes
(Temperley & Temperley 2013 on stress and metre), with as few and as short melismas as possible.
"""

from collections.abc import Sequence
from itertools import pairwise

import msgspec
import numpy as np

from descant.compose.grid import EIGHTH, Grid
from descant.compose.lines import LineTask, WrittenLine
from descant.compose.phrases import SungLine

_STRONG = frozenset("SC")
_WRONG_STRESS = 1.0  # cost of a stressed syllable on a slot a level weaker than a beat, or the reverse
_MELISMA = 0.9  # cost of each note more under a syllable
_WEAK_MELISMA = 1.2  # and further where the syllable is unstressed
_OWN = 0.8  # gain where the melody has a melisma already
_LEAST = 1  # slots a note keeps
_SHARE = 3  # at most one note in so many syllables more than there are syllables
_ROUND = 2  # slots, an eighth: notes are split there where they can be


class _Tone(msgspec.Struct):
    """A note of the melody; ``joined`` when it went on under the syllable of the note before."""

    onset: int
    length: int
    pitch: int
    joined: bool


def underlay(melody: WrittenLine, line: SungLine, grid: Grid, room: int) -> WrittenLine:
    """Return a melody sung to other words.

    Parameters
    ----------
    melody : the line whose notes are kept; its window and key as well.
    room : slot, from the melody's window, by which the line must end; more syllables than notes may fill up to it.
    """
    tones = [
        _Tone(onset, length, pitch, n > 0 and melody.places[n] == melody.places[n - 1])
        for n, (onset, length, pitch) in enumerate(zip(melody.onsets, melody.lengths, melody.pitches, strict=True))
    ]
    count = len(line.places)
    tones = _without_pickup(tones, line.classes)
    tones = _split(_thinned(tones, count, grid, melody.task.start), count, room)
    runs = _assigned(tones, line.classes, grid, melody.task.start)
    return _sung(melody.task, line, tones, runs)


def _without_pickup(tones: list[_Tone], classes: Sequence[str]) -> list[_Tone]:
    """Return the tones from the bar line on for words that begin with a stress, where they leave enough of them."""
    after = [tone for tone in tones if tone.onset >= 0]
    return after if classes[0] in _STRONG and classes[1:2] != ("S",) and len(after) >= len(classes) else tones


def _thinned(tones: list[_Tone], count: int, grid: Grid, start: int) -> list[_Tone]:
    """Return a melody with its slightest notes left out while it has far more than there are syllables to sing."""
    tones = [msgspec.structs.replace(tone) for tone in tones]
    while len(tones) > count + max(1, count // _SHARE):
        levels = grid.levels(np.array([start + tone.onset for tone in tones]))
        i = min(range(1, len(tones)), key=lambda n: (tones[n].length - 2 * int(levels[n]), n))
        before = tones[i - 1]
        tones[i - 1 : i + 1] = [msgspec.structs.replace(before, length=tones[i].onset + tones[i].length - before.onset)]
    return tones


def _split(tones: list[_Tone], count: int, room: int) -> list[_Tone]:
    """Return at least ``count`` tones: the longest halved until there are enough, then the rest of the room filled."""
    tones = [msgspec.structs.replace(tone) for tone in tones]
    while len(tones) < count:
        i = max(range(len(tones)), key=lambda n: (tones[n].length, -n))
        tone = tones[i]
        if tone.length < 2 * _LEAST:
            break
        half = tone.length // 2
        half = half // _ROUND * _ROUND if half > _ROUND else half
        tones[i : i + 1] = [
            msgspec.structs.replace(tone, length=tone.length - half),
            _Tone(tone.onset + tone.length - half, half, tone.pitch, False),
        ]
    return tones if len(tones) >= count else _spread(tones, count, room)


def _spread(tones: list[_Tone], count: int, room: int) -> list[_Tone]:
    """Return ``count`` tones a slot or more each, evenly over the line, with the melody's pitches in order."""
    first = tones[0].onset
    width = max(count * _LEAST, max(room, tones[-1].onset + tones[-1].length) - first)
    edges = [first + n * width // count for n in range(count + 1)]
    return [_Tone(edges[n], edges[n + 1] - edges[n], tones[n * len(tones) // count].pitch, False) for n in range(count)]


def _assigned(tones: Sequence[_Tone], classes: Sequence[str], grid: Grid, start: int) -> list[tuple[int, int]]:
    """Return for each syllable its first tone and how many it takes: the cheapest way in order, all tones used."""
    levels = grid.levels(np.array([start + tone.onset for tone in tones]))
    count, total = len(tones), len(classes)
    most = count - total + 1
    best = np.full((total + 1, count + 1), np.inf)
    took = np.zeros((total + 1, count + 1), dtype=np.int64)
    best[0, 0] = 0.0
    for i, letter in enumerate(classes):
        strong = letter in _STRONG
        for first in range(i, count - (total - i) + 1):
            if not np.isfinite(best[i, first]):
                continue
            place = _placed(strong, int(levels[first]), tones[first].length)
            for taken in range(1, min(most, count - first - (total - i - 1)) + 1):
                cost = best[i, first] + place + _melisma(tones[first : first + taken], strong)
                if cost < best[i + 1, first + taken]:
                    best[i + 1, first + taken], took[i + 1, first + taken] = cost, taken
    runs: list[tuple[int, int]] = []
    stop = count
    for i in range(total, 0, -1):
        taken = int(took[i, stop])
        stop -= taken
        runs.append((stop, taken))
    return runs[::-1]


def _placed(strong: bool, level: int, length: int) -> float:
    """Return the cost of a syllable on a slot: stressed ones want beats and length, others want neither."""
    if strong:
        return _WRONG_STRESS * max(0, level - EIGHTH + 1) - 0.05 * min(length, 6)
    return _WRONG_STRESS * 0.6 * max(0, EIGHTH - 1 - level)


def _melisma(tones: Sequence[_Tone], strong: bool) -> float:
    cost = 0.0
    for before, tone in pairwise(tones):
        if tone.pitch == before.pitch:
            cost += 0.5 * _MELISMA  # one longer note
        else:
            cost += _MELISMA + (0.0 if strong else _WEAK_MELISMA)
        cost -= _OWN if tone.joined else 0.0
    return cost + 0.4 * max(0, len(tones) - 2) ** 2


def _sung(task: LineTask, line: SungLine, tones: Sequence[_Tone], runs: Sequence[tuple[int, int]]) -> WrittenLine:
    """Return the line; successive tones of one pitch under one syllable become one note."""
    onsets: list[int] = []
    lengths: list[int] = []
    pitches: list[int] = []
    places: list[tuple[int, int]] = []
    for place, (first, taken) in zip(line.places, runs, strict=True):
        for n in range(first, first + taken):
            tone = tones[n]
            touching = n > first and pitches[-1] == tone.pitch and onsets[-1] + lengths[-1] >= tone.onset - 1
            if touching:
                lengths[-1] = tone.onset + tone.length - onsets[-1]
                continue
            onsets.append(tone.onset)
            lengths.append(tone.length)
            pitches.append(tone.pitch)
            places.append(place)
    return WrittenLine(
        msgspec.structs.replace(task, line=line), tuple(onsets), tuple(lengths), tuple(pitches), tuple(places)
    )
