"""One channel: from a part as it was played to its place in the stem of its role."""

import numpy as np
from numba import njit

from descant.mix import loudness
from descant.mix.amp import Amplifier
from descant.mix.chorus import Chorus
from descant.mix.dynamics import Compression, Compressor, DeEsser
from descant.mix.filters import Filter, Section, high_pass, high_shelf, low_pass, low_shelf, peak
from descant.mix.levels import CHUNK, Audio, gain, interleaved
from descant.mix.panning import Spreader, pan_gains, place, send_to
from descant.mix.profile import Bell, Kit, Strip
from descant.mix.recall import Notes
from descant.mix.saturation import LATENCY, Saturator

STAGED = -20.0
"""Loudness in LUFS at which every part enters its strip, so that thresholds mean the same for every instrument."""

_CRUSH = Compression(threshold=-32.0, ratio=8.0, attack=0.004, release=0.09, makeup=12.0)
"""The compressor beside a drum bus: hits are flattened, and the room and ghost notes between them come up."""

UNSENT = -60.0
"""dB at and under which a send counts as none."""

REFERENCE = -20.0
"""Loudness in LUFS of a part whose strip says level 0, before the bus."""


class Sends:
    """What the parts of a role send to their room and echo in a stretch: mono, reused from role to role."""

    def __init__(self) -> None:
        self._samples = 0
        self._buses: dict[str, Audio] = {}
        self._used: set[str] = set()

    def begin(self, samples: int) -> None:
        """Silence all, for the next role or stretch of so many samples."""
        for name in self._used:
            self._buses[name][:] = 0.0
        self._used.clear()
        if samples != self._samples:
            self._samples, self._buses = samples, {}

    def add(self, name: str, audio: Audio, level: float, at: int = 0) -> None:
        """Add the mono sum of ``audio`` (samples, 1 or 2) to the bus of a name, from its sample ``at`` on."""
        if name not in self._buses:
            self._buses[name] = np.zeros((self._samples, 1), np.float32)
        self._used.add(name)
        send_to(audio, self._buses[name][at : at + len(audio)], level)

    def get(self, name: str) -> Audio | None:
        """Return a bus (samples, 1), or None when nothing was sent to it since :meth:`begin`."""
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


def centred(audio: Audio) -> bool:
    """Return whether both channels of ``audio`` (samples, 2) are equal, so that one is enough: half the work."""
    return bool(_centred(interleaved(audio)))


def _loudness(audio: Audio) -> float:
    """Return the loudness in LUFS that ``audio`` has in both channels; −inf when there is nothing in it."""
    measured = loudness.integrated(audio)
    if measured <= loudness.SILENCE:
        return -np.inf
    return measured + (10 * np.log10(2) if audio.shape[1] == 1 else 0.0)


def factor(decibels: float) -> float:
    """Return the gain of a level; 0 for one that is not finite, because nothing was there to measure."""
    return gain(decibels) if np.isfinite(decibels) else 0.0


def stage(audio: Audio, notes: Notes, name: str = "staging", lean: float = 0.0) -> float:
    """Bring ``audio`` to ``lean`` LU over :data:`STAGED` in place, or by as much as was noted under ``name``.

    Returns
    -------
    The factor used; 0 when there is nothing in it.
    """
    if not audio.any():
        return 0.0
    used = factor(notes.level(name, lambda: STAGED + lean - _loudness(audio)))
    if used:
        audio *= np.float32(used)
    return used


