"""The singer, measured: pitch against the score, vowel onsets against notes, words against near-homophones.

``python -m benchmarks.singing --voices clara jonas`` sings eight lines and prints a row a voice. The measures take any
vocal stem with its part and score, so that whole songs can be judged too.

Pitch: F0 by WORLD's harvest and stonemask, in each note's vowel from 80 ms on, to 30 ms before its end (100 ms where
it glides into another note), in cents. Dio hears whole high notes of an open vowel an octave up.
Onsets: pocketsphinx aligns the known phones; vowel starts (10 ms steps) against note starts, in lines it could align.
Words: forced choice among up to nine words of as many sounds, at most two of them different (a modified rhyme test).
Chance is one in ten.

The recogniser is trained on talk. Inside vowels held for longer it puts the next sound anywhere (of 87 onsets of
voice clara 11 were 100–490 ms out, all after long vowels; 3 when they are shortened), so it hears a copy in which held
vowels keep their first and last 80 ms, and what it finds there is mapped back to the time in the stem.
"""

import argparse
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pocketsphinx
import pyworld
import soxr
from numpy.typing import NDArray

from benchmarks import speaking
from descant.perform.voice import ensemble, singer, timing, voices
from descant.perform.voice.phones import is_vowel
from descant.perform.voice.spoken import SpokenLine, line_of
from descant.song.score import Phrase, Role, Score, SungNote, VocalPart
from descant.song.streams import stream
from descant.song.tempo import Metre, TempoChange
from descant.song.theory import Key
from descant.words.lyrics import parse

RATE = 48_000
EAR_RATE = 16_000
LYRICS = """[Verse]
Silver river calling me home tonight
Every star above the town is shining bright
Carry all the letters that I never sent
Tell me where the summer and the laughter went
Hold the morning light against your open hand
Footsteps in the water, castles in the sand
Broken radio keeps singing out of tune
Dancing in the kitchen underneath the moon
"""
LONG_VOWEL, KEPT_VOWEL = 0.190, 0.160
SHORT_NOTE = 0.150
"""Seconds: pitch of shorter notes is heard in the middle half of their vowel."""

EIGHTHS, SIXTEENTHS = (0.5, 0.5, 0.5, 1.0), (0.25,)
"""Beats of the notes of the test song, drawn with equal chance."""

FOILS = 9

Mono = NDArray[np.float32]


