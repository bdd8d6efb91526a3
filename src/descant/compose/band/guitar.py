"""Guitars: strums with the strings sounding one after another, picking, power chords and palm mutes.

Down-strokes run low to high over every string, up-strokes high to low over the top three, softer by a fifth; 8–15 ms
lie between strings (research/composition.md §2.7).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from descant.compose.band.bass import in_key
from descant.compose.band.chart import Bar, Chart, Frame
from descant.compose.band.harmony import Voicings, under_voice
from descant.compose.band.patterns import (
    Stroke,
    choose,
    closing_letters,
    pieces,
    riff_part,
    strokes,
    tied_into_next,
    with_gaps,
)
from descant.compose.band.seats import Hand
from descant.compose.band.voicing import LOW_INTERVAL_LIMIT
from descant.compose.styles.band import BandStyle, GuitarPattern
from descant.compose.styles.notation import STRUM_LETTERS
from descant.song.score import Note
from descant.song.streams import stream
from descant.song.theory import QUALITIES, Chord, Key

LOWEST_STRING = 40
"""E2, the open low string as guitars are usually tuned."""

_STRENGTH = {"D": 98, "d": 84, "U": 82, "u": 70, "N": 96, "n": 84, "m": 78, "k": 46, "b": 86, "f": 80}
_PICKED = 76
_STRUCK = "".join(sorted(STRUM_LETTERS - set(".=")))
_STRINGS_UP = 3
_STRING_GAP = (0.008, 0.015)  # seconds
_MUTED_BEATS, _CHICK_BEATS = 0.17, 0.07
_PICK_BELOW, _STRUM_FROM = 0.42, 0.66  # section energies
_SOFTER_STRING = 3
_FULL_SHAPE = 4  # notes of a hand from which a guitarist plays whole shapes; smaller ones stay on the top strings
_EARLY = 0.4  # share of a strum that lies before the beat


@dataclass(frozen=True, slots=True)
class Seat:
    """A guitarist's seat: the part's name, the manner ("strum", "pick", "driven", "muted") and the side of a pair.

    ``side`` is "left" for the player of a pair who holds the low shape (and for one who plays alone), "right" for the
    one who plays higher on the neck. ``lowest`` is the pitch of the open low string.
    """

    name: str
    manner: str
    side: str = "left"
    lowest: int = LOWEST_STRING


def write(chart: Chart, plays: Callable[[Bar], bool], seat: Seat, hand: Hand, band: BandStyle) -> list[Note]:
    """Return one guitarist's part."""
    seat = replace(seat, lowest=band.low_string) if seat.manner == "driven" else seat
    hands = hand.voicings(bar for bar in chart.bars if plays(bar))
    notes: list[Note] = []
    for frame in chart.frames:
        manner = _manner(seat, frame)
        pattern = choose(chart, f"guitar.{manner}", [p for p in band.guitars if p.manner == manner], frame)
        if pattern is None:
            continue
        for bar in frame.bars:
            if plays(bar):
                notes.extend(_bar(chart, bar, pattern, seat, hands, thumb=hand.voices >= _FULL_SHAPE))
    return notes


def _manner(seat: Seat, frame: Frame) -> str:
    """Return how a section is played: a strummer picks while the song is quiet, a picker who leads strums when loud."""
    if seat.manner == "strum" and frame.energy < _PICK_BELOW:
        return "pick"
    return "strum" if seat.manner == "pick" and seat.side == "left" and frame.energy >= _STRUM_FROM else seat.manner


def _bar(chart: Chart, bar: Bar, pattern: GuitarPattern, seat: Seat, hands: Voicings, *, thumb: bool) -> list[Note]:
    """Return a bar's notes; ``thumb`` adds a bass string under the shape."""
    letters = with_gaps(pattern.strum, pattern.gap, bar, "d")
    riff = iter(_riff(pattern, bar))
    if chart.is_closing(bar):
        letters, riff = closing_letters(chart, bar, "D"), iter(())
    rng = stream(chart.seed, f"band.{seat.name}.section{bar.section}.bar{bar.place}")
    gaps = iter(rng.uniform(*_STRING_GAP, 2 * bar.steps))
    key = chart.frames[bar.section].section.key
    tie = tied_into_next(pattern.strum, bar)
    notes: list[Note] = []
    for stroke in strokes(letters):
        sounding = stroke if chart.is_closing(bar) else _ringing(stroke, pattern)
        rise = next(riff, 0)
        for piece in pieces(chart, bar, sounding, tie=tie):
            chord = piece.span.chord
            shape = hands.get(piece.key) or hands[bar.number, bar.chord_at(piece.start).start]
            if seat.manner == "driven" and pattern.riff:
                shape = riff_shape(in_key(_open_root(chord, seat.lowest) + rise, key), key)
            elif seat.manner == "driven":
                shape = power_chord(chord, _power_ceiling(bar), seat.side, seat.lowest)
            elif seat.side == "left" and thumb:
                shape = _with_bass_string(chord, shape)
            letter = stroke.letter if piece.struck else "d"
            notes.extend(_strike(letter, shape, piece.start, piece.duration, float(next(gaps))))
    return notes


