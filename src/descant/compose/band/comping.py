"""Keyboards that comp: a pianist with two hands and a pedal, and bright keys that colour with one.

The right hand stays under the voice while it sings and opens up where it rests; the left hand doubles the root where
the bass leaves room. Pedal changes with each chord and lifts just before it (research/rendering.md §6).
"""

from collections.abc import Callable
from dataclasses import dataclass

from descant.compose.band.chart import Bar, Chart, Frame
from descant.compose.band.harmony import Voicings, under_voice
from descant.compose.band.patterns import (
    bar_steps,
    choose,
    closing_letters,
    pieces,
    strokes,
    tied_into_next,
    with_gaps,
)
from descant.compose.band.seats import Hand
from descant.compose.styles.band import BandStyle, KeysPattern
from descant.song.score import Note, Pedal
from descant.song.theory import QUALITIES, Chord

_STRENGTH = {"X": 96, "x": 84, "o": 70, "N": 94, "n": 82, "t": 76, "m": 76, "v": 86}
_SINGLE = {"1": 80, "2": 74, "3": 76, "4": 80, "5": 78, "6": 80}
_LEFT_STRENGTH = {"R": 88, "r": 82, "n": 84, "5": 74, "L": 76, "8": 78, "3": 74, "6": 74, "7": 74}
_HIGHEST_LEFT = 60
_LEFT_LOW = 40
_SPREAD = 0.004  # seconds between the notes of a chord, from below
_ROLL = 0.028  # the same where a calm section opens
_LIFT = 0.07  # beats between pedal up and the next chord
_TOP_LINE = 6  # the top of a chord speaks louder (research/composition.md §2.7)


@dataclass(frozen=True, slots=True)
class Keys:
    """A keyboard part: its notes and its pedalling."""

    notes: list[Note]
    pedals: list[Pedal]


def write_keys(
    chart: Chart, plays: Callable[[Bar], bool], has_bass: Callable[[Bar], bool], hand: Hand, band: BandStyle
) -> Keys:
    """Return the two-handed keyboard part of a song.

    Parameters
    ----------
    plays, has_bass : whether the keyboard, and the bass, play in a bar.
    hand : where the right hand lies.
    """
    hands = hand.voicings(bar for bar in chart.bars if plays(bar))
    notes: list[Note] = []
    pedals: list[Pedal] = []
    for frame in chart.frames:
        pattern = choose(chart, "keys", [p for p in band.keys if p.manner == "main"], frame)
        for bar in frame.bars:
            if pattern is None or not plays(bar):
                continue
            notes.extend(_right(chart, frame, bar, pattern, hands))
            notes.extend(_left(chart, bar, pattern, has_bass=has_bass(bar)))
            if pattern.pedal:
                pedals.extend(
                    Pedal(s.start, s.start + s.duration - _LIFT) for s in bar.chords if s.duration > 2 * _LIFT
                )
    return Keys(notes, pedals)


def write_hand(chart: Chart, plays: Callable[[Bar], bool], hand: Hand, manner: str, band: BandStyle) -> list[Note]:
    """Return the part of one hand, or of a wind section: chords, stabs and broken chords in a rhythm.

    Parameters
    ----------
    manner : whose patterns are played, one of :data:`~descant.compose.styles.band.KEYS_MANNERS`.
    """
    hands = hand.voicings(bar for bar in chart.bars if plays(bar))
    notes: list[Note] = []
    for frame in chart.frames:
        pattern = choose(chart, f"keys.{manner}", [p for p in band.keys if p.manner == manner], frame)
        for bar in frame.bars:
            if pattern is not None and plays(bar):
                notes.extend(_right(chart, frame, bar, pattern, hands))
    return notes


def _right(chart: Chart, frame: Frame, bar: Bar, pattern: KeysPattern, hands: Voicings) -> list[Note]:
    letters = with_gaps(pattern.chord, pattern.gap, bar)
    if chart.is_closing(bar):
        letters = closing_letters(chart, bar, "X")
    opens = bar.place == 0 and frame.energy < 0.5
    tie = tied_into_next(pattern.chord, bar)
    notes: list[Note] = []
    for stroke in strokes(letters):
        for piece in pieces(chart, bar, stroke, tight=pattern.hold == "tight", tie=tie):
            hand = hands.get(piece.key) or hands[bar.number, bar.chord_at(piece.start).start]
            rolled = (opens and stroke.step == 0 and pattern.pedal) or chart.is_closing(bar)
            letter = stroke.letter if piece.struck else "o"
            played = _chord(hand, letter, piece.start, piece.duration, _ROLL if rolled else _SPREAD)
            notes.extend(_under(note, max(hand), under_voice(bar)) for note in played)
    return notes


def _under(note: Note, top: int, ceiling: int) -> Note:
    """Return a note that reached beyond the hand an octave lower, where it would rise over the voice.

    Parameters
    ----------
    top, ceiling : the highest note of the hand itself, and of what stays under the voice, 0 for no limit.
    """
    if not ceiling or note.pitch <= max(top, ceiling):
        return note
    return Note(note.start, note.duration, note.pitch - 12, note.velocity, note.shift)


def _chord(hand: tuple[int, ...], letter: str, start: float, duration: float, spread: float) -> list[Note]:
    """Return the notes a letter asks of a hand."""
    if letter in _SINGLE:
        octave, i = divmod(int(letter) - 1, len(hand))
        return [Note(start, duration, hand[i] + 12 * octave, _SINGLE[letter])]
    strength = _STRENGTH[letter]
    chosen = {"t": hand[-2:], "m": hand[1:] or hand, "v": (hand[0], hand[0] + 12)}.get(letter, hand)
    return [
        Note(start, duration, pitch, strength + (_TOP_LINE if pitch == chosen[-1] else 0), i * spread)
        for i, pitch in enumerate(chosen)
    ]


def _left(chart: Chart, bar: Bar, pattern: KeysPattern, *, has_bass: bool) -> list[Note]:
    letters = closing_letters(chart, bar, "r") if chart.is_closing(bar) else bar_steps(pattern.left, bar, "r")
    tie = tied_into_next(pattern.left, bar)
    notes = []
    for stroke in strokes(letters):
        for piece in pieces(chart, bar, stroke, tight=pattern.hold == "tight", tie=tie):
            pitch = _left_pitch(stroke.letter, piece.span.chord)
            notes.append(Note(piece.start, piece.duration, pitch, _LEFT_STRENGTH[stroke.letter]))
            if not has_bass and stroke.letter in "Rrn" and pitch - 12 >= 31:
                notes.append(Note(piece.start, piece.duration, pitch - 12, _LEFT_STRENGTH[stroke.letter] - 6))
    return notes


def _left_pitch(letter: str, chord: Chord) -> int:
    root = _LEFT_LOW + (chord.bass_pitch_class - _LEFT_LOW) % 12
    steps = QUALITIES[chord.quality]
    if letter == "8":
        return root + 12
    if chord.bass not in (None, chord.root):
        return root
    rise = {
        "5": next((s for s in steps if s in (6, 7, 8)), 7),
        "L": next((s for s in steps if s in (6, 7, 8)), 7),
        "3": next((s for s in steps if s in (2, 3, 4, 5)), 4) + 12,
        "6": 9,
        "7": next((s for s in steps if s in (10, 11)), 10),
    }.get(letter, 0)
    return root + rise if root + rise <= _HIGHEST_LEFT else root + rise - 12
