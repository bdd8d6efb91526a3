"""The bass player: on the root, with the kick, and on the way to the next chord.

Rules (research/composition.md §2.6): the root on nine bar lines of ten, at least seven onsets of ten on the kick drum
where the style locks them, an approach note on the last eighth before the root changes, range E1–G2 but for octaves.
"""

from collections.abc import Sequence

from descant.compose.band.chart import Bar, Chart
from descant.compose.band.layering import Layering
from descant.compose.band.patterns import bar_steps, choose, closing_letters, is_turn, riff_part, tied_into_next
from descant.compose.band.walking import walk
from descant.compose.styles.band import BandStyle, BassPattern
from descant.compose.styles.notation import STEP
from descant.song.score import ChordSpan, Note
from descant.song.streams import stream
from descant.song.theory import QUALITIES, Chord, Key

LOW, HIGH = 28, 43
"""Home register, E1–G2."""

_STRENGTH = {
    "R": 100,
    "r": 88,
    "5": 84,
    "L": 84,
    "8": 90,
    "3": 84,
    "6": 82,
    "7": 82,
    "a": 80,
    "n": 92,
    "w": 88,
    "g": 44,
}
_NOTES = frozenset(_STRENGTH)
_APPROACHES = 0.6
_DEEP, _DEPTH = 32.0, 0.5  # the root a line tends to (A♭1), and how much that weighs against a leap
_LEGATO, _DETACHED = 0.97, 0.82
_LONGEST_DETACHED = 0.5
_DEAD = 0.08  # beats a dead note sounds
_SLIDE = 0.14  # beats for which a note that slides sounds on under the next


def write(chart: Chart, layering: Layering, band: BandStyle, kicks: Sequence[frozenset[int]]) -> list[Note]:
    """Return the bass part of a song.

    Parameters
    ----------
    kicks : for each bar the sixteenths on which the kick drum falls.
    """
    notes: list[Note] = []
    seat = band.layers.get("bass")
    player = _Player(chart, seat.home if seat is not None and seat.home else _DEEP)
    for frame in chart.frames:
        pattern = choose(chart, "bass", band.bass, frame)
        for bar in frame.bars:
            if pattern is None or not layering.plays("bass", bar):
                continue
            locked = kicks[bar.number] if layering.plays("drums", bar) else frozenset[int]()
            letters = closing_letters(chart, bar, "R") if chart.is_closing(bar) else _letters(pattern, bar, locked)
            riff = () if chart.is_closing(bar) else _riff(pattern, bar)
            notes.extend(player.bar(bar, letters, riff, frame.section.key, tied_into_next(pattern.steps, bar)))
    return notes


def _letters(pattern: BassPattern, bar: Bar, kicks: frozenset[int]) -> str:
    """Return the bar's letters: moved onto the kick when the pattern is locked, with a note at each chord change."""
    text = pattern.turn if pattern.turn and is_turn(bar) else pattern.steps
    letters = list(bar_steps(text, bar, "r"))
    changes = {round((span.start - bar.start) / STEP) for span in bar.chords}
    if pattern.locked and kicks:
        for i, letter in enumerate(letters):
            if letter in _NOTES and letter not in "an" and i not in kicks and i not in changes:
                letters[i] = "="
            elif i in kicks and letter not in _NOTES:
                letters[i] = "r"
    for step in changes if pattern.anchored else ():
        if step < len(letters) and letters[step] not in "Rrw":
            letters[step] = "R" if step == 0 else "r"
    return "".join(letters)


def _riff(pattern: BassPattern, bar: Bar) -> tuple[int, ...]:
    """Return the riff's semitones for a bar, or nothing where the turn is played."""
    if not pattern.riff or (pattern.turn and is_turn(bar)):
        return ()
    return riff_part(pattern.steps, bar, pattern.riff, "Rr")


