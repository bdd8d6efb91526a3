"""The sampler against FluidSynth: the same notes through both, for every family of General MIDI and its kits.

FluidSynth is asked for its best interpolation, no effects and full channel volume. What still differs on purpose: it
rounds pitches down to whole cents, fades every note in over 64 samples, chokes hats five times as slowly, leaves more
aliasing (20–30 dB more, 70 dB below the note), and its filters sit 1.5 dB higher. Level is compared as a constant
offset, shape by correlation; spectra down to 70 dB under their peak, since what lies lower is FluidSynth's aliasing (of
a whistle, nearly a sine, nothing else does). All 87 programs that our presets play were compared once: envelopes
correlate to 0.9985 or better, spectra to 0.976.
"""

import ctypes
import ctypes.util
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from descant.perform.instruments import player
from descant.perform.instruments.presets import Layer

RATE = 48_000
GRID = 64
"""FluidSynth hears events at multiples of this many samples."""

Struck = tuple[int, int, int, int]
"""A note: start and stop in samples, key, velocity."""


@pytest.fixture(scope="module")
def fluid() -> ctypes.CDLL:
    name = ctypes.util.find_library("fluidsynth")
    if name is None:
        pytest.skip("libfluidsynth is not installed")
    library = ctypes.CDLL(name)
    for function in ("new_fluid_settings", "new_fluid_synth"):
        getattr(library, function).restype = ctypes.c_void_p
    return library


def fluidsynth(
    fluid: ctypes.CDLL, bank: Path, program: tuple[int, int], notes: Sequence[Struck], length: int
) -> np.ndarray:
    settings = ctypes.c_void_p(fluid.new_fluid_settings())
    for name, value in ((b"synth.sample-rate", RATE), (b"synth.gain", 1.0)):
        fluid.fluid_settings_setnum(settings, name, ctypes.c_double(value))
    for name, value in ((b"reverb.active", 0), (b"chorus.active", 0), (b"dynamic-sample-loading", 1)):
        fluid.fluid_settings_setint(settings, b"synth." + name, value)
    for level in range(5):
        fluid.fluid_set_log_function(level, None, None)
    synth = ctypes.c_void_p(fluid.new_fluid_synth(settings))
    try:
        font = fluid.fluid_synth_sfload(synth, str(bank).encode(), 0)
        channel = 9 if program[0] == 128 else 0
        fluid.fluid_synth_program_select(synth, channel, font, *program)
        fluid.fluid_synth_cc(synth, channel, 7, 127)
        fluid.fluid_synth_set_interp_method(synth, -1, 7)
        out = np.zeros((2, length), np.float32)
        now = 0
        for time, event in events(notes, length):
            if time > now:
                sides = [(ctypes.c_float * (time - now)).from_buffer(out[side], 4 * now) for side in (0, 1)]
                fluid.fluid_synth_write_float(synth, time - now, sides[0], 0, 1, sides[1], 0, 1)
                now = time
            if event and event[1]:
                fluid.fluid_synth_noteon(synth, channel, *event)
            elif event:
                fluid.fluid_synth_noteoff(synth, channel, event[0])
        return out.T
    finally:
        fluid.delete_fluid_synth(synth)
        fluid.delete_fluid_settings(settings)


def events(notes: Sequence[Struck], length: int) -> Iterator[tuple[int, tuple[int, int] | None]]:
    """Yield (time, (key, velocity, 0 for off)) in order, and the end as None."""
    ons = [(start, (key, velocity)) for start, _, key, velocity in notes]
    offs = [(stop, (key, 0)) for _, stop, key, _ in notes]
    for time, event in sorted(ons + offs, key=lambda pair: (pair[0], pair[1][1] > 0)):
        if time < length:
            yield time, event
    yield length, None


def melody(low: int, seconds: float, count: int = 6) -> list[Struck]:
    velocities = (110, 60, 90, 40, 120, 75)
    step = round(seconds * RATE / GRID) * GRID
    return [
        (i * step, i * step + round(step * 1.6 / GRID) * GRID, low + i * 5 % 19, velocities[i]) for i in range(count)
    ]


def beat() -> list[Struck]:
    """Return one stroke of each drum, held: in our kits drums ring, however short their notes."""
    keys, step = (36, 42, 38, 42, 36, 44, 38, 49, 51, 45, 48, 46), 192 * GRID
    return [(i * step, len(keys) * step, key, 50 + 9 * i % 70) for i, key in enumerate(keys)]


def shape(audio: np.ndarray) -> np.ndarray:
    """Return the level of each 100 ms."""
    blocks = audio[: len(audio) // 4800 * 4800].reshape(-1, 4800, 2).astype(np.float64)
    return np.sqrt((blocks**2).mean((1, 2)))


def spectrum(audio: np.ndarray) -> np.ndarray:
    """Return the long-term spectrum from 40 Hz to 16 kHz in dB, down to 70 dB under its peak."""
    frames = np.lib.stride_tricks.sliding_window_view(audio.sum(1), 4096)[::2048] * np.hanning(4096)
    power = (np.abs(np.fft.rfft(frames)) ** 2).sum(0)[4:1366]
    return 10 * np.log10(np.maximum(power, power.max() * 1e-7))


FAMILIES = {
    "piano": {0: 45, 3: 45, 4: 50, 6: 50, 7: 40},
    "chromatic percussion": {8: 72, 11: 60, 14: 60},
    "organ": {16: 50, 18: 50, 21: 50},
    "guitar": {24: 45, 25: 45, 27: 45, 28: 45, 30: 42},
    "bass": {32: 28, 33: 28, 36: 28, 39: 30},
    "solo strings": {40: 60, 42: 40, 45: 50, 46: 45},
    "ensemble": {48: 50, 49: 50, 52: 52},
    "brass": {56: 60, 57: 45, 60: 45, 61: 50},
    "reed": {65: 55, 66: 50, 68: 60, 71: 55},
    "pipe": {73: 65, 75: 60, 78: 65},
    "lead": {81: 55},
    "pad": {89: 50, 92: 50},
    "world": {104: 50, 105: 50, 107: 50, 109: 55, 110: 60},
    "percussive": {114: 55},
}
"""Programs of each General MIDI family, each with the lowest key it is played at."""

PLAYED = [
    pytest.param((0, program), melody(low, 0.4), id=f"{family} {program}")
    for family, programs in FAMILIES.items()
    for program, low in programs.items()
] + [pytest.param((128, kit), beat(), id=f"kit {kit}") for kit in (0, 16, 25, 40, 48)]


@pytest.mark.parametrize(("program", "notes"), PLAYED)
def test_the_same_notes_sound_as_in_fluidsynth(studio, installed_bank, fluid, program, notes):
    if not installed_bank.has(*program) or installed_bank.path.suffix != ".sf2":
        pytest.skip("the installed bank is not the one compared")
    length = notes[-1][1] + RATE
    studio.preset(layers=(Layer(bank=program[0], program=program[1]),), kit=program[0] == 128)
    made = studio.score(*((start / RATE, (stop - start) / RATE, key, velocity) for start, stop, key, velocity in notes))
    ours = player.render(*made, installed_bank, 1, 0, length)
    theirs = fluidsynth(fluid, installed_bank.path, program, notes, length)
    assert np.corrcoef(shape(ours), shape(theirs))[0, 1] > 0.99
    assert np.corrcoef(spectrum(ours), spectrum(theirs))[0, 1] > 0.97
    assert -1.8 < 10 * np.log10((ours**2).mean() / (theirs**2).mean()) < -0.7
