"""The chords of a whole song: progressions laid over the sections, cadences, colours and bass lines."""

from collections.abc import Callable, Sequence

import msgspec
import numpy as np

from descant.compose import harmony, pins
from descant.compose.harmony import Bar
from descant.compose.styles.writing import WritingStyle
from descant.song.lyrics import SectionKind
from descant.song.plan import Plan, PlannedSection
from descant.song.score import ChordSpan
from descant.song.streams import stream
from descant.song.theory import Chord, Key

_CHORUS_LIKE = frozenset({SectionKind.CHORUS, SectionKind.POST_CHORUS, SectionKind.DROP})


def section_key(plan: Plan, section: PlannedSection) -> Key:
    """Return the key of a section: the song's, with the section's lift."""
    return Key((plan.key.tonic + section.lift) % 12, plan.key.mode)


def write_chords(
    plan: Plan, style: WritingStyle, bars: Sequence[int], closing: int, painter: "Painter | None" = None
) -> tuple[ChordSpan, ...]:
    """Return the chords of the song, from beat 0 to its end without gaps.

    Parameters
    ----------
    bars : final bars of each section; the last section's include ``closing``.
    closing : bars of tonic that close the song, 0 when it fades.
    painter : one that has laid other progressions over this song before, to spare it colouring them again.
    """
    painter = painter or Painter(plan, style)
    spans: list[ChordSpan] = []
    start = 0.0
    for i, section in enumerate(plan.sections):
        last = i + 1 == len(plan.sections)
        own = bars[i] - (closing if last else 0)
        laid = painter.section(section, plan.sections[i + 1] if not last else None, own) if own > 0 else []
        if last and closing:
            laid += [(harmony.tonic_chord(section_key(plan, section), painter.last_quality),)] * closing
        for bar in laid:
            length = plan.metre.bar_length / len(bar)
            for chord in bar:
                spans.append(ChordSpan(start, length, chord))
                start += length
    return _joined(tuple(spans), plan.metre.bar_length)


def _joined(spans: tuple[ChordSpan, ...], bar: float) -> tuple[ChordSpan, ...]:
    """Return the spans with equal neighbours inside one bar made one."""
    joined: list[ChordSpan] = []
    for span in spans:
        if joined and joined[-1].chord == span.chord and joined[-1].start // bar == span.start // bar:
            joined[-1] = ChordSpan(joined[-1].start, joined[-1].duration + span.duration, span.chord)
        else:
            joined.append(span)
    return tuple(joined)


class Painter:
    """Lays a song's progressions, coloured once a song, so that a returning section returns with its chords.

    Parameters
    ----------
    plan : for its seed, key, mood, weirdness and the chords that its lyrics pin; its sections' progressions may change.
    style : for its colours.
    """

    def __init__(self, plan: Plan, style: WritingStyle) -> None:
        self._plan = plan
        self._style = style
        self._bars: dict[tuple[str, bool], tuple[Bar, ...]] = {}
        self._operators = _operators(plan, style)
        self._pinned = pins.pinned_by_kind(plan.sections)
        self._turns: dict[str, float] = {}
        self.last_quality = style.last_chord

    def section(self, section: PlannedSection, following: PlannedSection | None, bars: int) -> list[Bar]:
        """Return the bars of a section before ``following``, None where it is the last."""
        own = pins.pinned(section.directives)[0] or self._pinned.get(section.kind, ())
        if own:
            return [tuple(chord.transposed(section.lift) for chord in bar) for bar in pins.over_bars(own, bars)]
        key = section_key(self._plan, section)
        laid = harmony.over_bars(self._coloured(section), bars)
        if section.lift:
            laid = [tuple(chord.transposed(section.lift) for chord in bar) for bar in laid]
        if following is None:
            return laid
        turn = self._turn(f"harmony.turn.{section.kind.value}.{following.kind.value}")
        if section.kind in (SectionKind.PRE_CHORUS, SectionKind.BRIDGE, SectionKind.BUILD):
            return harmony.with_half_cadence(laid, key)
        if following.kind in _CHORUS_LIKE and section.kind is SectionKind.VERSE:
            return harmony.with_half_cadence(laid, key) if turn < 0.6 else laid
        if turn < 0.25 and section.kind not in (SectionKind.INTRO,):
            return harmony.with_push(laid, key)
        return laid

    def _turn(self, name: str) -> float:
        if name not in self._turns:
            self._turns[name] = float(stream(self._plan.seed, name).random())
        return self._turns[name]

    def _coloured(self, section: PlannedSection) -> tuple[Bar, ...]:
        """Return the section's progression in the song's key with its colours and bass line."""
        chorus = section.kind in _CHORUS_LIKE
        identity = (section.progression, chorus)
        if identity not in self._bars:
            rng = stream(self._plan.seed, f"harmony.colour.{section.progression}")
            bars = harmony.parse_progression(section.progression, self._plan.key.tonic)
            bars = _recoloured(bars, self._operators.get(section.kind, ""), self._plan.key)
            level = self._style.colour + self._plan.mood.colour
            bars = tuple(tuple(coloured(chord, self._plan.key, level, rng) for chord in bar) for bar in bars)
            self._bars[identity] = _smooth_bass(bars, self._plan.key, self._style.slash, rng)
        return self._bars[identity]


