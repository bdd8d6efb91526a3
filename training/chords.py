"""The chord network: which chord sounds in a span between two beats, from its pitch classes.

It learns from songs of our composer whose players were dealt other instruments, and from as many arrangements of
progressions that no composer's habits rule (:mod:`training.progressions`), played by three sound banks in turn.
Transposing them would add nothing: the network sees every chord from all twelve roots.
"""

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import soundfile
import symusic
from numpy.typing import NDArray

from descant.compose.styles import names
from descant.engines.score.engine import write
from descant.listen import chord_network, features, harmony
from descant.listen.chords import KINDS
from descant.listen.posteriors import posteriors
from descant.media import midi
from descant.song.brief import Brief
from descant.song.score import Score
from descant.song.streams import stream
from descant.song.theory import Chord, Key
from training import fitting, progressions
from training.renders import RATE, SOUND_BANK, SYLLABLES, redealt

TARGET = Path(chord_network.__file__).with_name("chord_network.npz")
BANKS = (SOUND_BANK, *(SOUND_BANK.with_name(f"{name}.sf2") for name in ("MuseScore_General_Full", "FluidR3_GM",
                                                                        "sf_GMbank")))  # fmt: skip
COUNT = 150
"""Songs, and arrangements besides."""

SECONDS = 40.0
HIDDEN = 96
EPOCHS = 16
BATCH = 256
STEP = 3e-3
DECAY = 3e-3
DROPPED = 0.3
"""Share of the inputs that each row is left without."""

NEAREST = {"mmaj7": "m", "madd9": "m", "13": "9", "7b9": "7", "7#9": "7"}
"""Qualities that are learned as others."""


@dataclass(frozen=True)
class Lesson:
    """A recording and what is known of it: ``times`` of its beats, chords between them (None where none is), key.

    ``views``, ``treble`` and ``bass`` are what :mod:`~descant.listen.harmony` shows of each span.
    """

    times: NDArray[np.float64]
    bar_lines: NDArray[np.bool_]
    chords: tuple[Chord | None, ...]
    key: Key
    views: NDArray[np.float64]
    treble: NDArray[np.float64]
    bass: NDArray[np.float64]


def train() -> None:
    """Render, train, and write the network beside the code that uses it."""
    inputs, targets = examples(list(lessons(COUNT)))
    fitting.save(fit(inputs, targets), TARGET)


def lessons(count: int) -> Iterator[Lesson]:
    """Yield ``count`` songs of our composer and as many drawn arrangements, played."""
    for number in range(count):
        yield from (composed(number), arranged(number))
        print(f"recordings {2 * number + 2} of {2 * count}", flush=True)


def composed(number: int) -> Lesson:
    """Return a song of our composer with instruments dealt anew."""
    styles = sorted(names())
    brief = Brief(
        seed=700_000 + number,
        tags=styles[number * 7 % len(styles)].replace("_", " "),
        instrumental=number % 3 == 0,
        lyrics="" if number % 3 == 0 else SYLLABLES,
        max_seconds=SECONDS + 2,
    )
    score = write(brief)[2]
    return written(score, redealt(symusic.Score.from_midi(midi.encode(score)), number), number)


def written(score: Score, played: symusic.Score, number: int) -> Lesson:
    """Return a score as ``played``, by one of the banks."""
    beats = np.arange(0, score.length + 1e-6, 1.5 if score.metre.unit == 8 else 1.0)
    times = np.array([score.seconds(beat) for beat in beats])
    bars = np.isclose(beats % score.metre.bar_length, 0)
    spans = [(span.start, span.start + span.duration, span.chord) for span in score.chords]
    return _lesson(sound(played, number), beats, times, bars, spans, score.key)


def arranged(number: int) -> Lesson:
    """Return a drawn arrangement."""
    made = progressions.arrangement(number)
    beats = np.arange(0, made.chords[-1][1] + 1e-6, 1.0)
    bars = np.isclose(beats % made.bar, 0)
    return _lesson(sound(made.midi, number), beats, beats * 60 / made.bpm, bars, made.chords, made.key)


