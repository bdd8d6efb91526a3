"""Ten fixed phrases, sung and measured: what a change does to the voices.

``python -m benchmarks.phrases --out FOLDER`` writes each phrase as a WAV, its figures to ``figures.json``, and prints
them; ``--against OLD`` prints those of another folder beside them. What is measured stands in
:mod:`benchmarks.hearing` and :mod:`benchmarks.singing`; "spoken" is the same voice saying the line.
"""

import argparse
import json
import time
import tomllib
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
import soundfile

from benchmarks import hearing, singing, speaking
from descant.perform.voice import singer, voices
from descant.perform.voice.phones import is_vowel
from descant.perform.voice.timing import BURST
from descant.song.score import Phrase, Role, Score, SungNote, VocalPart
from descant.song.tempo import Metre, TempoChange
from descant.song.theory import Key
from descant.words.lyrics import parse

FILE = Path(__file__).with_name("phrases.toml")
SEED = 1
LOW, HIGH = (80.0, 3000.0), (3000.0, 8000.0)
"""Hz: the bands in which harmonics are weighed against noise."""

EVERYONE = 3
"""Which of the phrases every voice sings when all are compared."""

LONG = 0.75
"""Seconds from which a note has vibrato."""

FIGURES = {
    "words": "words right of those with foils",
    "spoken": "the same, spoken",
    "cents": "pitch error, note median, cents",
    "cents95": "frame 95th percentile, cents",
    "onset": "vowel onset, median, ms",
    "onset90": "90th percentile, ms",
    "slope": "tilt 0.5–5 kHz, dB an octave",
    "slope spoken": "the same, spoken",
    "balance": "third octaves against speech, dB",
    "contrast": "formants over valleys, dB",
    "contrast spoken": "the same, spoken",
    "harmonic": "harmonics to noise below 3 kHz, dB",
    "harmonic high": "the same, 3–8 kHz",
    "peak": "peak of a cycle at 1.5–5 kHz, dB (buzz)",
    "vibrato": "vibrato rate, Hz",
    "depth": "vibrato depth, cents",
    "hum": "level in closures under vowels, dB",
    "click": "largest click in closures, dB",
    "above 8k": "power above 8 kHz, dB of all",
    "above 12k": "power above 12 kHz, dB of all",
    "seconds": "CPU seconds a sung second",
}


class Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A phrase of ``phrases.toml``: ``notes`` are "beats:semitones from the voice's centre", one token a syllable."""

    voice: str
    bpm: float
    velocity: int
    line: str
    notes: str


def written() -> list[Written]:
    """Return the ten phrases."""
    return [msgspec.convert(row, Written) for row in tomllib.loads(FILE.read_text(encoding="utf-8"))["phrase"]]


def everyone() -> list[Written]:
    """Return one phrase about each voice's own centre, for every voice."""
    shared = written()[EVERYONE]
    return [msgspec.structs.replace(shared, voice=name) for name in voices.names()]


def score_of(phrase: Written) -> Score:
    """Return a phrase as a score of one line, breath before it."""
    line = parse(f"[Verse]\n{phrase.line}\n").lines[0]
    centre = voices.load(phrase.voice).range.centre
    places = [(w, s) for w, word in enumerate(line.words) for s in range(len(word.syllables))]
    notes, beat = [], 2.0
    for (w, s), token in zip(places, phrase.notes.split(), strict=True):
        for part in token.split("~"):
            length, step = part.split(":")
            held = float(length) * 60 / phrase.bpm >= LONG
            accent = 5 * (beat % 1 == 0) - 3 * (line.words[w].syllables[s].stress == 0)
            pitch = centre + int(step)
            velocity = int(np.clip(phrase.velocity + accent, 1, 127))
            notes.append(SungNote(beat, float(length), pitch, w, s, velocity, vibrato=32.0 * held))
            beat += float(length)
    sung = Phrase(line.text, line.words, tuple(notes), 0, breath=0.3)
    lead = VocalPart("lead", Role.LEAD_VOCAL, phrase.voice, (sung,))
    return Score(
        title="phrase", tempo=(TempoChange(0, phrase.bpm),), metre=Metre(), key=Key(0, "major"), sections=(), chords=(),
        parts=(), vocals=(lead,), length=beat + 2,
    )  # fmt: skip


def measure(score: Score, stem: hearing.Mono) -> dict[str, float]:
    """Return the figures of one phrase, in :data:`FIGURES` order but for what it cost."""
    part = score.vocals[0]
    said, told = speaking.spoken(part, score)
    heard = list(singing.layouts(part, score))
    cents, frames = singing.pitch_errors(stem, part, score)
    late = np.abs(singing.onset_errors(stem, part, score)) * 1000
    figures = {
        "words": _share(singing.words_heard(stem, heard)),
        "spoken": _share(singing.words_heard(said, told)),
        "cents": float(np.median(cents)) if cents.size else float("nan"),
        "cents95": float(np.percentile(frames, 95)) if frames.size else float("nan"),
        "onset": float(np.median(late)) if late.size else float("nan"),
        "onset90": float(np.percentile(late, 90)) if late.size else float("nan"),
    }
    return figures | _sound(stem, heard, said, told)


def _share(words: list[tuple[str, bool, str]]) -> float:
    return 100 * float(np.mean([right for _, right, _ in words]))


