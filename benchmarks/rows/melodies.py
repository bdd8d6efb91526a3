"""Row 16, the lead: its melody and where somebody sings, in recordings of which everything is known, by mir_eval.

Leads are sung by the product's own voices or played by instruments, over bands played with other sounds than the
product's (:mod:`benchmarks.sung`), alone, at +0.8 dB and at −3 dB: of each song 50 seconds from where the lead begins.
Real voices of the folder named by ``DESCANT_AUDIO_TRUTH`` (``vocadito*``) lie over such bands too. What they sing is
not written down there: the reference is what two trackers of the clean voice agree on (swift-f0 and WORLD's harvest,
within half a semitone; other frames are left out), so that it is hearing in the mix that is judged, not the tracker
alone. The bars are the best figures of research/analysis.md: one real voice alone and at +0.8 dB.

Run alone with ``python -m benchmarks.rows.melodies [tune]``, with "tune" for the songs constants were chosen by.
"""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import mir_eval
import numpy as np
import pyworld
import soundfile
import soxr
from numpy.typing import NDArray

from benchmarks import sung, truth
from benchmarks.rows.listening import FOLDER
from benchmarks.sung import FRAME_SECONDS, RATE, Sung
from benchmarks.table import Figure, show
from descant.listen import melody, pitch, voices
from descant.listen.pitch import PitchTrack
from descant.listen.posteriors import FRAMES_PER_SECOND
from descant.song.transcription import HeardNote, HeardVoice

SECONDS = 50.0
LEVELS: dict[str, float | None] = {"alone": None, "at +0.8 dB": 0.8, "at −3 dB": -3.0}
INSTRUMENTS = {"report": ("trumpet", "violin", "flute", "alto_sax"), "tune": ("tenor_sax", "clarinet")}
BARS = {"alone": (0.97, 0.962), "at +0.8 dB": (0.895, 0.873)}
"""Raw pitch and overall accuracy."""

PARTED = 0.5
"""Semitones within which two trackers agree."""

BREATH = 1.5
"""Seconds of silence that are part of singing."""


@dataclass(frozen=True)
class Scores:
    """How well a lead is heard, shares 0–1; the contour's as ``mir_eval.melody`` defines them.

    ``notes`` is the F-measure of notes by onset (50 ms) and pitch, ``present`` that of the time in which one sings.
    """

    pitch: float
    chroma: float
    overall: float
    recall: float
    false_alarm: float
    notes: float = float("nan")
    present: float = float("nan")
    cost: float = 0.0


def measured(audio: NDArray[np.float32], known: Sung) -> Scores:
    """Return how well the lead of a recording is heard."""
    began = time.process_time()
    lead = melody.lead_of(audio)
    notes = melody.melody(audio, lead)
    cost = (time.process_time() - began) / (len(audio) / RATE)
    present = presence_score(known.pitch, voices.voices(audio, lead.track)) if known.words else float("nan")
    contour = contour_scores(known.pitch, lead.track)
    return Scores(*contour, notes=note_score(known.notes, notes), present=present, cost=cost)


def contour_scores(
    known: NDArray[np.float64], found: PitchTrack, judged: NDArray[np.bool_] | None = None
) -> tuple[float, float, float, float, float]:
    """Return raw pitch and chroma accuracy, overall accuracy, voicing recall and false alarm.

    ``known`` is the pitch every 10 ms, nan where there is none; only frames that are ``judged`` count.
    """
    voiced = np.isfinite(known)
    at = np.round(np.arange(len(known)) * FRAME_SECONDS * FRAMES_PER_SECOND).astype(int)
    at = np.minimum(at, len(found.pitch) - 1)
    rows = (voiced, np.where(voiced, known, 0.0) * 100.0, found.confidence[at] > 0.0, found.pitch[at] * 100.0)
    voiced, cents, sounding, mine = (row if judged is None else row[judged] for row in rows)
    recall, alarm = mir_eval.melody.voicing_measures(voiced, sounding)
    names = ("raw_pitch_accuracy", "raw_chroma_accuracy", "overall_accuracy")
    shares = [float(getattr(mir_eval.melody, name)(voiced, cents, sounding, mine)) for name in names]
    return shares[0], shares[1], shares[2], float(recall), float(alarm)


def note_score(known: NDArray[np.float64], found: Sequence[HeardNote]) -> float:
    """Return the F-measure of notes, by onset within 50 ms and pitch within half a semitone."""
    if not found:
        return 0.0
    spans = [np.array([(a, max(b, a + 0.02)) for a, b in zip(*pair, strict=True)]) for pair in (
        (known[:, 0], known[:, 1]), ([n.start for n in found], [n.stop for n in found])
    )]  # fmt: skip
    hertz = [440.0 * 2.0 ** ((np.asarray(p) - 69.0) / 12.0) for p in (known[:, 2], [n.pitch for n in found])]
    measure = mir_eval.transcription.precision_recall_f1_overlap
    return float(measure(spans[0], hertz[0], spans[1], hertz[1], offset_ratio=None)[2])