def sound(score: symusic.Score, number: int) -> NDArray[np.float32]:
    """Return a score as FluidSynth plays it, at a drawn level, a fifth of them overdriven as a whole."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "a.mid", Path(folder) / "a.wav"
        source.write_bytes(score.dumps_midi())
        command = ["fluidsynth", "-niq", "-r", str(RATE), "-g", "0.4", "-o", "synth.dynamic-sample-loading=1"]
        command += ["-T", "wav", "-O", "float", "-F", str(target), str(BANKS[number % len(BANKS)]), str(source)]
        subprocess.run(command, check=True, capture_output=True)
        audio = soundfile.read(target, dtype="float32", always_2d=True)[0][: round(SECONDS * RATE)]
    draw = stream(number, "training.loudness")
    audio = audio * np.float32(draw.uniform(0.3, 0.95) / max(1e-6, np.abs(audio).max()))
    return np.tanh(audio * np.float32(draw.uniform(1.5, 5.0))) if draw.random() < 0.2 else audio


def _lesson(
    audio: NDArray[np.float32],
    beats: NDArray[np.float64],
    times: NDArray[np.float64],
    bars: NDArray[np.bool_],
    spans: Sequence[tuple[float, float, Chord]],
    key: Key,
) -> Lesson:
    heard = times <= len(audio) / RATE
    times, beats, bars = times[heard], beats[heard], bars[heard]
    middles = [(a + b) / 2 for a, b in pairwise(beats)]
    chords = tuple(next((chord for a, b, chord in spans if a <= middle < b), None) for middle in middles)
    pitches, keys = features.pitches(audio), posteriors(audio)
    treble, bass = harmony.treble_chroma(pitches, times, keys), harmony.bass_chroma(pitches, times)
    return Lesson(times, bars[:-1], chords, key, harmony.views(pitches, keys, times), treble, bass)


def examples(told: Sequence[Lesson]) -> tuple[NDArray[np.float16], NDArray[np.int64]]:
    """Return inputs (spans, 12 roots, inputs), and which of all chords each span is, root by root."""
    inputs, targets = [], []
    kinds = list(KINDS)
    for lesson in told:
        known = [i for i, chord in enumerate(lesson.chords) if chord is not None and lesson.views[i, 0].any()]
        chords = [chord for i in known if (chord := lesson.chords[i]) is not None]
        if known:
            inputs.append(chord_network.inputs(lesson.views)[known].astype(np.float16))
            targets += [c.root * len(kinds) + kinds.index(NEAREST.get(c.quality, c.quality)) for c in chords]
    return np.concatenate(inputs), np.array(targets)


def fit(inputs: NDArray[np.float16], targets: NDArray[np.int64]) -> dict[str, NDArray[np.float32]]:
    """Return mean, scale, weights and biases of a network of which all outputs for all roots are one choice."""
    draw = stream(5, "training.network")
    sample = inputs[draw.integers(0, len(inputs), 4000)].reshape(-1, inputs.shape[2]).astype(np.float32)
    mean, scale = sample.mean(0), 1.0 / (sample.std(0) + 1e-3)
    sizes = (inputs.shape[2], HIDDEN, len(KINDS))
    layers = [draw.normal(0, np.sqrt(2.0 / a), (a, b)).astype(np.float32) for a, b in pairwise(sizes)]
    layers[1] *= 0.1
    layers += [np.zeros(size, np.float32) for size in sizes[1:]]
    first, second = [np.zeros_like(p) for p in layers], [np.zeros_like(p) for p in layers]
    steps, step = EPOCHS * (len(inputs) // BATCH), 0
    for epoch in range(EPOCHS):
        order, loss = draw.permutation(len(inputs)), 0.0
        for start in range(0, len(order) - BATCH + 1, BATCH):
            rows = order[start : start + BATCH]
            values = ((inputs[rows].astype(np.float32) - mean) * scale).reshape(-1, sizes[0])
            values *= (draw.random(values.shape, dtype=np.float32) > DROPPED) / np.float32(1 - DROPPED)
            cost, slopes = _slopes(values, targets[rows], layers)
            step, loss = step + 1, loss + cost
            fitting.adam(layers, slopes, first, second, step, STEP * 0.5 * (1 + np.cos(np.pi * step / steps)))
        print(f"epoch {epoch + 1}: loss {loss / max(1, len(order) // BATCH):.4f}", flush=True)
    return {"mean": mean, "scale": scale, "weight0": layers[0], "weight1": layers[1], "bias0": layers[2],
            "bias1": layers[3]}  # fmt: skip


def _slopes(
    values: NDArray[np.float32], targets: NDArray[np.int64], layers: fitting.Arrays
) -> tuple[float, fitting.Arrays]:
    """Return the cross-entropy of one choice among all chords, and its slopes."""
    hidden = np.maximum(values @ layers[0] + layers[2], 0.0)
    logits = (hidden @ layers[1] + layers[3]).reshape(len(targets), -1)
    logits -= logits.max(axis=1, keepdims=True)
    chance = np.exp(logits)
    chance /= chance.sum(axis=1, keepdims=True)
    rows = np.arange(len(targets))
    cost = float(-np.log(chance[rows, targets] + 1e-9).mean())
    chance[rows, targets] -= 1.0
    error = (chance / len(targets)).reshape(len(values), -1).astype(np.float32)
    back = (error @ layers[1].T) * (hidden > 0)
    return cost, [values.T @ back + DECAY * layers[0], hidden.T @ error + DECAY * layers[1], back.sum(0), error.sum(0)]