class Chain:
    """A strip's processors with their state; what goes in comes out :attr:`late` samples later.

    Parameters
    ----------
    channels : of what goes in, 1 or 2.
    notes : where the level behind an amplifier is looked up.
    clock : the sample of the song with which it begins, a multiple of the control period, for what sways with time.
    """

    def __init__(self, strip: Strip, channels: int, notes: Notes, clock: int = 0) -> None:
        self._notes = notes
        self._amplifier = Amplifier(strip.amp, 1) if strip.amp else None
        channels = 1 if strip.amp else channels
        self._equalizer = Filter(equalizer(strip), channels)
        self._soft = DeEsser(depth=strip.deess, channels=channels) if strip.deess else None
        self._squeeze = Compressor(strip.compress.settings) if strip.compress else None
        self._drive = Saturator(strip.drive, bias=0.08, channels=channels) if strip.drive else None
        self._doubled = channels == 1 and bool(strip.chorus or strip.widen)
        self._chorus = Chorus(strip.chorus, clock=clock) if strip.chorus else None
        self._spreader = Spreader(strip.widen) if strip.widen and channels == 1 else None
        self.late = lateness(strip)

    def process(self, audio: Audio) -> Audio:
        """Return staged samples (samples, 1 or 2) processed, in place as far as possible; 1 channel may become 2."""
        if self._amplifier is not None:
            audio = self._amplifier.process(np.float32(0.5) * (audio[:, :1] + audio[:, -1:]))
            stage(audio, self._notes, "amplified")
        return joined([self._block(audio[first : first + CHUNK]) for first in range(0, len(audio), CHUNK)])

    def _block(self, block: Audio) -> Audio:
        self._equalizer.process(block)
        for processor in (self._soft, self._squeeze, self._drive):
            if processor is not None:
                processor.process(block)
        block = _doubled(block) if self._doubled else block
        for widener in (self._chorus, self._spreader):
            if widener is not None:
                widener.process(block)
        return block


def lateness(strip: Strip) -> int:
    """Return by how many samples a strip's processors delay."""
    return (2 * LATENCY if strip.amp else 0) + (LATENCY if strip.drive else 0)


def joined(blocks: list[Audio]) -> Audio:
    """Return blocks as one."""
    return blocks[0] if len(blocks) == 1 else np.concatenate(blocks)


def _doubled(mono: Audio) -> Audio:
    stereo = np.empty((len(mono), 2), np.float32)
    stereo[:, 0], stereo[:, 1] = mono[:, 0], mono[:, 0]
    return stereo


class KitChain:
    """A drum kit's bus with its state: compression, a crushed copy beside it, clipping; :attr:`late` samples late."""

    def __init__(self, bus: Kit) -> None:
        self._squeeze = Compressor(bus.compress.settings) if bus.compress else None
        self._crush = Compressor(_CRUSH) if bus.parallel > UNSENT else None
        self._beside = np.float32(gain(bus.parallel))
        self._clip = Saturator(bus.clip) if bus.clip else None
        self.late = LATENCY if bus.clip else 0

    def process(self, kit: Audio) -> Audio:
        """Process a staged kit (samples, 2) in place."""
        for start in range(0, len(kit), CHUNK):
            block = kit[start : start + CHUNK]
            if self._squeeze is not None:
                self._squeeze.process(block)
            if self._crush is not None:
                block += self._beside * self._crush.process(block.copy())
            if self._clip is not None:
                self._clip.process(block)
        return kit


def fader(audio: Audio, strip: Strip, lean: float = 0.0) -> float:
    """Return the gain in dB that brings a processed part to its strip's level; not finite when it is silent.

    ``lean`` is by how many LU it is louder in ``audio`` than on the whole.
    """
    return REFERENCE + strip.level + lean - _loudness(audio)


def deliver(audio: Audio, strip: Strip, pan: float, level: float, stem: Audio, sends: Sends, at: int) -> None:
    """Add a processed part to its stem and to its role's sends, from their sample ``at`` on."""
    left, right = pan_gains(pan)
    width = strip.width * (1 - abs(pan)) if audio.shape[1] == 2 else 0.0
    place(audio, stem[at : at + len(audio)], level * left, level * right, width)
    if strip.send > UNSENT:
        sends.add("room", audio, level * gain(strip.send), at)
    if strip.echo > UNSENT:
        sends.add("echo", audio, level * gain(strip.echo), at)
