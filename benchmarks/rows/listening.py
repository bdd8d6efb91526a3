"""Row 16, time and harmony: what is heard in recordings of which everything is known, by mir_eval's measures.

Three sets: our own songs of ``truth/report.toml`` and chorales of Bach, both played with other sounds than the
product's (:mod:`benchmarks.truth`), and the recordings of a folder named by ``DESCANT_AUDIO_TRUTH``: each audio file
with a ``<name>_truth.json`` beside it that gives what is known of "bpm", "key", "beats", "downbeats", "chords",
"segments". The bars are the best figures of research/analysis.md, which were measured on other songs of these kinds.

Run alone with ``python -m benchmarks.rows.listening [tune]``, with "tune" for the songs constants were chosen by.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import mir_eval
import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from benchmarks import truth
from benchmarks.table import Figure, show
from descant.listen.outline import Outline, outline
from descant.listen.posteriors import posteriors
from descant.song.theory import Key, pitch_class_name

FOLDER = "DESCANT_AUDIO_TRUTH"
RATE = truth.RATE
Spans = tuple[NDArray[np.float64], list[str]]
Scores = dict[str, float]


@dataclass(frozen=True)
class Known:
    """What is known of a recording; None where it is not."""

    name: str
    audio: NDArray[np.float32]
    bpm: float | None = None
    key: str | None = None
    metre: tuple[int, int] | None = None
    beats: NDArray[np.float64] | None = None
    downbeats: NDArray[np.float64] | None = None
    chords: Spans | None = None
    sections: Spans | None = None


@dataclass(frozen=True)
class Heard:
    """The scores of a recording, and the CPU seconds that listening took a second of it."""

    name: str
    scores: Scores = field(default_factory=dict)
    cost: float = 0.0


def measured(known: Known) -> Heard:
    """Return how well a recording is heard."""
    heard = posteriors(known.audio)
    began = time.process_time()
    found = outline(known.audio, heard)
    cost = (time.process_time() - began) / (len(known.audio) / RATE)
    scores = _of_time(known, found) | _of_harmony(known, found)
    if known.sections is not None:
        scores |= _of_form(known.sections, found)
    return Heard(known.name, scores, cost)


def _of_time(known: Known, found: Outline) -> Scores:
    scores: Scores = {}
    beats = np.array(found.beats)
    if known.bpm is not None:
        ratio = found.tempo.bpm / known.bpm
        scores["tempo"] = float(abs(ratio - 1) <= 0.04)
        scores["tempo, octaves forgiven"] = float(any(abs(ratio * k - 1) <= 0.04 for k in (1, 2, 3, 1 / 2, 1 / 3)))
    if known.metre is not None:
        scores["metre"] = float((found.metre.beats, found.metre.unit) == known.metre)
    for name, times, mine in (
        ("beats", known.beats, beats),
        ("downbeats", known.downbeats, beats[list(found.downbeats)]),
    ):
        if times is not None:
            scores[name] = mir_eval.beat.f_measure(mir_eval.beat.trim_beats(times), mir_eval.beat.trim_beats(mine))
    if known.beats is not None:
        scores |= _off_beat(known.beats, beats)
    return scores


def _off_beat(known: NDArray[np.float64], mine: NDArray[np.float64]) -> Scores:
    """Return how far beats that were found lie from the true ones: the signed median, and what 90 % stay below."""
    nearest = mine[np.abs(known[:, None] - mine[None, :]).argmin(axis=1)]
    errors = 1000.0 * (nearest - known)[np.abs(nearest - known) <= 0.07]
    if not len(errors):
        return {}
    late, spread = float(np.median(errors)), float(np.quantile(np.abs(errors), 0.9))
    return {"beats late by, ms, as a median": late, "beats off by, ms, nine in ten at most": spread}


def _of_harmony(known: Known, found: Outline) -> Scores:
    scores: Scores = {}
    if known.key is not None:
        scores["key"] = mir_eval.key.weighted_score(known.key, key_name(found.key.key))
    if known.chords is not None:
        spans = np.array([(c.start, c.stop) for c in found.chords])
        labels = ["N" if c.chord is None else truth.harte(c.chord) for c in found.chords]
        scores |= _of_chords(known.chords, (spans, labels))
    return scores


def _of_chords(known: Spans, mine: Spans) -> Scores:
    """Return the shares of time in which chords agree, over the stretch that is known."""
    start, stop = known[0].min(), known[0].max()
    spans, labels = mir_eval.util.adjust_intervals(*mine, start, stop, "N", "N")
    both, theirs, ours = mir_eval.util.merge_labeled_intervals(*known, spans, labels)
    lengths = mir_eval.util.intervals_to_durations(both)
    return {
        f"chords, {name}": mir_eval.chord.weighted_accuracy(getattr(mir_eval.chord, name)(theirs, ours), lengths)
        for name in ("majmin", "root", "sevenths")
    }


def _of_form(known: Spans, found: Outline) -> Scores:
    start, stop = known[0].min(), known[0].max()
    mine = np.array([(s.start, s.stop) for s in found.sections])
    mine, labels = mir_eval.util.adjust_intervals(mine, [s.label for s in found.sections], start, stop)
    return {
        "sections, 0.5 s": mir_eval.segment.detection(known[0], mine, window=0.5)[2],
        "sections, 3 s": mir_eval.segment.detection(known[0], mine, window=3)[2],
        "sections, pairs": mir_eval.segment.pairwise(known[0] - start, known[1], mine - start, labels)[2],
    }


def key_name(key: Key) -> str:
    """Return a key as mir_eval reads it; modes with a minor third are minor."""
    return f"{pitch_class_name(key.tonic)} {'minor' if key.is_minor else 'major'}"


def songs(purpose: str) -> Iterator[Known]:
    """Return our own songs of a set ("tune" or "report"), played."""
    for name in truth.songs(purpose):
        yield _written(truth.play(name, truth.written(name)))


def chorales() -> Iterator[Known]:
    """Return the chorales, played."""
    for number, instrument, bpm in truth.CHORALES:
        yield _written(truth.play(number, truth.chorale(number, instrument, bpm)))


def recordings() -> Iterator[Known]:
    """Return the recordings with truth of the folder that ``DESCANT_AUDIO_TRUTH`` names; none without it."""
    folder = Path(os.environ.get(FOLDER, "/nonexistent"))
    for path in sorted(folder.glob("*_truth.json")):
        name = path.name.removesuffix("_truth.json")
        sound = next(
            (p for p in sorted(folder.glob(f"{name}.*")) if p.suffix in {".ogg", ".flac", ".wav", ".mp3"}), None
        )
        if sound is not None:
            yield _told(name, sound, json.loads(path.read_text(encoding="utf-8")))


def _written(recording: truth.Recording) -> Known:
    score = recording.score
    return Known(
        name=recording.name,
        audio=recording.audio,
        bpm=recording.bpm,
        key=key_name(score.key),
        metre=(score.metre.beats, score.metre.unit),
        beats=recording.beats,
        downbeats=recording.downbeats,
        chords=recording.chords if score.chords else None,
        sections=recording.sections if score.sections else None,
    )


def _told(name: str, sound: Path, told: dict) -> Known:
    audio, rate = soundfile.read(sound, dtype="float32", always_2d=True)
    audio = soxr.resample(audio if audio.shape[1] == 2 else np.repeat(audio[:, :1], 2, axis=1), rate, RATE)

    def spans(kind: str) -> Spans | None:
        rows = told.get(kind)
        return (np.array([row[:2] for row in rows], float), [row[2] for row in rows]) if rows else None

    def times(kind: str) -> NDArray[np.float64] | None:
        return np.array(told[kind]) if kind in told else None

    return Known(
        name, audio, told.get("bpm"), told.get("key"), None, times("beats"), times("downbeats"), spans("chords"),
        spans("segments"),
    )  # fmt: skip


BARS: dict[str, dict[str, float]] = {
    "songs": {
        "tempo": 1.0, "beats": 0.992, "key": 0.94, "chords, majmin": 0.883, "chords, root": 0.938,
        "sections, 0.5 s": 0.38, "sections, 3 s": 0.57, "sections, pairs": 0.54,
    },
    "chorales": {"tempo": 1.0, "beats": 0.72, "key": 1.0},
    "recordings": {},
}  # fmt: skip
"""Best figures of research/analysis.md by set and measure."""


def figures() -> Iterator[Figure]:
    """Return the figures of row 16 for time and harmony."""
    yield from _table("songs", "own songs, other sounds", songs("report"))
    yield from _table("chorales", "chorales", chorales())
    found = list(recordings())
    if found:
        yield from _table("recordings", f"recordings of {FOLDER}", found)
    else:
        yield Figure("16", f"recordings with truth: absent, {FOLDER} names no folder with any", "–", "–", None)


def _table(kind: str, called: str, known: Iterable[Known]) -> Iterator[Figure]:
    heard = [measured(one) for one in known]
    names = dict.fromkeys(name for one in heard for name in one.scores)
    for name in names:
        values = [one.scores[name] for one in heard if name in one.scores]
        if ", ms," in name:
            text = f"{np.mean(values):.1f} on the mean, {max(values, key=abs):.1f} at worst"
            yield Figure("16", f"{name}: {len(values)} {called}", text, "–", None)
            continue
        poor = [f"{one.name} {one.scores[name]:.2f}" for one in heard if one.scores.get(name, 1.0) < 0.7]
        text = f"{np.mean(values):.3f}" + (f" ({', '.join(poor)})" if poor else "")
        bar = BARS[kind].get(name)
        met = None if bar is None else bool(np.mean(values) >= bar - 0.0005)
        yield Figure("16", f"{name}: {len(values)} {called}", text, "–" if bar is None else f"≥ {bar:g}", met)
    cost = float(np.mean([one.cost for one in heard]))
    yield Figure(
        "16", f"CPU seconds a second of sound, time and harmony: {called}", f"{cost:.3f}", "≤ 0.2", cost <= 0.2
    )


SETS: dict[str, Callable[[], Iterator[Figure]]] = {
    "report": figures,
    "tune": lambda: _table("songs", "own songs that constants were chosen by", songs("tune")),
}

if __name__ == "__main__":
    show(SETS[sys.argv[1] if len(sys.argv) > 1 else "report"]())
