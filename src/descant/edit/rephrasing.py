"""The same syllables on other slots: a line sung in a rhythm drawn again, near its own or far from it."""

import msgspec
import numpy as np

from descant.compose import rhythm
from descant.compose.grid import Grid
from descant.compose.lines import WrittenLine
from descant.compose.styles.writing import WritingStyle

_LOYALTY = 5.0  # reward of a slot of the line's own rhythm where nothing is free
_TEMPERATURE = 0.7
_DENSITIES = ((3.4, "quarter"), (2.15, "eighth"), (1.55, "mixed"), (0.0, "sixteenth"))
"""Mean slots between syllables from which a rhythm counts as dense as its name says."""


def resung(
    line: WrittenLine, style: WritingStyle, freedom: float, grid: Grid, rng: np.random.Generator
) -> tuple[int, ...] | None:
    """Return new onsets for a line's syllables between its first and its last; None where there is no choice."""
    own = line.syllable_onsets
    words = line.task.line
    count = len(own)
    if count < 3 or count != len(words.classes) or own[-1] - own[0] < count:
        return None
    mean = (own[-1] - own[0]) / (count - 1)
    reward = _LOYALTY * (1.0 - freedom) ** 2
    task = rhythm.RhythmTask(
        classes=words.classes,
        words=tuple(word for word, _ in words.places),
        pauses=words.pauses,
        first=own[0],
        last=own[-1],
        target=float(own[-1]),
        density=next(name for least, name in _DENSITIES if mean >= least),
        syncopation=style.syncopation,
        rewards=dict.fromkeys(own, (reward, reward)),
        rhyme_slot=own[-1],
        rapped=words.rapped,
        temperature=_TEMPERATURE,
    )
    onsets, _ = rhythm.choose(rhythm.lattice(task, grid), rng)
    return tuple(int(onset) for onset in onsets)


def with_onsets(line: WrittenLine, onsets: tuple[int, ...]) -> WrittenLine:
    """Return a line with its syllables on other slots; melismas keep their shape as far as there is room.

    Parameters
    ----------
    onsets : rising, one for each syllable.
    """
    old = line.syllable_onsets
    groups: dict[int, list[int]] = {}
    at = -1
    for n, place in enumerate(line.places):
        at += n == 0 or place != line.places[n - 1]
        groups.setdefault(at, []).append(n)
    end = max(line.end, onsets[-1] + 1)
    notes: list[tuple[int, int, int, tuple[int, int]]] = []
    for k, members in groups.items():
        last = members[-1]
        before = (old[k + 1] if k + 1 < len(old) else line.end) - old[k]
        room = (onsets[k + 1] if k + 1 < len(onsets) else end) - onsets[k]
        sung = line.onsets[last] + line.lengths[last] - old[k]
        length = room if sung >= before else max(1, min(sung, room - 1))
        members = members[:length]
        starts = [onsets[k] + (line.onsets[n] - old[k]) * length // max(sung, 1) for n in members]
        for i in range(1, len(starts)):
            starts[i] = max(starts[i], starts[i - 1] + 1)
        ends = [*starts[1:], onsets[k] + length]
        for n, start, stop in zip(members, starts, ends, strict=True):
            if start < onsets[k] + length:
                notes.append((start, max(1, stop - start), line.pitches[n], line.places[n]))
    starts_, lengths, pitches, places = zip(*notes, strict=True)
    return msgspec.structs.replace(line, onsets=starts_, lengths=lengths, pitches=pitches, places=places)
