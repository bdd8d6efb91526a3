"""Who plays when: layers enter by energy, one changes every four bars, two at section starts.

Source: research/composition.md §2.6 — energy is arrangement before it is loudness, and removing a player says as much
as adding one.
"""

from collections.abc import Mapping

from descant.compose.band import directions
from descant.compose.band.chart import CHORUS_KINDS, Bar, Chart, Frame
from descant.compose.styles.band import BandStyle
from descant.song.lyrics import SectionKind
from descant.song.streams import stream

UNIT_BARS = 4
"""Bars between two changes of the band."""

_FREE = ("lead", "fx")
_CORE = ("comp", "guitar", "bass", "drums")
_SPARE = ("comp", "pad", "strings", "guitar")
_HOLDING_BACK = ("strings", "pad", "percussion")
_SAVING = (SectionKind.PRE_CHORUS, SectionKind.BUILD, SectionKind.SOLO)  # they keep players back for what follows
_BEAT = ("drums", "percussion")
_UNDER_SPEECH = 0.35  # energy that music keeps to while somebody speaks (research/composition.md §2.8)
_RIFF: tuple[str, ...] = ("comp", "guitar")
_LAYING_OUT = (SectionKind.SOLO, SectionKind.BRIDGE, SectionKind.INTERLUDE, SectionKind.BREAK)
_EARLY = 0.15  # a layer may enter this far below its energy, for contrast
_FEWEST = 3
_DRIVEN = 0.55  # energy from which a rhythm section without colours around it plays on


class Layering:
    """The layers that play in each bar of a chart."""

    def __init__(self, bars: tuple[frozenset[str], ...]) -> None:
        self._bars = bars

    def plays(self, layer: str, bar: Bar) -> bool:
        """Whether a layer plays in a bar."""
        return layer in self._bars[bar.number]

    def at(self, bar: Bar) -> frozenset[str]:
        """Return the layers of a bar."""
        return self._bars[bar.number]


