"""How a style's band plays, as data: grooves, patterns, layers, pocket.

Nothing here decides a note; :mod:`descant.compose.band` reads these structs. The values come from the ``[band.*]``
tables of the style files.

Pattern notation
----------------
A pattern is a string with one character a sixteenth note (spaces and ``|`` are for the eye only). Sixteen characters
are a bar of 4/4, twelve a bar of 3/4 or 6/8; a multiple makes a pattern of several bars. ``.`` rests and ``=`` lets the
last note ring on.

==========  ==================================================================================================
drums       ``X`` accent, ``x`` plain, ``o`` soft, ``g`` ghost, ``?`` a soft hit in about one bar of three
bass        ``r`` root, ``5`` fifth, ``8`` octave, ``3`` third, ``a`` approach to the next root (a root where none
            is wanted); capital ``R`` an accented root
chords      ``X`` ``x`` ``o`` the whole voicing, accented, plain, soft; digits ``1``–``4`` one note of it, counted from
            below; ``t`` the top two notes
left hand   as bass
strum       ``D`` ``d`` down, loud and soft; ``U`` ``u`` up; ``m`` a palm-muted downstroke; ``k`` a muted chick;
            ``b`` the bass string, digits one string of the shape counted from below
==========  ==================================================================================================
"""

from collections.abc import Iterable
from typing import TypeVar

import msgspec

from descant.song.lyrics import SectionKind

STEP = 0.25
"""Length of one pattern character in beats."""

_DRUM_LETTERS = frozenset("Xxog?.")
_BASS_LETTERS = frozenset("Rr583a=.")
_CHORD_LETTERS = frozenset("Xxot1234=.")
_STRUM_LETTERS = frozenset("DdUumkb123456=.")
DRUM_KEYS = {
    "kick": 36,
    "rim": 37,
    "snare": 38,
    "clap": 39,
    "tom_floor": 41,
    "hat": 42,
    "pedal_hat": 44,
    "tom_low": 45,
    "open_hat": 46,
    "tom_mid": 47,
    "crash": 49,
    "tom_high": 50,
    "ride": 51,
    "china": 52,
    "bell": 53,
    "tambourine": 54,
    "splash": 55,
    "cowbell": 56,
    "crash2": 57,
    "conga_high": 63,
    "conga_low": 64,
    "block": 76,
    "shaker": 82,
}
"""Names a groove may use for its lanes, with their General MIDI percussion keys."""


def _clean(text: str) -> str:
    return text.replace(" ", "").replace("|", "")


def _check(where: str, text: str, letters: frozenset[str], *, whole_bars: bool = True) -> None:
    steps = _clean(text)
    odd = sorted(set(steps) - letters)
    if odd:
        raise ValueError(f"{where} pattern {text!r} has {''.join(odd)!r}; allowed are {''.join(sorted(letters))!r}")
    if whole_bars and steps and len(steps) % 16 and len(steps) % 12:
        raise ValueError(f"{where} pattern {text!r} has {len(steps)} steps; a bar has 16 (4/4) or 12 (3/4, 6/8)")


def _density(text: str, letters: str = "XxogRr583atDdUumkb123456") -> float:
    """Return the strokes a bar of a pattern, counting only some letters."""
    steps = _clean(text)
    return sum(c in letters for c in steps) * (16 if len(steps) % 16 == 0 else 12) / max(1, len(steps))


def _one_of(name: str, value: str, *allowed: str) -> None:
    if value not in allowed:
        raise ValueError(f"{name} {value!r} is not one of {', '.join(allowed)}")