def _vowels(heard: list[speaking.Heard]) -> list[hearing.Stretch]:
    """Return the insides of vowels, without the 25 ms that belong to their neighbours."""
    spans = [(s.start + 0.025, s.stop - 0.025) for _, line, laid in heard for s in laid.spans
             if is_vowel(line.phones[s.phone])]  # fmt: skip
    return [(a, b) for a, b in spans if b - a > 0.03]


def _shut(heard: list[speaking.Heard]) -> list[hearing.Stretch]:
    """Return the closures of unvoiced stops between other sounds."""
    return [
        (s.start + 0.02, s.stop - min(BURST, 0.6 * (s.stop - s.start)) - 0.015)
        for _, line, laid in heard
        for before, s in pairwise(laid.spans)
        if line.phones[s.phone] in ("p", "t", "k", "ch") and before.stop > s.start - 1e-6
    ]


def _inside(times: hearing.Curve, hertz: hearing.Curve, stretches: list[hearing.Stretch]) -> np.ndarray:
    chosen = np.zeros(times.size, bool)
    for start, stop in stretches:
        chosen |= (times > start) & (times < stop)
    return chosen & (hertz > 0)


def _sound(
    stem: hearing.Mono, heard: list[speaking.Heard], said: hearing.Mono, told: list[speaking.Heard]
) -> dict[str, float]:
    vowels, spoken_vowels = _vowels(heard), _vowels(told)
    times, hertz = hearing.pitch_track(stem)
    own = _inside(times, hertz, vowels)
    said_times, said_hertz = hearing.pitch_track(said)
    other = _inside(said_times, said_hertz, spoken_vowels)
    levels, reference = hearing.thirds(stem, vowels), hearing.thirds(said, spoken_vowels)
    notes = [(n.start, n.stop) for _, _, laid in heard for s in laid.syllables for n in s.notes]
    rate, depth, _ = hearing.vibrato(times, hertz, notes)
    hum, click = hearing.closures(stem, _shut(heard), vowels)
    chosen, pitches = times[own], hertz[own]
    return {
        "slope": hearing.slope(levels),
        "slope spoken": hearing.slope(reference),
        "balance": hearing.balance_distance(levels, reference),
        "contrast": hearing.contrast(stem, chosen, pitches),
        "contrast spoken": hearing.contrast(said, said_times[other], said_hertz[other]),
        "harmonic": hearing.harmonicity(stem, chosen, pitches, LOW),
        "harmonic high": hearing.harmonicity(stem, chosen, pitches, HIGH),
        "peak": hearing.peakiness(stem, chosen, pitches),
        "vibrato": rate,
        "depth": depth,
        "hum": hum,
        "click": click,
        "above 8k": hearing.share_above(stem, 8000),
        "above 12k": hearing.share_above(stem, 12_000),
    }


def sing(phrase: Written) -> tuple[Score, hearing.Mono, float]:
    """Return a phrase's score, its sound and the CPU seconds a second of it took once its line was spoken."""
    score = score_of(phrase)
    length = int((score.seconds(score.length) + 1) * singing.RATE)
    singer.prepare(score.vocals[0])
    begun = time.process_time()
    stem = singer.render(score.vocals[0], score, SEED, 0, length, None)[:, 0]
    return score, stem, (time.process_time() - begun) * singing.RATE / length


def show(figures: dict[str, dict[str, float]], before: dict[str, dict[str, float]] | None) -> None:
    """Print a Markdown table: a row a figure, a column a phrase, the mean last; "before → after" where known."""
    print("| | " + " | ".join(figures) + " | mean |\n|---|" + "---:|" * (len(figures) + 1))
    for key, meaning in FIGURES.items():
        cells = []
        for name in (*figures, ""):
            after = figures[name][key] if name else _mean(figures, key)
            text = f"{after:.3g}"
            if before:
                text = f"{before[name][key] if name else _mean(before, key):.3g} → {text}"
            cells.append(text)
        print(f"| {meaning} | " + " | ".join(cells) + " |")


def _mean(figures: dict[str, dict[str, float]], key: str) -> float:
    return float(np.nanmean([row[key] for row in figures.values()]))


def main() -> None:
    """Sing, measure, write and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.phrases", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the sounds and their figures")
    parser.add_argument("--against", type=Path, help="folder of an earlier run to print beside")
    parser.add_argument("--voices", nargs="*", help="only the phrases of these voices")
    parser.add_argument("--everyone", action="store_true", help="one phrase in every voice instead of the ten")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    figures = {}
    for phrase in everyone() if options.everyone else written():
        if options.voices and phrase.voice not in options.voices:
            continue
        score, stem, seconds = sing(phrase)
        soundfile.write(options.out / f"{phrase.voice}.wav", stem, singing.RATE, "PCM_24")
        said, _ = speaking.spoken(score.vocals[0], score)
        soundfile.write(options.out / f"{phrase.voice}_spoken.wav", said, singing.RATE, "PCM_24")
        figures[phrase.voice] = measure(score, stem) | {"seconds": seconds}
    (options.out / "figures.json").write_text(json.dumps(figures, indent=1))
    before = json.loads((options.against / "figures.json").read_text()) if options.against else None
    show(figures, before)


if __name__ == "__main__":
    main()
