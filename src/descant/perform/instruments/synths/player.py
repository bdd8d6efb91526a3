"""The synthesizers' player: where each note of a part stands, and what its neighbours do to it.

What a note must know of others (that it ends the one before, or glides from it) is read from the part's notes, never
from what was rendered, so any window is sample-identical to the same window of the whole.
"""

import math

import numpy as np
from numba import njit

from descant.perform.instruments.kernels import BLOCK, Samples
from descant.perform.instruments.presets import Preset
from descant.perform.instruments.strokes import Stroke, strokes
from descant.perform.instruments.synths import engine, kit, machine
from descant.perform.instruments.synths.engine import CENTRE, Strike
from descant.perform.instruments.synths.patch import Patch
from descant.perform.instruments.voice import RATE
from descant.song.score import Part, Score
from descant.song.streams import stream

OVERLAP = 0.03 * RATE
"""Samples two notes must overlap for the pitch to glide: more than a player's timing makes them by chance."""

MONO_FADE = 0.02 * RATE
"""Samples in which a note that the next one ends falls by 96 dB."""

CHOKE = 0.12 * RATE
"""The same for a drum machine's open hi-hat: 20 dB down after 25 ms."""

_LONGEST = 60.0  # seconds a note may sound


def play_synth(window: Samples, part: Part, score: Score, preset: Preset, seed: int, start: int) -> None:
    """Add a synthesizer's part to a window that begins at sample ``start`` of the song."""
    patch = preset.synth
    if patch is None:
        raise ValueError("the preset is no synthesizer")
    played = strokes(part, score, preset)
    for place, stroke in enumerate(played):
        following = _next_start(played, place) if patch.mono else math.inf
        held = (stroke.stop - stroke.start) / RATE
        end = min(engine.seconds(patch, held), _LONGEST) * RATE
        length = int(min(end, following - stroke.start + MONO_FADE))
        needed = min(length, start + window.shape[0] - stroke.start)
        if stroke.start + length <= start or needed <= 0:
            continue
        draw = stream(seed, f"{part.name}.synth.{stroke.note.start!r}.{stroke.note.pitch}")
        chance = draw.random(2 + engine.turns_wanted(patch))
        tune = (2.0 * chance[0] - 1.0) * preset.variation.cents / 100.0
        level = preset.gain + preset.level(stroke.key) + (2.0 * chance[1] - 1.0) * preset.variation.level
        level += 40.0 * patch.dynamics * math.log10(stroke.velocity / 127.0)
        origin = _glides_from(played, place, patch)
        strike = Strike(
            key=stroke.key + tune,
            velocity=stroke.velocity,
            held=held,
            glide_from=stroke.key + tune if origin is None else float(origin),
            scoop=stroke.note.scoop,
            vibrato=stroke.note.vibrato,
            turns=chance[2:],
            noise=int(draw.integers(2**62)),
        )
        _add(window, stroke.start - start, engine.note(patch, strike, needed), level, following - stroke.start)


def play_machine(window: Samples, part: Part, score: Score, preset: Preset, seed: int, start: int) -> None:
    """Add a drum machine's part to a window that begins at sample ``start`` of the song."""
    if preset.machine is None:
        raise ValueError("the preset is no drum machine")
    sounds = kit.sounds(preset.machine)
    struck: dict[str, int] = {}  # by choke group: the next stroke's start
    hits: list[tuple[Stroke, float]] = []
    for stroke in reversed(strokes(part, score, preset)):
        sound = sounds.get(stroke.key)
        if sound is None:
            continue
        hits.append((stroke, struck.get(sound.choke, math.inf) if sound.choke else math.inf))
        if sound.choke:
            struck[sound.choke] = stroke.start
    for stroke, silenced in reversed(hits):
        sound = sounds[stroke.key]
        choke_at = silenced - stroke.start if silenced > stroke.start else math.inf
        length = int(min(machine.seconds(sound) * RATE, choke_at + CHOKE))
        needed = min(length, start + window.shape[0] - stroke.start)
        if stroke.start + length <= start or needed <= 0:
            continue
        draw = stream(seed, f"{part.name}.hit.{stroke.note.start!r}.{stroke.note.pitch}")
        chance = 2.0 * draw.random(3) - 1.0
        level = preset.gain + sound.gain + chance[0] * preset.variation.level
        level += 40.0 * preset.machine.dynamics * math.log10(stroke.velocity / 127.0)
        hit = machine.Hit(
            key=stroke.key,
            velocity=stroke.velocity,
            cents=chance[1] * preset.variation.cents,
            stretch=1.0 + 0.05 * chance[2],
            noise=int(draw.integers(2**62)),
            tonic=score.key.tonic,
        )
        _add(window, stroke.start - start, machine.strike(sound, hit, needed), level, choke_at, CHOKE)


def _next_start(played: list[Stroke], place: int) -> float:
    """Return where the first later stroke begins, or infinity."""
    here = played[place].start
    return next((stroke.start for stroke in played[place + 1 :] if stroke.start > here), math.inf)


def _glides_from(played: list[Stroke], place: int, patch: Patch) -> int | None:
    """Return the key from which a note's pitch comes, or None where it begins on its own."""
    if not (patch.glide and patch.mono) or place == 0:
        return None
    before, here = played[place - 1], played[place]
    overlap = min(before.stop, here.stop) - here.start
    return before.key if before.start < here.start and overlap >= OVERLAP else None


def _add(
    window: Samples, offset: int, channels: Samples, level: float, choke_at: float, choke: float = MONO_FADE
) -> None:
    """Add a note's channels at ``offset`` (negative when it began before the window), ``level`` in dB."""
    gain = 10.0 ** (level / 20.0) * (CENTRE if len(channels) == 1 else 1.0)
    if math.isfinite(choke_at):
        late = np.maximum(np.arange(channels.shape[1] // BLOCK + 2) * BLOCK - choke_at, 0.0)
        engine.shape(channels, 10.0 ** (-96.0 / 20.0 * late / choke))
    first = max(0, -offset)
    heard = channels[:, first : window.shape[0] - offset]
    target = window[offset + first : offset + first + heard.shape[1]]
    _add_channels(target, np.ascontiguousarray(heard[0]), np.ascontiguousarray(heard[-1]), gain)


@njit(cache=True, fastmath=False, nogil=True)
def _add_channels(target: Samples, left: Samples, right: Samples, gain: float) -> None:
    level = np.float32(gain)
    for i in range(left.size):
        target[i, 0] += left[i] * level
        target[i, 1] += right[i] * level