class Use(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a pattern is played.

    Attributes
    ----------
    kinds : the section kinds it suits; empty for all.
    energy : least and greatest section energy it suits (0–1).
    metre : "4/4", "3/4" or "6/8" (12/8 too): the metre it is written for.
    """

    kinds: tuple[SectionKind, ...] = ()
    energy: tuple[float, float] = (0.0, 1.0)
    metre: str = "4/4"

    def __post_init__(self) -> None:
        _one_of("metre", self.metre, "4/4", "3/4", "6/8")
        if not 0.0 <= self.energy[0] <= self.energy[1] <= 1.0:
            raise ValueError(f"energy {self.energy} is not a rising pair within 0–1")

    @property
    def density(self) -> float:
        """Strokes a bar, to tell busy patterns from calm ones."""
        return 0.0


def _check_lanes(lanes: dict[str, str], *, whole_bars: bool = True) -> None:
    for lane, steps in lanes.items():
        if lane not in DRUM_KEYS:
            raise ValueError(f"no drum is called {lane!r}; drums are {', '.join(DRUM_KEYS)}")
        _check(lane, steps, _DRUM_LETTERS, whole_bars=whole_bars)


class Groove(Use, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A drum or percussion groove: a pattern for each drum, and in ``turn`` those that change every fourth bar."""

    lanes: dict[str, str]
    turn: dict[str, str] = {}

    def __post_init__(self) -> None:
        Use.__post_init__(self)
        _check_lanes(self.lanes)
        _check_lanes(self.turn)

    @property
    def density(self) -> float:
        """Hits a bar over all drums."""
        return sum(_density(steps) for steps in self.lanes.values())


class Fill(Use, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A drum fill, replacing the groove for its length, aligned to the end of the bar."""

    lanes: dict[str, str]

    def __post_init__(self) -> None:
        Use.__post_init__(self)
        _check_lanes(self.lanes, whole_bars=False)
        if len({len(_clean(steps)) for steps in self.lanes.values()}) != 1:
            raise ValueError("all drums of a fill need equally many steps")

    @property
    def steps(self) -> int:
        """Length in sixteenths."""
        return len(_clean(next(iter(self.lanes.values()))))


class BassPattern(Use, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A bass line by steps; ``turn`` is played every fourth bar. ``locked`` lines are moved onto the kick drum."""

    steps: str
    turn: str = ""
    locked: bool = True

    def __post_init__(self) -> None:
        Use.__post_init__(self)
        _check("bass", self.steps, _BASS_LETTERS)
        _check("bass", self.turn, _BASS_LETTERS)

    @property
    def density(self) -> float:
        """Notes a bar."""
        return _density(self.steps)


class KeysPattern(Use, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Keyboard comping: the right hand's ``chord`` pattern, the left hand's, and a busier one for vocal gaps.

    ``manner`` is "main" for the keyboard that carries the harmony, "second" for one that colours it.
    """

    manner: str = "main"
    chord: str
    left: str = ""
    gap: str = ""

    def __post_init__(self) -> None:
        Use.__post_init__(self)
        _one_of("manner", self.manner, "main", "second")
        _check("chord", self.chord, _CHORD_LETTERS)
        _check("left", self.left, _BASS_LETTERS)
        _check("gap", self.gap, _CHORD_LETTERS)

    @property
    def density(self) -> float:
        """Strokes a bar in both hands; a whole chord counts for three."""
        chords = sum(_density(self.chord, letters) for letters in ("Xxot1234", "Xxo", "Xxo"))
        return chords + _density(self.left)


class GuitarPattern(Use, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Guitar playing: a strum or picking pattern, with a busier one for vocal gaps.

    ``manner`` names the player it suits: "strum", "pick" (plucked strings one by one), "driven" (distorted power
    chords) or "muted". ``hold`` is how a note ends: "ring" lets strings ring until the next stroke, "tight" damps them.
    """

    manner: str
    strum: str
    gap: str = ""
    hold: str = "ring"

    def __post_init__(self) -> None:
        Use.__post_init__(self)
        _check("strum", self.strum, _STRUM_LETTERS)
        _check("gap", self.gap, _STRUM_LETTERS)
        _one_of("manner", self.manner, "strum", "pick", "driven", "muted")
        _one_of("hold", self.hold, "ring", "tight")

    @property
    def density(self) -> float:
        """Strokes a bar; a strum counts for three."""
        return sum(_density(self.strum, letters) for letters in ("DdUumkb123456", "DdUu", "DdUu"))


class Layer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A seat in the band.

    Attributes
    ----------
    enter : section energy from which the layer plays.
    absent : section kinds it sits out.
    """

    enter: float
    absent: tuple[SectionKind, ...] = ()


class Pocket(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a player sits against the click: ``ms`` by step (repeated through the bar), and the spread (s.d., ms)."""

    ms: tuple[float, ...] = (0.0,)
    spread: float = 4.0

    def __post_init__(self) -> None:
        if not self.ms:
            raise ValueError("pocket ms needs at least one number")


class Sustain(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Pad or string writing: how many ``voices``, its register (MIDI) and whether it carries a counter-line on top.

    ``rise`` is how many semitones the line's home moves up with each chorus.
    """

    voices: int = 3
    low: int = 50
    high: int = 69
    line: bool = False
    rise: int = 2


class Soloist(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The lead instrument: register, share of vocal gaps it answers, ornaments in solos (0–1)."""

    low: int = 64
    high: int = 86
    answers: float = 0.5
    ornament: float = 0.4


class BandStyle(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything about a style's band.

    Attributes
    ----------
    dynamics : how many dB lie between energy 0 and energy 1.
    layers : seats by name ("drums", "bass", "comp", "comp2", "guitar", "guitar2", "pad", "strings", "lead",
        "percussion").
    pocket : by drum lane or layer name.
    crash_energy : section energy from which a crash opens a section.
    dropout : chance that the drums fall silent in the bar before the last chorus instead of filling.
    """

    layers: dict[str, Layer]
    grooves: tuple[Groove, ...]
    fills: tuple[Fill, ...]
    bass: tuple[BassPattern, ...]
    keys: tuple[KeysPattern, ...]
    guitars: tuple[GuitarPattern, ...]
    percussion: tuple[Groove, ...] = ()
    pad: Sustain = Sustain()
    strings: Sustain = Sustain(line=True)
    lead: Soloist = Soloist()
    pocket: dict[str, Pocket] = {}
    dynamics: float = 8.0
    crash_energy: float = 0.6
    dropout: float = 0.35


def steps_of(text: str, bar_steps: int, place: int) -> str:
    """Return the characters of a pattern for one bar.

    Parameters
    ----------
    text : a pattern as written.
    bar_steps : length of the bar in sixteenths.
    place : number of the bar in its section; chooses the bar of a pattern of several bars.

    Returns
    -------
    ``bar_steps`` characters. A pattern shorter than the bar starts again, a longer one is cut.
    """
    steps = _clean(text)
    if not steps:
        return "." * bar_steps
    unit = 16 if len(steps) % 16 == 0 else 12
    bars = len(steps) // unit
    chosen = steps[unit * (place % bars) :][:unit]
    return (chosen * (bar_steps // unit + 1))[:bar_steps]


def fill_steps(text: str) -> str:
    """Return a fill's characters without the marks for the eye."""
    return _clean(text)


P = TypeVar("P", bound="Use")


def suited(patterns: Iterable[P], kind: SectionKind, energy: float, metre: str) -> list[P]:
    """Return the patterns that suit a section.

    Those that cover its energy come first, and among them those written for its kind; when none covers it, the nearest
    in energy stand in. Patterns for 4/4 stand in when the metre has none.
    """
    written = list(patterns)
    written = [p for p in written if p.metre == metre] or [p for p in written if p.metre == "4/4"]
    own = [p for p in written if kind in p.kinds]
    general = [p for p in written if not p.kinds]
    for pool in (own, general):
        inside = [p for p in pool if p.energy[0] <= energy <= p.energy[1]]
        if inside:
            return inside
    pool = own or general or written
    distance = [max(p.energy[0] - energy, energy - p.energy[1]) for p in pool]
    return [p for p, d in zip(pool, distance, strict=True) if d == min(distance)]
