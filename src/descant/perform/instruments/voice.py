"""Voices: the physical numbers with which one zone sounds for one key and velocity.

Source: *SoundFont Technical Specification* 2.04, sections 8.1.3 and 9.1. Where it leaves room, and in these places
against its letter, this follows FluidSynth, with which current banks are voiced:

* ``initialAttenuation`` counts at 0.4 of its value, as the EMU hardware did on which the early banks were balanced
  (modulators, velocity among them, count in full);
* an envelope's decay and release times are those of a fall of 96 dB, its sustain counts 0.96 dB per 10 units.
"""

import math
from typing import NamedTuple

import msgspec

from descant.perform.instruments.modulators import offsets
from descant.perform.instruments.zones import Generator, Generators, Zone

RATE = 48_000
"""Samples a second of everything rendered."""

EMU_ATTENUATION = 0.4
"""Factor on a zone's own attenuation."""

ENVELOPE_RANGE = 96.0
"""dB an envelope's decay or release time stands for."""

OPEN_FILTER = 13500.0
"""Cutoff in cents above 8.176 Hz (about 20 kHz) from which a low-pass is not heard and not run."""

CUTOFF_STEP = 50.0
"""Cutoffs are rounded to this many cents, so that velocities a listener cannot tell apart share their samples."""

VELOCITY_STEP = 3
"""Velocities between which timbre (not loudness) is told apart."""

SCOOP_SECONDS = 0.15
"""Seconds in which the pitch of a scooped note comes home by 60 dB: a tenth of the way is left after 50 ms."""

SLOW_RELEASE = 1.5 * RATE
"""Samples of volume release (96 dB) above which a filter is heard closing after the note is let go. Under it the
filter stays where it is: the sound is 20 dB down before it would have moved audibly, and notes of different lengths
share their samples (the piano's do: 0.9 s)."""

_SHORTEST_RELEASE = -7200.0  # timecents (16 ms): FluidSynth's guard against clicks
_HALF_PAN = 500.0


class Contour(NamedTuple):
    """A delay–attack–hold–decay–sustain–release envelope.

    Times in samples. ``sustain`` is in dB below the peak for volume, and 0–1 of the peak for modulation; ``decay`` and
    ``release`` are the times of a fall through the whole range (96 dB, or 1).
    """

    delay: float
    attack: float
    hold: float
    decay: float
    sustain: float
    release: float


class Wave(NamedTuple):
    """A triangle low-frequency oscillator: ``delay`` in samples, ``frequency`` in Hz."""

    delay: float
    frequency: float


class Reading(NamedTuple):
    """How a sample is read: what decides a voice's samples before filter and level.

    Attributes
    ----------
    sample : index in the bank; ``start`` and ``end`` frames within it, ``loop`` mode 0 (none), 1 (always) or 3 (until
        release) with ``loop_start`` and ``loop_end``.
    step : source frames an output sample.
    envelope, lfo, vibrato : what bends the pitch, by the cents of the fields named after them.
    scoop : cents below its pitch at which it begins; see :data:`SCOOP_SECONDS`.
    hears_release : whether the samples depend on when the note is let go.
    """

    sample: int
    start: int
    end: int
    loop: int
    loop_start: int
    loop_end: int
    step: float
    envelope: Contour
    envelope_to_pitch: float
    lfo: Wave
    lfo_to_pitch: float
    vibrato: Wave
    vibrato_to_pitch: float
    scoop: float
    hears_release: bool

    @property
    def bends(self) -> bool:
        """Whether the pitch moves while the note sounds."""
        return bool(self.envelope_to_pitch or self.lfo_to_pitch or self.vibrato_to_pitch or self.scoop)


class Timbre(NamedTuple):
    """What is heard of a reading before level: voices with equal timbres share one rendering.

    Attributes
    ----------
    reading : how the sample is read.
    skip : samples of the reading left out before a filter that moves; a steady one is left to the voice's ``skip``.
    cutoff : low-pass cutoff, cents above 8.176 Hz, rounded; ``resonance`` in dB.
    envelope, lfo : what moves cutoff (cents) and volume (dB), by the fields named after them.
    hears_release : whether the samples depend on when the note is let go.
    """

    reading: Reading
    skip: int
    cutoff: float
    resonance: float
    envelope: Contour
    envelope_to_filter: float
    lfo: Wave
    lfo_to_filter: float
    lfo_to_volume: float
    hears_release: bool

    @property
    def plain(self) -> bool:
        """Whether the reading is heard as it is: an open filter and a steady level."""
        moves = self.envelope_to_filter or self.lfo_to_filter or self.lfo_to_volume
        return self.cutoff >= OPEN_FILTER and not self.resonance and not moves


