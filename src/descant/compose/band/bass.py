"""The bass player: on the root, with the kick, and on the way to the next chord.

Rules (research/composition.md §2.6): the root on nine bar lines of ten, at least seven onsets of ten on the kick drum,
an approach note on the last eighth before the root changes, range E1–G2 but for octaves.
"""

from collections.abc import Sequence

from descant.compose.band.chart import Bar, Chart
from descant.compose.band.layering import Layering
from descant.compose.band.patterns import bar_steps, choose, closing_letters, is_turn
from descant.compose.styles.band import STEP, BandStyle, BassPattern
from descant.song.score import Note
from descant.song.streams import stream
from descant.song.theory import QUALITIES, Chord, Key

LOW, HIGH = 28, 43
"""Home register, E1–G2."""

_STRENGTH = {"R": 100, "r": 88, "5": 84, "8": 90, "3": 84, "a": 80}
_NOTES = frozenset(_STRENGTH)
_APPROACHES = 0.6
_DEEP, _DEPTH = 32, 0.5  # the root a line tends to (A♭1), and how much that weighs against a leap
_LEGATO, _DETACHED = 0.97, 0.82
_LONGEST_DETACHED = 0.5


def write(chart: Chart, layering: Layering, band: BandStyle, kicks: Sequence[frozenset[int]]) -> list[Note]:
    """Return the bass part of a song.

    Parameters
    ----------
    kicks : for each bar the sixteenths on which the kick drum falls.
    """
    notes: list[Note] = []
    root = 36
    for frame in chart.frames:
        pattern = choose(chart, "bass", band.bass, frame)
        for bar in frame.bars:
            if pattern is None or not layering.plays("bass", bar):
                continue
            locked = kicks[bar.number] if layering.plays("drums", bar) else frozenset[int]()
            letters = closing_letters(chart, bar, "R") if chart.is_closing(bar) else _letters(pattern, bar, locked)
            key = frame.section.key
            played, root = _bar(chart, bar, letters, key, root)
            notes.extend(played)
    return notes


def _letters(pattern: BassPattern, bar: Bar, kicks: frozenset[int]) -> str:
    """Return the bar's letters: moved onto the kick when the pattern is locked, with a note at each chord change."""
    text = pattern.turn if pattern.turn and is_turn(bar) else pattern.steps
    letters = list(bar_steps(text, bar))
    changes = {round((span.start - bar.start) / STEP) for span in bar.chords}
    if pattern.locked and kicks:
        for i, letter in enumerate(letters):
            if letter in _NOTES and letter != "a" and i not in kicks and i not in changes:
                letters[i] = "="
            elif i in kicks and letter not in _NOTES:
                letters[i] = "r"
    for step in changes:
        if step < len(letters) and letters[step] not in "Rr":
            letters[step] = "R" if step == 0 else "r"
    return "".join(letters)


def _bar(chart: Chart, bar: Bar, letters: str, key: Key, root: int) -> tuple[list[Note], int]:
    """Return a bar's notes and the root last played."""
    onsets = [i for i, letter in enumerate(letters) if letter in _NOTES]
    rng = stream(chart.seed, f"band.bass.section{bar.section}.bar{bar.place}")
    notes = []
    span = None
    for here, following in zip(onsets, [*onsets[1:], len(letters)], strict=True):
        beat = bar.start + here * STEP
        chord = bar.chord_at(beat)
        if span is None or chord.start != span.start:
            root = nearest(chord.chord.bass_pitch_class, root)
            span = chord
        pitch = _pitch(letters[here], chord.chord, root)
        if letters[here] == "a":
            after = chart.next_chord(bar, chord)
            goal = None if after is None else nearest(after.chord.bass_pitch_class, root)
            pitch = root if goal in (None, root) or rng.random() > _APPROACHES else _approach(goal or root, root, key)
        held = letters[here + 1 : following]
        tied = len(held) - len(held.lstrip("="))
        steps = tied + 1
        duration = steps * STEP * (_LEGATO if tied == len(held) else 1.0)
        if not tied:
            duration = min((following - here) * STEP, _LONGEST_DETACHED) * _DETACHED
        notes.append(Note(beat, duration, pitch, _STRENGTH[letters[here]]))
    return notes, root


def nearest(pitch_class: int, previous: int) -> int:
    """Return the pitch of a class within the home register that lies nearest the previous root."""
    options = [p for p in range(LOW, HIGH + 1) if p % 12 == pitch_class]
    return min(options, key=lambda p: (abs(p - previous) + _DEPTH * abs(p - _DEEP), p))


def _pitch(letter: str, chord: Chord, root: int) -> int:
    steps = QUALITIES[chord.quality]
    if chord.bass is not None and chord.bass != chord.root and letter in "53":
        return root
    if letter == "8":
        return root + 12
    if letter == "5":
        fifth = next((s for s in steps if s % 12 in (6, 7, 8)), 7)
        return root + fifth if root + fifth <= HIGH + 2 else root + fifth - 12
    if letter == "3":
        return root + next((s for s in steps if s in (2, 3, 4, 5)), 4)
    return root


def _approach(goal: int, root: int, key: Key) -> int:
    """Return the note before ``goal``: the scale step next to it on the side the line comes from."""
    side = -1 if goal > root else 1
    for distance in (1, 2):
        pitch = goal + side * distance
        if pitch % 12 in key.scale and pitch >= LOW:
            return pitch
    return goal + 1 if goal - 1 < LOW else goal + side
