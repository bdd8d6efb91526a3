"""Zones: which samples of a preset answer a key and velocity, and with which settings.

Source: *SoundFont Technical Specification* 2.04, section 9.4: the settings ("generators") of an instrument's zone
replace those of its global zone, which replace the defaults; the settings of the preset's zone (replacing those of
the preset's global zone) are then *added*. Modulators follow the same order: an instrument's modulator replaces a
default one of the same identity, a preset's is added.
"""

from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Any

import numpy as np

from descant.perform.instruments.modulators import DEFAULT_MODULATORS, Modulator
from descant.perform.instruments.sf2 import CorruptSoundBankError, SampleHeader, SoundFont, Table, text

Generators = np.ndarray[Any, np.dtype[np.float64]]
"""Value of every generator by number, in the units of the specification."""

EVERYTHING = (0, 127)
"""The range of a zone that does not narrow it."""


class Generator(IntEnum):
    """Numbers of the generators (specification, section 8.1.2) that this player reads."""

    START_OFFSET = 0
    END_OFFSET = 1
    LOOP_START_OFFSET = 2
    LOOP_END_OFFSET = 3
    START_COARSE_OFFSET = 4
    LFO_TO_PITCH = 5
    VIBRATO_TO_PITCH = 6
    ENVELOPE_TO_PITCH = 7
    FILTER_CUTOFF = 8
    FILTER_RESONANCE = 9
    LFO_TO_FILTER = 10
    ENVELOPE_TO_FILTER = 11
    END_COARSE_OFFSET = 12
    LFO_TO_VOLUME = 13
    PAN = 17
    LFO_DELAY = 21
    LFO_FREQUENCY = 22
    VIBRATO_DELAY = 23
    VIBRATO_FREQUENCY = 24
    MODULATION_DELAY = 25
    MODULATION_ATTACK = 26
    MODULATION_HOLD = 27
    MODULATION_DECAY = 28
    MODULATION_SUSTAIN = 29
    MODULATION_RELEASE = 30
    KEY_TO_MODULATION_HOLD = 31
    KEY_TO_MODULATION_DECAY = 32
    VOLUME_DELAY = 33
    VOLUME_ATTACK = 34
    VOLUME_HOLD = 35
    VOLUME_DECAY = 36
    VOLUME_SUSTAIN = 37
    VOLUME_RELEASE = 38
    KEY_TO_VOLUME_HOLD = 39
    KEY_TO_VOLUME_DECAY = 40
    INSTRUMENT = 41
    KEY_RANGE = 43
    VELOCITY_RANGE = 44
    LOOP_START_COARSE_OFFSET = 45
    FIXED_KEY = 46
    FIXED_VELOCITY = 47
    ATTENUATION = 48
    LOOP_END_COARSE_OFFSET = 50
    COARSE_TUNE = 51
    FINE_TUNE = 52
    SAMPLE = 53
    SAMPLE_MODE = 54
    SCALE_TUNING = 56
    EXCLUSIVE_CLASS = 57
    ROOT_KEY = 58


COUNT = 61
"""How many generator numbers the format has."""

_INSTRUMENT_ONLY = frozenset({0, 1, 2, 3, 4, 12, 41, 43, 44, 45, 46, 47, 50, 53, 54, 57, 58})


def _defaults() -> Generators:
    values = np.zeros(COUNT)
    for operator in (21, 23, 25, 26, 27, 28, 30, 33, 34, 35, 36, 38):
        values[operator] = -12000.0
    values[Generator.FILTER_CUTOFF] = 13500.0
    values[Generator.SCALE_TUNING] = 100.0
    values[[Generator.FIXED_KEY, Generator.FIXED_VELOCITY, Generator.ROOT_KEY]] = -1.0
    return values


DEFAULTS = _defaults()
"""Values that hold where no zone says otherwise."""


@dataclass(frozen=True)
class Zone:
    """One sample of a preset, with the keys and velocities it answers and all its settings.

    Attributes
    ----------
    number : its place among the preset's zones, the same for every reading of the same bank.
    keys, velocities : inclusive ranges.
    generators : absolute values, defaults and preset offsets included.
    modulators : those in force, defaults included.
    """

    number: int
    sample: SampleHeader
    keys: tuple[int, int]
    velocities: tuple[int, int]
    generators: Generators
    modulators: tuple[Modulator, ...]

    def answers(self, key: int, velocity: int) -> bool:
        """Return whether the zone sounds for this key and velocity."""
        return self.keys[0] <= key <= self.keys[1] and self.velocities[0] <= velocity <= self.velocities[1]


@dataclass(frozen=True)
class _Bag:
    """Settings of one zone record as written in the file: only what it names."""

    operators: dict[int, int]
    modulators: tuple[Modulator, ...]

    def span(self, operator: int) -> tuple[int, int]:
        amount = self.operators.get(operator)
        return EVERYTHING if amount is None else (amount & 0xFF, (amount >> 8) & 0xFF)


