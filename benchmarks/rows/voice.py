"""Rows 5 and 6: words understood, and the voice on pitch and on time, in the leads of the English benchmark songs.

The lead is sung again alone, as the engine sings it, and measured as ``benchmarks.singing`` says.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from benchmarks import singing
from benchmarks.stages import SINGING, timed
from benchmarks.table import Figure
from benchmarks.takes import Take
from descant.perform.voice import singer, voices
from descant.song.score import Role, VocalPart

RATE = 48_000
LINES = 10
FAST = (("clara", 110.0), ("jonas", 150.0))
"""Who sings the test song in sixteenths, and at what tempo: notes of 136 and 100 ms."""

COSTED = ("clara", "jonas")
"""Whose minute of singing is timed: a voice of either source."""

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
    """Return the figures of rows 5 and 6, and what singing costs."""
    words: dict[str, list[tuple[list[bool], list[bool]]]] = {}
    notes, frames, late = [], [], []
    for take, part in _leads(takes):
        stem, score = _stem(take, part), take.song.score
        note_errors, frame_errors = singing.pitch_errors(stem, part, score)
        notes.append(note_errors)
        frames.append(frame_errors)
        late.append(np.abs(singing.onset_errors(stem, part, score)) * 1000)
        sung, spoken = singing.words_understood(stem, part, score), singing.words_spoken(part, score)
        words.setdefault(part.voice, []).append(([ok for _, ok, _ in sung], [ok for _, ok, _ in spoken]))
    cents, edges, delays = (np.abs(np.concatenate(values)) for values in (notes, frames, late))
    cents_text = f"{np.median(cents):.1f} / {np.percentile(edges, 95):.0f} cents"
    delays_text = f"{np.median(delays):.0f} / {np.percentile(delays, 90):.0f} ms"
    on_pitch = bool(np.median(cents) <= 5 and np.percentile(edges, 95) <= 30)
    on_time = bool(np.median(delays) <= 15 and np.percentile(delays, 90) <= 40)
    return [
        *word_figures(words),
        Figure("6", "pitch error: note median / frame 95th percentile", cents_text, "≤ 5 / 30", on_pitch),
        Figure("6", f"vowel onsets, {delays.size} found: median / 90th", delays_text, "≤ 15 / 40", on_time),
        *fast_figures(),
        *cost_figures(),
    ]


def word_figures(words: Mapping[str, list[tuple[list[bool], list[bool]]]]) -> list[Figure]:
    """Return the figures of row 5 from what was heard, sung and spoken, of each lead of each voice."""
    rows = []
    for gender, who in (("f", "female"), ("m", "male")):
        own = {voice: leads for voice, leads in words.items() if voices.load(voice).gender == gender}
        if not own:
            continue
        sung = [ok for leads in own.values() for heard, _ in leads for ok in heard]
        said = [ok for leads in own.values() for _, heard in leads for ok in heard]
        right, bar = 100 * float(np.mean(sung)), WORDS_BAR[gender]
        text = f"{right:.0f} % of {len(sung)}; the same voices speaking {100 * np.mean(said):.0f} %"
        rows.append(Figure("5", f"words understood, {who} leads, forced choice", text, f"≥ {bar:.0f} %", right >= bar))
        for voice, leads in sorted(own.items()):
            shares = [np.mean([ok for heard in side for ok in heard]) for side in zip(*leads, strict=True)]
            text = f"{100 * shares[0]:.0f} % sung, {100 * shares[1]:.0f} % spoken"
            count = sum(len(heard) for heard, _ in leads)
            rows.append(Figure("5", f"{voice}, {count} words of {len(leads)} songs", text, "–", None))
    return rows


def cost_figures() -> list[Figure]:
    """Return the CPU seconds a sung minute costs, stage by stage, in a fresh process with nothing spoken before."""
    rows = []
    for voice in COSTED:
        command = [sys.executable, "-W", "ignore", "-m", "benchmarks.rows.voice", voice]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        cost = json.loads(done.stdout.splitlines()[-1])
        spent = sum(cost["stages"].values())
        stages = ", ".join(f"{stage} {60 * each / cost['sung']:.2f}" for stage, each in cost["stages"].items())
        fast = cost["sung"] / spent
        text = f"{60 * spent / cost['sung']:.2f} ({stages}): {fast:.0f} × real time"
        measured = f"CPU seconds a sung minute of {voice}, nothing cached"
        rows.append(Figure("13", measured, text, "≥ 10 ×", fast >= 10))
    return rows


def _cost(voice: str) -> None:
    """Sing a line to warm up, then the test song with new lines, and print what it cost."""
    score = singing.song(voice, voices.load(voice).range.centre - 2)
    part = score.vocals[0]
    first = msgspec.structs.replace(part, phrases=part.phrases[:1])
    length = int((score.seconds(score.length) + 1) * RATE)
    singer.render(first, score, 1, 0, length, None)
    rest = msgspec.structs.replace(part, phrases=part.phrases[1:])
    with timed(SINGING) as stages:
        singer.render(rest, score, 2, 0, length, None)
    sung = sum(score.performed(phrase.notes[-1])[1] - score.performed(phrase.notes[0])[0] for phrase in rest.phrases)
    print(json.dumps({"sung": sung, "stages": stages}))


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


if __name__ == "__main__":
    _cost(sys.argv[1])