class Voice(NamedTuple):
    """One zone sounding: its timbre, its level and its volume envelope.

    ``skip`` samples of the timbre are left out at its beginning; ``left`` and ``right`` are linear gains;
    ``exclusive`` is the exclusive class, 0 for none.
    """

    timbre: Timbre
    skip: int
    left: float
    right: float
    envelope: Contour
    exclusive: int


class Touch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a preset changes what the bank says of a voice.

    Attributes
    ----------
    tune : cents.
    gain : dB.
    cutoff : low-pass cutoff at velocity 127, Hz; 0 leaves it to the bank.
    velocity_to_filter : cents the cutoff falls from velocity 127 to 0.
    dynamics : 1 leaves the range of loudness between velocities, less narrows it.
    attack, release : factors on the volume envelope's times.
    decay : seconds in which a held note falls by 60 dB; 0 leaves it to the bank.
    pan : −1 left … 1 right, added to the bank's.
    vibrato : depth in cents, 0 for the bank's; ``vibrato_rate`` in Hz and ``vibrato_delay`` in seconds.
    scoop : cents below its pitch at which a note begins.
    """

    tune: float = 0.0
    gain: float = 0.0
    cutoff: float = 0.0
    velocity_to_filter: float = 0.0
    dynamics: float = 1.0
    attack: float = 1.0
    release: float = 1.0
    decay: float = 0.0
    pan: float = 0.0
    vibrato: float = 0.0
    vibrato_rate: float = 5.2
    vibrato_delay: float = 0.25
    scoop: float = 0.0


PLAIN = Touch()
"""The bank as it is."""


def voice(zone: Zone, key: int, velocity: int, touch: Touch = PLAIN) -> Voice:
    """Return how ``zone`` sounds for a key and velocity.

    Parameters
    ----------
    zone : a zone that answers them.
    key : MIDI number 0–127.
    velocity : 1–127.
    touch : the preset's changes.
    """
    values = zone.generators
    key = int(values[Generator.FIXED_KEY]) if values[Generator.FIXED_KEY] >= 0 else key
    velocity = int(values[Generator.FIXED_VELOCITY]) if values[Generator.FIXED_VELOCITY] > 0 else velocity
    level_velocity = 127.0 * (velocity / 127.0) ** touch.dynamics
    heard = _timbre_velocity(zone, velocity)
    added = offsets(zone.modulators, key, float(velocity), level_velocity, float(heard))
    bent = values.copy()
    for operator, amount in added.items():
        if operator < bent.size and operator != Generator.ATTENUATION:
            bent[operator] += amount
    left, right = _gains(bent, values[Generator.ATTENUATION], added.get(Generator.ATTENUATION, 0.0), touch)
    envelope = _volume_contour(bent, key)
    envelope = envelope._replace(attack=envelope.attack * touch.attack, release=envelope.release * touch.release)
    if touch.decay:
        decay = touch.decay * RATE * ENVELOPE_RANGE / 60.0
        envelope = envelope._replace(hold=0.0, decay=decay, sustain=ENVELOPE_RANGE)
    timbre, skip = _timbre(zone, bent, key, heard, touch, envelope.release)
    return Voice(
        timbre=timbre,
        skip=skip,
        left=left,
        right=right,
        envelope=envelope,
        exclusive=int(values[Generator.EXCLUSIVE_CLASS]),
    )


def _timbre_velocity(zone: Zone, velocity: int) -> int:
    """Return the velocity as all but loudness hears it, in steps that share samples."""
    return min(-(-velocity // VELOCITY_STEP) * VELOCITY_STEP, zone.velocities[1], 127)


def _gains(values: Generators, attenuation: float, modulated: float, touch: Touch) -> tuple[float, float]:
    centibels = min(max(attenuation * EMU_ATTENUATION + modulated, 0.0), 1440.0)
    level = float(10.0 ** (-centibels / 200.0 + touch.gain / 20.0))
    pan = min(max(values[Generator.PAN] / _HALF_PAN + touch.pan, -1.0), 1.0)
    angle = (pan + 1.0) * math.pi / 4.0
    left, right = math.cos(angle), math.sin(angle)
    return level * left if left > 1e-6 else 0.0, level * right if right > 1e-6 else 0.0


def _samples(timecents: float) -> float:
    """Return a time in samples; the format's shortest (−12000 timecents, 1 ms) is what "none" is written as."""
    return 0.0 if timecents <= -12000.0 else float(RATE * 2.0 ** (min(timecents, 8000.0) / 1200.0))


