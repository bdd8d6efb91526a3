"""FluidSynth through ctypes, as the outside ear the sampler is compared with."""

import ctypes
import ctypes.util
from collections.abc import Sequence
from pathlib import Path

import numpy as np

RATE = 48_000
BLOCK = 64
"""FluidSynth hears events at multiples of this many samples."""


def library() -> ctypes.CDLL | None:
    """Return libfluidsynth, or None where it is not installed."""
    name = ctypes.util.find_library("fluidsynth")
    if name is None:
        return None
    fluid = ctypes.CDLL(name)
    for function in ("new_fluid_settings", "new_fluid_synth"):
        getattr(fluid, function).restype = ctypes.c_void_p
    return fluid


def play(
    fluid: ctypes.CDLL, bank: Path, program: tuple[int, int], notes: Sequence[tuple[int, int, int, int]], length: int
) -> np.ndarray:
    """Return what FluidSynth makes of notes (start, stop in samples, key, velocity): float32 (length, 2), dry."""
    settings = ctypes.c_void_p(fluid.new_fluid_settings())
    fluid.fluid_settings_setnum(settings, b"synth.sample-rate", ctypes.c_double(RATE))
    fluid.fluid_settings_setnum(settings, b"synth.gain", ctypes.c_double(1.0))
    for name in (b"synth.reverb.active", b"synth.chorus.active"):
        fluid.fluid_settings_setint(settings, name, 0)
    fluid.fluid_settings_setint(settings, b"synth.dynamic-sample-loading", 1)
    for level in range(5):
        fluid.fluid_set_log_function(level, None, None)
    synth = ctypes.c_void_p(fluid.new_fluid_synth(settings))
    try:
        font = fluid.fluid_synth_sfload(synth, str(bank).encode(), 0)
        channel = 9 if program[0] == 128 else 0
        fluid.fluid_synth_program_select(synth, channel, font, *program)
        fluid.fluid_synth_cc(synth, channel, 7, 127)
        fluid.fluid_synth_set_interp_method(synth, -1, 7)
        return _run(fluid, synth, channel, notes, length)
    finally:
        fluid.delete_fluid_synth(synth)
        fluid.delete_fluid_settings(settings)


def _run(
    fluid: ctypes.CDLL, synth: ctypes.c_void_p, channel: int, notes: Sequence[tuple[int, int, int, int]], length: int
) -> np.ndarray:
    events = sorted(
        [(start, 1, key, velocity) for start, _, key, velocity in notes] + [(stop, 0, key, 0) for _, stop, key, _ in notes]
    )
    out = np.zeros((2, length), np.float32)
    now = 0
    for time, on, key, velocity in [*events, (length, 0, 0, 0)]:
        time = min(time, length)
        if time > now:
            left, right = (
                (ctypes.c_float * (time - now)).from_buffer(out[side], 4 * now) for side in (0, 1)
            )
            fluid.fluid_synth_write_float(synth, time - now, left, 0, 1, right, 0, 1)
            now = time
        if on:
            fluid.fluid_synth_noteon(synth, channel, key, velocity)
        else:
            fluid.fluid_synth_noteoff(synth, channel, key)
    return out.T.copy()
