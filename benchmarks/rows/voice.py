"""Rows 5 and 6: words understood, and the voice on pitch and on time, in the leads of the English benchmark songs.

The lead is sung again alone, as the engine sings it, and measured as ``benchmarks.singing`` says.
"""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from benchmarks import singing
from benchmarks.table import Figure
from benchmarks.takes import Take
from descant.perform.voice import singer, voices
from descant.song.score import Role, VocalPart

RATE = 48_000
LINES = 10
FAST = (("clara", 110.0), ("jonas", 150.0))
"""Who sings the test song in sixteenths, and at what tempo: notes of 136 and 100 ms."""

WORDS_BAR = {"f": 80.0, "m": 88.0}


def _leads(takes: Sequence[Take]) -> list[tuple[Take, VocalPart]]:
    """Return the leads with their first lines alone: a recogniser takes seconds a line, and knows English only."""
    return [
        (take, msgspec.structs.replace(part, phrases=part.phrases[:LINES]))
        for take in takes
        for part in take.song.score.vocals
        if part.role == Role.LEAD_VOCAL and all(phrase.language == "en" for phrase in part.phrases)
    ]


def _stem(take: Take, part: VocalPart) -> NDArray[np.float32]:
    score = take.song.score
    length = int((score.seconds(score.length) + 1) * RATE)
    return singer.render(part, score, take.song.plan.seed, 0, length, None)[:, 0]


def figures(takes: Sequence[Take]) -> list[Figure]:
    """Return the figures of rows 5 and 6."""
    heard: dict[str, list[bool]] = {"f": [], "m": []}
    notes, frames, late = [], [], []
    for take, part in _leads(takes):
        stem, score = _stem(take, part), take.song.score
        note_errors, frame_errors = singing.pitch_errors(stem, part, score)
        notes.append(note_errors)
        frames.append(frame_errors)
        late.append(np.abs(singing.onset_errors(stem, part, score)) * 1000)
        heard[voices.load(part.voice).gender] += [ok for _, ok, _ in singing.words_understood(stem, part, score)]
    rows = []
    for gender, who in (("f", "female"), ("m", "male")):
        if heard[gender]:
            right, bar = 100 * float(np.mean(heard[gender])), WORDS_BAR[gender]
            text = f"{right:.0f} % of {len(heard[gender])}"
            rows.append(
                Figure("5", f"words understood, {who} leads, forced choice", text, f"≥ {bar:.0f} %", right >= bar)
            )
    cents, edges, delays = (np.abs(np.concatenate(values)) for values in (notes, frames, late))
    cents_text = f"{np.median(cents):.1f} / {np.percentile(edges, 95):.0f} cents"
    delays_text = f"{np.median(delays):.0f} / {np.percentile(delays, 90):.0f} ms"
    on_pitch = bool(np.median(cents) <= 5 and np.percentile(edges, 95) <= 30)
    on_time = bool(np.median(delays) <= 15 and np.percentile(delays, 90) <= 40)
    rows.append(Figure("6", "pitch error: note median / frame 95th percentile", cents_text, "≤ 5 / 30", on_pitch))
    rows.append(Figure("6", f"vowel onsets, {delays.size} found: median / 90th", delays_text, "≤ 15 / 40", on_time))
    return rows + fast_figures()


def fast_figures() -> list[Figure]:
    """Return the figures of notes below 150 ms, sung by a female and a male voice."""
    cents, late, heard = [], [], []
    for voice, bpm in FAST:
        score = singing.song(voice, voices.load(voice).range.centre - 2, bpm, lengths=singing.SIXTEENTHS)
        part = score.vocals[0]
        stem = singer.render(part, score, 1, 0, int((score.seconds(score.length) + 1) * RATE), None)[:, 0]
        cents.append(singing.short_pitch_errors(stem, part, score))
        late.append(np.abs(singing.onset_errors(stem, part, score)) * 1000)
        heard.append([ok for _, ok, _ in singing.words_understood(stem, part, score)])
    pitch, delays = np.concatenate(cents), np.concatenate(late)
    words = " / ".join(f"{100 * np.mean(own):.0f}" for own in heard)
    who = " / ".join(f"{voice} {15000 / bpm:.0f} ms" for voice, bpm in FAST)
    pitch_text = f"{np.median(pitch):.1f} / {np.percentile(pitch, 95):.0f} cents"
    delays_text = f"{np.median(delays):.0f} / {np.percentile(delays, 90):.0f} ms"
    on_pitch = bool(np.median(pitch) <= 5 and np.percentile(pitch, 95) <= 30)
    on_time = bool(np.median(delays) <= 15 and np.percentile(delays, 90) <= 40)
    return [
        Figure("6", f"notes under 150 ms, {pitch.size}: pitch error median / 95th", pitch_text, "≤ 5 / 30", on_pitch),
        Figure("6", "notes under 150 ms: vowel onsets, median / 90th", delays_text, "≤ 15 / 40", on_time),
        Figure("6", f"notes under 150 ms: words understood, {who}", f"{words} % of {len(heard[0])} each", "–", None),
    ]
