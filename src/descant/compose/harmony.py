"""Harmony: Roman numerals into chords, and chords over the bars of a section.

Numerals count from the major scale of the tonic in every mode (see :mod:`~descant.compose.styles.writing`).
"""

import re
from collections.abc import Sequence

from descant.song.theory import MODES, QUALITIES, Chord, Key

Bar = tuple[Chord, ...]
"""The chords of one bar, sharing its length equally."""

_NUMERALS = {"I": 0, "II": 2, "III": 4, "IV": 5, "V": 7, "VI": 9, "VII": 11}
_PATTERN = re.compile(r"^([b#]?)(VII|VI|V|IV|III|II|I|vii|vi|v|iv|iii|ii|i)([^/]*)(?:/([b#]?)([1-7]))?$")
_MINOR_SUFFIX = {
    "": "m",
    "6": "m6",
    "7": "m7",
    "9": "m9",
    "add9": "madd9",
    "o": "dim",
    "o7": "dim7",
    "ø": "m7b5",
    "maj7": "mmaj7",
}
_MAJOR_SUFFIX = {"+": "aug"}
_MINOR_FOURTH = ("minor", "harmonic minor", "phrygian", "phrygian dominant")
_ACCIDENTAL = {"": 0, "b": -1, "#": 1}


def parse_numeral(text: str, tonic: int) -> Chord:
    """Return the chord of a Roman numeral such as ``"bVImaj7"`` or ``"V/7"`` above ``tonic``.

    Raises
    ------
    ValueError : when the numeral or its suffix is unknown.
    """
    match = _PATTERN.match(text)
    if match is None:
        raise ValueError(f"{text!r} is not a Roman numeral; expected e.g. IV, bVII, ii7, V/7")
    accidental, numeral, suffix, bass_accidental, bass_degree = match.groups()
    quality = (_MINOR_SUFFIX if numeral.islower() else _MAJOR_SUFFIX).get(suffix, suffix)
    if quality not in QUALITIES:
        raise ValueError(f"{text!r} has an unknown suffix {suffix!r}")
    root = (tonic + _NUMERALS[numeral.upper()] + _ACCIDENTAL[accidental]) % 12
    if bass_degree is None:
        return Chord(root, quality)
    return Chord(root, quality, (tonic + MODES["major"][int(bass_degree) - 1] + _ACCIDENTAL[bass_accidental]) % 12)


def parse_progression(text: str, tonic: int) -> tuple[Bar, ...]:
    """Return the bars of a progression: blanks part bars, commas part chords inside a bar.

    Raises
    ------
    ValueError : when it is empty or a numeral is unknown.
    """
    bars = tuple(tuple(parse_numeral(numeral, tonic) for numeral in bar.split(",")) for bar in text.split())
    if not bars:
        raise ValueError("a progression needs at least one chord")
    return bars


def over_bars(progression: Sequence[Bar], bars: int) -> list[Bar]:
    """Return ``bars`` bars of a progression repeated from its start."""
    return [progression[i % len(progression)] for i in range(bars)]


def dominant(key: Key) -> Chord:
    """Return the chord that leads home: V, ♭VII where the mode has no leading tone in its dominant's place, or ♭II."""
    if key.mode == "phrygian dominant":
        return Chord((key.tonic + 1) % 12)
    if key.mode in ("mixolydian", "dorian"):
        return Chord((key.tonic + 10) % 12)
    return Chord((key.tonic + 7) % 12)


def subdominant(key: Key) -> Chord:
    """Return IV, or iv in minor."""
    return Chord((key.tonic + 5) % 12, "m" if key.mode in _MINOR_FOURTH else "")


def tonic_chord(key: Key, quality: str = "") -> Chord:
    """Return the tonic triad; ``quality`` colours it: a major colour is turned into its minor sibling in minor."""
    if not key.is_minor:
        return Chord(key.tonic, quality)
    return Chord(key.tonic, {"": "m", "add9": "madd9", "maj7": "m7", "6": "m6", "maj9": "m9"}.get(quality, "m"))


def with_half_cadence(bars: list[Bar], key: Key) -> list[Bar]:
    """Return the bars with a last bar that leaves the phrase open on the dominant.

    A last bar that already stands on the dominant side (II, IV, V, ♭VII, and ♭II where that leads home) is left as it
    is.
    """
    last = bars[-1][-1]
    if (last.root - key.tonic) % 12 in (2, 5, 7, 10) or last.root == dominant(key).root:
        return bars
    return [*bars[:-1], (*bars[-1][:1], dominant(key)) if len(bars) > 1 else (dominant(key),)]


def with_push(bars: list[Bar], key: Key) -> list[Bar]:
    """Return the bars with the last one split towards the dominant: the band pushes into the next section."""
    last = bars[-1]
    relation = (last[0].root - key.tonic) % 12
    if len(last) > 1 or relation in (7, 10) or last[0].root == dominant(key).root or len(bars) < 4:
        return bars
    return [*bars[:-1], (last[0], dominant(key))]