def _volume_contour(values: Generators, key: int) -> Contour:
    higher = 60 - key
    return Contour(
        delay=_samples(values[Generator.VOLUME_DELAY]),
        attack=_samples(values[Generator.VOLUME_ATTACK]),
        hold=_samples(values[Generator.VOLUME_HOLD] + values[Generator.KEY_TO_VOLUME_HOLD] * higher),
        decay=_samples(values[Generator.VOLUME_DECAY] + values[Generator.KEY_TO_VOLUME_DECAY] * higher),
        sustain=min(max(values[Generator.VOLUME_SUSTAIN], 0.0) / 1000.0, 1.0) * ENVELOPE_RANGE,
        release=_samples(max(values[Generator.VOLUME_RELEASE], _SHORTEST_RELEASE)),
    )


def _modulation_contour(values: Generators, key: int) -> Contour:
    higher = 60 - key
    return Contour(
        delay=_samples(values[Generator.MODULATION_DELAY]),
        attack=_samples(values[Generator.MODULATION_ATTACK]),
        hold=_samples(values[Generator.MODULATION_HOLD] + values[Generator.KEY_TO_MODULATION_HOLD] * higher),
        decay=_samples(values[Generator.MODULATION_DECAY] + values[Generator.KEY_TO_MODULATION_DECAY] * higher),
        sustain=1.0 - min(max(values[Generator.MODULATION_SUSTAIN], 0.0), 1000.0) / 1000.0,
        release=_samples(values[Generator.MODULATION_RELEASE]),
    )


_NO_CONTOUR = Contour(0.0, 0.0, 0.0, 0.0, 1.0, 0.0)
_NO_WAVE = Wave(0.0, 0.0)


def _timbre(
    zone: Zone, values: Generators, key: int, velocity: int, touch: Touch, release: float
) -> tuple[Timbre, int]:
    """Return the timbre, and how many of its samples the voice leaves out."""
    to_filter = float(values[Generator.ENVELOPE_TO_FILTER])
    lfo_to_filter = float(values[Generator.LFO_TO_FILTER])
    lfo_to_volume = float(values[Generator.LFO_TO_VOLUME]) / 10.0
    reading, skip = _reading(zone, values, key, touch)
    dims = bool(to_filter) and release > SLOW_RELEASE
    contour = _modulation_contour(values, key) if to_filter else _NO_CONTOUR
    moves = bool(to_filter or lfo_to_filter or lfo_to_volume)
    timbre = Timbre(
        reading=reading,
        skip=skip if moves else 0,
        cutoff=_cutoff(values, velocity, touch),
        resonance=min(max(float(values[Generator.FILTER_RESONANCE]), 0.0), 960.0) / 10.0,
        envelope=contour if dims else contour._replace(release=0.0),
        envelope_to_filter=to_filter,
        lfo=_wave(values, Generator.LFO_DELAY, Generator.LFO_FREQUENCY) if lfo_to_filter or lfo_to_volume else _NO_WAVE,
        lfo_to_filter=lfo_to_filter,
        lfo_to_volume=lfo_to_volume,
        hears_release=dims or reading.hears_release,
    )
    return timbre, 0 if moves else skip


