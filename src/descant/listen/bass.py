"""The bass line of a recording, as notes.

Task: the lowest voice. It is the likeliest path through the keys that the note network holds to be sounding below D3,
where a key counts less the likelier a lower one sounds; the line is cut into notes where its key is struck. While a
bass rests, that path falls on whatever else is low: a note is kept if it begins as a bass's notes do (struck, on a key
that was silent, in the register in which the line is most of the time), by a logistic regression.
"""

from itertools import pairwise

import msgspec
import numpy as np
from numpy.typing import NDArray

from descant.listen.notes import STRUCK, Keys, keys
from descant.listen.paths import likeliest
from descant.listen.posteriors import FRAMES_PER_SECOND, LOWEST
from descant.song.transcription import Evidence, HeardNote

METHOD = "lowest line through the keys of the note network"

RANGE = (28, 50)
"""MIDI numbers between which basses are looked for: E1 to D3."""

ABOVE = 0.95
"""How much a key loses when a lower one sounds for certain."""

SILENCE = 0.35
"""How likely a key must sound to be taken rather than nothing."""

FLOOR = 0.02
LEAP, TURN = 3.0, 1.5
"""Cost of another key, and of beginning or ending, in logarithmic likelihood."""

EARLY = 3
"""Frames before the line reaches a key in which the key may be struck."""

SHORTEST = 4
"""Frames of the shortest note (46 ms)."""

TOUCHING = 0.05
"""Seconds between two notes that are no rest."""

LEAST = 0.42
"""Chance of being a bass's from which a note is kept."""

BEGUN = (-2.21, 2.29, 3.86, 0.54, -2.87, -5.42, 0.21, -1.05)
AGAIN = (0.87, 0.55, 3.79, 0.30, -3.58, -5.94, -0.40, 1.14)
"""Weights of the chance: of 1 and of the features of :func:`_features`; for notes on another key than the one before,
and for those on the same without a rest between. Fitted to the songs of ``benchmarks/truth/tune.toml``."""

REGISTER = 5
"""Semitones from the line's middle within which a note's height tells nothing."""


def bass(audio: NDArray[np.float32], likely: Keys | None = None) -> tuple[HeardNote, ...]:
    """Return the bass line of a recording: one voice, by start.

    Parameters
    ----------
    audio : float32 (samples, 2) at 48 kHz.
    likely : what is likely of its keys, when that is known already.

    Raises
    ------
    ModelMissing : see :func:`~descant.listen.posteriors.model_path`.
    """
    likely = keys(audio) if likely is None else likely
    found = np.arange(RANGE[0], RANGE[1] + 1) - LOWEST
    sounding, struck = likely.sounding[:, found], likely.struck[:, found]
    lower = np.maximum.accumulate(sounding, axis=1)
    free = sounding * (np.float32(1.0) - np.float32(ABOVE) * np.pad(lower[:, :-1], ((0, 0), (1, 0))))
    silent = np.full(len(free), np.log(SILENCE))
    path = likeliest(np.log(free + FLOOR).astype(np.float64), silent, 0, 0.0, LEAP, TURN)
    turns = [0, *(int(t) for t in np.flatnonzero(np.diff(path)) + 1), len(path)]
    line: list[HeardNote] = []
    for first, last in pairwise(turns):
        key = int(path[first])
        if key < len(found):
            level = likely.level[:, found[key]]
            line += _notes(found[key] + LOWEST, first, last, struck[:, key], free[:, key], level)
    return tuple(_apart(_kept(line, likely)))


def _kept(line: list[HeardNote], likely: Keys) -> list[HeardNote]:
    """Return the notes that a bass is likely to play; what is no stroke of its own goes on the note before."""
    if not line:
        return []
    durations = np.array([(note.stop - note.start) * note.confidence for note in line])
    order = np.argsort([note.pitch for note in line], kind="stable")
    half = np.searchsorted(np.cumsum(durations[order]), durations.sum() / 2)
    middle = line[order[min(half, len(line) - 1)]].pitch
    kept: list[HeardNote] = []
    before: HeardNote | None = None
    for note in line:
        again = before is not None and before.pitch == note.pitch and note.start - before.stop < TOUCHING
        odds = float(np.dot(AGAIN if again else BEGUN, (1.0, *_features(note, middle, likely))))
        before = note
        if odds >= np.log(LEAST / (1.0 - LEAST)):
            kept.append(note)
        elif again and kept and kept[-1].pitch == note.pitch and note.start - kept[-1].stop < TOUCHING:
            kept[-1] = msgspec.structs.replace(kept[-1], stop=note.stop)
    return kept


def _features(note: HeardNote, middle: float, likely: Keys) -> tuple[float, ...]:
    """Return a note's confidence, how surely it is struck, the rise of its level, how surely its key sounded before.

    Then how far it lies above the register of a line whose ``middle`` is told, its length, and how far it lies below.
    """
    start, key = round(note.start * FRAMES_PER_SECOND), int(note.pitch) - LOWEST
    level, sounding = likely.level[:, key], likely.sounding[:, key]
    rise = float(level[start : start + 8].max() - level[max(0, start - 8) : max(1, start - 2)].mean())
    return (
        note.confidence,
        float(likely.struck[max(0, start - 3) : start + 4, key].max()),
        float(np.clip(rise, -1.0, 2.0)),
        float(sounding[max(0, start - 6) : max(1, start - 2)].mean()),
        max(0.0, note.pitch - middle - REGISTER) / 12.0,
        min(note.stop - note.start, 0.5),
        max(0.0, middle - REGISTER - note.pitch) / 12.0,
    )


def _apart(line: list[HeardNote]) -> list[HeardNote]:
    """Return notes of which each ends before the next begins."""
    ends = [*(note.start for note in line[1:]), np.inf]
    return [msgspec.structs.replace(note, stop=min(note.stop, end)) for note, end in zip(line, ends, strict=False)]


def evidence(found: tuple[HeardNote, ...]) -> Evidence:
    """Return how the bass line was found and how sure it is on the whole."""
    return Evidence(METHOD, round(float(np.mean([note.confidence for note in found])), 3) if found else 0.0)


def _notes(
    pitch: int,
    first: int,
    last: int,
    struck: NDArray[np.float32],
    sounding: NDArray[np.float32],
    level: NDArray[np.float32],
) -> list[HeardNote]:
    """Return the notes of a stretch on one key, cut where it is struck."""
    begin = max(1, first - EARLY)
    inner = struck[begin - 1 : last + 1]
    peaks = (inner[1:-1] >= STRUCK) & (inner[1:-1] > inner[:-2]) & (inner[1:-1] >= inner[2:])
    cuts: list[int] = []
    for peak in (int(p) + begin for p in np.flatnonzero(peaks)):
        if not cuts or peak - cuts[-1] > SHORTEST:
            cuts.append(peak)
    if not cuts or cuts[0] > first + 2 * EARLY:
        cuts.insert(0, first)
    return [
        HeardNote(
            start=round(start / FRAMES_PER_SECOND, 4),
            stop=round(stop / FRAMES_PER_SECOND, 4),
            pitch=float(pitch),
            velocity=int(np.clip(round(30.0 * float(level[start : start + 8].max()) - 40.0), 15, 120)),
            confidence=round(float(sounding[start:stop].mean()), 3),
        )
        for start, stop in zip(cuts, [*cuts[1:], last], strict=True)
        if stop - start >= SHORTEST
    ]
