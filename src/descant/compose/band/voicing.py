"""Chord voicings by voice leading: dynamic programming over close, open and shell positions.

Costs after research/composition.md §2.2: movement of the nearest voices, the top above A♭4 and the bottom below C3,
the top against the lowest sung note, minor ninths, and parallel fifths and octaves with the bass. No interval smaller
than a fourth below C3.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from descant.song.theory import QUALITIES, Chord

LOW_INTERVAL_LIMIT = 48
"""Below this pitch, notes that sound together lie at least a fourth apart."""

FOURTH = 5
_SHELL_COST = 1.2
_NINTH_COST = 4.0
_LOST_NINTH_COST = 5.0
_PARALLEL_COST = 2.0
_ABOVE_VOICE_COST = 8.0
_ABOVE_VOICE_SEMITONE = 1.5
_HOME_COST = 0.12
_AMBIGUOUS = frozenset({"m7", "maj7", "6", "m6", "m9", "maj9"})
"""Chords that without their root are another chord: Am7 would sound as C, Fmaj7 as A minor."""


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch to be voiced: the chord, the bass pitch under it and the highest pitch allowed (0 for no limit).

    ``home`` is the pitch its middle tends to, 0 for the hand's own.
    """

    chord: Chord
    bass: int = 0
    ceiling: int = 0
    home: float = 0.0


def voice(
    places: Sequence[Place], voices: int, low: int, high: int, *, home: float | None = None
) -> list[tuple[int, ...]]:
    """Return a voicing for each place, each rising, with the least total cost.

    Parameters
    ----------
    places : in the order they sound.
    voices : notes a chord, 2–4; a voicing may have one fewer where the register is tight.
    low, high : register, MIDI pitches.
    home : pitch the middle of the hand tends to; the middle of the register when None.
    """
    if not places:
        return []
    centre = (low + high) / 2 if home is None else home
    tables = [_candidates(place.chord, voices, low, high) for place in places]
    unary = [_cost(table, place, place.home or centre) for table, place in zip(tables, places, strict=True)]
    total = unary[0]
    back: list[NDArray[np.intp]] = []
    for i in range(1, len(places)):
        step = _transition(tables[i - 1].pitches, tables[i].pitches, places[i - 1].bass, places[i].bass)
        through = total[:, None] + step
        best = through.argmin(axis=0)
        back.append(best)
        total = through[best, np.arange(len(best))] + unary[i]
    chosen = [int(total.argmin())]
    for best in reversed(back):
        chosen.append(int(best[chosen[-1]]))
    chosen.reverse()
    return [tuple(sorted({int(p) for p in table.pitches[i]})) for table, i in zip(tables, chosen, strict=True)]


@dataclass(frozen=True, slots=True)
class _Table:
    pitches: NDArray[np.float64]  # (candidates, voices), rising; a shell repeats its top
    cost: NDArray[np.float64]  # (candidates,)


@lru_cache(maxsize=2048)
def _candidates(chord: Chord, voices: int, low: int, high: int) -> _Table:
    """Return every playable voicing of a chord in a register, with what it costs by itself."""
    tones, needed, ninths = _tones(chord, voices)
    pool = [p for p in range(low, high + 1) if p % 12 in tones]
    found: dict[tuple[int, ...], float] = {}
    for size, price in ((voices, 0.0), (voices - 1, _SHELL_COST)):
        if size < 2:
            continue
        for pitches in combinations(pool, size):
            lacking = needed - {p % 12 for p in pitches}
            if pitches[-1] - pitches[0] <= 17 and lacking <= ninths and _is_clear(pitches):
                padded = pitches + pitches[-1:] * (voices - size)
                found[padded] = price + _LOST_NINTH_COST * len(lacking) + _texture_cost(pitches, len(tones), chord)
    if not found:
        root = next(p for p in range(LOW_INTERVAL_LIMIT, LOW_INTERVAL_LIMIT + 12) if p % 12 == chord.root)
        found[(root,) * voices] = 0.0
    return _Table(np.array(list(found), dtype=np.float64), np.array(list(found.values())))


def _tones(chord: Chord, voices: int) -> tuple[frozenset[int], frozenset[int], frozenset[int]]:
    """Return the pitch classes a voicing draws on, those it may not miss, and the ninths and thirteenths among them.

    The bass plays the root, so chords of four tones and more leave it out when the hand is full, or their fifth where
    the rest would be another chord's triad and say another key; the third (or what is suspended in its place) and the
    colour always sound, but for a ninth that has no room under the voice.
    """
    steps = QUALITIES[chord.quality]
    guide = [s for s in steps if s in (2, 3, 4, 5)][:1]
    colour = [s for s in steps if s > 7 or s in (6, 8)]
    needed = (guide + colour[-2:])[:voices] or [0]
    if chord.quality in _AMBIGUOUS:
        kept = [s for s in steps if s != 7 or voices >= len(steps)]
    else:
        kept = [s for s in steps if s != 0 or len(steps) < 4 or voices > 3]
    ninths = [s for s in needed if s > 12]
    sets = tuple(frozenset((chord.root + s) % 12 for s in part) for part in (kept, needed, ninths))
    return sets[0], sets[1], sets[2]


def _is_clear(pitches: tuple[int, ...]) -> bool:
    """Whether neighbours are a second or more apart, at most an octave, and below C3 a fourth or more."""
    for left, right in pairwise(pitches):
        gap = right - left
        if gap < 2 or gap > 12 or (right < LOW_INTERVAL_LIMIT and gap < FOURTH):
            return False
    return True


def _texture_cost(pitches: tuple[int, ...], tones: int, chord: Chord) -> float:
    """Return the price of a voicing's own sound: missing tones, wide spread, minor ninths, low notes."""
    missing = min(tones, len(pitches)) - len({p % 12 for p in pitches})
    cost = 1.2 * missing + 0.25 * max(0, pitches[-1] - pitches[0] - 12) + 0.8 * max(0, LOW_INTERVAL_LIMIT - pitches[0])
    if chord.quality != "7b9":
        cost += _NINTH_COST * sum(b - a == 13 for a, b in combinations(pitches, 2))
    return cost + 0.6 * max(0, pitches[-1] - 68)


def _cost(table: _Table, place: Place, centre: float) -> NDArray[np.float64]:
    top = table.pitches[:, -1]
    cost: NDArray[np.float64] = table.cost + _HOME_COST * np.abs(table.pitches.mean(axis=1) - centre)
    if place.ceiling:
        over = np.maximum(0.0, top - place.ceiling)
        cost = cost + _ABOVE_VOICE_SEMITONE * over + _ABOVE_VOICE_COST * (over > 0)
    return cost


def _transition(
    left: NDArray[np.float64], right: NDArray[np.float64], bass_before: int, bass: int
) -> NDArray[np.float64]:
    """Return the cost of moving from each voicing to each next one, shape (left, right)."""
    cost = np.abs(left[:, None, :] - right[None, :, :]).sum(axis=2)
    motion = bass - bass_before
    if bass and bass_before and motion:
        before = (left[:, -1] - bass_before) % 12
        after = (right[:, -1] - bass) % 12
        moved = (right[None, :, -1] - left[:, None, -1]) * motion > 0
        perfect = (before[:, None] == after[None, :]) & np.isin(after, (0, 7))[None, :]
        cost += _PARALLEL_COST * (moved & perfect)
    return np.asarray(cost)
