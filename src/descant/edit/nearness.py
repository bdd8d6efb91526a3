"""How near a melody keeps to a recording that it is sung over: to its chords, its rhythm, the place of its melody."""

from collections.abc import Callable
from statistics import median

from descant.compose.grid import SLOT
from descant.song.score import Role, Score, SungNote

_HARMONY, _RHYTHM, _REGISTER = 0.5, 0.35, 0.15
_FAR = 12.0  # semitones between the middles of two melodies from which they have nothing to do with each other
_TAKES = 5


def of_several(write: Callable[[int], Score], recorded: Score, weight: float) -> Score:
    """Return one of several ways to sing over a recording: the nearest to it for 1, the freest for 0.

    Parameters
    ----------
    write : makes the score of one way from its number, from 0 on.
    weight : 0–1.
    """
    ways = [write(number) for number in range(_TAKES)]
    ways.sort(key=lambda score: nearness(score, recorded))
    return ways[round(weight * (_TAKES - 1))]


def nearness(sung: Score, recorded: Score) -> float:
    """Return how near what is sung in a score is to a recording's, 0–1; 0 where nobody sings.

    Half of it is the share of the singing that sounds a tone of the recording's chords, a third the share of its notes
    that begin where something is struck there; the rest is how near the middles of the melodies are.
    """
    notes = [note for part in sung.vocals for phrase in part.phrases for note in phrase.notes]
    if not notes:
        return 0.0
    return (
        _HARMONY * _on_chords(notes, recorded)
        + _RHYTHM * _together(notes, recorded)
        + _REGISTER * _beside(notes, recorded)
    )


def _on_chords(notes: list[SungNote], recorded: Score) -> float:
    """Return the share of the time sung in which the tone is one of the chord's."""
    inside = total = 0.0
    for note in notes:
        for span in recorded.chords:
            shared = min(note.start + note.duration, span.start + span.duration) - max(note.start, span.start)
            if shared > 0:
                total += shared
                inside += shared * (note.pitch % 12 in span.chord.pitch_classes)
    return inside / total if total else 0.0


def _together(notes: list[SungNote], recorded: Score) -> float:
    """Return the share of notes that begin in a sixteenth in which something begins in the recording."""
    struck = {round(note.start / SLOT) for part in recorded.parts if part.role is Role.RECORDING for note in part.notes}
    return sum(round(note.start / SLOT) in struck for note in notes) / len(notes)


def _beside(notes: list[SungNote], recorded: Score) -> float:
    """Return 1 for melodies with one middle, less the farther those are apart, 0 from an octave on."""
    heard = [n.pitch for part in recorded.vocals if part.role is Role.RECORDING for p in part.phrases for n in p.notes]
    if not heard:
        return 1.0
    off = abs(median(note.pitch for note in notes) - median(heard))
    return max(0.0, 1.0 - off / _FAR)
