"""The player: a part and a window of time in, samples out.

Every note is rendered from itself alone: its variation comes from a random stream named by the part, its start and
its pitch, and voices are summed in an order that depends on nothing but themselves. Any window is therefore
sample-identical to the same window of the whole, and a note added elsewhere changes nothing here.
"""

import math
import threading
from collections import OrderedDict
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import msgspec
import numpy as np

from descant.perform.instruments import atoms, kernels, presets
from descant.perform.instruments.bank import SoundBank
from descant.perform.instruments.kernels import BLOCK, Samples
from descant.perform.instruments.presets import Layer, Preset
from descant.perform.instruments.strokes import Stroke, strokes
from descant.perform.instruments.synths.player import play_machine, play_synth
from descant.perform.instruments.voice import ENVELOPE_RANGE, RATE, Reading, Timbre, Touch, Voice, voice
from descant.perform.instruments.zones import Zone
from descant.song.score import Note, Part, Score
from descant.song.streams import stream

CHOKE = 0.18 * RATE
"""Samples in which a choked voice falls by 96 dB: a closing hi-hat is 20 dB down after 38 ms."""

TUNINGS = 9
"""Steps into which a stroke's detuning is divided, so that strokes still share atoms."""

SHADES = 5
"""Steps into which the difference in brightness is divided."""

_LONGEST = 60.0 * RATE  # samples a voice may last
KEPT_PARTS = 32
"""Parts whose voices are kept in memory: a song is played in many windows."""

_parts: "OrderedDict[tuple[object, ...], tuple[Preset, SoundBank, tuple[_Sounding, ...]]]" = OrderedDict()
_lock = threading.Lock()

_INAUDIBLE = 90.0  # dB below full scale at which a voice has ended


class MissingProgramError(presets.UnknownInstrumentError):
    """The bank in use has no program for an instrument, nor its General MIDI substitute."""

    def __init__(self, bank: SoundBank, layer: Layer) -> None:
        Exception.__init__(
            self,
            f"{bank.path} has no preset {layer.bank}:{layer.program}; set DESCANT_SOUNDFONT to a General MIDI bank",
        )


class _Sounding(NamedTuple):
    """A voice placed in time, in samples after the song's first; ``end`` counts from its start."""

    start: int
    end: int
    skip: int
    release_at: float
    choke_at: float
    voice: Voice

    @property
    def reading(self) -> tuple[Reading, float]:
        """What its samples before filter and level depend on."""
        reading = self.voice.timbre.reading
        return reading, self.release_at if reading.hears_release else math.inf

    @property
    def atom(self) -> tuple[Timbre, float]:
        """What its samples before level depend on."""
        return self.voice.timbre, self.release_at if self.voice.timbre.hears_release else math.inf


def render(part: Part, score: Score, bank: SoundBank, seed: int, start: int, stop: int) -> Samples:
    """Return a window of what a part sounds like, dry, at the bank's own pan.

    Parameters
    ----------
    part : the part; its ``instrument`` names a preset.
    score : the score it belongs to, for tempo and lead-in.
    bank : an open sound bank.
    seed : the song's seed.
    start, stop : the window, samples from the song's first.

    Returns
    -------
    float32 (stop − start, 2), full scale ±1 (loud chords may pass it).

    Raises
    ------
    UnknownInstrumentError : when the preset, or its program in this bank, does not exist.
    """
    window = np.zeros((max(stop - start, 0), 2), np.float32)
    preset = presets.load(part.instrument)
    if preset.synth is not None:
        play_synth(window, part, score, preset, seed, start)
    elif preset.machine is not None:
        play_machine(window, part, score, preset, seed, start)
    else:
        _play_bank(window, part, score, preset, bank, seed, start)
    if part.swells:
        _swell(window, part, score, start)
    return window


def _play_bank(
    window: Samples, part: Part, score: Score, preset: Preset, bank: SoundBank, seed: int, start: int
) -> None:
    """Add a part played from the bank to a window that begins at sample ``start`` of the song."""
    stop = start + window.shape[0]
    placed = [
        sounding
        for sounding in _known_soundings(part, score, preset, bank, seed)
        if sounding.start < stop and sounding.start + sounding.end > start
    ]
    placed.sort(key=lambda sounding: (sounding.reading, sounding.atom, sounding))
    for (reading, release_at), sharing in groupby(placed, key=lambda sounding: sounding.reading):
        group = list(sharing)
        samples = atoms.read(bank, reading, max(_reach(sounding, stop) for sounding in group), release_at)
        _place(window, start, samples, group)


