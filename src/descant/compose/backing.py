"""Backing voices: harmonies in the chorus, echoes of words in parentheses, and lines of their own."""

from collections.abc import Sequence

import msgspec

from descant.compose.grid import SLOT, Grid
from descant.compose.lines import WrittenLine
from descant.compose.phrases import SungLine
from descant.song.score import ChordSpan

_ECHO_AFTER = 2  # slots after the lead's last onset


def harmonise(line: WrittenLine, chords: Sequence[ChordSpan], low: int, high: int) -> WrittenLine:
    """Return the line sung in parallel: thirds above where they fit the range and the harmony, else sixths below.

    Parameters
    ----------
    low, high : range of the backing voice, MIDI.
    """
    above = max(line.pitches) + 4 <= high
    pitches = []
    for n, pitch in enumerate(line.pitches):
        tones = _tones(chords, line.beat(n) + 0.25 * line.lengths[n] * SLOT)
        options = (3, 4, 5) if above else (-8, -9, -7, -5)
        pitches.append(_fitting(pitch, options, tones, line.task.scale, low, high))
    return msgspec.structs.replace(line, pitches=tuple(pitches))


def _fitting(
    pitch: int, options: tuple[int, ...], tones: Sequence[int], scale: Sequence[int], low: int, high: int
) -> int:
    """Return the pitch one of ``options`` semitones away that is a chord tone, else in the scale, else the third."""
    allowed = [pitch + move for move in options if low <= pitch + move <= high]
    for candidate in allowed:
        if candidate % 12 in tones and candidate % 12 in (*scale, *tones):
            return candidate
    for candidate in allowed:
        if candidate % 12 in scale:
            return candidate
    return allowed[0] if allowed else pitch


def _tones(chords: Sequence[ChordSpan], beat: float) -> tuple[int, ...]:
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
    sung = SungLine(" ".join(word.text for word in words), words, backing=True, language=line.task.line.language)
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
    return harmonise(shifted, chords, low, high)


def fits(line: WrittenLine, others: Sequence[WrittenLine], grid: Grid) -> bool:
    """Return whether a line keeps clear of every other one by an eighth note."""
    start, stop = line.task.start + line.onsets[0], line.task.start + line.end
    margin = grid.beat_slots // 2
    return all(
        stop + margin <= other.task.start + other.onsets[0] or other.task.start + other.end + margin <= start
        for other in others
    )