def presence_score(known: NDArray[np.float64], found: Sequence[HeardVoice]) -> float:
    """Return the F-measure of the 10 ms in which somebody sings, breaths of up to 1.5 s among them."""
    sings, heard = np.isfinite(known), np.zeros(len(known), bool)
    at = np.flatnonzero(sings)
    for before, after in pairwise(at):
        if after - before <= BREATH / FRAME_SECONDS:
            sings[before:after] = True
    for voice in found:
        heard[round(voice.start / FRAME_SECONDS) : round(voice.stop / FRAME_SECONDS)] = True
    return float(2 * (sings & heard).sum() / max(1, sings.sum() + heard.sum()))


def excerpt(whole: Sung) -> Sung:
    """Return the first :data:`SECONDS` of a recording from two seconds before its lead comes in."""
    begin = max(0.0, float(whole.notes[0, 0]) - 2.0)
    first, frame = round(begin * RATE), round(begin / FRAME_SECONDS)
    stop = first + round(SECONDS * RATE)
    inside = whole.notes[whole.notes[:, 0] < begin + SECONDS - 0.1] - np.array([begin, begin, 0.0])
    shown = whole.pitch[frame : frame + round(SECONDS / FRAME_SECONDS)]
    return Sung(whole.name, whole.score, whole.lead[first:stop], whole.band[first:stop], shown, inside, whole.words)


def figures(purpose: str = "report") -> Iterator[Figure]:
    """Yield the figures of row 16 about the lead, of the songs of a set."""
    songs = [excerpt(sung.sung(name)) for name in truth.songs(f"sung_{purpose}")]
    for name, level in LEVELS.items():
        chosen = songs[::3] if level is None else songs
        scores = [measured(_alone(s) if level is None else s.mixed(level), s) for s in chosen]
        yield from _figures(f"own voices {name}, {len(scores)} songs", scores, BARS.get(name))
    yield from _real(songs)
    names = truth.songs(f"sung_{purpose}")
    played = [excerpt(sung.played(name, who)) for name, who in zip(names, INSTRUMENTS[purpose], strict=False)]
    scores = [measured(s.mixed(LEVELS["at −3 dB"] or 0.0), s) for s in played]
    yield from _figures(f"leads at −3 dB of {', '.join(INSTRUMENTS[purpose])}", scores, None)


def _alone(song: Sung) -> NDArray[np.float32]:
    return np.asarray(song.lead * np.float32(0.5 / max(float(np.abs(song.lead).max()), 1e-9)), np.float32)


def _figures(called: str, scores: Sequence[Scores], bar: tuple[float, float] | None) -> Iterator[Figure]:
    def mean(name: str) -> float:
        return float(np.mean([getattr(score, name) for score in scores]))

    worst = min(score.pitch for score in scores)
    text = f"{mean('pitch'):.3f} / {mean('overall'):.3f} (chroma {mean('chroma'):.3f}, worst pitch {worst:.2f}, "
    text += f"voicing {mean('recall'):.2f} with {mean('false_alarm'):.2f} false)"
    met = None if bar is None else mean("pitch") >= bar[0] - 5e-4 and mean("overall") >= bar[1] - 5e-4
    limit = "–" if bar is None else f"≥ {bar[0]} / {bar[1]} (one voice)"
    yield Figure("16", f"melody, raw pitch / overall accuracy: {called}", text, limit, met)
    if np.isfinite(mean("notes")):
        yield Figure("16", f"notes of the melody, F: {called}", f"{mean('notes'):.2f}", "–", None)
    if np.isfinite(mean("present")):
        yield Figure("16", f"where somebody sings, F: {called}", f"{mean('present'):.2f}", "–", None)
    if mean("cost"):
        yield Figure("16", f"CPU seconds a second: {called}", f"{mean('cost'):.3f}", "≤ 0.08", mean("cost") <= 0.08)


def _real(songs: Sequence[Sung]) -> Iterator[Figure]:
    """Yield the figures of real voices over the songs' bands."""
    for path in sorted(Path(os.environ.get(FOLDER, "/nonexistent")).glob("vocadito*")):
        sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
        voice = soxr.resample(sound.mean(axis=1), rate, RATE)
        known, judged = reference(voice)
        lead = np.stack([voice, voice], axis=1)
        for name, level in LEVELS.items():
            mixes = [lead] if level is None else [
                sung.mixed(lead, song.band[10 * RATE : 10 * RATE + len(lead)], level) for song in songs
            ]  # fmt: skip
            found = [Scores(*contour_scores(known, melody.contour(mix), judged)) for mix in mixes]
            yield from _figures(f"{path.stem} {name}, {len(found)} bands", found, BARS.get(name))


def reference(voice: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the pitch of a clean voice every 10 ms, nan where it is voiceless, and where two trackers agree on it."""
    heard = pitch.track(voice)
    hertz, times = pyworld.harvest(
        soxr.resample(voice, RATE, 16_000).astype(np.float64), 16_000, f0_floor=65.0, f0_ceil=1500.0, frame_period=10.0
    )
    at = np.minimum(np.round(times / pitch.FRAME_SECONDS).astype(int), len(heard.pitch) - 1)
    first, voiced = heard.pitch[at], heard.confidence[at] > 0.5
    second = 69.0 + 12.0 * np.log2(np.maximum(hertz, 1.0) / 440.0)
    both = voiced & (hertz > 0.0)
    judged = np.where(both, np.abs(first - second) < PARTED, ~voiced & (hertz == 0.0))
    return np.where(both, first, np.nan), judged


if __name__ == "__main__":
    show(figures(sys.argv[1] if len(sys.argv) > 1 else "report"))
