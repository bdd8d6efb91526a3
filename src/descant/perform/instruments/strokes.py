"""Strokes: the notes of a part in samples, with the sustain pedal and re-struck keys resolved.

A stroke begins at the sample nearest to its time (at most 10 µs away, a hundredth of what a listener can tell in a
rhythm); placing whole samples is what lets notes share atoms.
"""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from descant.perform.instruments.presets import Preset
from descant.perform.instruments.voice import RATE
from descant.song.score import Note, Part, Pedal, Score


class Stroke(NamedTuple):
    """A note as it is struck.

    Attributes
    ----------
    start, stop : samples from the first of the song; ``stop`` is where the key, or the pedal holding it, is let go.
    key : sounding MIDI number; ``velocity`` 1–127.
    note : what was written.
    """

    start: int
    stop: int
    key: int
    velocity: int
    note: Note


def strokes(part: Part, score: Score, preset: Preset) -> list[Stroke]:
    """Return the strokes of a part, rising by start and key.

    A note whose key is let go while the pedal is down sounds until the pedal is lifted; a key struck again ends its
    older note (in kits, which ring, neither applies).
    """
    seconds = score.tempo_map.seconds
    pedals = _merged(part.pedals)
    lifts = [pedal.start for pedal in pedals]
    found: list[Stroke] = []
    for note in part.notes:
        stop = note.start + note.duration
        if not preset.kit and pedals:
            held = bisect_right(lifts, stop) - 1
            if held >= 0 and stop < pedals[held].stop:
                stop = pedals[held].stop
        start = round((score.lead_in + seconds(note.start) + note.shift) * RATE)
        end = round((score.lead_in + seconds(stop) + note.shift) * RATE)
        found.append(
            Stroke(start, max(end, start + 1), sounding(note.pitch, preset), min(max(note.velocity, 1), 127), note)
        )
    found.sort(key=lambda stroke: (stroke.start, stroke.key, stroke.stop, stroke.velocity))
    return found if preset.kit else _cut(found)


def sounding(pitch: int, preset: Preset) -> int:
    """Return the key that plays a written pitch: transposed, and moved by octaves into the instrument's range."""
    if preset.kit:
        return min(max(pitch, 0), 127)
    key = pitch + preset.transpose
    while key < preset.low:
        key += 12
    while key > preset.high:
        key -= 12
    return key


def _merged(pedals: Sequence[Pedal]) -> list[Pedal]:
    """Return the pedals in order, overlapping ones joined."""
    merged: list[Pedal] = []
    for pedal in sorted(pedals, key=lambda pedal: (pedal.start, pedal.stop)):
        if merged and pedal.start < merged[-1].stop:
            merged[-1] = Pedal(merged[-1].start, max(merged[-1].stop, pedal.stop))
        else:
            merged.append(pedal)
    return merged


def _cut(found: list[Stroke]) -> list[Stroke]:
    """End every stroke where its key is struck again."""
    following: dict[int, int] = {}
    for i in range(len(found) - 1, -1, -1):
        stroke = found[i]
        again = following.get(stroke.key)
        if again is not None and again < stroke.stop:
            found[i] = stroke._replace(stop=max(again, stroke.start + 1))
        following[stroke.key] = stroke.start
    return found
