"""What happens to a stem as a whole: its echo and its room, side-chains, sweeps and width, block by block.

Each step takes a block of the stem and the sample at which it starts and changes the block in place; a block goes
through all steps while it is in the cache.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numba import njit

from descant.mix.delay import PingPong
from descant.mix.dynamics import GainFollower
from descant.mix.filters import Filter, Sweep, band_pass
from descant.mix.levels import CONTROL, RATE, Audio, Curve, apply_curve, peak_levels
from descant.mix.panning import MonoLows
from descant.mix.reverb import Reverb

CHUNK = 1 << 15
"""Samples a block: a multiple of the control period."""

POCKET = 2800.0
"""Centre in Hz of the band cleared for consonants and the singer's formant."""


class Step(Protocol):
    """One thing done to a stem."""

    def __call__(self, block: Audio, start: int) -> None:
        """Process ``block`` (samples, 2), the stem from sample ``start`` on, in place."""


def _part(curve: Curve, start: int, samples: int) -> Curve:
    return curve[start // CONTROL : -(-(start + samples) // CONTROL)]


class Echoing:
    """Adds the echoes of a send (samples, 1) whose level follows a curve."""

    def __init__(self, send: Audio, echo: PingPong, ride: Curve) -> None:
        self._send, self._echo, self._ride = send, echo, ride
        self._before = float(ride[0])

    def __call__(self, block: Audio, start: int) -> None:
        """Process a block."""
        send = self._send[start : start + len(block)]
        self._before = apply_curve(send, _part(self._ride, start, len(block)), self._before)
        block += self._echo.process(send)


@njit(cache=True, fastmath=False, nogil=True)
def _hold(levels, hold, left, enough):  # type: ignore[no-untyped-def]
    # Turns the levels into 0 or 1 in place.
    for k in range(levels.shape[0]):
        left = hold if levels[k] > enough else max(left - 1, 0)
        levels[k] = np.float32(1.0 if left > 0 else 0.0)
    return left


class Gate:
    """Holds a room open for a time after each hit, then shuts it within 30 ms: the gated snare.

    Parameters
    ----------
    seconds : time for which the room is heard. ``hardest``: amplitude of the hardest hit of the song.
    """

    def __init__(self, seconds: float, hardest: float) -> None:
        self._hold = round(seconds * RATE / CONTROL)
        self._left, self._enough = 0, 0.4 * hardest
        self._follower, self._before = GainFollower(0.03, 0.002), 0.0

    def opening(self, send: Audio) -> Curve:
        """Return 0 or 1 a control period: whether a hard hit is less than a hold ago."""
        levels = peak_levels(send)
        self._left = _hold(levels, self._hold, self._left, self._enough)
        return np.asarray(levels, np.float32)

    def shut(self, wet: Audio, opening: Curve) -> None:
        """Let ``wet`` through where the gate is open."""
        self._before = apply_curve(wet, self._follower.follow(opening), self._before)


class Resounding:
    """Adds the room's answer to a send (samples, 1) whose level follows a curve, through a gate where there is one."""

    def __init__(self, send: Audio, reverb: Reverb, ride: Curve, gate: Gate | None = None) -> None:
        self._send, self._reverb, self._ride, self._gate = send, reverb, ride, gate
        self._before = float(ride[0])

    def __call__(self, block: Audio, start: int) -> None:
        """Process a block."""
        send = self._send[start : start + len(block)]
        opening = self._gate.opening(send) if self._gate else None
        self._before = apply_curve(send, _part(self._ride, start, len(block)), self._before)
        wet = self._reverb.process(send)
        if self._gate is not None and opening is not None:
            self._gate.shut(wet, opening)
        block += wet


class Gain:
    """Follows a gain curve (amplitude factors at control rate)."""

    def __init__(self, curve: Curve) -> None:
        self._curve, self._before = curve, 1.0

    def __call__(self, block: Audio, start: int) -> None:
        """Process a block."""
        self._before = apply_curve(block, _part(self._curve, start, len(block)), self._before)


class Pocket:
    """Lowers the band around :data:`POCKET` by ``depth`` dB while the lead (activity 0–1 at control rate) sings."""

    def __init__(self, activity: Curve, depth: float) -> None:
        follower = GainFollower(0.03, 0.3).follow((-depth * activity).astype(np.float32))
        self._curve = (10 ** (follower / 20) - 1).astype(np.float32)
        self._band, self._before = Filter([band_pass(POCKET, 0.8)]), 0.0

    def __call__(self, block: Audio, start: int) -> None:
        """Process a block."""
        band = self._band.process(block.copy())
        self._before = apply_curve(band, _part(self._curve, start, len(block)), self._before)
        block += band


class Sweeping:
    """A high-pass whose corner (Hz at control rate, 0 where it is open) follows a curve."""

    def __init__(self, corner: Curve) -> None:
        self._corner, self._filter = corner, Sweep()

    def __call__(self, block: Audio, start: int) -> None:
        """Process a block."""
        self._filter.process(block, _part(self._corner, start, len(block)))


class Width:
    """Centres the lows and scales the side by a curve."""

    def __init__(self, curve: Curve) -> None:
        self._curve, self._lows = curve, MonoLows()

    def __call__(self, block: Audio, start: int) -> None:
        """Process a block."""
        self._lows.process(block, _part(self._curve, start, len(block)))


def finish(stem: Audio, steps: Sequence[Step]) -> None:
    """Run ``stem`` (samples, 2) through ``steps`` in place."""
    for start in range(0, len(stem), CHUNK):
        block = stem[start : start + CHUNK]
        for step in steps:
            step(block, start)
