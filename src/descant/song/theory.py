"""Pitch classes, modes, keys and chords.

Conventions: a pitch class is an integer 0–11 (0 = C); a pitch is a MIDI number; scale degrees count from 0.
Chord qualities are named as in common chord symbols.
"""

import re

import msgspec

NOTE_NAMES_SHARP = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
NOTE_NAMES_FLAT = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")

MODES: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
    "phrygian dominant": (0, 1, 4, 5, 7, 8, 10),
}
"""Semitones of the seven degrees above the tonic."""

QUALITIES: dict[str, tuple[int, ...]] = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "5": (0, 7),
    "dim": (0, 3, 6),
    "aug": (0, 4, 8),
    "sus2": (0, 2, 7),
    "sus4": (0, 5, 7),
    "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9),
    "7": (0, 4, 7, 10),
    "maj7": (0, 4, 7, 11),
    "m7": (0, 3, 7, 10),
    "mmaj7": (0, 3, 7, 11),
    "m7b5": (0, 3, 6, 10),
    "dim7": (0, 3, 6, 9),
    "7sus4": (0, 5, 7, 10),
    "add9": (0, 4, 7, 14),
    "madd9": (0, 3, 7, 14),
    "9": (0, 4, 7, 10, 14),
    "maj9": (0, 4, 7, 11, 14),
    "m9": (0, 3, 7, 10, 14),
    "13": (0, 4, 7, 10, 14, 21),
    "7b9": (0, 4, 7, 10, 13),
    "7#9": (0, 4, 7, 10, 15),
}
"""Semitones of the chord's notes above its root, by chord-symbol suffix."""

_FLAT_MAJOR_TONICS = frozenset({5, 10, 3, 8, 1})
_PITCH_CLASS = {name: pc for names in (NOTE_NAMES_SHARP, NOTE_NAMES_FLAT) for pc, name in enumerate(names)} | {
    "E#": 5,
    "B#": 0,
    "Cb": 11,
    "Fb": 4,
}


class Key(msgspec.Struct, frozen=True):
    """A tonic (pitch class 0–11) and a mode (a name in :data:`MODES`)."""

    tonic: int
    mode: str

    @property
    def scale(self) -> tuple[int, ...]:
        """Pitch classes of the seven degrees, from the tonic up."""
        return tuple((self.tonic + step) % 12 for step in MODES[self.mode])

    @property
    def is_minor(self) -> bool:
        """Whether the third above the tonic is minor."""
        return MODES[self.mode][2] == 3

    @property
    def uses_flats(self) -> bool:
        """Whether the key signature is written with flats."""
        return self.relative_major in _FLAT_MAJOR_TONICS

    @property
    def relative_major(self) -> int:
        """Tonic of the major key with the nearest key signature (harmonic minor counts as minor,
        phrygian dominant as phrygian)."""
        shift = {"major": 0, "lydian": 7, "mixolydian": 5, "dorian": 10, "phrygian": 8, "phrygian dominant": 8}.get(
            self.mode, 3
        )
        return (self.tonic + shift) % 12

    @property
    def name(self) -> str:
        """The key as people write it: ``"F# minor"``, ``"Bb major"``."""
        return f"{pitch_class_name(self.tonic, flats=self.uses_flats)} {self.mode}"


class Chord(msgspec.Struct, frozen=True):
    """A chord: root pitch class, quality (a key of :data:`QUALITIES`) and bass pitch class when inverted."""

    root: int
    quality: str = ""
    bass: int | None = None

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """Pitch classes of the chord's notes, root first."""
        return tuple((self.root + step) % 12 for step in QUALITIES[self.quality])

    @property
    def bass_pitch_class(self) -> int:
        """Pitch class of the lowest note."""
        return self.root if self.bass is None else self.bass

    def symbol(self, *, flats: bool = False) -> str:
        """Return the chord symbol, e.g. ``"F#m7"`` or ``"C/E"``."""
        text = pitch_class_name(self.root, flats=flats) + self.quality
        if self.bass is not None and self.bass != self.root:
            text += "/" + pitch_class_name(self.bass, flats=flats)
        return text

    def transposed(self, semitones: int) -> "Chord":
        """Return the same chord ``semitones`` higher."""
        bass = None if self.bass is None else (self.bass + semitones) % 12
        return Chord((self.root + semitones) % 12, self.quality, bass)


def nearest_step(first: int, second: int) -> int:
    """Return the semitones, −5 to 6, of the shortest way from one pitch class to another."""
    return (second - first + 5) % 12 - 5


def pitch_class_name(pitch_class: int, *, flats: bool = False) -> str:
    """Return the note name of a pitch class, spelled with sharps or flats."""
    return (NOTE_NAMES_FLAT if flats else NOTE_NAMES_SHARP)[pitch_class % 12]


def parse_pitch_class(text: str) -> int:
    """Return the pitch class of a note name such as ``"F#"``, ``"eb"`` or ``"B♭"``.

    Raises
    ------
    ValueError : when ``text`` is not a note name.
    """
    name = text.strip().replace("♭", "b").replace("♯", "#")
    name = name[:1].upper() + name[1:].lower()
    if name not in _PITCH_CLASS:
        raise ValueError(f"{text!r} is not a note name; expected A–G with an optional # or b")
    return _PITCH_CLASS[name]


_CHORD_PATTERN = re.compile(r"^([A-G][#b♯♭]?)([^/]*)(?:/([A-G][#b♯♭]?))?$")
_QUALITY_ALIASES = {
    "maj": "",
    "M": "",
    "min": "m",
    "-": "m",
    "M7": "maj7",
    "Δ": "maj7",
    "min7": "m7",
    "-7": "m7",
    "ø": "m7b5",
    "o": "dim",
    "°": "dim",
    "+": "aug",
    "sus": "sus4",
    "2": "add9",
    "M9": "maj9",
}


def parse_chord(symbol: str) -> Chord:
    """Return the chord a symbol names, e.g. ``"F#m7/A"``.

    Raises
    ------
    ValueError : when the root or the quality is unknown.
    """
    match = _CHORD_PATTERN.match(symbol.strip())
    if match is None:
        raise ValueError(f"{symbol!r} is not a chord symbol")
    root, suffix, bass = match.groups()
    quality = _QUALITY_ALIASES.get(suffix, suffix)
    if quality not in QUALITIES:
        raise ValueError(f"{symbol!r} has an unknown chord quality {suffix!r}; known: {', '.join(QUALITIES)}")
    return Chord(parse_pitch_class(root), quality, None if bass is None else parse_pitch_class(bass))
