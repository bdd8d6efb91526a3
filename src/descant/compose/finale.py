"""What singers do to the last chorus: an ending raised to the next chord tone, and ad-libs in the gaps.

Two choruses of a charted song share 85 % of their notes at the median because singers vary the last one
(research/composition.md §0.3, §2.5).
"""

from collections.abc import Sequence

import msgspec

from descant.compose import backing
from descant.compose.lines import WrittenLine
from descant.song.lyrics import SectionKind
from descant.song.score import ChordSpan
from descant.song.streams import stream

_RAISED = 0.7  # probability of a raised ending
_LIBBED = 0.45  # and of an ad-lib after each line of the last chorus that leaves room
_RISE = range(3, 6)  # semitones
_LIB_SYLLABLES = 3
_LIB_ROOM = 7  # slots between a line's end and its window's


def _last_chorus(lines: Sequence[WrittenLine]) -> tuple[int, ...]:
    """Return the indices of the lines of the last of several choruses, else nothing."""
    choruses = sorted({line.task.section for line in lines if line.task.kind is SectionKind.CHORUS})
    if len(choruses) < 2:
        return ()
    return tuple(i for i, line in enumerate(lines) if line.task.section == choruses[-1])


def with_raised_ending(
    lines: Sequence[WrittenLine], chords: Sequence[ChordSpan], highest: int, seed: int
) -> tuple[WrittenLine, ...]:
    """Return the lead with the end of one inner line of its last chorus sung a third or a fourth higher.

    Parameters
    ----------
    highest : top of the voice, MIDI.
    """
    rng = stream(seed, "finale.raised")
    wanted, place = rng.random() < _RAISED, rng.random()
    inner = [i for i in _last_chorus(lines)[1:] if not lines[i].task.line.rapped and not lines[i].task.final]
    if not wanted or not inner:
        return tuple(lines)
    i = inner[int(place * len(inner))]
    line = lines[i]
    tones = backing.tones_at(chords, line.beat(len(line.onsets) - 1))
    higher = [line.pitches[-1] + rise for rise in _RISE if (line.pitches[-1] + rise) % 12 in tones]
    if not higher or higher[0] > highest:
        return tuple(lines)
    raised = msgspec.structs.replace(line, pitches=(*line.pitches[:-1], higher[0]))
    return (*lines[:i], raised, *lines[i + 1 :])


def ad_libs(
    lines: Sequence[WrittenLine], chords: Sequence[ChordSpan], low: int, high: int, seed: int
) -> list[WrittenLine]:
    """Return the last words of some lines of the last chorus sung again in the gaps after them.

    Parameters
    ----------
    low, high : range of the voice that sings them.
    """
    found = []
    for i in _last_chorus(lines):
        line = lines[i]
        words = line.task.line.words[-1:]
        free = line.task.slots - line.end
        rng = stream(seed, f"finale.adlib.{line.task.index}")
        if rng.random() >= _LIBBED or line.task.line.echo or line.task.line.rapped or line.task.final:
            continue
        if free < _LIB_ROOM or not words or len(words[0].syllables) > _LIB_SYLLABLES:
            continue
        asked = msgspec.structs.replace(line.task, line=msgspec.structs.replace(line.task.line, echo=words))
        reply = backing.echo(msgspec.structs.replace(line, task=asked), line.task.slots - 2, chords, low, high)
        if reply is not None and reply.end <= line.task.slots - 2:
            found.append(reply)
    return found