def _operators(plan: Plan, style: WritingStyle) -> dict[SectionKind, str]:
    """Return section kind to re-colouring: as many as chance, style and weirdness bring, each kind once."""
    rng = stream(plan.seed, "harmony.operators")
    count = int(rng.random() < style.chromatic) + int(3 * plan.weirdness * rng.random() + 0.25 * plan.weirdness)
    kinds = [SectionKind.CHORUS, SectionKind.BRIDGE, SectionKind.VERSE, SectionKind.PRE_CHORUS]
    order = [kinds[i] for i in rng.permutation(len(kinds))]
    names = ("secondary", "subdominant", "flat neighbour", "secondary")
    return {kind: names[int(rng.integers(len(names)))] for kind in order[:count]}


def _recoloured(bars: tuple[Bar, ...], operator: str, key: Key) -> tuple[Bar, ...]:
    """Return a progression with one re-colouring where it fits, unchanged where it fits nowhere."""
    if not operator:
        return bars
    for i in range(len(bars) - 1, 0, -1):
        change = _RECOLOURINGS[operator](bars[i - 1], bars[i][0], key)
        if change is not None:
            return (*bars[: i - 1], change, *bars[i:])
    return bars


def _secondary(before: Bar, chord: Chord, key: Key) -> Bar | None:
    """Return the bar before a chord with that chord's own dominant in its second half."""
    degree = (chord.root - key.tonic) % 12
    leads = degree in ((5, 8, 3) if key.is_minor else (2, 9, 5))
    fits = leads and len(before) == 1 and (before[0].root - chord.root) % 12 != 7
    return (before[0], Chord((chord.root + 7) % 12, "7")) if fits else None


def _borrowed_subdominant(before: Bar, chord: Chord, key: Key) -> Bar | None:
    """Return IV followed by iv in major, iv followed by IV in minor."""
    own = "m" if key.is_minor else ""
    if (before[-1].root - key.tonic) % 12 != 5 or before[-1].quality != own:
        return None
    return (*before[:-1], before[-1], Chord(before[-1].root, "" if key.is_minor else "m"))


def _flat_neighbour(before: Bar, chord: Chord, key: Key) -> Bar | None:
    """Return the bar before IV or I with ♭VII in its second half; in minor the bar before V or i with ♭II."""
    degrees, root = ((7, 0), 1) if key.is_minor else ((5, 0), 10)
    fits = (chord.root - key.tonic) % 12 in degrees and len(before) == 1
    return (before[0], Chord((key.tonic + root) % 12)) if fits else None


_Recolouring = Callable[[Bar, Chord, Key], Bar | None]
_RECOLOURINGS: dict[str, _Recolouring] = {
    "secondary": _secondary,
    "subdominant": _borrowed_subdominant,
    "flat neighbour": _flat_neighbour,
}


def coloured(chord: Chord, key: Key, level: float, rng: np.random.Generator) -> Chord:
    """Return a triad coloured up to ``level``, other chords as they are; always draws twice."""
    first, second = rng.random(2)
    if chord.quality not in ("", "m") or chord.bass is not None:
        return chord
    degree = (chord.root - key.tonic) % 12
    seventh = 0.75 * float(np.clip(level - 1.0, 0.0, 1.0))
    ninth = 0.6 * float(np.clip(level - 2.0, 0.0, 1.0))
    added = 0.3 * float(np.clip(level, 0.0, 1.0))
    if first < seventh:
        if degree == 7 and chord.quality == "":
            return Chord(chord.root, "9" if second < ninth else "7")
        table = {"": ("maj7", "maj9"), "m": ("m7", "m9")}[chord.quality]
        flat_side = chord.quality == "" and (chord.root + 11) % 12 not in key.scale
        return Chord(chord.root, "7" if flat_side else table[int(second < ninth)])
    if second < added:
        ninth_in_key = (chord.root + 2) % 12 in key.scale
        if chord.quality == "m":
            return Chord(chord.root, "m7")
        if degree == 7:
            return Chord(chord.root, "sus4" if first > 0.7 else "")
        return Chord(chord.root, "add9") if ninth_in_key else chord
    return chord


def _smooth_bass(bars: tuple[Bar, ...], key: Key, chance: float, rng: np.random.Generator) -> tuple[Bar, ...]:
    """Return the bars with chords inverted where that makes the bass walk by step between its neighbours."""
    flat = [(i, j) for i, bar in enumerate(bars) for j in range(len(bar))]
    chords = [bars[i][j] for i, j in flat]
    for n in range(1, len(chords)):
        draw = rng.random()
        chord = chords[n]
        before, after = chords[n - 1], chords[(n + 1) % len(chords)]
        if draw >= chance or chord.bass is not None or before.bass is not None:
            continue
        third = chord.pitch_classes[1]
        steps = [min((a - third) % 12, (third - a) % 12) for a in (before.bass_pitch_class, after.bass_pitch_class)]
        own = min((before.bass_pitch_class - chord.root) % 12, (chord.root - before.bass_pitch_class) % 12)
        if all(1 <= step <= 2 for step in steps) and own > 2 and third in key.scale:
            chords[n] = msgspec.structs.replace(chord, bass=third)
    rebuilt: list[list[Chord]] = [[] for _ in bars]
    for (i, _), chord in zip(flat, chords, strict=True):
        rebuilt[i].append(chord)
    return tuple(tuple(bar) for bar in rebuilt)
