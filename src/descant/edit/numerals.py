"""Chords written as the Roman numerals that plans and styles use: the inverse of :mod:`descant.compose.harmony`."""

from collections.abc import Sequence

from descant.compose.grid import SLOT
from descant.song.score import ChordSpan
from descant.song.theory import MODES, Chord

_ROOTS = ("I", "bII", "II", "bIII", "III", "IV", "#IV", "V", "bVI", "VI", "bVII", "VII")
_MINOR = {
    "m": "", "m6": "6", "m7": "7", "m9": "9", "madd9": "add9", "dim": "o", "dim7": "o7", "m7b5": "ø", "mmaj7": "maj7",
}  # fmt: skip
_MAJOR = {"aug": "+"}


def numeral(chord: Chord, tonic: int) -> str:
    """Return the Roman numeral of a chord above a tonic (pitch class), such as ``"bVImaj7"`` or ``"V/7"``."""
    root = _ROOTS[(chord.root - tonic) % 12]
    if chord.quality in _MINOR:
        head = root[:1] if root[0] in "b#" else ""
        text = head + root[len(head) :].lower() + _MINOR[chord.quality]
    else:
        text = root + _MAJOR.get(chord.quality, chord.quality)
    if chord.bass is None or chord.bass == chord.root:
        return text
    return f"{text}/{_degree((chord.bass - tonic) % 12)}"


def _degree(step: int) -> str:
    """Return a bass note as a degree of the major scale, flattened where it lies between two."""
    scale = MODES["major"]
    if step in scale:
        return str(scale.index(step) + 1)
    return f"b{scale.index(step + 1) + 1}"


def progression(bars: Sequence[Sequence[ChordSpan]], bar: float, tonic: int) -> str:
    """Return bars of chords as a progression: blanks part bars, commas the equal shares of one.

    Parameters
    ----------
    bars : the spans of each bar, starts counted from its bar line.
    bar : length of a bar in beats.
    """
    return " ".join(",".join(_shares(spans, bar, tonic)) for spans in bars)


def _shares(spans: Sequence[ChordSpan], bar: float, tonic: int) -> list[str]:
    """Return a bar as the fewest equal shares, up to one a beat, that keep its changes of chord."""
    beats = max(1, round(bar))
    for parts in [n for n in (1, 2, 3, 4, beats) if n <= beats]:
        edges = {n * bar / parts for n in range(parts)}
        if all(any(abs(span.start - edge) < SLOT for edge in edges) for span in spans):
            break
    return [numeral(_at(spans, n * bar / parts), tonic) for n in range(parts)]


def _at(spans: Sequence[ChordSpan], beat: float) -> Chord:
    found = [span for span in spans if span.start <= beat + SLOT / 2]
    return (found or spans)[-1 if found else 0].chord
