"""What happens to a stem as a whole: its echo and its room, side-chains, sweeps and width, block by block.

Each step takes a block of the stem and the sample at which it starts and changes the block in place; a block goes
through all steps while it is in the cache. Steps keep their state from one stretch of a stem to the next.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numba import njit

from descant.mix.delay import PingPong
from descant.mix.ducking import Ducker
from descant.mix.dynamics import GainFollower
from descant.mix.filters import Filter, Sweep, band_pass
from descant.mix.levels import CHUNK, CONTROL, RATE, Audio, Curve, apply_curve, peak_levels
from descant.mix.panning import MonoLows
from descant.mix.reverb import Reverb

POCKET = 2800.0
"""Centre in Hz of the band cleared for consonants and the singer's formant."""


QUIET = 1e-7
"""Amplitude under which nothing is left of a sound (−140 dB)."""

RESTING = 4
"""Blocks for which a stem is quiet before its steps rest: longer than the longest time from echo to echo."""

Send = Callable[[], Audio | None]
"""Returns what is sent in the stretch that is mixed, (samples, 1), or None for nothing."""


class Step(Protocol):
    """One thing done to a stem."""

    def __call__(self, block: Audio, start: int, place: int) -> None:
        """Process ``block`` (samples, 2) in place.

        Parameters
        ----------
        start : the block's first sample, counted from the first of the mix. ``place``: the same from the stretch's.
        """


def _part(curve: Curve, start: int, samples: int) -> Curve:
    return curve[start // CONTROL : -(-(start + samples) // CONTROL)]


def _sent(send: Send, place: int, samples: int) -> Audio:
    """Return a block of what is sent."""
    whole = send()
    return np.zeros((samples, 1), np.float32) if whole is None else whole[place : place + samples]


class Echoing:
    """Adds the echoes of a send whose level follows a curve."""

    def __init__(self, send: Send, echo: PingPong, ride: Curve) -> None:
        self._send, self._echo, self._ride = send, echo, ride
        self._before = float(ride[0])

    def __call__(self, block: Audio, start: int, place: int) -> None:
        """Process a block."""
        send = _sent(self._send, place, len(block))
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
    """Adds the room's answer to a send whose level follows a curve, through a gate where there is one.

    Parameters
    ----------
    gated : returns the gate, given what is sent in the stretch with the first sound; None for a room that rings out.
    """

    def __init__(self, send: Send, reverb: Reverb, ride: Curve, gated: Callable[[Audio], Gate] | None = None) -> None:
        self._send, self._reverb, self._ride, self._gated = send, reverb, ride, gated
        self._gate: Gate | None = None
        self._before = float(ride[0])

    def __call__(self, block: Audio, start: int, place: int) -> None:
        """Process a block."""
        whole, send = self._send(), _sent(self._send, place, len(block))
        if self._gated is not None and self._gate is None and whole is not None:
            self._gate = self._gated(whole)
        opening = self._gate.opening(send) if self._gate else None
        self._before = apply_curve(send, _part(self._ride, start, len(block)), self._before)
        wet = self._reverb.process(send)
        if self._gate is not None and opening is not None:
            self._gate.shut(wet, opening)
        block += wet


class Ducking:
    """Turns the stem down while a key (activity 0–1 at control rate) is active."""

    def __init__(self, key: Curve, ducker: Ducker) -> None:
        self._key, self._ducker, self._before = key, ducker, 1.0

    def __call__(self, block: Audio, start: int, place: int) -> None:
        """Process a block."""
        curve = self._ducker.gains(_part(self._key, start, len(block)))
        self._before = apply_curve(block, curve, self._before)


class Pocket:
    """Lowers the band around :data:`POCKET` by ``depth`` dB while the lead (activity 0–1 at control rate) sings."""

    def __init__(self, activity: Curve, depth: float) -> None:
        self._activity, self._ducker = activity, Ducker(depth, 0.03, 0.3)
        self._band, self._before = Filter([band_pass(POCKET, 0.8)]), 0.0

    def __call__(self, block: Audio, start: int, place: int) -> None:
        """Process a block."""
        curve = self._ducker.gains(_part(self._activity, start, len(block))) - np.float32(1.0)
        band = self._band.process(block.copy())
        self._before = apply_curve(band, curve, self._before)
        block += band


class Sweeping:
    """A high-pass whose corner (Hz at control rate, 0 where it is open) follows a curve."""

    def __init__(self, corner: Curve) -> None:
        self._corner, self._filter = corner, Sweep()

    def __call__(self, block: Audio, start: int, place: int) -> None:
        """Process a block."""
        self._filter.process(block, _part(self._corner, start, len(block)))


class Width:
    """Centres the lows and scales the side by a curve."""

    def __init__(self, curve: Curve) -> None:
        self._curve, self._lows = curve, MonoLows()

    def __call__(self, block: Audio, start: int, place: int) -> None:
        """Process a block."""
        self._lows.process(block, _part(self._curve, start, len(block)))


class Finisher:
    """The steps of a stem, from one stretch to the next; they rest while nothing sounds."""

    def __init__(self, steps: Sequence[Step], sends: Sequence[Send] = ()) -> None:
        self._steps, self._sends = steps, sends
        self._quiet = RESTING

    def finish(self, stem: Audio, start: int = 0) -> None:
        """Run ``stem`` (samples, 2), which begins at sample ``start`` of the mix, through all steps in place."""
        for place in range(0, len(stem), CHUNK):
            block = stem[place : place + CHUNK]
            fed = block.any() or any(_sent(send, place, len(block)).any() for send in self._sends)
            if not fed and self._quiet >= RESTING:
                continue
            for step in self._steps:
                step(block, start + place, place)
            loud = fed or max(float(block.max()), -float(block.min())) > QUIET
            self._quiet = 0 if loud else self._quiet + 1
