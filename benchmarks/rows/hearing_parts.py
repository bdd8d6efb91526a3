"""Row 16, parts: notes, bass, drums, the lead and words heard in recordings of which everything is known, by mir_eval.

Notes, bass and drums are those of our own songs of ``truth/report.toml`` and of chorales, played with other sounds than
the product's (:mod:`benchmarks.truth`); notes that two players play together are one. Words are those of the recordings
in the folder named by ``DESCANT_AUDIO_TRUTH`` that have a ``<name>_words.json`` beside them. The bars are the best
figures of research/analysis.md, measured on other songs of these kinds; "—" where it gives none.

Run alone with ``python -m benchmarks.rows.hearing_parts``.
"""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import mir_eval
import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from benchmarks import sung, truth
from benchmarks.rows.listening import FOLDER
from benchmarks.sung import Sung
from benchmarks.table import Figure, show
from descant.listen import aligning, bass, drums, melody, notes
from descant.song.score import Role
from descant.song.transcription import HeardHit, HeardNote
from descant.words.lyrics import parse

RATE = truth.RATE
TOGETHER = 0.03
"""Seconds within which one pitch that two players begin is one note."""

PITCHED = tuple(role for role in Role if role not in {Role.DRUMS, Role.PERCUSSION, Role.FX, Role.RECORDING})
STRUCK_BARS = {"grand_piano": 0.81, "harpsichord": 0.76, "nylon_guitar": 0.75, "trumpet": 0.72}
HELD_BARS = {"flute": 0.31, "strings": 0.24, "church_organ": 0.15, "choir_aahs": 0.04}
MIX_BAR, WORDS_MEDIAN_BAR, WORDS_NEAR_BAR = 0.54, 0.098, 0.779
Played = Sequence[tuple[float, float, int, int]]


def note_scores(known: Played, found: Sequence[HeardNote]) -> tuple[float, float]:
    """Return the F-measures of notes, by onset and pitch alone, and with their ends."""
    if not known or not found:
        return 0.0, 0.0
    rows = _once(known)
    truth_times = np.array([(start, max(stop, start + 0.02)) for start, stop, _ in rows])
    times = np.array([(note.start, max(note.stop, note.start + 0.02)) for note in found])
    pitches = (_hertz(row[2] for row in rows), _hertz(note.pitch for note in found))
    measure = mir_eval.transcription.precision_recall_f1_overlap
    arguments = (truth_times, pitches[0], times, pitches[1])
    return float(measure(*arguments, offset_ratio=None)[2]), float(measure(*arguments)[2])


def stroke_score(known: Played, found: Sequence[HeardHit], keys: frozenset[int]) -> float:
    """Return the F-measure of strokes on the drums of ``keys``, within 50 ms; nan when there are none."""
    wanted = np.unique(np.round([start for start, _, key, _ in known if key in keys], 3))
    heard = np.unique(np.round([hit.start for hit in found if hit.key in keys], 3))
    if not wanted.size:
        return float("nan")
    return float(mir_eval.onset.f_measure(wanted, heard, window=0.05)[0]) if heard.size else 0.0


def word_errors(path: Path) -> NDArray[np.float64]:
    """Return how far from the truth each word begins, in seconds; empty when the words could not be timed."""
    words = json.loads(path.with_name(f"{path.stem}_words.json").read_text(encoding="utf-8"))
    text = "".join(word["w"] + ("\n" if word["line_end"] else " ") for word in words)
    audio, rate = soundfile.read(path, dtype="float32", always_2d=True)
    audio = soxr.resample(audio, rate, RATE)
    audio = np.repeat(audio, 2, axis=1) if audio.shape[1] == 1 else audio
    lyrics = parse(f"[Verse]\n{text}", title="", language=path.stem.rsplit("_", 1)[-1])
    found = aligning.align(audio, lyrics, melody.contour(audio))
    if len(found) != len(words):
        return np.array([])
    return np.array([abs(heard.start - word["start"]) for heard, word in zip(found, words, strict=True)])


def figures() -> Iterator[Figure]:
    """Yield the figures of row 16 that are about parts."""
    struck, held = {}, {}
    for number, instrument, bpm in truth.CHORALES:
        recording = truth.play(number, truth.chorale(number, instrument, bpm))
        score = note_scores(recording.notes(), notes.notes(recording.audio))
        (struck if instrument in STRUCK_BARS else held)[instrument] = score
    for name, scores, bars in (("struck or blown", struck, STRUCK_BARS), ("slow attacks", held, HELD_BARS)):
        text = ", ".join(f"{key} {on:.2f} ({off:.2f} with ends)" for key, (on, off) in scores.items())
        good = all(scores[key][0] >= bar for key, bar in bars.items())
        yield Figure("16", f"notes of chorales, {name}: F", text, ", ".join(f"{b:.2f}" for b in bars.values()), good)
    yield from _songs()
    yield from _words()
    yield from _sung_words()