def _reading(zone: Zone, values: Generators, key: int, touch: Touch) -> tuple[Reading, int]:
    """Return how the sample is read, and how many of its first samples are left out.

    A steady pitch is read from the sample's first frame, so that voices which enter it at different places (string
    layers do, by velocity) share one reading.
    """
    to_pitch, lfo_to_pitch = float(values[Generator.ENVELOPE_TO_PITCH]), float(values[Generator.LFO_TO_PITCH])
    depth, vibrato = _vibrato(values, touch)
    reading = Reading(
        sample=zone.sample.index,
        **_span(zone, values),
        step=_step(zone, values, key, touch),
        envelope=_modulation_contour(values, key) if to_pitch else _NO_CONTOUR,
        envelope_to_pitch=to_pitch,
        lfo=_wave(values, Generator.LFO_DELAY, Generator.LFO_FREQUENCY) if lfo_to_pitch else _NO_WAVE,
        lfo_to_pitch=lfo_to_pitch,
        vibrato=vibrato,
        vibrato_to_pitch=depth,
        scoop=touch.scoop,
        hears_release=bool(to_pitch) or int(values[Generator.SAMPLE_MODE]) & 3 == 3,
    )
    if reading.bends:
        return reading, 0
    return reading._replace(start=0), round(reading.start / reading.step)


def _wave(values: Generators, delay: Generator, frequency: Generator) -> Wave:
    return Wave(_samples(values[delay]), float(8.176 * 2.0 ** (values[frequency] / 1200.0)))


def _vibrato(values: Generators, touch: Touch) -> tuple[float, Wave]:
    if touch.vibrato:
        return touch.vibrato, Wave(touch.vibrato_delay * RATE, touch.vibrato_rate)
    depth = float(values[Generator.VIBRATO_TO_PITCH])
    return depth, _wave(values, Generator.VIBRATO_DELAY, Generator.VIBRATO_FREQUENCY) if depth else _NO_WAVE


def _step(zone: Zone, values: Generators, key: int, touch: Touch) -> float:
    root = int(values[Generator.ROOT_KEY])
    root = root if root >= 0 else zone.sample.key
    cents = (key - root) * values[Generator.SCALE_TUNING] + zone.sample.correction
    cents += 100.0 * values[Generator.COARSE_TUNE] + values[Generator.FINE_TUNE] + touch.tune
    return float(zone.sample.rate / RATE * 2.0 ** (cents / 1200.0))


def _cutoff(values: Generators, velocity: int, touch: Touch) -> float:
    touched = 1200.0 * math.log2(touch.cutoff / 8.176) if touch.cutoff else OPEN_FILTER
    touched -= touch.velocity_to_filter * (1.0 - velocity / 127.0)
    cents = min(float(values[Generator.FILTER_CUTOFF]), touched)  # a zone the bank keeps darker stays as it is
    return float(min(max(round(cents / CUTOFF_STEP) * CUTOFF_STEP, 1500.0), OPEN_FILTER))


def _span(zone: Zone, values: Generators) -> dict[str, int]:
    """Return the frames to play and loop, clipped to the sample; a loop too short to be one is none."""
    length = zone.sample.end - zone.sample.start

    def offset(fine: Generator, coarse: Generator) -> int:
        return int(values[fine]) + 32768 * int(values[coarse])

    start = max(offset(Generator.START_OFFSET, Generator.START_COARSE_OFFSET), 0)
    end = length + offset(Generator.END_OFFSET, Generator.END_COARSE_OFFSET)
    loop_start = zone.sample.loop_start + offset(Generator.LOOP_START_OFFSET, Generator.LOOP_START_COARSE_OFFSET)
    loop_end = zone.sample.loop_end + offset(Generator.LOOP_END_OFFSET, Generator.LOOP_END_COARSE_OFFSET)
    if not zone.sample.compressed:  # a compressed sample's header gives bytes: its frames are known once decoded
        end = min(end, length)
        loop_end = min(loop_end, length)
    else:
        end = 2**31 - 1
    mode = int(values[Generator.SAMPLE_MODE]) & 3
    loops = mode in (1, 3) and loop_start >= start and loop_end - loop_start >= 2
    return {
        "start": start,
        "end": end,
        "loop": mode if loops else 0,
        "loop_start": loop_start if loops else 0,
        "loop_end": loop_end if loops else 0,
    }