def read_zones(font: SoundFont, bank: int, program: int) -> tuple[Zone, ...]:
    """Return the zones of a preset in the order of the file.

    Raises
    ------
    KeyError : when the bank has no such preset.
    CorruptSoundBankError : when its tables point outside themselves.
    """
    presets = font.tables[b"phdr"]
    found = np.flatnonzero((presets["bank"][:-1] == bank) & (presets["program"][:-1] == program))
    if not found.size:
        raise KeyError(f"{font.path} has no preset {bank}:{program}")
    zones: list[Zone] = []
    try:
        common, bags = _bags(font, b"p", presets, int(found[0]), Generator.INSTRUMENT)
        for bag in bags:
            zones.extend(_instrument_zones(font, common, bag, len(zones)))
    except IndexError as error:
        name = text(presets["name"][int(found[0])])
        raise CorruptSoundBankError(font.path, f"preset {name!r} points outside its tables") from error
    return tuple(zones)


def _instrument_zones(font: SoundFont, preset_common: _Bag, preset: _Bag, first: int) -> list[Zone]:
    """Return the zones of the instrument that one zone of a preset names, the preset's settings added."""
    index = preset.operators[Generator.INSTRUMENT]
    common, bags = _bags(font, b"i", font.tables[b"inst"], index, Generator.SAMPLE)
    added = preset_common.operators | preset.operators
    added_modulators = _overlay(preset_common.modulators, preset.modulators)
    preset_keys = _narrower(preset_common, preset, Generator.KEY_RANGE)
    preset_velocities = _narrower(preset_common, preset, Generator.VELOCITY_RANGE)
    zones: list[Zone] = []
    for bag in bags:
        keys = _overlap(preset_keys, _narrower(common, bag, Generator.KEY_RANGE))
        velocities = _overlap(preset_velocities, _narrower(common, bag, Generator.VELOCITY_RANGE))
        if keys[0] > keys[1] or velocities[0] > velocities[1]:
            continue
        values = DEFAULTS.copy()
        for operator, amount in (common.operators | bag.operators).items():
            values[operator] = amount
        for operator, amount in added.items():
            if operator not in _INSTRUMENT_ONLY:
                values[operator] += amount
        own = _overlay(DEFAULT_MODULATORS, _overlay(common.modulators, bag.modulators))
        zones.append(
            Zone(
                number=first + len(zones),
                sample=font.header(int(bag.operators[Generator.SAMPLE])),
                keys=keys,
                velocities=velocities,
                generators=values,
                modulators=own + added_modulators,
            )
        )
    return zones


def _bags(font: SoundFont, level: bytes, heads: Table, index: int, terminal: int) -> tuple[_Bag, tuple[_Bag, ...]]:
    """Return the global zone (empty when there is none) and the zones of a preset (b"p") or instrument (b"i")."""
    bag_table = font.tables[level + b"bag"]
    bags: list[_Bag] = []
    for number in range(int(heads["bag"][index]), int(heads["bag"][index + 1])):
        record, following = bag_table[number], bag_table[number + 1]
        settings = font.tables[level + b"gen"][int(record["generator"]) : int(following["generator"])]
        operators: dict[int, int] = {}
        for operator, amount in zip(settings["operator"].tolist(), settings["amount"].tolist(), strict=True):
            if operator < COUNT:
                operators[operator] = amount
            if operator == terminal:
                operators[operator] = amount & 0xFFFF
                break  # what stands after the terminal setting is to be ignored (section 4.5)
        rows = font.tables[level + b"mod"][int(record["modulator"]) : int(following["modulator"])]
        modulators = tuple(Modulator(*(int(value) for value in row)) for row in rows.tolist())
        bags.append(_Bag(operators, tuple(modulator for modulator in modulators if modulator.source)))
    empty = _Bag({}, ())
    has_common = bool(bags) and terminal not in bags[0].operators
    return (bags[0] if has_common else empty), tuple(bag for bag in bags if terminal in bag.operators)


def _overlay(below: tuple[Modulator, ...], above: tuple[Modulator, ...]) -> tuple[Modulator, ...]:
    """Return both lists, less those below that one above replaces; of equals in one list the last holds."""
    merged = {modulator.identity: modulator for modulator in (*below, *above)}
    return tuple(merged.values())


def _narrower(common: _Bag, bag: _Bag, operator: int) -> tuple[int, int]:
    return (bag if operator in bag.operators else common).span(operator)


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return max(one[0], other[0]), min(one[1], other[1])


def velocity_layers(zones: tuple[Zone, ...], key: int) -> int:
    """Return how many distinct samples a key plays as velocity rises, stereo pairs counted once."""
    answering = [zone for zone in zones if zone.keys[0] <= key <= zone.keys[1]]
    edges = sorted({zone.velocities[0] for zone in answering} | {128})
    spans = [tuple(zone.sample.index for zone in answering if zone.answers(key, low)) for low, _ in pairwise(edges)]
    return len(set(spans))
