"""Metrics of the band and of the whole score (rows 37–39, 41, 42 of research/composition.md §7, and the key)."""

from itertools import pairwise

import numpy as np

from descant.compose import tonality
from descant.compose.grid import SLOT
from descant.compose.metrics.tune import Tune
from descant.song.score import Note, Part, Role, Score

_KICKS, _SNARES, _HATS = (35, 36), (37, 38, 39, 40), (42, 44, 46, 51, 53, 59)
_GHOST = 50  # velocity under which a snare hit is a ghost note
_SUSTAINED = (Role.STRINGS, Role.SYNTH, Role.KEYBOARD)
_TOGETHER = 0.05  # beats
_VOICES = (3, 6)  # notes of a chord whose leading is followed


def groove_consistency(score: Score) -> float:
    """Return how alike neighbouring bars of kick, snare and hat are: 1 less their differing share (humans .84)."""
    notes = [note for part in score.parts if part.role is Role.DRUMS for note in part.notes]
    if not notes:
        return float("nan")
    bars: dict[int, set[tuple[int, int]]] = {}
    for note in notes:
        family = next((i for i, keys in enumerate((_KICKS, _SNARES, _HATS)) if note.pitch in keys), None)
        if family is not None:
            bar = int(note.start // score.metre.bar_length)
            slot = round((note.start - bar * score.metre.bar_length) / SLOT)
            bars.setdefault(bar, set()).add((family, slot))
    slots = 3 * round(score.metre.bar_length / SLOT)
    alike = [1.0 - len(bars[a] ^ bars[b]) / slots for a, b in pairwise(sorted(bars)) if b == a + 1]
    return float(np.mean(alike)) if alike else float("nan")


def drum_velocity_spread(score: Score) -> float:
    """Return the standard deviation of the drums' velocities (human players 29–41; at least 12)."""
    velocities = [note.velocity for part in score.parts if part.role is Role.DRUMS for note in part.notes]
    return float(np.std(velocities)) if velocities else float("nan")


def ghost_share(score: Score) -> float:
    """Return the share of snare hits that are ghost notes (human players .27–.60)."""
    hits = [n.velocity for p in score.parts if p.role is Role.DRUMS for n in p.notes if n.pitch in _SNARES]
    return float(np.mean(np.array(hits) < _GHOST)) if hits else float("nan")


def timing_spread(score: Score) -> float:
    """Return the median over pitched parts of their performed deviations' standard deviation, in milliseconds (3–12).

    Swung songs spread wider: their off-beats are late by design.
    """
    spreads = [
        1000.0 * float(np.std([note.shift for note in part.notes]))
        for part in score.parts
        if part.role not in (Role.DRUMS, Role.PERCUSSION, Role.FX) and len(part.notes) > 8
    ]
    return float(np.median(spreads)) if spreads else float("nan")


def voice_leading(score: Score) -> float:
    """Return the mean semitones that a voice of a sustained chord moves when the chord changes (at most 2.0)."""
    moves: list[float] = []
    for part in score.parts:
        if part.role in _SUSTAINED:
            moves += _moves(part)
    return float(np.mean(moves)) if moves else float("nan")


def _moves(part: Part) -> list[float]:
    chords: list[list[int]] = []
    stack: list[Note] = []
    for note in part.notes:
        if stack and note.start - stack[0].start > _TOGETHER:
            chords.append(sorted(n.pitch for n in stack))
            stack = []
        stack.append(note)
    chords = [chord for chord in chords if _VOICES[0] <= len(chord) <= _VOICES[1]]
    return [
        float(np.mean(np.abs(np.array(before) - np.array(after))))
        for before, after in pairwise(chords)
        if len(before) == len(after) and {p % 12 for p in before} != {p % 12 for p in after}
    ]


def outer_parallels(tune: Tune) -> float:
    """Return the share of moving downbeats at which bass and voice keep a fifth or an octave (pop at most .15)."""
    score = tune.score
    bass = sorted((n.start, n.pitch) for part in score.parts if part.role is Role.BASS for n in part.notes)
    if not bass:
        return float("nan")
    starts = np.array([start for start, _ in bass])
    pairs = []
    for beat in np.arange(0.0, score.length, score.metre.bar_length):
        sung = np.flatnonzero((tune.starts <= beat + _TOGETHER) & (tune.stops > beat + _TOGETHER))
        below = int(np.searchsorted(starts, beat + _TOGETHER, side="right")) - 1
        if len(sung) and below >= 0 and beat - starts[below] < score.metre.bar_length:
            pairs.append((int(tune.pitches[sung[-1]]), bass[below][1]))
    moving = [(a, b) for a, b in pairwise(pairs) if a[0] != b[0] and a[1] != b[1]]
    if not moving:
        return float("nan")
    return float(
        np.mean([(a[0] - a[1]) % 12 == (b[0] - b[1]) % 12 and (a[0] - a[1]) % 12 in (0, 7) for a, b in moving])
    )


def key_clarity(score: Score) -> float:
    """Return how much better the song's key fits its notes than any other key does; above 0 it is the key heard."""
    return tonality.clarity(tonality.score_weights(score), score.key)
