"""One channel: from a part as it was played to its place in the stem of its role."""

import numpy as np
from numba import njit

from descant.mix import loudness
from descant.mix.amp import Amplifier
from descant.mix.chorus import Chorus
from descant.mix.dynamics import Compression, Compressor, DeEsser
from descant.mix.filters import Filter, Section, high_pass, high_shelf, low_pass, low_shelf, peak
from descant.mix.finish import CHUNK
from descant.mix.levels import Audio, gain, interleaved
from descant.mix.panning import Spreader, pan_gains, place, send_to
from descant.mix.profile import Bell, Kit, Strip
from descant.mix.recall import Notes
from descant.mix.saturation import Saturator

STAGED = -20.0
"""Loudness in LUFS at which every part enters its strip, so that thresholds mean the same for every instrument."""

_CRUSH = Compression(threshold=-32.0, ratio=8.0, attack=0.004, release=0.09, makeup=12.0)
"""The compressor beside a drum bus: hits are flattened, and the room and ghost notes between them come up."""

REFERENCE = -20.0
"""Loudness in LUFS of a part whose strip says level 0, before the bus."""


class Sends:
    """What the parts of a role send to their room and echo: mono (samples, 1), reused from role to role."""

    def __init__(self, samples: int) -> None:
        self._samples = samples
        self._buses: dict[str, Audio] = {}
        self._used: set[str] = set()

    def clear(self) -> None:
        """Silence what the last role sent."""
        for name in self._used:
            self._buses[name][:] = 0.0
        self._used.clear()

    def add(self, name: str, audio: Audio, level: float) -> None:
        """Add the mono sum of ``audio`` (samples, 1 or 2) to the bus of a name."""
        if name not in self._buses:
            self._buses[name] = np.zeros((self._samples, 1), np.float32)
        self._used.add(name)
        send_to(audio, self._buses[name], level)

    def get(self, name: str) -> Audio | None:
        """Return a bus, or None when nothing was sent to it since :meth:`clear`."""
        return self._buses[name] if name in self._used else None


def _band(bell: Bell) -> Section:
    if bell.kind == "low":
        return low_shelf(bell.hertz, bell.db)
    if bell.kind == "high":
        return high_shelf(bell.hertz, bell.db)
    return peak(bell.hertz, bell.db, bell.q)


def equalizer(strip: Strip) -> list[Section]:
    """Return the linear sections of a strip: cuts and bands."""
    cuts = [high_pass(strip.low_cut)] if strip.low_cut else []
    ends = [low_pass(strip.high_cut)] if strip.high_cut else []
    return [*cuts, *(_band(bell) for bell in strip.eq), *ends]


@njit(cache=True, fastmath=False, nogil=True)
def _centred(row):  # type: ignore[no-untyped-def]
    for i in range(0, row.shape[0], 2):  # noqa: SIM110 (the compiler wants a loop)
        if row[i] != row[i + 1]:
            return False
    return True


def folded(audio: Audio, mono: Audio) -> Audio:
    """Return ``audio`` (samples, 2), or its one channel in ``mono`` (samples, 1) when both are equal: half the work."""
    audio = np.ascontiguousarray(audio, dtype=np.float32)
    if not _centred(interleaved(audio)):
        return audio
    mono[:] = audio[:, :1]
    return mono


def _loudness(audio: Audio) -> float:
    """Return the loudness in LUFS that ``audio`` has in both channels; −inf when there is nothing in it."""
    measured = loudness.integrated(audio)
    if measured <= loudness.SILENCE:
        return -np.inf
    return measured + (10 * np.log10(2) if audio.shape[1] == 1 else 0.0)


def factor(decibels: float) -> float:
    """Return the gain of a level; 0 for one that is not finite, because nothing was there to measure."""
    return gain(decibels) if np.isfinite(decibels) else 0.0


def stage(audio: Audio, notes: Notes, name: str = "staging") -> float:
    """Bring ``audio`` to :data:`STAGED` in place, or by as much as was noted under ``name``.

    Returns
    -------
    The factor used; 0 when there is nothing in it.
    """
    if not audio.any():
        return 0.0
    used = factor(notes.level(name, lambda: STAGED - _loudness(audio)))
    if used:
        audio *= np.float32(used)
    return used


def process(audio: Audio, strip: Strip, notes: Notes, start: int = 0) -> Audio:
    """Run a staged part (samples, 1 or 2) through its strip, in place as far as possible; it may grow to 2 channels.

    ``start`` is the sample of the song at which it begins, for what sways with time.
    """
    if strip.amp:
        audio = np.float32(0.5) * (audio[:, :1] + audio[:, -1:])
        Amplifier(strip.amp, 1).process_aligned(audio)
        stage(audio, notes, "amplified")
    channels = audio.shape[1]
    equal = Filter(equalizer(strip), channels)
    soft = DeEsser(depth=strip.deess, channels=channels) if strip.deess else None
    squeeze = Compressor(strip.compress.settings) if strip.compress else None
    for first in range(0, len(audio), CHUNK):
        block = equal.process(audio[first : first + CHUNK])
        if soft is not None:
            soft.process(block)
        if squeeze is not None:
            squeeze.process(block)
    if strip.drive:
        Saturator(strip.drive, bias=0.08, channels=channels).process_aligned(audio)
    return _widened(audio, strip, start)


def _doubled(mono: Audio) -> Audio:
    stereo = np.empty((len(mono), 2), np.float32)
    stereo[:, 0], stereo[:, 1] = mono[:, 0], mono[:, 0]
    return stereo


def _widened(audio: Audio, strip: Strip, start: int) -> Audio:
    alone = audio.shape[1] == 1
    if not (strip.chorus or (strip.widen and alone)):
        return audio
    audio = _doubled(audio) if alone else audio
    chorus = Chorus(strip.chorus, clock=start) if strip.chorus else None
    spreader = Spreader(strip.widen) if strip.widen and alone else None
    for first in range(0, len(audio), CHUNK):
        block = audio[first : first + CHUNK]
        if chorus is not None:
            chorus.process(block)
        if spreader is not None:
            spreader.process(block)
    return audio


def bind(kit: Audio, bus: Kit, notes: Notes) -> None:
    """Run a whole drum kit (samples, 2) through its bus in place: compression, a crushed copy beside it, clipping."""
    stage(kit, notes)
    squeeze = Compressor(bus.compress.settings) if bus.compress else None
    crush = Compressor(_CRUSH) if bus.parallel > -60 else None
    for start in range(0, len(kit), CHUNK):
        block = kit[start : start + CHUNK]
        if squeeze is not None:
            squeeze.process(block)
        if crush is not None:
            block += np.float32(gain(bus.parallel)) * crush.process(block.copy())
    if bus.clip:
        Saturator(bus.clip).process_aligned(kit)


def fader(audio: Audio, strip: Strip) -> float:
    """Return the gain in dB that brings a processed part to its strip's level; not finite when it is silent."""
    return REFERENCE + strip.level - _loudness(audio)


def deliver(audio: Audio, strip: Strip, pan: float, level: float, stem: Audio, sends: Sends) -> None:
    """Add a processed part to its stem and to its role's sends."""
    left, right = pan_gains(pan)
    width = strip.width * (1 - abs(pan)) if audio.shape[1] == 2 else 0.0
    place(audio, stem, level * left, level * right, width)
    if strip.send > -60:
        sends.add("room", audio, level * gain(strip.send))
    if strip.echo > -60:
        sends.add("echo", audio, level * gain(strip.echo))
