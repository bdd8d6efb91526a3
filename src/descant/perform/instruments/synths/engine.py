"""The engine: one note of a patch, from itself alone.

All control signals are reckoned over the whole note, and only then as many samples made of it as are asked for, so a
note cut short by the end of a window begins with exactly the samples of the whole.
"""

from typing import NamedTuple

import numpy as np

from descant.perform.instruments import kernels
from descant.perform.instruments.kernels import BLOCK, Control, Samples
from descant.perform.instruments.synths import contours, filters, operators, plucks, waves
from descant.perform.instruments.synths.patch import Filter, Lfo, Oscillator, Patch
from descant.perform.instruments.voice import RATE, SCOOP_SECONDS

CENTRE = float(np.sqrt(0.5))
"""Gain in each channel of what stands in the middle, as the sampler's."""

HELD = Lfo(rate=5.2, delay=0.25, fade=0.2)
"""The vibrato a player adds to a held note."""

_MIDDLE_C = 60.0
_HIGHEST_STEP = 0.45  # cycles a sample that no pitch passes


class Strike(NamedTuple):
    """A note as the engine gets it.

    Attributes
    ----------
    key : MIDI number, with fractions for tuning. velocity : 1–127.
    held : seconds until it is let go.
    glide_from : key its pitch comes from; its own where it does not.
    scoop, vibrato : cents, as in :class:`~descant.song.score.Note`.
    turns : random numbers 0–1, one for every phase that begins anywhere.
    noise : which noise it has.
    """

    key: float
    velocity: int
    held: float
    glide_from: float
    scoop: float
    vibrato: float
    turns: Control
    noise: int


def seconds(patch: Patch, held: float) -> float:
    """Return how long a note let go after ``held`` seconds sounds."""
    end = contours.ending(patch.amp, held)
    if patch.oscillators or patch.string:
        return end
    return min(end, max(contours.ending(one.envelope, held) for one in patch.operators if one.into < 0))


def turns_wanted(patch: Patch) -> int:
    """Return how many random numbers a note of the patch uses."""
    return 2 * sum(one.voices for one in patch.oscillators) + len(patch.lfos)