def layer(chart: Chart, band: BandStyle, available: Mapping[str, str]) -> Layering:
    """Return who plays in each bar.

    Parameters
    ----------
    chart : the song.
    band : thresholds and seats.
    available : the layers the plan has an instrument for, with their presets; others stay silent. Lead and effects
        decide for themselves.
    """
    seats = [name for name in band.layers if name in available and name not in _FREE]
    seats.sort(key=lambda name: (band.layers[name].enter, name))
    bars: list[frozenset[str]] = []
    before: frozenset[str] = frozenset()
    for frame in chart.frames:
        units = _units(frame, band, seats, before, available)
        playing = [units[min(bar.place // UNIT_BARS, len(units) - 1)] for bar in frame.bars]
        bars.extend(_under(bar, names, band) for bar, names in zip(frame.bars, playing, strict=True))
        if _drops_out(chart, band, frame):
            bars[-1] = bars[-1] - {"drums", "bass", "percussion"}
        before = bars[-1] if bars else before
    return Layering(tuple(bars))


def _under(bar: Bar, names: frozenset[str], band: BandStyle) -> frozenset[str]:
    """Return who plays in a bar: under speech the calmest of them, without a beat."""
    if not bar.spoken:
        return names
    calm = [name for name in names if name not in _BEAT and band.layers[name].enter <= _UNDER_SPEECH]
    return frozenset(calm) or names - frozenset(_BEAT)


def _units(
    frame: Frame, band: BandStyle, seats: list[str], before: frozenset[str], available: Mapping[str, str]
) -> list[frozenset[str]]:
    """Return the layers of each four-bar unit of a section."""
    if directions.wants_nobody(frame.directives):
        return [frozenset()]
    seats = [name for name in seats if frame.kind not in band.layers[name].absent]
    named = directions.cast(frame.directives, available)
    if named is not None:
        return [frozenset(name for name in seats if name in named)]
    everybody = directions.wants_everybody(frame.directives)
    if not everybody:
        seats = [name for name in seats if frame.energy <= band.layers[name].leave]
    full = [name for name in seats if everybody or frame.peak or band.layers[name].enter <= frame.energy]
    count = -(-len(frame.bars) // UNIT_BARS)
    if _is_stripped(frame) and count > 1:
        thin = frozenset(name for name in full if name in _SPARE) or frozenset(full[:1])
        return [thin, *[frozenset(full)] * (count - 1)]
    first = _contrasted(frozenset(full), before, seats, frame, band)
    return _varied(first, before, seats, count, frame, band) if count > 1 else [first]


def _is_stripped(frame: Frame) -> bool:
    return directions.wants_few(frame.directives) or (
        frame.kind is SectionKind.BRIDGE and frame.energy < 0.62 and frame.rise > 0.15
    )


def _contrasted(
    wanted: frozenset[str], before: frozenset[str], seats: list[str], frame: Frame, band: BandStyle
) -> frozenset[str]:
    """Return the opening layers of a section, two away from those that played before it where the band allows.

    A section that lifts keeps whom it finds playing; only players who nearly belong to the section's energy are added.
    """
    if frame.lifts:
        wanted = wanted | (before & frozenset(seats))
    saves = frame.kind in _SAVING and frame.rise > 0
    if not before or len(wanted ^ before) >= 2 or saves:
        return wanted
    colours = [name for name in seats if name not in _CORE]
    if frame.lifts or len(wanted) > len(before):
        for name in colours:
            if name not in wanted and band.layers[name].enter <= frame.energy + _EARLY and len(wanted ^ before) < 2:
                wanted = wanted | {name}
        return wanted
    for name in reversed(colours):
        if name in wanted and len(wanted ^ before) < 2 and len(wanted) > _FEWEST:
            wanted = wanted - {name}
    return wanted


def _varied(
    first: frozenset[str], before: frozenset[str], seats: list[str], count: int, frame: Frame, band: BandStyle
) -> list[frozenset[str]]:
    """Return ``count`` units of which each differs from the one before it in one layer, growing first.

    Somebody who waits enters with the second unit; where nobody waits, a colour holds back for it, though never one
    that was already playing when the section lifts.
    """
    waiting = [name for name in seats if name not in first and band.layers[name].enter <= frame.energy + _EARLY]
    colours = _colours(first, [name for name in seats if not band.layers[name].steady], frame)
    units = [first]
    new = [name for name in colours if name not in before]
    holding = (new if len(first - before) > 1 else []) if frame.lifts else colours
    if not waiting and holding:
        units = [first - {holding[0]}]
        waiting = [holding[0]]
    for i in range(1, count):
        if i % 2 and waiting:
            units.append(units[-1] | {waiting[0]})
        elif i % 2 == 0 and colours:
            gone = colours[(i // 2) % len(colours)]
            units.append(units[-1] ^ {gone})
            waiting = [gone]
        else:
            units.append(units[-1])
    return units


def _colours(first: frozenset[str], seats: list[str], frame: Frame) -> list[str]:
    """Return the layers that may come and go within a section, first to go first.

    A band without colours leaves bass and drums alone for a while: pianists lay out, guitars wait for the second riff.
    """
    colours = [name for name in _HOLDING_BACK if name in first] if frame.peak else []
    colours += [name for name in reversed(seats) if name in first and name not in (*_CORE, *colours)]
    if not colours and frame.kind not in CHORUS_KINDS and frame.energy < _DRIVEN:
        colours = [name for name in ("drums", "bass") if name in first]
    if not colours and {"drums", "bass"} <= first and _may_lay_out(frame):
        colours = [name for name in _RIFF if name in first and frame.kind not in CHORUS_KINDS][:1]
    return colours


def _may_lay_out(frame: Frame) -> bool:
    return frame.kind in _LAYING_OUT or (frame.nth > 0 and not frame.peak)


def _drops_out(chart: Chart, band: BandStyle, frame: Frame) -> bool:
    """Whether the rhythm section falls silent in the last bar of a section, for a drop or the last chorus to land."""
    following = chart.frames[frame.index + 1] if frame.index + 1 < len(chart.frames) else None
    if following is not None and directions.wants_silence(frame.directives):
        return True
    if following is None or len(frame.bars) < 4 or frame.energy < 0.3:
        return False
    if following.kind is not SectionKind.DROP and not following.peak:
        return False
    return bool(stream(chart.seed, "band.layers.dropout").random() < band.dropout)
