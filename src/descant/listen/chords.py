"""Chords: which one sounds, and when it changes.

Task: chord recognition. Source: templates of treble and bass chroma compared beat by beat and joined by the Viterbi
algorithm, as in Mauch & Dixon (ISMIR 2010) and Cho, Weiss & Bello, "Exploring common variations in state of the art
chord recognition systems" (SMC 2010): what decides is that chords rarely change and that the bass knows the root.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from descant.song.theory import QUALITIES, Chord
from descant.song.transcription import HeardChord

KINDS = {
    "": 0.0, "m": 0.0, "7": -0.6, "maj7": -0.6, "m7": -0.5, "sus4": -0.9, "sus2": -1.2, "dim": -1.0, "m7b5": -1.2,
    "6": -1.4, "aug": -1.6, "5": -1.0,
}  # fmt: skip
"""Chord qualities that are told apart, and the logarithm of how usual each is."""

SHARPNESS = 9.0
"""How much the likeness of chroma and template counts, against how usual a chord and a change are."""

STAY = 2.2
"""Logarithm of how much likelier a chord lasts over a beat than changes to any one other."""


def recognise(
    treble: NDArray[np.float64], bass: NDArray[np.float64], times: NDArray[np.float64], downbeats: NDArray[np.bool_]
) -> tuple[HeardChord, ...]:
    """Return the chords from ``times[0]`` to ``times[-1]``.

    Parameters
    ----------
    treble, bass : (spans, 12) chroma between successive ``times``.
    downbeats : (spans,) whether a bar begins with the span, where changes are likelier.
    """
    chords = [Chord(root, kind) for kind in KINDS for root in range(12)]
    likeness = SHARPNESS * _likeness(treble, bass, chords)
    prior = np.array([KINDS[chord.quality] for chord in chords])
    silent = treble.sum(axis=1) + bass.sum(axis=1) < 0.05 * np.median(treble.sum(axis=1) + bass.sum(axis=1))
    scores = np.hstack([likeness + prior, np.where(silent, 50.0, -50.0)[:, None]])
    stay = np.where(downbeats, STAY - 1.0, STAY)
    path = _viterbi(scores, stay)
    certain = _certainty(likeness + prior, path)
    return _joined(path, [*chords, None], times, certain)


def _likeness(treble: NDArray[np.float64], bass: NDArray[np.float64], chords: list[Chord]) -> NDArray[np.float64]:
    """Return the cosine of each span's chroma with each chord's template, treble and bass together."""
    templates = np.array([_template(chord) for chord in chords])
    templates /= np.linalg.norm(templates, axis=1, keepdims=True)
    seen = np.hstack([_unit(treble), 0.7 * _unit(bass)])
    seen /= np.maximum(np.linalg.norm(seen, axis=1, keepdims=True), 1e-9)
    return np.asarray(seen @ templates.T, np.float64)


def _unit(chroma: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(chroma / np.maximum(np.linalg.norm(chroma, axis=1, keepdims=True), 1e-9), np.float64)


def _template(chord: Chord) -> NDArray[np.float64]:
    treble, bass = np.zeros(12), np.zeros(12)
    for pitch_class in chord.pitch_classes:
        treble[pitch_class] = 1.0
        bass[pitch_class] = 0.25
    bass[chord.root] = 1.0
    if chord.quality not in {"aug", "dim", "m7b5"}:
        bass[(chord.root + 7) % 12] = 0.45
    return np.concatenate([treble / np.linalg.norm(treble), 0.7 * bass / np.linalg.norm(bass)])


@njit(cache=True, fastmath=False, nogil=True)
def _viterbi(scores: NDArray[np.float64], stay: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the best state of each span; ``stay`` is what keeping the state over the span's beginning earns."""
    spans, states = scores.shape
    total = scores[0].copy()
    came = np.zeros((spans, states), np.int64)
    for span in range(1, spans):
        best = np.argmax(total)
        top = total[best]
        for state in range(states):
            kept = total[state] + stay[span]
            if kept >= top:
                came[span, state] = state
                total[state] = kept + scores[span, state]
            else:
                came[span, state] = best
                total[state] = top + scores[span, state]
    path = np.zeros(spans, np.int64)
    path[-1] = np.argmax(total)
    for span in range(spans - 1, 0, -1):
        path[span - 1] = came[span, path[span]]
    return path


def _certainty(scores: NDArray[np.float64], path: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the share of probability the chosen chord has in each span, 0–1."""
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    chosen = np.minimum(path, scores.shape[1] - 1)
    return np.where(path < scores.shape[1], weights[np.arange(len(path)), chosen], 0.9)


def _joined(
    path: NDArray[np.int64], names: list[Chord | None], times: NDArray[np.float64], certain: NDArray[np.float64]
) -> tuple[HeardChord, ...]:
    changes = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), len(path)]
    return tuple(
        HeardChord(float(times[a]), float(times[b]), names[path[a]], round(float(certain[a:b].mean()), 3))
        for a, b in zip(changes, changes[1:], strict=False)
        if b > a
    )
