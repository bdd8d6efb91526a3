"""The portrait of a style: what its songs' notes say of it, and how far two styles lie apart.

Everything is read from written scores: where kick, snare, cymbals, bass and chords fall in the bar, how many notes each
family of players has, how far off-beats are swung, how often chords change and of how many tones they are. The distance
asks the notes alone: not the tempo, not the instruments that play them, not the mix.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

import msgspec
import numpy as np
from numpy.typing import NDArray

from descant.compose.grid import SLOT
from descant.song.score import Note, Part, Role, Score

SLOTS = 16
"""Places of a bar; bars of other lengths are stretched to as many."""

KICKS, SNARES = (35, 36), (37, 38, 39, 40)
CYMBALS = (42, 44, 46, 51, 52, 53, 57, 59)
LANES = ("kick", "snare", "cymbals", "percussion", "bass", "chords")
"""Whose onsets make the groove."""

FAMILIES = ("drums", "percussion", "bass", "chords", "held", "lead")
"""Players by what they do: ``chords`` strike several notes at a time, ``held`` let them ring, ``lead`` play lines."""

_WEIGHTS = {"kick": 1.0, "snare": 1.0, "cymbals": 0.8, "percussion": 0.5, "bass": 1.0, "chords": 1.0}
_DENSITY, _SWING, _COLOUR, _CHANGES, _MINOR, _METRE = 0.4, 6.0, 0.5, 0.4, 0.4, 0.8
_HELD_BEATS = 1.75
_TOGETHER = 0.05  # beats
_BEAT_SLOTS = 4


class Portrait(msgspec.Struct, frozen=True, kw_only=True):
    """What the notes of a style's songs say.

    Attributes
    ----------
    bpm : tempo of each song.
    metre : beats and unit of the first song.
    swing : place of the second of a pair of eighths or sixteenths, 0.5 straight.
    minor : share of songs in minor.
    tones : mean number of tones a chord; ``changes`` chord changes a bar.
    density : notes a bar by family (:data:`FAMILIES`), 0 for who does not play.
    onsets : lane (:data:`LANES`) to the mean strength of its onsets at each of :data:`SLOTS` places, 1 for a full
        stroke in every bar.
    syncopation : share of the onsets of bass and chords that lie off the beat.
    instruments : presets, the commonest first.
    """

    bpm: tuple[float, ...]
    metre: tuple[int, int]
    swing: float
    minor: float
    tones: float
    changes: float
    density: dict[str, float]
    onsets: dict[str, tuple[float, ...]]
    syncopation: float
    instruments: tuple[str, ...]


def portray(scores: Sequence[Score]) -> Portrait:
    """Return the portrait of a style from songs in it, one at least."""
    lanes = {lane: np.mean([_lane(score, lane) for score in scores], axis=0) for lane in LANES}
    families = [_densities(score) for score in scores]
    pitched = lanes["bass"] + lanes["chords"]
    played = Counter(preset for score in scores for preset in dict.fromkeys(part.instrument for part in score.parts))
    return Portrait(
        bpm=tuple(score.tempo[0].bpm for score in scores),
        metre=(scores[0].metre.beats, scores[0].metre.unit),
        swing=float(np.median([_swing(score) for score in scores])),
        minor=float(np.mean([score.key.is_minor for score in scores])),
        tones=float(np.mean([_tones(score) for score in scores])),
        changes=float(np.mean([_changes(score) for score in scores])),
        density={name: float(np.mean([found[name] for found in families])) for name in FAMILIES},
        onsets={lane: tuple(np.round(values, 3).tolist()) for lane, values in lanes.items()},
        syncopation=float(np.delete(pitched, np.s_[::_BEAT_SLOTS]).sum() / max(pitched.sum(), 1e-9)),
        instruments=tuple(name for name, _ in played.most_common()),
    )


def apart(first: Portrait, second: Portrait) -> float:
    """Return how far two styles lie apart in their notes: 0 for the same notes, about 1 for styles nobody confuses."""
    total = 0.0
    for lane, weight in _WEIGHTS.items():
        a, b = np.array(first.onsets[lane]), np.array(second.onsets[lane])
        total += weight * float(np.abs(a - b).sum()) / (1.0 + float(a.sum() + b.sum()))
    for name in FAMILIES:
        total += _DENSITY * abs(np.log2((1.0 + first.density[name]) / (1.0 + second.density[name]))) / len(FAMILIES)
    total += _SWING * abs(first.swing - second.swing) + _COLOUR * abs(first.tones - second.tones)
    total += _CHANGES * abs(first.changes - second.changes) + _MINOR * abs(first.minor - second.minor)
    return float(total + _METRE * (first.metre != second.metre))


def nearest(name: str, portraits: Mapping[str, Portrait]) -> tuple[str, float]:
    """Return the style nearest to one of several, and how far off it lies."""
    others = [(apart(portraits[name], other), key) for key, other in portraits.items() if key != name]
    distance, key = min(others)
    return key, distance


def _family(part: Part) -> str:
    """Return what a part does in the band, one of :data:`FAMILIES`, or "" for effects."""
    by_role = {Role.DRUMS: "drums", Role.PERCUSSION: "percussion", Role.BASS: "bass", Role.FX: ""}
    if part.role in by_role:
        return by_role[part.role]
    lengths = [note.duration for note in part.notes]
    together = sum(after.start - before.start < _TOGETHER for before, after in pairwise(part.notes))
    if together < 0.1 * len(part.notes):
        return "lead"
    return "held" if float(np.median(lengths)) > _HELD_BEATS else "chords"


def _densities(score: Score) -> dict[str, float]:
    bars = max(score.length / score.metre.bar_length, 1.0)
    counts = dict.fromkeys(FAMILIES, 0.0)
    for part in score.parts:
        family = _family(part)
        if family:
            counts[family] += len(part.notes) / bars
    return counts


def _lane(score: Score, lane: str) -> NDArray[np.float64]:
    """Return the mean strength of a lane's onsets by place in the bar, over the bars in which it plays."""
    length = score.metre.bar_length
    strength: dict[tuple[int, int], float] = {}
    for note in _notes(score, lane):
        bar = int((note.start + 1e-6) // length)
        place = int((note.start - bar * length + 1e-6) / length * SLOTS)
        strength[bar, place] = max(strength.get((bar, place), 0.0), min(1.0, note.velocity / 100))
    table = np.zeros(SLOTS)
    for (_, place), value in strength.items():
        table[place] += value
    return table / max(len({bar for bar, _ in strength}), 1)


def _notes(score: Score, lane: str) -> list[Note]:
    keys = {"kick": KICKS, "snare": SNARES, "cymbals": CYMBALS}.get(lane)
    if keys is not None:
        return [n for part in score.parts if part.role is Role.DRUMS for n in part.notes if n.pitch in keys]
    return [note for part in score.parts if _family(part) == lane for note in part.notes]


def _swing(score: Score) -> float:
    """Return where the second of a pair falls: of eighths or of sixteenths, whichever is swung."""
    beat = 60.0 / score.tempo[0].bpm
    late: dict[int, list[float]] = {0: [], 1: [], 2: [], 3: []}
    for part in score.parts:
        if part.role is not Role.FX:
            for note in part.notes:
                late[round(note.start / SLOT) % _BEAT_SLOTS].append(note.shift / beat)
    middle = {slot: float(np.median(values)) if values else 0.0 for slot, values in late.items()}
    eighth = 0.5 + middle[2] - middle[0] if late[2] else 0.5
    sixteenth = 0.5 + 2.0 * ((middle[1] + middle[3]) / 2 - (middle[0] + middle[2]) / 2)
    return max(eighth, sixteenth if late[1] or late[3] else 0.5)


def _tones(score: Score) -> float:
    return sum(span.duration * len(span.chord.pitch_classes) for span in score.chords) / score.length


def _changes(score: Score) -> float:
    changes = sum(before.chord != after.chord for before, after in pairwise(score.chords))
    return changes / max(score.length / score.metre.bar_length, 1.0)
