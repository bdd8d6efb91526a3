"""One channel: from a part as it was played to its place in the stem of its role."""

from dataclasses import dataclass

import numpy as np

from descant.mix import loudness
from descant.mix.amp import Amplifier
from descant.mix.chorus import Chorus
from descant.mix.dynamics import Compression, Compressor, DeEsser
from descant.mix.filters import Filter, Section, high_pass, high_shelf, low_pass, low_shelf, peak
from descant.mix.levels import Audio, gain
from descant.mix.panning import pan_gains, place, send_to
from descant.mix.profile import Bell, Strip
from descant.mix.saturation import Saturator

STAGED = -20.0
"""Loudness in LUFS at which every part enters its strip, so that thresholds mean the same for every instrument."""

REFERENCE = -20.0
"""Loudness in LUFS of a part whose strip says level 0, before the bus."""


@dataclass
class Sends:
    """What the parts of a role send to their room and echo, mono (samples, 1), or None when nothing does."""

    room: Audio | None = None
    echo: Audio | None = None


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


def folded(audio: Audio, *, copy: bool = False) -> Audio:
    """Return ``audio`` as (samples, 1) when both channels are equal, which halves the work, else as it is."""
    if audio.shape[1] == 2 and np.array_equal(audio[:, 0], audio[:, 1]):
        return np.ascontiguousarray(audio[:, :1])
    return np.array(audio, dtype=np.float32, order="C") if copy else np.ascontiguousarray(audio, dtype=np.float32)


def _loudness(audio: Audio) -> float:
    """Return the loudness in LUFS that ``audio`` has in both channels; −inf when there is nothing in it."""
    measured = loudness.integrated(audio)
    if measured <= loudness.SILENCE:
        return -np.inf
    return measured + (10 * np.log10(2) if audio.shape[1] == 1 else 0.0)


def stage(audio: Audio) -> float:
    """Bring ``audio`` to :data:`STAGED` in place and return the factor used; 0 when there is nothing in it."""
    measured = _loudness(audio)
    if not np.isfinite(measured):
        return 0.0
    factor = gain(STAGED - measured)
    audio *= np.float32(factor)
    return factor


def process(audio: Audio, strip: Strip) -> Audio:
    """Run a staged part (samples, 1 or 2) through its strip; the channel count may grow to 2."""
    channels = audio.shape[1]
    if strip.amp:
        audio = (0.5 * (audio[:, :1] + audio[:, -1:])).astype(np.float32)
        channels = 1
        Amplifier(strip.amp, channels).process_aligned(audio)
        stage(audio)
    Filter(equalizer(strip), channels).process(audio)
    if strip.deess:
        DeEsser(depth=strip.deess, channels=channels).process(audio)
    if strip.compress is not None:
        squeeze = strip.compress
        Compressor(Compression(squeeze.threshold, squeeze.ratio, squeeze.attack, squeeze.release)).process(audio)
    if strip.drive:
        Saturator(strip.drive, bias=0.08, channels=channels).process_aligned(audio)
    if strip.chorus:
        audio = np.ascontiguousarray(np.repeat(audio, 2, axis=1)) if channels == 1 else audio
        Chorus(strip.chorus).process(audio)
    return audio


def fader(audio: Audio, strip: Strip) -> float:
    """Return the gain that brings a processed part to its strip's level."""
    measured = _loudness(audio)
    return gain(REFERENCE + strip.level - measured) if np.isfinite(measured) else 0.0


def deliver(audio: Audio, strip: Strip, pan: float, level: float, stem: Audio, sends: Sends) -> None:
    """Add a processed part to its stem and to its role's sends."""
    left, right = pan_gains(pan)
    width = strip.width * (1 - abs(pan)) if audio.shape[1] == 2 else 0.0
    place(audio, stem, level * left, level * right, width)
    if strip.send > -60:
        sends.room = np.zeros((len(audio), 1), np.float32) if sends.room is None else sends.room
        send_to(audio, sends.room, level * gain(strip.send))
    if strip.echo > -60:
        sends.echo = np.zeros((len(audio), 1), np.float32) if sends.echo is None else sends.echo
        send_to(audio, sends.echo, level * gain(strip.echo))