def _riff(pattern: GuitarPattern, bar: Bar) -> tuple[int, ...]:
    """Return the riff's semitones for each stroke of a bar."""
    if not pattern.riff:
        return ()
    return riff_part(pattern.strum, bar, pattern.riff, _STRUCK)


def _ringing(stroke: Stroke, pattern: GuitarPattern) -> Stroke:
    """Return the stroke with its real length: open strings ring until the next stroke unless damped."""
    if pattern.hold == "ring" and stroke.letter not in "mkNn":
        return Stroke(stroke.step, stroke.letter, stroke.room - 1, stroke.room)
    return stroke


def _open_root(chord: Chord, lowest: int) -> int:
    return lowest + (chord.root - lowest) % 12


def riff_shape(root: int, key: Key) -> tuple[int, ...]:
    """Return the power chord that doubles a note of a riff, its fifth drawn into the key."""
    return (root, root + 7 if (root + 7) % 12 in key.scale else root + 6)


def _with_bass_string(chord: Chord, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape with its root on a low string, where that lies below the rest."""
    root = LOWEST_STRING + (chord.bass_pitch_class - LOWEST_STRING) % 12
    return (root, *shape) if root <= shape[0] - 3 else shape


def _power_ceiling(bar: Bar) -> int:
    """Return the highest pitch for a power chord, 0 where nobody sings."""
    return under_voice(bar)


def power_chord(chord: Chord, ceiling: int, side: str, lowest: int = LOWEST_STRING) -> tuple[int, ...]:
    """Return root and fifth of a chord: with the octave on the left, above the low register on the right, both lower
    where they would rise over the voice.

    The bass of an inverted chord is left to the bass player.
    """
    root = _open_root(chord, lowest)
    fifth = next((s for s in QUALITIES[chord.quality] if s in (6, 7, 8)), 7)
    if side == "right":
        inverted = (root + fifth, root + 12)
        shape = inverted if inverted[0] >= LOW_INTERVAL_LIMIT else (root + 12, root + 12 + fifth)
        return shape if not ceiling or shape[-1] <= ceiling else (root, root + fifth)
    full = (root, root + fifth, root + 12)
    return full if not ceiling or full[-1] <= ceiling else full[:2]


def _alternate(shape: tuple[int, ...]) -> int:
    """Return the thumb's second bass note: the fifth under the root where the guitar has it, else over it."""
    return shape[0] - 5 if shape[0] - 5 >= LOWEST_STRING else shape[0] + 7


def _strike(letter: str, shape: tuple[int, ...], start: float, duration: float, gap: float) -> list[Note]:
    """Return the notes of one stroke."""
    if letter in "123456":
        return [Note(start, duration, shape[min(int(letter), len(shape)) - 1], _PICKED)]
    if letter in "bf":
        return [Note(start, duration, shape[0] if letter == "b" else _alternate(shape), _STRENGTH[letter])]
    if letter == "m":
        return [Note(start, _MUTED_BEATS, p, _STRENGTH["m"] - 4 * i, i * gap / 4) for i, p in enumerate(shape[:2])]
    if letter == "k":
        duration = _CHICK_BEATS
    strength, softer = _STRENGTH[letter], 0
    order = shape if letter in "DNk" or len(shape) < 5 else shape[1:]
    if letter in "Uu":
        order, softer = shape[::-1][:_STRINGS_UP], _SOFTER_STRING
    early = _EARLY * gap * (len(order) - 1)
    return [Note(start, duration, pitch, strength - i * softer, i * gap - early) for i, pitch in enumerate(order)]