def note(patch: Patch, strike: Strike, length: int) -> Samples:
    """Return the first samples of a note.

    Parameters
    ----------
    patch : the synthesizer's data. strike : the note.
    length : samples wanted, at most :func:`seconds` of them.

    Returns
    -------
    float32 (1 or 2, length): two channels where the patch is stereo, else one to stand in the middle.
    """
    made = length + (filters.LATENCY if patch.drive else 0)
    at = contours.times((int(seconds(patch, strike.held) * RATE) + filters.LATENCY) // BLOCK + 3)
    sways = [contours.lfo(at, one, turn) for one, turn in zip(patch.lfos, _lfo_turns(patch, strike), strict=True)]
    channels = np.zeros((2 if patch.stereo else 1, made), np.float32)
    _sources(channels, patch, strike, at, sways)
    if patch.filter:
        cutoffs = _cutoffs(patch.filter, patch, strike, at, sways)
        mode = filters.MODES[patch.filter.mode]
        filters.run(channels, cutoffs, mode, patch.filter.slope, patch.filter.resonance)
    shape(channels, _level(patch, strike, at, sways))
    if patch.drive:
        channels = np.stack([filters.saturate(channel, patch.drive) for channel in channels])
    return channels


def _lfo_turns(patch: Patch, strike: Strike) -> Control:
    places = strike.turns[turns_wanted(patch) - len(patch.lfos) :]
    return np.array([place if one.free else 0.0 for one, place in zip(patch.lfos, places, strict=False)])


def _sum(values: list[Control], lfos: tuple[Lfo, ...], depth: str, at: Control) -> Control:
    """Return what the slow oscillators add to one thing they move."""
    total = np.zeros(at.size)
    for value, one in zip(values, lfos, strict=True):
        amount = getattr(one, depth)
        if amount:
            total += amount * value
    return total


def _sources(channels: Samples, patch: Patch, strike: Strike, at: Control, sways: list[Control]) -> None:
    """Add everything that sounds."""
    semitones = (
        strike.key
        + contours.approach(at, strike.glide_from - strike.key, patch.glide)
        + contours.approach(at, patch.bend.semitones if strike.glide_from == strike.key else 0.0, patch.bend.time)
        - contours.approach(at, strike.scoop / 100.0, SCOOP_SECONDS)
        + contours.lfo(at, HELD, 0.0) * strike.vibrato / 100.0
        + contours.travel(at, patch.journey.pitch, strike.held)
        + _sum(sways, patch.lfos, "vibrato", at) / 100.0
    )
    steps = waves.cycles(0.0) * 2.0 ** (semitones / 12.0)
    widths = _sum(sways, patch.lfos, "width", at)
    drawn = 0
    for number, oscillator in enumerate(patch.oscillators):
        turns = strike.turns[drawn : drawn + 2 * oscillator.voices]
        if oscillator.wave == "noise":
            _add_noise(channels, oscillator, strike.noise + number)
        else:
            _add_choir(channels, oscillator, steps, widths, turns, at)
        drawn += 2 * oscillator.voices
    middle = np.float32(1.0 if len(channels) == 1 else CENTRE)
    if patch.operators:
        heard = operators.sound(patch.operators, strike.key, strike.velocity, strike.held, steps, channels.shape[1])
        channels += heard * middle
    if patch.string:
        gain = middle * np.float32(10.0 ** (patch.string.gain / 20.0))
        hertz = float(waves.cycles(strike.key) * RATE)
        channels += plucks.pluck(patch.string, hertz, strike.velocity, strike.noise, channels.shape[1]) * gain


def _add_noise(channels: Samples, oscillator: Oscillator, key: int) -> None:
    gain = np.float32(10.0 ** (oscillator.gain / 20.0) * (1.0 if len(channels) == 1 else CENTRE))
    for place, channel in enumerate(channels):
        wide = place if oscillator.spread else 0
        channel += waves.noise(channel.size, key + 7919 * wide) * gain


def _add_choir(
    channels: Samples, oscillator: Oscillator, steps: Control, widths: Control, turns: Control, at: Control
) -> None:
    """Add an oscillator's voices, spread in pitch and over the stereo field."""
    count = oscillator.voices
    base = 10.0 ** (oscillator.gain / 20.0) / np.sqrt(count)
    places = np.linspace(-1.0, 1.0, count) if count > 1 else np.zeros(1)
    for number, place in enumerate(places):
        cents = 100.0 * oscillator.transpose + oscillator.tune + place * oscillator.detune / 2.0
        voice = steps * 2.0 ** (cents / 1200.0)
        turn = turns[2 * number + 1] if oscillator.free else number / count
        if oscillator.wobble:
            wander = np.sin(2 * np.pi * (oscillator.wobble_rate * at + number / count + turn))
            voice = voice * 2.0 ** (oscillator.wobble * wander / 1200.0)
        side = oscillator.spread * place * (-1.0) ** number  # neighbours in pitch stand on opposite sides
        phase = turns[2 * number] if oscillator.free else 0.0
        _add_voice(channels, oscillator, np.minimum(voice, _HIGHEST_STEP), widths, phase, base, side)


def _add_voice(
    channels: Samples, oscillator: Oscillator, steps: Control, widths: Control, phase: float, gain: float, side: float
) -> None:
    angle = (side + 1.0) * np.pi / 4.0
    left, right = (gain, 0.0) if len(channels) == 1 else (gain * np.cos(angle), gain * np.sin(angle))
    highest = float(steps.max()) * RATE
    first, last = channels[0], channels[-1]
    if oscillator.wave != "pulse":
        waves.add_wave(first, last, waves.table(oscillator.wave, highest), phase, steps, left, right)
        return
    saw = waves.table("saw", highest)
    waves.add_wave(first, last, saw, phase, steps, left, right)
    width = np.clip(oscillator.width + widths, 0.02, 0.98)
    drift = np.diff(width, append=width[-1]) / BLOCK
    waves.add_wave(first, last, saw, phase + width[0], steps + drift, -left, -right)


def _cutoffs(shape: Filter, patch: Patch, strike: Strike, at: Control, sways: list[Control]) -> Control:
    cents = (
        100.0 * shape.key * (strike.key - _MIDDLE_C)
        - shape.velocity * (1.0 - strike.velocity / 127.0)
        + shape.sweep * contours.envelope(at, shape.envelope, strike.held)
        + contours.travel(at, patch.journey.cutoff, strike.held)
        + _sum(sways, patch.lfos, "filter", at)
    )
    return np.clip(shape.cutoff * 2.0 ** (cents / 1200.0), 16.0, 21_000.0)


def _level(patch: Patch, strike: Strike, at: Control, sways: list[Control]) -> Control:
    level = contours.envelope(at, patch.amp, strike.held)
    decibels = contours.travel(at, patch.journey.level, strike.held)
    for sway, one in zip(sways, patch.lfos, strict=True):
        if one.tremolo:
            decibels = decibels - one.tremolo * (0.5 - 0.5 * sway)
    return level * 10.0 ** (decibels / 20.0)


def shape(channels: Samples, level: Control) -> None:
    """Multiply in place by a level with a value a block, joined linearly."""
    for channel in channels:
        kernels.tremolo(channel, level)
