"""Gives a sketch its band: every instrument's part, performed.

The players stand in :mod:`descant.compose.band`; this module seats them. Order matters twice: the bass reads the kick
drum, and the low register is cleared from the bass upwards.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import msgspec

from descant.compose.band import (
    bass,
    comping,
    directions,
    drums,
    dynamics,
    expression,
    fx,
    guitar,
    layering,
    lead,
    pads,
    percussion,
    register,
    seats,
    strings,
    timing,
)
from descant.compose.band.chart import Bar, Chart, read_chart
from descant.compose.band.instruments import CHORDAL_LAYERS, Instrument, instrument
from descant.compose.sketch import Sketch
from descant.compose.styles import Style
from descant.compose.styles.band import BandStyle
from descant.song.lyrics import SectionKind
from descant.song.plan import Plan
from descant.song.score import Note, Part, Pedal, Role, Swell
from descant.song.streams import stream

_DOUBLED_FROM = 0.62
"""Section energy from which a lone distorted guitar is doubled."""

_FEATURED_FROM = 0.4
"""Section energy from which an instrument plays that was asked for by name."""

_UNPITCHED = (Role.DRUMS, Role.PERCUSSION, Role.FX)
_LOW_REGISTER_ORDER = (
    Role.BASS,
    Role.KEYBOARD,
    Role.GUITAR,
    Role.SYNTH,
    Role.STRINGS,
    Role.BRASS,
    Role.WOODWINDS,
)
"""Who keeps a low note when two would be too near."""


@dataclass(slots=True)
class _Draft:
    """A part before dynamics and timing."""

    name: str
    layer: str
    preset: str
    player: Instrument
    notes: list[Note]
    pedals: list[Pedal] = field(default_factory=list)
    swells: tuple[Swell, ...] = ()


def arrange(plan: Plan, style: Style, sketch: Sketch) -> tuple[Part, ...]:
    """Return the band's parts, performed.

    Parameters
    ----------
    plan : its ``instruments`` say which layers play and on what; a layer without an instrument is silent.
    style : its ``band`` says how they play.
    sketch : the song.

    Returns
    -------
    Parts with notes rising by (start, pitch), inside their instruments' ranges, no pitch overlapping itself; parts that
    would be empty are left out.
    """
    chart = read_chart(plan, sketch)
    seated = {name: preset for name, preset in plan.instruments.items() if preset}
    band = _featuring(style.band, plan.featured)
    stage = _Stage(chart, sketch, band, layering.layer(chart, band, seated), seated)
    drafts = [draft for name in seated for draft in stage.drafts(name)]
    drafts = _tidied(drafts)
    swing = (plan.swing, plan.swing_unit)
    parts = []
    for draft in drafts:
        pitched = draft.player.role not in _UNPITCHED
        shaped = dynamics.shape(chart, draft.name, draft.notes, style.band.dynamics, accents=pitched)
        notes = timing.perform(chart, draft.layer, draft.name, shaped, style.band, sketch.tempo_map, swing)
        parts.append(
            Part(draft.name, draft.player.role, draft.preset, notes, pedals=tuple(draft.pedals), swells=draft.swells)
        )
    return tuple(parts)


def _featuring(band: BandStyle, layers: Sequence[str]) -> BandStyle:
    """Return the band with the players who were asked for by name entering early and never sitting out for loudness."""
    asked = {
        name: msgspec.structs.replace(band.layers[name], enter=min(band.layers[name].enter, _FEATURED_FROM), leave=1.0)
        for name in layers
        if name in band.layers
    }
    return msgspec.structs.replace(band, layers=band.layers | asked) if asked else band


def _tidied(drafts: list[_Draft]) -> list[_Draft]:
    """Return the drafts that have notes, each in range and in order, the low register cleared between them."""
    pitched = [draft for draft in drafts if draft.player.role not in _UNPITCHED]
    pitched.sort(key=lambda draft: _LOW_REGISTER_ORDER.index(draft.player.role))
    for draft in pitched:
        draft.notes = register.tidy(draft.notes, draft.player.low, draft.player.high)
    cleared = register.clear_low({d.name: d.notes for d in pitched}, [d.name for d in pitched])
    for draft in drafts:
        draft.notes = register.tidy(cleared.get(draft.name, draft.notes), draft.player.low, draft.player.high)
    return [draft for draft in drafts if draft.notes]


class _Stage:
    """Seats players: picks the writer for each layer by how its instrument plays."""

    def __init__(
        self, chart: Chart, sketch: Sketch, band: BandStyle, layers: layering.Layering, seated: dict[str, str]
    ) -> None:
        self.chart, self.sketch, self.band, self.layers, self.seated = chart, sketch, band, layers, seated
        self.drumming = drums.write(chart, layers, band)
        self.names: set[str] = set()
        self.driven = [name for name in CHORDAL_LAYERS if self._player(name).plays == "driven" and name in seated]

    def drafts(self, layer: str) -> list[_Draft]:
        """Return the part or parts of one layer."""
        player = self._player(layer)
        if layer == "drums":
            return [self._draft(layer, self.drumming.notes)]
        if layer == "percussion":
            return [self._draft(layer, percussion.write(self.chart, self.layers, self.band, self.drumming.notes))]
        if layer == "bass":
            return [self._draft(layer, bass.write(self.chart, self.layers, self.band, self.drumming.kicks))]
        if layer == "lead":
            return self._lead(layer)
        if layer == "fx":
            return [self._draft(layer, notes, "", preset) for preset, notes in fx.write(self.chart).items()]
        if layer == "horns":
            return [self._draft(layer, self._hand(layer, player, "horns"))]
        if layer in ("pad", "strings") or (layer in CHORDAL_LAYERS and player.plays in ("sustain", "line")):
            return [self._sustained(layer)]
        if layer in CHORDAL_LAYERS:
            return self._comping(layer, player)
        return []

    def _player(self, layer: str) -> Instrument:
        """Return the layer's instrument, played as the style asks where it does."""
        player = instrument(self.seated.get(layer, ""), layer)
        seat = self.band.layers.get(layer)
        return msgspec.structs.replace(player, plays=seat.plays) if seat is not None and seat.plays else player

    def _hand(self, layer: str, player: Instrument, manner: str) -> list[Note]:
        return comping.write_hand(self.chart, self._plays(layer), self._seat(layer, player), manner, self.band)

    def _seat(self, layer: str, player: Instrument) -> seats.Hand:
        return seats.hand(layer, self.band.layers.get(layer), lowest=player.low)

    def _plays(self, layer: str) -> Callable[[Bar], bool]:
        return lambda bar: self.layers.plays(layer, bar)

    def _has_bass(self, bar: Bar) -> bool:
        return self.layers.plays("bass", bar)

    def _is_accompanied(self, bar: Bar) -> bool:
        return bool(self.layers.at(bar))

    def _draft(self, layer: str, notes: list[Note], suffix: str = "", preset: str = "") -> _Draft:
        preset = preset or self.seated[layer]
        name = " ".join(filter(None, (preset.replace("_", " "), suffix)))
        if name in self.names:
            name = f"{name} ({layer})"
        self.names.add(name)
        return _Draft(name, layer, preset, instrument(preset, layer), notes)

    def _lead(self, layer: str) -> list[_Draft]:
        """Return the lead's part, and one for each instrument that a section's tag asks to play its solo."""
        own = self.seated[layer]
        notes: dict[str, list[Note]] = {own: []}
        for frame, played in lead.write(self.chart, self.sketch, self.band.lead, self._is_accompanied):
            preset = directions.solo_preset(frame.kind, frame.directives, own, self.seated.values())
            player = self._player(layer) if preset == own else instrument(preset, layer)
            rng = stream(self.chart.seed, f"band.lead.section{frame.index}.expression")
            line = expression.expressed(register.fitted(played, player.low, player.high), player, rng)
            notes.setdefault(preset, []).extend(line)
        return [self._draft(layer, played, "" if preset == own else "solo", preset) for preset, played in notes.items()]

    def _sustained(self, layer: str) -> _Draft:
        sustain = self.band.strings if layer == "strings" else self.band.pad
        player = self._player(layer)
        alone = player.plays == "line" and sustain.line
        sustain = msgspec.structs.replace(
            sustain, low=max(sustain.low, player.low), voices=1 if alone else sustain.voices
        )
        write = strings.write if sustain.line else pads.write
        draft = self._draft(layer, write(self.chart, self._plays(layer), sustain))
        draft.swells = pads.swells(self.chart, self._plays(layer))
        return draft

    def _comping(self, layer: str, player: Instrument) -> list[_Draft]:
        plays = self._plays(layer)
        if player.plays in ("keys", "tines"):
            if layer != "comp" or player.plays == "tines":
                return [self._draft(layer, self._hand(layer, player, "second"))]
            keys = comping.write_keys(self.chart, plays, self._has_bass, self._seat(layer, player), self.band)
            draft = self._draft(layer, keys.notes)
            draft.pedals = keys.pedals
            return [draft]
        drafts = []
        sides = self._sides(layer, player)
        for side in sides:
            seat = guitar.Seat(f"{layer}.{side}", player.plays, side)
            joins = plays if side == "left" or len(sides) == 1 else self._loud(plays)
            hand = self._seat("guitar2" if side == "right" else layer if layer == "guitar2" else "guitar", player)
            notes = guitar.write(self.chart, joins, seat, hand, self.band)
            drafts.append(self._draft(layer, notes, side if player.plays == "driven" else ""))
        return drafts

    def _loud(self, plays: Callable[[Bar], bool]) -> Callable[[Bar], bool]:
        """Return the bars in which a doubled guitar plays twice: not in quiet sections, nor before a verse's half."""

        def joins(bar: Bar) -> bool:
            frame = self.chart.frames[bar.section]
            builds = frame.kind in (SectionKind.VERSE, SectionKind.PRE_CHORUS, SectionKind.BRIDGE) and not frame.peak
            waits = builds and bar.place < len(frame.bars) // 2
            return plays(bar) and frame.energy >= _DOUBLED_FROM and not waits

        return joins

    def _sides(self, layer: str, player: Instrument) -> tuple[str, ...]:
        """Return the sides a guitar layer covers: a lone distorted guitar is doubled, a second one takes the right."""
        if player.plays != "driven":
            return ("left",) if layer in ("comp", "guitar") else ("right",)
        if len(self.driven) == 1:
            return ("left", "right")
        return ("left",) if layer == self.driven[0] else ("right",)