def _reach(sounding: _Sounding, stop: int) -> int:
    """Return how many samples of its reading a voice needs before the end of the window."""
    return min(sounding.end, stop - sounding.start) + sounding.skip + sounding.voice.timbre.skip


def _place(window: Samples, start: int, samples: Samples, group: list[_Sounding]) -> None:
    """Add all voices that share a reading."""
    stop = start + window.shape[0]
    for (timbre, release_at), sharing in groupby(group, key=lambda sounding: sounding.atom):
        alike = list(sharing)
        atom = atoms.colour(samples[: max(_reach(sounding, stop) for sounding in alike)], timbre, release_at)
        for sounding in alike:
            kernels.add_voice(
                window,
                sounding.start - start,
                sounding.end,
                atom,
                sounding.skip,
                sounding.voice.left,
                sounding.voice.right,
                np.array(sounding.voice.envelope),
                sounding.release_at,
                sounding.choke_at,
                CHOKE,
            )


def _known_soundings(part: Part, score: Score, preset: Preset, bank: SoundBank, seed: int) -> tuple[_Sounding, ...]:
    """Return the voices of a whole part, from memory when a window of it was asked for a moment ago."""
    key = (part, score.tempo, score.lead_in, score.key, seed, id(preset), id(bank))
    with _lock:
        held = _parts.get(key)
    if held is None:
        held = preset, bank, tuple(_soundings(part, score, preset, bank, seed))
        with _lock:
            _parts[key] = held
            while len(_parts) > KEPT_PARTS:
                _parts.popitem(last=False)
    return held[2]


def _soundings(part: Part, score: Score, preset: Preset, bank: SoundBank, seed: int) -> Iterator[_Sounding]:
    """Yield the voices of a part; the next of their exclusive class silences those that have one."""
    struck: dict[int, list[int]] = {}  # by exclusive class: later strokes' starts, falling
    voices = _Voices(preset, bank)
    for stroke in reversed(strokes(part, score, preset)):
        varied = _variation(preset, part, stroke, seed)
        tune = varied.cents + preset.tuning(stroke.key, score.key.tonic)
        for layer, heard in voices.of(stroke, tune, varied.brightness):
            choke_at = _choke(struck, heard.exclusive, stroke.start) if heard.exclusive else math.inf
            gain = varied.gain * _gain(preset.layers[layer].sway * varied.sway[layer])
            yield _sounding(heard, stroke, preset, gain, varied.skip, choke_at)


def _choke(struck: dict[int, list[int]], exclusive: int, start: int) -> float:
    """Return when the class is struck next, in samples after ``start``; and note that it is struck at ``start``."""
    later = struck.setdefault(exclusive, [])
    if not later or later[-1] != start:
        later.append(start)
    return float(later[-2] - start) if len(later) > 1 else math.inf


def _sounding(heard: Voice, stroke: Stroke, preset: Preset, gain: float, skip: int, choke_at: float) -> _Sounding:
    rings = preset.kit and heard.timbre.reading.loop == 0
    release_at = math.inf if rings else float(stroke.stop - stroke.start)
    envelope = heard.envelope
    if envelope.attack < BLOCK:  # samples do not all begin at zero, nor are all played from their beginning
        envelope = envelope._replace(attack=float(BLOCK))
    heard = heard._replace(left=heard.left * gain, right=heard.right * gain, envelope=envelope)
    loudest = max(heard.left, heard.right, 1e-9)
    floor = min(max(_INAUDIBLE + 20.0 * math.log10(loudest), 1.0), ENVELOPE_RANGE)
    end = kernels.voice_end(np.array(envelope), release_at, choke_at, CHOKE, floor)
    length = int(min(end, _LONGEST)) + 2 * BLOCK
    return _Sounding(stroke.start, length, skip + heard.skip, release_at, choke_at, heard)