def song(voice: str, centre: int, bpm: float = 100.0, seed: int = 1, lengths: tuple[float, ...] = EIGHTHS) -> Score:
    """Return a score of the test lyrics: one note a syllable of the ``lengths`` in beats, steps about ``centre``."""
    scale = np.array([0, 2, 4, 5, 7, 9, 11])
    rng = stream(seed, "benchmark.melody")
    phrases, beat = [], 0.0
    for line in parse(LYRICS).lines:
        notes, step = [], int(rng.integers(-1, 3))
        places = [(w, s) for w, word in enumerate(line.words) for s in range(len(word.syllables))]
        for n, (w, s) in enumerate(places):
            last = n == len(places) - 1
            length = 3.0 if last else float(rng.choice(lengths))
            pitch = centre + int(scale[step % 7]) + 12 * (step // 7)
            notes.append(
                SungNote(beat, length, pitch, w, s, 88 + int(rng.integers(0, 16)), vibrato=30.0 * (length > 1))
            )
            beat += length
            step = int(np.clip(step + rng.choice([-2, -1, -1, 0, 1, 1, 2, 3]), -3, 5))
        phrases.append(Phrase(line.text, line.words, tuple(notes), 0, breath=0.25))
        beat = 4 * np.ceil((beat + 0.75) / 4)
    part = VocalPart("lead", Role.LEAD_VOCAL, voice, tuple(phrases))
    rest = {"sections": (), "chords": (), "parts": (), "vocals": (part,), "length": float(beat)}
    return Score(title="test", tempo=(TempoChange(0, bpm),), metre=Metre(), key=Key(0, "major"), **rest)


def pitch_errors(stem: Mono, part: VocalPart, score: Score) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (|median error| of each note, |error| of each frame inside notes without vibrato), in cents."""
    heard = soxr.resample(stem, RATE, EAR_RATE).astype(np.float64)
    f0, times = pyworld.harvest(heard, EAR_RATE, f0_floor=60.0, f0_ceil=1100.0, frame_period=5.0)
    f0 = pyworld.stonemask(heard, f0, times, EAR_RATE)
    notes, frames = [], []
    for phrase, line, laid in layouts(part, score):
        vowels = [(s.start, s.stop) for s in laid.spans if is_vowel(line.phones[s.phone])]
        for note, following in zip(phrase.notes, [*phrase.notes[1:], None], strict=True):
            start, stop = score.performed(note)
            begin = max(a for a, _ in vowels if a <= start + 1e-6)
            stop = min(stop, max(b for a, b in vowels if a == begin))
            sliding = following is not None and following.pitch != note.pitch and stop > score.performed(note)[1] - 0.07
            inside = (times >= start + 0.08) & (times <= stop - (0.1 if sliding else 0.03)) & (f0 > 0)
            if inside.sum() >= 4:
                cents = 1200 * np.log2(f0[inside] / 440) + 6900 - 100 * note.pitch
                notes.append(abs(float(np.median(cents))))
                if not note.vibrato:
                    frames.extend(np.abs(cents))
    return np.array(notes), np.array(frames)


def short_pitch_errors(stem: Mono, part: VocalPart, score: Score) -> NDArray[np.float64]:
    """Return |median error| in cents in the middle half of the vowel of each note below :data:`SHORT_NOTE`."""
    heard = soxr.resample(stem, RATE, EAR_RATE).astype(np.float64)
    f0, times = pyworld.harvest(heard, EAR_RATE, f0_floor=60.0, f0_ceil=1100.0, frame_period=1.0)
    f0 = pyworld.stonemask(heard, f0, times, EAR_RATE)
    errors = []
    for _, _, laid in layouts(part, score):
        spans = {span.phone: span for span in laid.spans}
        for syllable in laid.syllables:
            span, edge = spans[syllable.vowel], 0.25 * (spans[syllable.vowel].stop - spans[syllable.vowel].start)
            inside = (times > span.start + edge) & (times < span.stop - edge) & (f0 > 0)
            if len(syllable.notes) == 1 and syllable.stop - syllable.start < SHORT_NOTE and inside.sum() >= 4:
                cents = 1200 * np.log2(f0[inside] / 440) + 6900 - 100 * syllable.notes[0].pitch
                errors.append(abs(float(np.median(cents))))
    return np.array(errors)


def _ear(sound: Mono) -> bytes:
    quiet = soxr.resample(sound, RATE, EAR_RATE)
    return (quiet / max(float(np.abs(quiet).max()), 1e-6) * 20_000).astype(np.int16).tobytes()


def layouts(part: VocalPart, score: Score) -> Iterator[tuple[Phrase, SpokenLine, timing.PhraseTiming]]:
    take = ensemble.takes(part)[0]
    lines = singer._spoken(list(part.phrases), take.voice, None)
    for phrase, line in zip(part.phrases, lines, strict=True):
        yield phrase, line, singer._layout(phrase, line, take, score, 0)


def onset_errors(stem: Mono, part: VocalPart, score: Score) -> NDArray[np.float64]:
    """Return the seconds by which each aligned vowel is heard after its note."""
    errors: list[float] = []
    for phrase, line, laid in layouts(part, score):
        sound, clock = _shortened(stem, line, laid, laid.start, laid.stop)
        heard = _aligned(_ear(sound), phrase)
        due = [syllable.start for syllable in laid.syllables]
        if heard is not None and len(heard[1]) == len(due):
            errors.extend(np.interp(heard[1], *clock) - due)
    return np.array(errors)


def word_errors(stem: Mono, part: VocalPart, score: Score, told: Sequence[float]) -> NDArray[np.float64]:
    """Return the seconds by which each aligned word is heard to begin after the time ``told`` for it, in order."""
    errors: list[float] = []
    due = iter(told)
    for phrase, line, laid in layouts(part, score):
        starts = [next(due) for _ in phrase.words]
        sound, clock = _shortened(stem, line, laid, laid.start, laid.stop)
        heard = _aligned(_ear(sound), phrase)
        if heard is not None and len(heard[0]) == len(starts):
            errors.extend(np.interp(heard[0], *clock) - starts)
    return np.array(errors)


def _aligned(sound: bytes, phrase: Phrase) -> tuple[list[float], list[float]] | None:
    """Return the seconds at which the words and the vowels of a phrase are heard, or None where it cannot be told."""
    decoder = pocketsphinx.Decoder(samprate=EAR_RATE, loglevel="FATAL", beam=1e-60, wbeam=1e-60, pbeam=1e-60)
    names = []
    for i, word in enumerate(line_of(phrase.words).words):
        names.append(f"zz{i}")
        phones = " ".join(_cmu(p) for syllable in word for p in syllable.phones)
        decoder.add_word(names[-1], phones, i == len(phrase.words) - 1)
    try:
        decoder.set_align_text(" ".join(names))
        _listen(decoder, sound)
        decoder.set_alignment()
        _listen(decoder, sound)
        alignment = decoder.get_alignment()
    except RuntimeError:
        return None
    if alignment is None:
        return None
    words, vowels = [], []
    for word in alignment:
        if word.name.startswith("zz"):
            words.append(word.start * 0.01)
            vowels += [phone.start * 0.01 for phone in word if is_vowel(phone.name.lower())]
    return words, vowels


def _listen(decoder: pocketsphinx.Decoder, sound: bytes) -> None:
    decoder.start_utt()
    decoder.process_raw(sound, full_utt=True)
    decoder.end_utt()


def _cmu(phone: str) -> str:
    return "AH" if phone == "ax" else phone.upper()


@cache
def _dictionary() -> dict[str, tuple[str, ...]]:
    words = {}
    for row in Path(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict")).read_text().splitlines():
        name, *phones = row.split()
        if name.isalpha():
            words[name] = tuple(phones)
    return words


@cache
def _shapes() -> dict[tuple[int, int], list[tuple[str, tuple[str, ...]]]]:
    shapes: dict[tuple[int, int], list[tuple[str, tuple[str, ...]]]] = {}
    for name, phones in sorted(_dictionary().items()):
        vowels = sum(is_vowel(p.lower()) for p in phones)
        shapes.setdefault((len(phones), vowels), []).append((name, phones))
    return shapes


def foils(phones: tuple[str, ...], key: str) -> list[tuple[str, ...]]:
    """Return up to nine other pronunciations of as many sounds and vowels, at most two sounds different."""
    shape = len(phones), sum(is_vowel(p.lower()) for p in phones)
    near = {p for _, p in _shapes().get(shape, []) if 1 <= sum(a != b for a, b in zip(p, phones, strict=True)) <= 2}
    ordered = sorted(near)
    chosen = stream(0, f"foils.{key}").permutation(len(ordered))[:FOILS]
    return [ordered[i] for i in chosen]


def words_understood(stem: Mono, part: VocalPart, score: Score) -> list[tuple[str, bool, str]]:
    """Return (word, whether it was chosen among its foils, what was chosen) for each word with foils."""
    return words_heard(stem, layouts(part, score))


def words_spoken(part: VocalPart, score: Score) -> list[tuple[str, bool, str]]:
    """Return the same of the voice speaking the lines, and not singing them."""
    return words_heard(*speaking.spoken(part, score))


def words_heard(stem: Mono, lines: Iterable[speaking.Heard]) -> list[tuple[str, bool, str]]:
    """Return (word, whether it was chosen among its foils, what was chosen) for each word of ``lines`` with foils."""
    results = []
    for phrase, line, laid in lines:
        words = [tuple(_cmu(p) for s in word for p in s.phones) for word in line_of(phrase.words).words]
        choices = [
            [own, *foils(own, f"{w.spoken}{i}")] for i, (own, w) in enumerate(zip(words, phrase.words, strict=True))
        ]
        for i, chosen in enumerate(_chosen(stem, line, laid, choices, 0)):
            if len(choices[i]) > 1:
                results.append((phrase.words[i].spoken, chosen == words[i], " ".join(chosen)))
    return results


def _chosen(
    stem: Mono, line: SpokenLine, laid: timing.PhraseTiming, choices: list[list[tuple[str, ...]]], first: int
) -> list[tuple[str, ...]]:
    """Return what was heard at each place; a stretch the recogniser gives up on is heard in two halves."""
    bounds = {word: (start, stop) for word, start, stop in laid.words()}
    begin, end = bounds[first][0], bounds[first + len(choices) - 1][1]
    heard = _forced_choice(_ear(_shortened(stem, line, laid, begin, end)[0]), choices)
    if heard is not None:
        return heard
    if len(choices) == 1:
        return [("?",)]
    half = len(choices) // 2
    left = _chosen(stem, line, laid, choices[:half], first)
    return left + _chosen(stem, line, laid, choices[half:], first + half)


def _forced_choice(sound: bytes, choices: list[list[tuple[str, ...]]]) -> list[tuple[str, ...]] | None:
    decoder = pocketsphinx.Decoder(samprate=EAR_RATE, loglevel="FATAL", beam=1e-70, wbeam=1e-60, pbeam=1e-70, lm=None)
    spelled = {f"zz{i}q{j}": phones for i, slot in enumerate(choices) for j, phones in enumerate(slot)}
    for n, (name, phones) in enumerate(spelled.items()):
        decoder.add_word(name, " ".join(phones), n == len(spelled) - 1)
    slots = [" | ".join(f"zz{i}q{j}" for j in range(len(slot))) for i, slot in enumerate(choices)]
    grammar = " ".join(f"( {slot} )" for slot in slots)
    decoder.add_jsgf_string("choice", f"#JSGF V1.0; grammar choice; public <line> = {grammar} ;")
    decoder.activate_search("choice")
    _listen(decoder, sound)
    heard = [spelled[segment.word] for segment in decoder.seg() or [] if segment.word in spelled]
    return heard if len(heard) == len(choices) else None


def _shortened(
    stem: Mono, line: SpokenLine, laid: timing.PhraseTiming, begin: float, end: float
) -> tuple[Mono, tuple[list[float], list[float]]]:
    """Return the sound from ``begin`` to ``end`` with the middle of long vowels taken out and joined over 20 ms.

    With it come the matching (seconds of the copy, seconds of the stem) where one clock differs from the other.
    """
    pieces: list[Mono] = []
    place = max(begin - 0.12, 0.0)
    join = int(0.02 * RATE)
    copied, stemmed = [0.0], [place]
    for span in laid.spans:
        inside = span.start >= begin - 1e-6 and span.stop <= end + 1e-6
        if inside and is_vowel(line.phones[span.phone]) and span.stop - span.start > LONG_VOWEL:
            half = KEPT_VOWEL / 2
            cut = span.start + half
            pieces.append(stem[int(place * RATE) : int(cut * RATE) + join])
            at = copied[-1] + cut - stemmed[-1]
            place = span.stop - half
            copied += [at, at + 1e-6]
            stemmed += [cut, place]
    pieces.append(stem[int(place * RATE) : int((end + 0.12) * RATE)])
    copied.append(copied[-1] + end + 0.12 - stemmed[-1])
    stemmed.append(end + 0.12)
    out = pieces[0].copy()
    ramp = np.linspace(0, 1, join, dtype=np.float32)
    for piece in pieces[1:]:
        out[-join:] = out[-join:] * (1 - ramp) + piece[:join] * ramp
        out = np.concatenate([out, piece[join:]])
    return out, (copied, stemmed)


def main() -> None:
    """Print a row for each voice."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.singing", description=__doc__)
    parser.add_argument("--voices", nargs="*", default=list(voices.names()))
    parser.add_argument("--bpm", type=float, default=100.0)
    parser.add_argument("--fast", action="store_true", help="sing sixteenths")
    parser.add_argument("--words", action="store_true", help="show each word misheard")
    options = parser.parse_args()
    print("voice   words  note c  frame p95  onset med  p90 (n)     CPU s / sung s   level dBFS")
    for name in options.voices:
        lengths = SIXTEENTHS if options.fast else EIGHTHS
        score = song(name, voices.load(name).range.centre - 2, options.bpm, lengths=lengths)
        part = score.vocals[0]
        length = int((score.seconds(score.length) + 1) * RATE)
        begun = time.process_time()
        stem = singer.render(part, score, 1, 0, length, None)[:, 0]
        spent = time.process_time() - begun
        notes, frames = pitch_errors(stem, part, score)
        notes = np.concatenate([notes, short_pitch_errors(stem, part, score)])
        late = np.abs(onset_errors(stem, part, score)) * 1000
        heard = words_understood(stem, part, score)
        right = 100 * np.mean([ok for _, ok, _ in heard])
        loud = 10 * np.log10(np.mean(stem[np.abs(stem) > 1e-3] ** 2))
        print(
            f"{name:6} {right:5.0f}% {np.median(notes):7.1f} {np.percentile(frames, 95):9.1f} "
            f"{np.median(late):9.0f} {np.percentile(late, 90):6.0f} ({late.size}) "
            f"{spent:8.2f} / {length / RATE:.0f} {loud:12.1f}"
        )
        if options.words:
            print("  misheard:", "; ".join(f"{w} as {h}" for w, ok, h in heard if not ok))


if __name__ == "__main__":
    main()
