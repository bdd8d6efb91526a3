"""How a style's band plays, as data: grooves, patterns, layers, pocket.

Nothing here decides a note; :mod:`descant.compose.band` reads these structs. The values come from the ``[band.*]``
tables of the style files; :mod:`~descant.compose.styles.notation` explains the patterns.
"""

from collections.abc import Iterable
from typing import TypeVar

import msgspec

from descant.compose.styles.notation import (
    BASS_LETTERS,
    CHORD_LETTERS,
    LEFT_LETTERS,
    STRUM_LETTERS,
    bar_unit,
    check,
    check_lanes,
    clean,
    density,
)
from descant.song.lyrics import SectionKind

KEYS_MANNERS = ("main", "second", "horns")
GUITAR_MANNERS = ("strum", "pick", "driven", "muted")


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
    figure : name that patterns of several players share when they belong together; where one player takes a figure,
        the others take it too.
    """

    kinds: tuple[SectionKind, ...] = ()
    energy: tuple[float, float] = (0.0, 1.0)
    metre: str = "4/4"
    figure: str = ""

    def __post_init__(self) -> None:
        _one_of("metre", self.metre, "4/4", "3/4", "6/8")
        if not 0.0 <= self.energy[0] <= self.energy[1] <= 1.0:
            raise ValueError(f"energy {self.energy} is not a rising pair within 0–1")

    @property
    def density(self) -> float:
        """Strokes a bar, to tell busy patterns from calm ones."""
        return 0.0

    @property
    def family(self) -> tuple[str, ...]:
        """What must be equal for one pattern to stand in for another: the metre and the manner of playing."""
        return (self.metre,)


class Groove(Use, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A drum or percussion groove: a pattern for each drum, and in ``turn`` those that change every fourth bar.

    A ``rise`` is a build: its bars are spread once over the whole section, from soft to loud.
    """

    lanes: dict[str, str]
    turn: dict[str, str] = {}
    rise: bool = False

    def __post_init__(self) -> None:
        Use.__post_init__(self)
        check_lanes(self.lanes)
        check_lanes(self.turn)

    @property
    def density(self) -> float:
        """Hits a bar over all drums."""
        return sum(density(steps) for steps in self.lanes.values())

    @property
    def bars(self) -> int:
        """Length of the longest lane in bars."""
        return max((len(clean(s)) // bar_unit(clean(s)) for s in self.lanes.values()), default=1)


class Fill(Use, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A drum fill, replacing the groove for its length, aligned to the end of the bar."""

    lanes: dict[str, str]

    def __post_init__(self) -> None:
        Use.__post_init__(self)
        check_lanes(self.lanes, whole_bars=False)
        if len({len(clean(steps)) for steps in self.lanes.values()}) != 1:
            raise ValueError("all drums of a fill need equally many steps")

    @property
    def steps(self) -> int:
        """Length in sixteenths."""
        return len(clean(next(iter(self.lanes.values()))))

    @property
    def density(self) -> float:
        """Strokes in the fill."""
        return float(sum(c != "." for steps in self.lanes.values() for c in clean(steps)))


class BassPattern(Use, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A bass line by steps.

    Attributes
    ----------
    steps, turn : the line, and what is played every fourth bar instead.
    locked : whether the line is moved onto the kick drum.
    anchored : whether a root is struck wherever the chord changes, whatever the pattern says.
    riff : semitones above the root of each ``R`` and ``r`` of ``steps``, in turn; drawn into the key. Empty for roots.
    """

    steps: str
    turn: str = ""
    locked: bool = True
    anchored: bool = True
    riff: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        Use.__post_init__(self)
        check("bass", self.steps, BASS_LETTERS)
        check("bass", self.turn, BASS_LETTERS)

    @property
    def density(self) -> float:
        """Notes a bar."""
        return density(self.steps)


class KeysPattern(Use, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Chords in a rhythm: the right hand's ``chord`` pattern, the left hand's, and a busier one for vocal gaps.

    Attributes
    ----------
    manner : "main" for the keyboard that carries the harmony, "second" for one that colours it, "horns" for a section
        of winds.
    hold : how an untied stroke ends: "ring" after up to an eighth, "tight" within the sixteenth.
    pedal : whether a pianist takes the pedal.
    """

    manner: str = "main"
    chord: str
    left: str = ""
    gap: str = ""
    hold: str = "ring"
    pedal: bool = True

    def __post_init__(self) -> None:
        Use.__post_init__(self)
        _one_of("manner", self.manner, *KEYS_MANNERS)
        _one_of("hold", self.hold, "ring", "tight")
        check("chord", self.chord, CHORD_LETTERS)
        check("left", self.left, LEFT_LETTERS)
        check("gap", self.gap, CHORD_LETTERS)

    @property
    def density(self) -> float:
        """Strokes a bar in both hands; a whole chord counts for three."""
        return density(self.chord) + 2 * density(self.chord, "XxoNn") + density(self.left)

    @property
    def family(self) -> tuple[str, ...]:
        """The metre and the manner."""
        return (self.metre, self.manner)


class GuitarPattern(Use, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Guitar playing: a strum or picking pattern, with a busier one for vocal gaps.

    Attributes
    ----------
    manner : the player it suits: "strum", "pick" (plucked strings one by one), "driven" (distorted power chords) or
        "muted".
    hold : how a note ends: "ring" lets strings ring until the next stroke, "tight" damps them.
    riff : for driven guitars, semitones above the root of each stroke of ``strum``, in turn; drawn into the key.
    """

    manner: str
    strum: str
    gap: str = ""
    hold: str = "ring"
    riff: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        Use.__post_init__(self)
        check("strum", self.strum, STRUM_LETTERS)
        check("gap", self.gap, STRUM_LETTERS)
        _one_of("manner", self.manner, *GUITAR_MANNERS)
        _one_of("hold", self.hold, "ring", "tight")

    @property
    def density(self) -> float:
        """Strokes a bar; a strum counts for three."""
        return density(self.strum) + 2 * density(self.strum, "DdUuNn")

    @property
    def family(self) -> tuple[str, ...]:
        """The metre and the manner."""
        return (self.metre, self.manner)


class Layer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A seat in the band.

    Attributes
    ----------
    enter : section energy from which the layer plays.
    leave : section energy above which it rests.
    absent : section kinds it sits out.
    steady : whether it plays a section through once it has begun it, as what carries the rhythm must.
    plays : a way of playing (``band/instruments.toml`` lists them) instead of its instrument's own; "" for that.
    home : pitch (MIDI) that the middle of its chords, or a bass's roots, tend to; 0 for the seat's own.
    voices : notes a chord, 2–4; 0 for the seat's own.
    """

    enter: float
    leave: float = 1.0
    absent: tuple[SectionKind, ...] = ()
    steady: bool = False
    plays: str = ""
    home: float = 0.0
    voices: int = 0


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
    layers : seats by name ("drums", "bass", "comp", "comp2", "guitar", "guitar2", "pad", "strings", "horns", "lead",
        "percussion", "fx").
    pocket : by drum lane or layer name.
    crash_energy : section energy from which a crash opens a section; above 1 nobody crashes.
    dropout : chance that the drums fall silent in the bar before the last chorus or a drop instead of filling.
    fill_rate : factor on how often the drummer fills; 0 for never.
    low_string : the open low string of driven guitars (MIDI number): 40 as guitars are usually tuned, less where they
        are tuned down.
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
    fill_rate: float = 1.0
    low_string: int = 40


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
