"""Keyboards that comp: a pianist with two hands and a pedal, and bright keys that colour with one.

The right hand stays under the voice while it sings and opens up where it rests; the left hand doubles the root where
the bass leaves room. Pedal changes with each chord and lifts just before it (research/rendering.md §6).
"""

from collections.abc import Callable
from dataclasses import dataclass

from descant.compose.band.chart import Bar, Chart, Frame
from descant.compose.band.harmony import Voicings, voice_bars
from descant.compose.band.instruments import Instrument
from descant.compose.band.patterns import bar_steps, choose, closing_letters, pieces, strokes, with_gaps
from descant.compose.styles.band import STEP, BandStyle, KeysPattern
from descant.song.score import Note, Pedal
from descant.song.theory import QUALITIES, Chord

_STRENGTH = {"X": 96, "x": 84, "o": 70, "t": 76, "1": 80, "2": 74, "3": 76, "4": 80}
_LEFT_STRENGTH = {"R": 88, "r": 82, "5": 74, "8": 78, "3": 74, "a": 72}
_HAND_LOW, _HAND_HIGH = 45, 72
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


def write_keys(chart: Chart, plays: Callable[[Bar], bool], has_bass: Callable[[Bar], bool], band: BandStyle) -> Keys:
    """Return the two-handed keyboard part of a song.

    Parameters
    ----------
    plays, has_bass : whether the keyboard, and the bass, play in a bar.
    """
    bars = [bar for bar in chart.bars if plays(bar)]
    hands = voice_bars(bars, 4, _HAND_LOW, _HAND_HIGH, home=59)
    notes: list[Note] = []
    pedals: list[Pedal] = []
    for frame in chart.frames:
        pattern = choose(chart, "keys", [p for p in band.keys if p.manner == "main"], frame)
        for bar in frame.bars:
            if pattern is None or not plays(bar):
                continue
            notes.extend(_right(chart, frame, bar, pattern, hands))
            notes.extend(_left(chart, bar, pattern, has_bass=has_bass(bar)))
            pedals.extend(Pedal(s.start, s.start + s.duration - _LIFT) for s in bar.chords if s.duration > 2 * _LIFT)
    return Keys(notes, pedals)


def write_tines(chart: Chart, plays: Callable[[Bar], bool], player: Instrument, band: BandStyle) -> list[Note]:
    """Return the part of a bright one-handed keyboard: plucks, bells, electric piano as a second colour."""
    bars = [bar for bar in chart.bars if plays(bar)]
    low = max(player.low, 52)
    hands = voice_bars(bars, 3, low, low + 20, home=low + 9)
    notes: list[Note] = []
    for frame in chart.frames:
        pattern = choose(chart, "tines", [p for p in band.keys if p.manner == "second"], frame)
        for bar in frame.bars:
            if pattern is not None and plays(bar):
                notes.extend(_right(chart, frame, bar, pattern, hands))
    return notes


def _right(chart: Chart, frame: Frame, bar: Bar, pattern: KeysPattern, hands: Voicings) -> list[Note]:
    letters = with_gaps(pattern.chord, pattern.gap, bar)
    if chart.is_closing(bar):
        letters = closing_letters(chart, bar, "X")
    opens = bar.place == 0 and frame.energy < 0.5
    notes: list[Note] = []
    for stroke in strokes(letters):
        for span, start, stop in pieces(bar, stroke):
            hand = hands[bar.number, span.start]
            letter = stroke.letter if start == bar.start + stroke.step * STEP else "o"
            spread = _ROLL if (opens and stroke.step == 0) or chart.is_closing(bar) else _SPREAD
            notes.extend(_chord(hand, letter, start, stop - start, spread))
    return notes


def _chord(hand: tuple[int, ...], letter: str, start: float, duration: float, spread: float) -> list[Note]:
    """Return the notes a letter asks of a hand."""
    strength = _STRENGTH[letter]
    if letter in "1234":
        return [Note(start, duration, hand[min(int(letter) - 1, len(hand) - 1)], strength)]
    chosen = hand[-2:] if letter == "t" else hand
    return [
        Note(start, duration, pitch, strength + (_TOP_LINE if pitch == chosen[-1] else 0), i * spread)
        for i, pitch in enumerate(chosen)
    ]


def _left(chart: Chart, bar: Bar, pattern: KeysPattern, *, has_bass: bool) -> list[Note]:
    letters = closing_letters(chart, bar, "r") if chart.is_closing(bar) else bar_steps(pattern.left, bar)
    notes = []
    for stroke in strokes(letters):
        for span, start, stop in pieces(bar, stroke):
            pitch = _left_pitch(stroke.letter, span.chord)
            notes.append(Note(start, stop - start, pitch, _LEFT_STRENGTH[stroke.letter]))
            if not has_bass and stroke.letter in "Rr" and pitch - 12 >= 31:
                notes.append(Note(start, stop - start, pitch - 12, _LEFT_STRENGTH[stroke.letter] - 6))
    return notes


def _left_pitch(letter: str, chord: Chord) -> int:
    root = _LEFT_LOW + (chord.bass_pitch_class - _LEFT_LOW) % 12
    if letter == "8":
        return root + 12
    if letter == "5" and chord.bass in (None, chord.root):
        fifth = next((s for s in QUALITIES[chord.quality] if s in (6, 7, 8)), 7)
        return root + fifth
    return root