class _Player:
    """Turns letters into notes, remembering the root last played."""

    def __init__(self, chart: Chart, deep: float) -> None:
        self.chart = chart
        self.deep = deep
        self.root = 36
        self.span: ChordSpan | None = None

    def bar(self, bar: Bar, letters: str, riff: Sequence[int], key: Key, tie: int) -> list[Note]:
        """Return a bar's notes; ``tie`` is how many sixteenths of the next bar a note tied to the bar line keeps."""
        onsets = [i for i, letter in enumerate(letters) if letter in _NOTES]
        rng = stream(self.chart.seed, f"band.bass.section{bar.section}.bar{bar.place}")
        offsets = iter(riff)
        notes: list[Note] = []
        self.span = None
        walked = self._walked(bar, letters, key)
        for here, following in zip(onsets, [*onsets[1:], len(letters)], strict=False):
            letter = letters[here]
            beat = bar.start + here * STEP
            chord = self._chord(bar, beat)
            pitch = walked.get(here) or self._pitch(bar, chord, letter, key, float(rng.random()))
            if riff and letter in "Rr":
                pitch = in_key(pitch + next(offsets, 0), key)
            notes.append(Note(beat, self._length(letters, here, following, tie), pitch, _STRENGTH[letter]))
        return notes

    def _chord(self, bar: Bar, beat: float) -> ChordSpan:
        chord = bar.chord_at(beat)
        if self.span is None or chord.start != self.span.start:
            self.root = nearest(chord.chord.bass_pitch_class, self.root, self.deep)
            self.span = chord
        return chord

    def _pitch(self, bar: Bar, chord: ChordSpan, letter: str, key: Key, draw: float) -> int:
        if letter not in "an":
            return _pitch(letter, chord.chord, self.root)
        after = self.chart.next_chord(bar, chord)
        goal = self.root if after is None else nearest(after.chord.bass_pitch_class, self.root, self.deep)
        if letter == "n":
            return goal
        return self.root if goal == self.root or draw > _APPROACHES else approach(goal, self.root, key)

    def _length(self, letters: str, here: int, following: int, tie: int) -> float:
        if letters[here] == "g":
            return _DEAD
        held = letters[here + 1 : following]
        if held.endswith("~"):
            return (following - here) * STEP + _SLIDE
        tied = len(held) - len(held.lstrip("="))
        if not tied:
            return min((following - here) * STEP, _LONGEST_DETACHED) * _DETACHED
        over = tie if following == len(letters) and tied == len(held) and letters[here] == "n" else 0
        return (tied + 1 + over) * STEP * (_LEGATO if tied == len(held) else 1.0)

    def _walked(self, bar: Bar, letters: str, key: Key) -> dict[int, int]:
        """Return the pitch of each walking step of a bar."""
        steps = [i for i, letter in enumerate(letters) if letter == "w"]
        found: dict[int, int] = {}
        for span in bar.chords if steps else ():
            own = [i for i in steps if bar.chord_at(bar.start + i * STEP).start == span.start]
            if not own:
                continue
            root = nearest(span.chord.bass_pitch_class, self.root, self.deep)
            after = self.chart.next_chord(bar, span)
            goal = root if after is None else nearest(after.chord.bass_pitch_class, root, self.deep)
            rng = stream(self.chart.seed, f"band.bass.walk{bar.number}.{span.start}")
            found |= dict(zip(own, walk(span.chord, key, root, goal, len(own), rng), strict=True))
            self.root, self.span = root, span
        self.span = None
        return found


def nearest(pitch_class: int, previous: int, deep: float = _DEEP) -> int:
    """Return the pitch of a class within the home register nearest the previous root, leaning towards ``deep``."""
    options = [p for p in range(LOW, HIGH + 1) if p % 12 == pitch_class]
    return min(options, key=lambda p: (abs(p - previous) + _DEPTH * abs(p - deep), p))


def in_key(pitch: int, key: Key) -> int:
    """Return a pitch drawn to the nearest note of the key, downwards in doubt."""
    return next(pitch + d for d in (0, -1, 1) if (pitch + d) % 12 in key.scale)


def _pitch(letter: str, chord: Chord, root: int) -> int:
    steps = QUALITIES[chord.quality]
    if chord.bass is not None and chord.bass != chord.root and letter in "53L67":
        return root
    if letter == "8":
        return root + 12
    if letter in "5L":
        fifth = next((s for s in steps if s % 12 in (6, 7, 8)), 7)
        below = root + fifth - 12
        if letter == "L" and below >= LOW:
            return below
        return root + fifth if root + fifth <= HIGH + 2 else below
    if letter == "3":
        return root + next((s for s in steps if s in (2, 3, 4, 5)), 4)
    if letter == "6":
        return root + 9
    if letter == "7":
        return root + next((s for s in steps if s in (10, 11)), 10)
    return root


def approach(goal: int, root: int, key: Key) -> int:
    """Return the note before ``goal``: the scale step next to it on the side the line comes from."""
    side = -1 if goal > root else 1
    for distance in (1, 2):
        pitch = goal + side * distance
        if pitch % 12 in key.scale and pitch >= LOW:
            return pitch
    return goal + 1 if goal - 1 < LOW else goal + side