class _Voices:
    """The voices of a preset, worked out once for each way a key is struck, tuned, come into and held."""

    def __init__(self, preset: Preset, bank: SoundBank) -> None:
        self._preset = preset
        self._measured = bank.name.startswith(presets.MEASURED_BANK)
        self._layers = [(layer, _zones(bank, layer)) for layer in preset.layers]
        self._keyed: dict[tuple[int, int], tuple[Zone, ...]] = {}
        self._known: dict[tuple[object, ...], tuple[tuple[int, Voice], ...]] = {}

    def of(self, stroke: Stroke, tune: float, brightness: float) -> tuple[tuple[int, Voice], ...]:
        """Return the layers and voices that answer a stroke, detuned and its cutoff moved by so many cents."""
        key, length = stroke.key, stroke.note.duration
        layers = tuple(number for number, (layer, _) in enumerate(self._layers) if layer.answers(key, length))
        named = (key, stroke.velocity, tune, brightness, layers, stroke.note.scoop, stroke.note.vibrato)
        if named not in self._known:
            self._known[named] = tuple(self._voices(stroke, tune, brightness, layers))
        return self._known[named]

    def _voices(
        self, stroke: Stroke, tune: float, brightness: float, layers: tuple[int, ...]
    ) -> Iterator[tuple[int, Voice]]:
        key, velocity = stroke.key, stroke.velocity
        level = self._preset.level(key) if self._measured else 0.0
        for number in layers:
            layer = self._layers[number][0]
            moved = min(max(key + layer.transpose, 0), 127)
            touch = _touch(self._preset, layer, tune, level, brightness, stroke.note)
            for zone in self._zones(number, moved):
                if zone.answers(moved, velocity):
                    yield number, voice(zone, moved, velocity, touch)

    def _zones(self, layer: int, key: int) -> tuple[Zone, ...]:
        """Return the zones of a layer that answer a key at some velocity."""
        if (layer, key) not in self._keyed:
            zones = self._layers[layer][1]
            self._keyed[layer, key] = tuple(zone for zone in zones if zone.keys[0] <= key <= zone.keys[1])
        return self._keyed[layer, key]


def _touch(preset: Preset, layer: Layer, tune: float, level: float, brightness: float, note: Note) -> Touch:
    touch = preset.touch
    return msgspec.structs.replace(
        touch,
        tune=touch.tune + layer.detune + tune,
        gain=touch.gain + preset.gain + layer.gain + level,
        cutoff=touch.cutoff * 2.0 ** (brightness / 1200.0),
        pan=touch.pan + layer.pan,
        vibrato=note.vibrato or touch.vibrato,
        scoop=note.scoop,
    )


def _zones(bank: SoundBank, layer: Layer) -> tuple[Zone, ...]:
    substitute = (128, 0) if layer.bank == 128 else (0, layer.program)
    for program in ((layer.bank, layer.program), substitute):
        if bank.has(*program):
            return bank.zones(*program)
    raise MissingProgramError(bank, layer)


class _Varied(NamedTuple):
    """How one stroke differs: cents, linear gain, samples left out, cents of cutoff, and each layer's sway −1–1."""

    cents: float = 0.0
    gain: float = 1.0
    skip: int = 0
    brightness: float = 0.0
    sway: tuple[float, ...] = ()


def _variation(preset: Preset, part: Part, stroke: Stroke, seed: int) -> _Varied:
    varied, layers = preset.variation, len(preset.layers)
    sways = any(layer.sway for layer in preset.layers)
    if not (varied.cents or varied.level or varied.offset or varied.brightness or sways):
        return _Varied(sway=(0.0,) * layers)
    note = stroke.note
    draw = stream(seed, f"{part.name}.stroke.{note.start!r}.{note.pitch}").random(4 + layers)
    return _Varied(
        _stepped(draw[0], TUNINGS) * varied.cents,
        _gain((2.0 * draw[1] - 1.0) * varied.level),
        round(draw[2] * varied.offset / 1000.0 * RATE),
        _stepped(draw[3], SHADES) * varied.brightness,
        tuple(2.0 * float(one) - 1.0 for one in draw[4:]),
    )


def _stepped(draw: float, steps: int) -> float:
    """Return one of so many evenly spaced values −1–1."""
    return math.floor(draw * steps) / (steps - 1) * 2.0 - 1.0


def _gain(decibels: float) -> float:
    return float(10.0 ** (decibels / 20.0))


def _swell(window: Samples, part: Part, score: Score, start: int) -> None:
    """Apply the part's expression curve, reckoned on a grid that is the same for every window."""
    beats = sorted(part.swells, key=lambda point: point.beat)
    times = [(score.lead_in + score.tempo_map.seconds(point.beat)) * RATE for point in beats]
    origin = start // BLOCK * BLOCK
    grid = origin + BLOCK * np.arange((start + window.shape[0] - origin) // BLOCK + 2)
    gains = 10.0 ** (np.interp(grid, times, [point.level for point in beats]) / 20.0)
    kernels.swell(window, start - origin, gains)