def _songs() -> Iterator[Figure]:
    every, low, strokes = [], [], []
    for name in truth.songs("report"):
        recording = truth.play(name, truth.written(name))
        likely, hits = notes.keys(recording.audio), recording.notes(Role.DRUMS, Role.PERCUSSION)
        every.append(note_scores(recording.notes(*PITCHED), notes.read(likely)))
        low.append(note_scores(recording.notes(Role.BASS), bass.bass(recording.audio, likely)))
        found = drums.drums(recording.audio)
        strokes.append([stroke_score(hits, found, kind.keys) for kind in drums.KINDS[:2] + drums.KINDS[4:5]])
    on, off = np.mean(every, axis=0)
    yield Figure("16", "notes of full mixes: F", f"{on:.2f} ({off:.2f} with ends)", f"≥ {MIX_BAR}", on >= MIX_BAR)
    on, off = np.mean(low, axis=0)
    yield Figure("16", "bass lines of full mixes: F", f"{on:.2f} ({off:.2f} with ends)", "—", None)
    kick, snare, hat = np.nanmean(strokes, axis=0)
    yield Figure("16", "strokes on kick, snare, hat: F", f"{kick:.2f}, {snare:.2f}, {hat:.2f}", "—", None)


def sung_word_errors(song: Sung, level: float, unsung: str = "") -> tuple[NDArray[np.float64], float, float]:
    """Return how far from the truth each word begins, in seconds, when the lead is ``level`` dB above its band.

    With it come how sure the words are on the mean, and the words of a line ``unsung`` that the lyrics begin with.
    """
    lines: dict[tuple[int, int], list[str]] = {}
    for word in song.words:
        lines.setdefault((word.section, word.line), []).append(word.text)
    text = "\n".join((*([unsung] if unsung else []), *(" ".join(words) for words in lines.values())))
    lyrics = parse(f"[Verse]\n{text}", title="", language=song.name.rsplit("_", 1)[-1])
    mix = song.mixed(level)
    found = aligning.align(mix, lyrics, melody.contour(mix))
    extra, sung_words = found[: len(unsung.split())], found[len(unsung.split()) :]
    firsts = np.cumsum([0, *(len(word.text.split()) for word in song.words)])
    if firsts[-1] != len(sung_words):
        return np.array([]), 0.0, 0.0
    errors = [abs(sung_words[at].start - word.start) for at, word in zip(firsts[:-1], song.words, strict=True)]
    sure = [float(np.mean([word.confidence for word in words])) if words else 0.0 for words in (sung_words, extra)]
    return np.array(errors), sure[0], sure[1]


def _sung_words() -> Iterator[Figure]:
    for name in truth.songs("sung_report"):
        errors, sure, _ = sung_word_errors(sung.sung(name), 0.8)
        text = f"mean {errors.mean():.2f} s, median {np.median(errors):.3f} s, {np.mean(errors < 0.3):.0%} within 0.3 s"
        yield Figure("16", f"words of {name}, own voice at +0.8 dB", f"{text}, confidence {sure:.2f}", "–", None)


def _words() -> Iterator[Figure]:
    folder = os.environ.get(FOLDER)
    for listed in sorted(Path(folder).glob("*_words.json")) if folder else ():
        stem = listed.name.removesuffix("_words.json")
        path = next(p for p in sorted(listed.parent.iterdir()) if p.stem == stem)
        errors = word_errors(path)
        if not errors.size:
            yield Figure("16", f"words of {stem}", "not timed", "timed", False)
            continue
        median, near = float(np.median(errors)), float(np.mean(errors < 0.3))
        text = f"mean {errors.mean():.2f} s, median {median:.3f} s, {near:.0%} within 0.3 s"
        bar = f"1.02 s, {WORDS_MEDIAN_BAR} s, {WORDS_NEAR_BAR:.0%} (means of ten songs)"
        yield Figure("16", f"words of {stem}", text, bar, near >= WORDS_NEAR_BAR)


def _once(played: Played) -> list[tuple[float, float, int]]:
    """Return notes of which those that several play together are one."""
    kept: list[tuple[float, float, int]] = []
    for start, stop, pitch, _ in sorted(played, key=lambda row: (row[2], row[0])):
        if kept and kept[-1][2] == pitch and start - kept[-1][0] < TOGETHER:
            kept[-1] = (kept[-1][0], max(stop, kept[-1][1]), pitch)
        else:
            kept.append((start, stop, pitch))
    return kept


def _hertz(pitches: Iterable[float]) -> NDArray[np.float64]:
    return 440.0 * 2.0 ** ((np.array(list(pitches)) - 69.0) / 12.0)


if __name__ == "__main__":
    show(figures())
