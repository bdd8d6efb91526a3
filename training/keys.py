"""What speaks for a key, and how much: weights of :data:`descant.listen.key.WEIGHTS`, printed to be kept there.

They are fitted to songs of our composer, drawn arrangements, tunes alone, and chorales of Bach that no figure is
reported on, all heard as recordings: a choice among 24 keys, by maximum likelihood, drawn towards the likeness of notes
and the home chord. Chords are those that a network hears which did not learn from the same recordings.
"""

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np
import symusic
from benchmarks import truth
from music21 import corpus
from numpy.typing import NDArray
from scipy.optimize import minimize

from descant.compose.styles import names
from descant.engines.score.engine import write
from descant.listen import chord_network, chords, key
from descant.listen.networks import Network
from descant.media import midi
from descant.song.brief import Brief
from descant.song.streams import stream
from training.chords import COUNT, SECONDS, Lesson, arranged, composed, examples, fit, written
from training.renders import SYLLABLES

ALONE = 26
"""Tunes, and chorales."""

SOLOISTS = (0, 24, 40, 56, 61, 65, 66, 68, 71, 73, 73, 52, 53, 53, 22)
CHORISTERS = ("grand_piano", "strings", "church_organ", "flute", "nylon_guitar", "choir_aahs", "trumpet")
STRENGTH = {"composed": 1.0, "arranged": 0.15, "tune": 1.0, "chorale": 2.0}
"""How much a recording of each kind counts; the keys of drawn arrangements are hardly more than their names."""

START = {"notes": 28.0, "home, a third of the time": 3.5, "begins on tonic chord": 1.75, "ends on tonic chord": 1.75}
"""Weights to start from, and to stay near."""

SHRINKAGE = 3.0
Row = tuple[NDArray[np.float64], int, float]
"""Evidence of the 24 keys, the number of the right one, and how much the recording counts."""


def train() -> None:
    """Render, fit, and print the weights."""
    told = [
        ("composed", number % 2, lesson) for number in range(COUNT) for lesson in [composed(number)]
    ] + [("arranged", number % 2, lesson) for number in range(COUNT) for lesson in [arranged(number)]]  # fmt: skip
    told += [("tune", 0, lesson) for lesson in tunes()] + [("chorale", 0, lesson) for lesson in chorales()]
    for name, weight in zip(key.WEIGHTS, fitted(rows(told)), strict=True):
        print(f'    "{name}": {weight:.2f},')


def rows(told: Sequence[tuple[str, int, Lesson]]) -> list[Row]:
    """Return what speaks for each key in recordings, each with its kind and the half of them it belongs to."""
    learnt = [
        _network([lesson for kind, part, lesson in told if part != half and kind in {"composed", "arranged"}])
        for half in range(2)
    ]
    found = []
    for kind, half, lesson in told:
        if len(lesson.chords) < 4:
            continue
        seen = chord_network.likelihoods(lesson.views, learnt[half])
        scores = chords.by_network(lesson.treble, lesson.bass, seen)
        sounding = lesson.treble.sum(axis=1) + lesson.bass.sum(axis=1)
        heard = chords.recognise(scores, sounding, lesson.times, lesson.bar_lines)
        evidence = key.evidence(lesson.treble.sum(axis=0), lesson.bass.sum(axis=0), heard)
        found.append((evidence, lesson.key.tonic + 12 * lesson.key.is_minor, STRENGTH[kind]))
    return found


def _network(lessons: list[Lesson]) -> Network:
    found = fit(*examples(lessons))
    return Network(
        found["mean"], found["scale"], (found["weight0"], found["weight1"]), (found["bias0"], found["bias1"])
    )


def fitted(found: Sequence[Row]) -> NDArray[np.float64]:
    """Return the weight of each kind of evidence."""
    evidence = np.stack([row[0] for row in found])
    right, strength = np.array([row[1] for row in found]), np.array([row[2] for row in found])
    spread = evidence.reshape(-1, evidence.shape[2]).std(axis=0) + 0.02
    start = np.array([START.get(name, 0.0) for name in key.WEIGHTS])
    offset, scaled, each = evidence @ start, evidence / spread, np.arange(len(found))

    def cost(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = offset + scaled @ weights
        chance = np.exp(scores - scores.max(axis=1, keepdims=True))
        chance /= chance.sum(axis=1, keepdims=True)
        loss = -(strength * np.log(chance[each, right] + 1e-12)).sum() + SHRINKAGE * (weights**2).sum()
        chance[each, right] -= 1.0
        return float(loss), np.einsum("i,ik,ikd->d", strength, chance, scaled) + 2 * SHRINKAGE * weights

    best = minimize(cost, np.zeros(evidence.shape[2]), jac=True, method="L-BFGS-B").x
    return np.asarray(start + best / spread, np.float64)


def tunes() -> Iterator[Lesson]:
    """Yield the sung melodies of songs, each played by one instrument alone."""
    styles = sorted(names())
    for number in range(ALONE):
        tags = styles[number * 11 % len(styles)].replace("_", " ")
        score = write(Brief(seed=800_000 + number, tags=tags, lyrics=SYLLABLES, max_seconds=SECONDS + 2))[2]
        played = symusic.Score.from_midi(midi.encode(msgspec.structs.replace(score, parts=())))
        program = int(stream(number, "training.instruments").choice(SOLOISTS))
        for track in played.tracks:
            track.program = program
        yield written(score, played, number)


def chorales() -> Iterator[Lesson]:
    """Yield chorales from all over the collection, less those of :data:`benchmarks.truth.CHORALES`."""
    reported = {number for number, _, _ in truth.CHORALES}
    numbers = [path.stem for path in sorted(corpus.getComposer("bach"), key=str) if path.stem.startswith("bwv")]
    kept = [number for number in numbers if number not in reported]
    for i, number in enumerate(kept[:: max(1, len(kept) // 40)][:ALONE]):
        score = truth.chorale(number, CHORISTERS[i % len(CHORISTERS)], 80)
        yield written(score, symusic.Score.from_midi(midi.encode(score)), i)
