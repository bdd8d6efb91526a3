"""Walking bass: a line from one root to the next by scale and chord tones, the last step leading in.

The cheapest path through the register: steps before skips, chord tones on the strong beats, a semitone, tone or fifth
before the next root (research/composition.md §3B, row 41).
"""

import numpy as np

from descant.song.theory import Chord, Key

_LOW, _HIGH = 28, 50  # E1–D3
_STEP_COST = (3.0, 0.3, 0.0, 0.4, 0.6, 1.0, 2.2, 1.4)
"""Price of a move of 0–7 semitones; larger ones cost more than any of these."""

_LEAP, _WEAK, _STRONG, _FOREIGN = 5.0, 0.3, 1.2, 4.0
_LEADING = {1: 0.0, 2: 0.3, 5: 0.8, 7: 0.9}
"""Price of the last step by its distance from the next root."""

_OTHER_LEADING, _LOOSENESS = 3.0, 0.9


def walk(chord: Chord, key: Key, root: int, goal: int, count: int, rng: np.random.Generator) -> list[int]:
    """Return ``count`` pitches over a chord: the root first, the last leading to ``goal``, the next chord's root."""
    if count == 1:
        return [root]
    pitches = range(_LOW, _HIGH + 1)
    tones, scale = frozenset(chord.pitch_classes), frozenset(key.scale)
    reach = {root: (0.0, [root])}
    for i in range(1, count):
        last = i == count - 1
        noise = rng.random(len(pitches)) * _LOOSENESS
        following: dict[int, tuple[float, list[int]]] = {}
        for n, pitch in enumerate(pitches):
            price = float(noise[n]) + (
                _leading(pitch, goal) if last else _price(pitch, tones, scale, strong=i % 2 == 0)
            )
            best = min(reach, key=lambda p: reach[p][0] + _move(p, pitch))
            cost, path = reach[best]
            following[pitch] = (cost + _move(best, pitch) + price, [*path, pitch])
        reach = following
    return min(reach.values(), key=lambda found: found[0])[1]


def _move(before: int, after: int) -> float:
    distance = abs(after - before)
    return _STEP_COST[distance] if distance < len(_STEP_COST) else _LEAP


def _price(pitch: int, tones: frozenset[int], scale: frozenset[int], *, strong: bool) -> float:
    if pitch % 12 in tones:
        return 0.0
    return (_STRONG if strong else _WEAK) if pitch % 12 in scale else _FOREIGN


def _leading(pitch: int, goal: int) -> float:
    return _LEADING.get(abs(pitch - goal), _OTHER_LEADING)
