"""Modulators: how key and velocity bend a zone's settings.

Source: *SoundFont Technical Specification* 2.04, sections 8.2–8.4 and 9.5. Controllers that a score does not move
stand at their General MIDI rest (full volume and expression, pan centred, wheels at rest), so that volume, pan and
expression are the mixer's and the swells' alone.

Of the specification's default modulators only velocity → attenuation acts here. Velocity → filter cutoff is left
out as in FluidSynth since 2.0: the specification's own text makes the cutoff jump between velocities 63 and 64, and
current banks (MuseScore General among them) are voiced without it. A bank's explicit modulators act in full, and
presets may add brightness of their own.
"""

import math
from collections.abc import Iterable
from typing import NamedTuple

_NO_CONTROLLER = 0
_VELOCITY = 2
_KEY = 3
_PITCH_WHEEL = 14
_LINEAR, _CONCAVE, _CONVEX, _SWITCH = range(4)
_ATTENUATION = 48

_APART_FROM_TIMBRE = frozenset({0, 4, *range(33, 41)})
"""Destinations that say when a voice enters its sample and how its volume moves."""

_REST: dict[int, float] = {7: 1.0, 8: 0.5, 10: 0.5, 11: 1.0} | dict.fromkeys(range(70, 80), 0.5)
"""Where MIDI controllers rest, 0–1; those not named rest at 0."""

_STEPS = 128.0
"""What key and velocity are divided by (section 9.5.3; by 127, string layers start 16 frames off FluidSynth's)."""

_PEAK_ATTENUATION = 96.0
"""dB of full scale of the concave and convex curves (section 8.2: 20·log of the squared value over 96 dB)."""


class Modulator(NamedTuple):
    """One modulator record of the bank.

    Attributes
    ----------
    source, amount_source : packed controller descriptions (section 8.2): index in bits 0–6, MIDI controller flag in
        bit 7, direction in bit 8, polarity in bit 9, curve from bit 10.
    destination : number of the generator it is added to.
    amount : added at full deflection, in the destination's unit.
    transform : 0 linear, 2 absolute value.
    """

    source: int
    destination: int
    amount: int
    amount_source: int = 0
    transform: int = 0

    @property
    def identity(self) -> tuple[int, int, int, int]:
        """What makes two modulators the same, so that the nearer one replaces the other (section 9.5.1)."""
        return self.source, self.destination, self.amount_source, self.transform


DEFAULT_MODULATORS = (Modulator(source=0x0502, destination=_ATTENUATION, amount=960),)
"""Velocity lowers attenuation along the concave curve: 40·log10(128 / velocity) dB."""


def offsets(
    modulators: Iterable[Modulator],
    key: int,
    velocity: float,
    level_velocity: float | None = None,
    timbre_velocity: float | None = None,
) -> dict[int, float]:
    """Return what the modulators add to each generator for one note.

    Parameters
    ----------
    key : MIDI number.
    velocity : 1–127.
    level_velocity : the velocity as loudness hears it, where a preset narrows or widens dynamics; ``velocity`` if None.
    timbre_velocity : the velocity as pitch and filter hear it, where it is rounded; ``velocity`` if None.
    """
    level = velocity if level_velocity is None else level_velocity
    timbre = velocity if timbre_velocity is None else timbre_velocity
    sums: dict[int, float] = {}
    for modulator in modulators:
        if modulator.transform not in (0, 2):
            continue
        heard = velocity if modulator.destination in _APART_FROM_TIMBRE else timbre
        heard = level if modulator.destination == _ATTENUATION else heard
        value = _deflection(modulator.source, key, heard) * modulator.amount
        if modulator.amount_source:
            value *= _deflection(modulator.amount_source, key, heard)
        if modulator.transform == 2:
            value = abs(value)
        sums[modulator.destination] = sums.get(modulator.destination, 0.0) + value
    return sums


def _deflection(source: int, key: int, velocity: float) -> float:
    """Return where a controller stands, 0–1 or −1–1, after its curve."""
    value = _position(source & 0x7F, bool(source & 0x80), key, velocity)
    curve = (source >> 10) & 0x3F
    if curve == _SWITCH:
        curve, value = _LINEAR, 1.0 if value >= 0.5 else 0.0
    if source & 0x100:
        value = 1.0 - value
    if not source & 0x200:
        return _curve(curve, value)
    bipolar = 2.0 * value - 1.0
    return math.copysign(_curve(curve, abs(bipolar)), bipolar)


def _position(index: int, midi: bool, key: int, velocity: float) -> float:
    if midi:
        return _REST.get(index, 0.0)
    if index == _VELOCITY:
        return velocity / _STEPS
    if index == _KEY:
        return key / _STEPS
    if index == _PITCH_WHEEL:
        return 0.5
    return 1.0 if index == _NO_CONTROLLER else 0.0


def _curve(curve: int, value: float) -> float:
    """Return the curve's value at 0–1: concave rises late, convex early (specification, section 8.2.4)."""
    if curve == _CONCAVE:
        return 1.0 if value >= 1.0 else min(1.0, -40.0 / _PEAK_ATTENUATION * math.log10(1.0 - value))
    if curve == _CONVEX:
        return 0.0 if value <= 0.0 else max(0.0, 1.0 + 40.0 / _PEAK_ATTENUATION * math.log10(value))
    return value
