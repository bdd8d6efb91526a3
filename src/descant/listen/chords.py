"""Chords: which one sounds, and when it changes.

Task: chord recognition. Source: templates of treble and bass chroma compared beat by beat and joined by the Viterbi
algorithm, as in Mauch & Dixon (ISMIR 2010) and Cho, Weiss & Bello, "Exploring common variations in state of the art
chord recognition systems" (SMC 2010): what decides is that chords rarely change and that the bass knows the root.
Templates tell triads from sevenths badly; where a network's likelihoods are at hand
(:mod:`~descant.listen.chord_network`), both are added up. Without them a known key makes its own chords likelier, as in
Lee & Slaney (IEEE TASLP 2008): the third of a distorted guitar's chord, which its overtones hide, is the key's.
"""

from itertools import pairwise

import numpy as np
from numba import njit
from numpy.typing import NDArray

from descant.song.theory import Chord, Key
from descant.song.transcription import HeardChord

KINDS = {
    "": 0.0, "m": 0.0, "7": -0.6, "maj7": -0.6, "m7": -0.5, "sus4": -0.9, "sus2": -1.2, "dim": -1.0, "m7b5": -1.2,
    "6": -1.4, "aug": -1.6, "5": -1.0, "dim7": -2.0, "m6": -2.0, "add9": -2.0, "9": -3.0, "m9": -3.0, "maj9": -3.0,
    "7sus4": -2.0,
}  # fmt: skip
"""Chord qualities that are told apart, and the logarithm of how usual each is. The network's outputs are these."""

CHORDS = tuple(Chord(root, kind) for root in range(12) for kind in KINDS)

SHARPNESS = 9.0
"""How much the likeness of chroma and template counts, against how usual a chord and a change are."""

LEARNED, LIKENESS = 0.7, 6.3
"""The same for a network's log likelihoods, and for templates beside them."""

POWER = 1.0
"""By how much less likely a network's power chords are taken: mostly the third is there, under distortion."""

BASS_WEIGHT = 0.8
"""How much bass chroma counts beside treble chroma."""

STAY = 2.6
"""Logarithm of how much likelier a chord lasts over a beat than changes to any one other."""

BAR_LINE = 2.0
"""By how much less it lasts over a bar line."""

IN_KEY = 0.6
"""Logarithm of how much likelier the chords of a known key are."""

SILENCE = 0.05
"""Share of the usual chroma below which nothing sounds."""


def by_templates(treble: NDArray[np.float64], bass: NDArray[np.float64], key: Key | None = None) -> NDArray[np.float64]:
    """Return how much speaks for each of :data:`CHORDS` in each span, as logarithms: (spans, chords).

    Parameters
    ----------
    treble, bass : (spans, 12) chroma.
    key : the key of the music, where it is known.
    """
    scores = SHARPNESS * _likeness(treble, bass) + [KINDS[chord.quality] for chord in CHORDS]
    return scores if key is None else scores + IN_KEY * np.array([_belongs(chord, key) for chord in CHORDS])


def by_network(
    treble: NDArray[np.float64], bass: NDArray[np.float64], likelihoods: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the same from a network's log ``likelihoods`` (spans, 12 roots, qualities) and templates beside them."""
    power = np.array([chord.quality == "5" for chord in CHORDS])
    learned = LEARNED * likelihoods.reshape(len(treble), -1)
    return np.asarray(learned + LIKENESS * _likeness(treble, bass) - POWER * power, np.float64)


def recognise(
    scores: NDArray[np.float64],
    sounding: NDArray[np.float64],
    times: NDArray[np.float64],
    bar_lines: NDArray[np.bool_],
) -> tuple[HeardChord, ...]:
    """Return the chords from ``times[0]`` to ``times[-1]``.

    Parameters
    ----------
    scores : (spans, chords) how much speaks for each of :data:`CHORDS` between successive ``times``.
    sounding : (spans,) how much sounds there at all.
    bar_lines : (spans,) whether a bar begins with the span, where changes are likelier.
    """
    silent = sounding <= SILENCE * np.median(sounding)
    path = _viterbi(
        np.hstack([scores, np.where(silent, 50.0, -50.0)[:, None]]), np.where(bar_lines, STAY - BAR_LINE, STAY)
    )
    return _joined(path, [*CHORDS, None], times, _certainty(scores, path))


def _belongs(chord: Chord, key: Key) -> float:
    """Return 1 for chords of the key's notes, and in minor nearly that for those with the raised seventh."""
    notes, scale = set(chord.pitch_classes), set(key.scale)
    if notes <= scale:
        return 1.0
    leads = key.is_minor and chord.root in {(key.tonic + 7) % 12, (key.tonic + 11) % 12}
    return 0.8 if leads and notes <= scale | {(key.tonic + 11) % 12} else 0.0


def _likeness(treble: NDArray[np.float64], bass: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the cosine of each span's chroma with each chord's template, treble and bass together."""
    templates = np.array([_template(chord) for chord in CHORDS])
    templates /= np.linalg.norm(templates, axis=1, keepdims=True)
    seen = np.hstack([_unit(treble), BASS_WEIGHT * _unit(bass)])
    seen /= np.maximum(np.linalg.norm(seen, axis=1, keepdims=True), 1e-9)
    return np.asarray(seen @ templates.T, np.float64)


def _unit(chroma: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(chroma / np.maximum(np.linalg.norm(chroma, axis=1, keepdims=True), 1e-9), np.float64)


def _template(chord: Chord) -> NDArray[np.float64]:
    """Return the treble and bass chroma that a chord is expected to show: in the bass its root, less its fifth."""
    treble, bass = np.zeros(12), np.zeros(12)
    for pitch_class in chord.pitch_classes:
        treble[pitch_class] = 1.0
        bass[pitch_class] = 0.25
    bass[chord.root] = 1.0
    if chord.quality not in {"aug", "dim", "m7b5"}:
        bass[(chord.root + 7) % 12] = 0.45
    return np.concatenate([treble / np.linalg.norm(treble), BASS_WEIGHT * bass / np.linalg.norm(bass)])


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
    """Return the share of probability that the chosen root has in each span, 0–1, and 0.9 for silence."""
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    roots = weights.reshape(len(path), 12, len(KINDS)).sum(axis=2)
    root = np.minimum(path // len(KINDS), 11)
    return np.where(path < scores.shape[1], roots[np.arange(len(path)), root] / roots.sum(axis=1), 0.9)


def _joined(
    path: NDArray[np.int64], names: list[Chord | None], times: NDArray[np.float64], certain: NDArray[np.float64]
) -> tuple[HeardChord, ...]:
    changes = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), len(path)]
    return tuple(
        HeardChord(float(times[a]), float(times[b]), names[path[a]], round(float(certain[a:b].mean()), 3))
        for a, b in pairwise(changes)
    )
