"""The bass line of a recording, as notes.

Task: the lowest voice. It is the likeliest path through the keys that the note network holds to be sounding below D3,
where a key counts less the likelier a lower one sounds; the line is cut into notes where its key is struck.
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
    return tuple(_apart(line))


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
