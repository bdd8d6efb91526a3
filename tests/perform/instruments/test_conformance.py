"""The sampler against FluidSynth: the same notes through both, one program a family.

FluidSynth is asked for its best interpolation, no effects and full channel volume. What still differs on purpose: it
rounds pitches down to whole cents, fades every note in over 64 samples, chokes hats five times as slowly, leaves more
aliasing (20–30 dB more, 70 dB below the note), and its filters sit 1.5 dB higher. Level is compared as a constant
offset, shape by correlation.
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
    """Return the long-term spectrum from 40 Hz to 16 kHz in dB, down to 90 dB under its peak."""
    frames = np.lib.stride_tricks.sliding_window_view(audio.sum(1), 4096)[::2048] * np.hanning(4096)
    power = (np.abs(np.fft.rfft(frames)) ** 2).sum(0)[4:1366]
    return 10 * np.log10(np.maximum(power, power.max() * 1e-9))


@pytest.mark.parametrize(
    ("program", "notes"),
    [
        pytest.param((0, 0), melody(45, 0.5), id="piano"),
        pytest.param((0, 4), melody(50, 0.4), id="electric piano"),
        pytest.param((0, 33), melody(28, 0.3), id="bass"),
        pytest.param((0, 39), melody(30, 0.3), id="synth bass"),
        pytest.param((0, 25), melody(45, 0.4), id="acoustic guitar"),
        pytest.param((0, 27), melody(45, 0.4), id="clean guitar"),
        pytest.param((0, 30), melody(42, 0.4), id="distorted guitar"),
        pytest.param((0, 48), melody(50, 0.6), id="strings"),
        pytest.param((0, 49), melody(50, 0.6), id="slow strings"),
        pytest.param((0, 89), melody(50, 0.6), id="pad"),
        pytest.param((0, 52), melody(52, 0.5), id="choir"),
        pytest.param((0, 81), melody(55, 0.3), id="lead"),
        pytest.param((0, 18), melody(50, 0.4), id="organ"),
        pytest.param((0, 73), melody(65, 0.4), id="flute"),
        pytest.param((0, 8), melody(72, 0.4), id="bells"),
        pytest.param((128, 0), beat(), id="kit"),
        pytest.param((128, 25), beat(), id="808 kit"),
    ],
)
def test_the_same_notes_sound_as_in_fluidsynth(studio, installed_bank, fluid, program, notes):
    if not installed_bank.has(*program) or installed_bank.path.suffix != ".sf2":
        pytest.skip("the installed bank is not the one compared")
    length = notes[-1][1] + RATE
    studio.preset(layers=(Layer(bank=program[0], program=program[1]),), kit=program[0] == 128)
    made = studio.score(*((start / RATE, (stop - start) / RATE, key, velocity) for start, stop, key, velocity in notes))
    ours = player.render(*made, installed_bank, 1, 0, length)
    theirs = fluidsynth(fluid, installed_bank.path, program, notes, length)
    assert np.corrcoef(shape(ours), shape(theirs))[0, 1] > 0.985
    assert np.corrcoef(spectrum(ours), spectrum(theirs))[0, 1] > 0.975
    assert -1.8 < 10 * np.log10((ours**2).mean() / (theirs**2).mean()) < -0.7
