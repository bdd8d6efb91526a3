"""Words understood in languages other than English: two or three ears, each with a bias that is known.

    python -m benchmarks.foreign [--languages es fr] [--voices clara jonas]

Four lines a language are sung a note a syllable, by the English voices with their accent and by the source that speaks
the language, and heard twice. Each word is offered beside up to nine others of as many sounds, one or two of them
exchanged for others of the language; chance is about ten per cent.

- The *English ear* is pocketsphinx with its English model, learned from people. It hears every sound as the nearest
  of English (``descant.listen.phones``), so it favours voices that speak English sounds, and it rates formant
  synthesis low.
- The *native ear* is espeak-ng: each choice is spoken by another of its voices (a woman's formants) and the sung word
  is laid beside it by dynamic time warping of mel-cepstra, means and variances evened out. It knows the language's
  sounds as espeak-ng's authors do, and favours what came from the same program.
- The *recorded ear*, in Italian, Russian and Japanese, is the same with voices made of recordings of people who speak
  the language (``natives``). It takes part in making neither road but Mei's.

Of the last two the share of foils is told too that lie farther than the word (chance 50 per cent): one choice in ten
differs more by chance than the roads do.

None of them is a person who listens.
"""

import argparse
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import soxr
from numba import njit
from numpy.typing import NDArray
from scipy.fft import dct

from benchmarks import natives, singing, speaking
from descant.listen.phones import arpabet
from descant.perform.voice import singer, timing, voices
from descant.perform.voice.sources import espeak, roads
from descant.perform.voice.spoken import LineText, SpokenLine, native_line_of
from descant.song.lyrics import Syllable, SyllableClass, Word
from descant.song.score import Phrase, Role, Score, SungNote, VocalPart
from descant.song.streams import stream
from descant.song.tempo import Metre, TempoChange
from descant.song.theory import Key
from descant.words.languages.ipa import is_nucleus
from descant.words.lyrics import parse

LANGUAGES = ("es", "pt", "it", "fr", "de", "nl", "pl", "ru", "tr", "ja", "zh", "vi", "ko", "hi")
VOICES = ("clara", "jonas")
ACCENT = "accent"
FOILS = 9
EAR_VOICE = "+f2"
"""The variant of espeak-ng's voices by which the native ear hears: other formants, other breath than the singers'."""

STEP, WINDOW, BANDS, COEFFICIENTS = 160, 400, 26, 13
"""The native ear's frames at 16 kHz."""

Mono = NDArray[np.float32]
Phones = tuple[tuple[str, ...], ...]
"""A word as the sounds of its syllables."""


@dataclass(frozen=True)
class Understood:
    """What each ear understood of ``words`` words.

    ``english`` and ``native`` are shares of words chosen, ``native_beaten`` and ``recorded`` shares of foils that lie
    farther than their words.
    """

    english: float
    native: float
    native_beaten: float
    recorded: float | None
    words: int


def song(voice: str, language: str, bpm: float = 100.0) -> Score:
    """Return a score of a language's lines: one note a syllable, in steps about the voice's middle."""
    text = tomllib.loads(Path(__file__).with_name("foreign.toml").read_text(encoding="utf-8"))[language]
    scale = np.array([0, 2, 4, 5, 7, 9, 11])
    centre = voices.load(voice).range.centre - 2
    rng = stream(1, f"benchmark.foreign.{language}")
    phrases, beat = [], 0.0
    for line in parse(f"[Verse]\n{text}", language=language).lines:
        notes, step = [], int(rng.integers(-1, 3))
        places = [(w, s) for w, word in enumerate(line.words) for s in range(len(word.syllables))]
        for n, (w, s) in enumerate(places):
            length = 2.0 if n == len(places) - 1 else float(rng.choice([0.5, 0.5, 0.5, 1.0]))
            notes.append(SungNote(beat, length, centre + int(scale[step % 7]) + 12 * (step // 7), w, s, 94))
            beat += length
            step = int(np.clip(step + rng.choice([-2, -1, -1, 0, 1, 1, 2, 3]), -3, 5))
        phrases.append(Phrase(line.text, line.words, tuple(notes), 0, line.language))
        beat = 4 * np.ceil((beat + 0.75) / 4)
    part = VocalPart("lead", Role.LEAD_VOCAL, voice, tuple(phrases))
    rest = {"sections": (), "chords": (), "parts": (), "vocals": (part,), "length": float(beat)}
    return Score(title="test", tempo=(TempoChange(0, bpm),), metre=Metre(), key=Key(0, "major"), **rest)


def roads_of(language: str) -> tuple[str, ...]:
    """Return the roads a language can be sung on: with an accent, and by each source that speaks it."""
    return (ACCENT, "espeak", *(("mei",) if language == "ja" else ()))


def on_road(road: str) -> Any:
    """Return a context in which every language is sung on one road, whatever ``roads.toml`` says."""
    return patch.object(roads, "family_of", lambda code: "" if road == ACCENT else road)


def understood(score: Score, road: str) -> tuple[Understood, Understood]:
    """Return how much each ear understands of a lead on a road: speaking, and singing."""
    part = score.vocals[0]
    length = int((score.seconds(score.length) + 1) * singing.RATE)
    singer.forget()  # its memory of phrases does not ask by which road they came
    with on_road(road):
        said, layouts = speaking.spoken(part, score)
        stem = singer.render(part, score, 1, 0, length)[:, 0]
        return _heard_in(said, layouts), _heard_in(stem, list(singing.layouts(part, score)))


def _heard_in(stem: Mono, layouts: Sequence[speaking.Heard]) -> Understood:
    english: list[bool] = []
    words: list[Mono] = []
    offered: list[list[Phones]] = []
    language = layouts[0][0].language
    for phrase, line, layout in layouts:
        choices = [_choices(word, phrase.language) for word in phrase.words]
        bounds = {word: (start, stop) for word, start, stop in layout.words()}

        def piece(begin: float, end: float, line: SpokenLine = line, layout: timing.PhraseTiming = layout) -> Mono:
            return singing._shortened(stem, line, layout, begin, end)[0]

        english += _english_ear(piece, bounds, choices, phrase.language)
        words += [piece(*bounds[number]) for number in range(len(choices))]
        offered += choices
    native = _distances(words, offered, language, _templates)
    recorded = _distances(words, offered, language, _recorded) if natives.speaks(language) else []
    beaten = _beaten(recorded) if recorded else None
    return Understood(float(np.mean(english)), _nearest(native), _beaten(native), beaten, len(english))


def _nearest(distances: Sequence[NDArray[np.float64]]) -> float:
    """Return the share of words that lie nearer than all foils."""
    return float(np.mean([far.argmin() == 0 for far in distances]))


def _beaten(distances: Sequence[NDArray[np.float64]]) -> float:
    """Return the share of foils that lie farther than their words."""
    return float(np.mean([np.mean(far[1:] > far[0]) for far in distances]))


def _voiced(texts: Sequence[LineText], variant: str) -> list[tuple[Mono, SpokenLine]]:
    """Return what espeak-ng says, as sound at 48 kHz and as lines."""
    heard: list[tuple[Mono, SpokenLine]] = []

    def keep(report: dict, samples: NDArray[np.int16], line: LineText, owners: list) -> SpokenLine:
        made = original(report, samples, line, owners)
        sound = soxr.resample(samples.astype(np.float32) / 32768, report["rate"], singing.RATE)
        heard.append((sound, made))
        return made

    original, table = espeak._line, espeak._table()
    named = {code: espeak._Language(known.voice + variant, known.sounds) for code, known in table.languages.items()}
    other = espeak._Table(table.shared, table.instead, named)
    with patch.object(espeak, "_line", keep), patch.object(espeak, "_table", lambda: other):
        espeak.speak_plainly(texts)
    return heard


def _choices(word: Word, language: str) -> list[Phones]:
    """Return a word and up to nine others in the sounds of the language, one or two of them exchanged."""
    own: Phones = tuple(syllable.phones for syllable in word.syllables)
    flat = [(s, p) for s, phones in enumerate(own) for p in range(len(phones))]
    if len(flat) < 2:
        return [own]
    rng = stream(0, f"foils.{language}.{word.spoken}")
    heard, out = {_flat(own, language)}, [own]
    for _ in range(60):
        syllables = [list(phones) for phones in own]
        for place in rng.permutation(len(flat))[: 1 + int(len(flat) > 3)]:
            s, p = flat[place]
            same = [x for x in _inventory(language) if is_nucleus(x) == is_nucleus(syllables[s][p])]
            syllables[s][p] = same[int(rng.integers(len(same)))]
        other: Phones = tuple(tuple(phones) for phones in syllables)
        if _flat(other, language) not in heard:
            heard.add(_flat(other, language))
            out.append(other)
        if len(out) == FOILS + 1:
            break
    return out


def _flat(word: Phones, language: str) -> tuple[str, ...]:
    return tuple(sound for phones in word for sound in arpabet(phones, language))


@cache
def _inventory(language: str) -> tuple[str, ...]:
    """Return the sounds that the language's lines hold."""
    text = tomllib.loads(Path(__file__).with_name("foreign.toml").read_text(encoding="utf-8"))[language]
    lines = parse(f"[Verse]\n{text}", language=language).lines
    return tuple(sorted({p for line in lines for word in line.words for s in word.syllables for p in s.phones}))


Piece = Callable[[float, float], Mono]
Bounds = dict[int, tuple[float, float]]
Templates = Callable[[tuple[Phones, ...], str], tuple[NDArray[np.float64], ...]]


def _english_ear(piece: Piece, bounds: Bounds, choices: list[list[Phones]], language: str) -> list[bool]:
    """Return, for each word with foils, whether pocketsphinx chose it."""
    spelled = [[_flat(choice, language) for choice in own] for own in choices]
    heard = _heard(piece, bounds, spelled, 0)
    return [said == own[0] for said, own in zip(heard, spelled, strict=True) if len(own) > 1]


def _heard(piece: Piece, bounds: Bounds, choices: list[list[tuple[str, ...]]], first: int) -> list[tuple[str, ...]]:
    sound = piece(bounds[first][0], bounds[first + len(choices) - 1][1])
    heard = singing._forced_choice(singing._ear(sound), choices)
    if heard is not None:
        return heard
    if len(choices) == 1:
        return [("?",)]
    half = len(choices) // 2
    return _heard(piece, bounds, choices[:half], first) + _heard(piece, bounds, choices[half:], first + half)


def _distances(
    words: Sequence[Mono], offered: Sequence[list[Phones]], language: str, templates: Templates
) -> list[NDArray[np.float64]]:
    """Return, for each word with foils, how far it lies from each choice as ``templates`` say it.

    Both sides are evened out over the same words, the right ones, so that what differs is the voice and not the words.
    """
    sung = [_features(word) for word in words]
    middle, spread = _evening(sung)
    said = [templates(tuple(own), language) for own in offered]
    other_middle, other_spread = _evening([choices[0] for choices in said])
    return [
        np.array([_far((frames - middle) / spread, (other - other_middle) / other_spread) for other in choices])
        for frames, choices in zip(sung, said, strict=True)
        if len(choices) > 1
    ]


@cache
def _recorded(choices: tuple[Phones, ...], language: str) -> tuple[NDArray[np.float64], ...]:
    """Return the choices as people who speak the language say them."""
    return tuple(_features(np.pad(sound, 4800)) for sound in natives.said(choices, language))


@cache
def _templates(choices: tuple[Phones, ...], language: str) -> tuple[NDArray[np.float64], ...]:
    """Return the choices as another of espeak-ng's voices says them."""
    words = [
        tuple(Syllable("", phones, SyllableClass.CONTENT, int(n == 0)) for n, phones in enumerate(choice))
        for choice in choices
    ]
    texts = [native_line_of((Word("x", "x", word),), language) for word in words]
    return tuple(_features(np.pad(_trimmed(sound, line), 4800)) for sound, line in _voiced(texts, EAR_VOICE))


def _trimmed(sound: Mono, line: SpokenLine) -> Mono:
    return sound[int(240 * line.starts[0]) : int(240 * line.stops[-1])]


def _evening(pieces: Sequence[NDArray[np.float64]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    loud = np.concatenate([part[part[:, 0] > np.percentile(part[:, 0], 30)] for part in pieces])
    return loud.mean(axis=0), loud.std(axis=0) + 1e-6


def _features(sound: Mono) -> NDArray[np.float64]:
    """Return mel-cepstra (frames, COEFFICIENTS), the first the loudness, every 10 ms."""
    quiet = soxr.resample(sound, singing.RATE, singing.EAR_RATE).astype(np.float64)
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(quiet, WINDOW // 2), WINDOW)[::STEP] * np.hanning(WINDOW)
    power = np.abs(np.fft.rfft(frames, 512, axis=1)) ** 2
    edges = 700 * (np.expm1(np.linspace(np.log1p(80 / 700), np.log1p(7600 / 700), BANDS + 2)))
    hertz = np.arange(257) * singing.EAR_RATE / 512
    rising = (hertz - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - hertz) / np.diff(edges)[1:, None]
    bank = np.maximum(np.minimum(rising, falling), 0)
    return dct(np.log(power @ bank.T + 1e-6), axis=1, norm="ortho")[:, :COEFFICIENTS]


@njit(cache=True)
def _far(sound: NDArray[np.float64], template: NDArray[np.float64]) -> float:
    """Return the mean distance along the cheapest path of dynamic time warping; loudness counts a half."""
    rows, columns = sound.shape[0], template.shape[0]
    total = np.full((rows + 1, columns + 1), np.inf)
    total[0, 0] = 0.0
    for i in range(rows):
        for j in range(columns):
            far = 0.25 * (sound[i, 0] - template[j, 0]) ** 2
            for k in range(1, sound.shape[1]):
                far += (sound[i, k] - template[j, k]) ** 2
            total[i + 1, j + 1] = np.sqrt(far) + min(total[i, j], total[i, j + 1], total[i + 1, j])
    return total[rows, columns] / (rows + columns)


def main() -> None:
    """Print a row for each language."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.foreign", description=__doc__)
    parser.add_argument("--languages", nargs="*", default=list(LANGUAGES))
    parser.add_argument("--voices", nargs="*", default=list(VOICES))
    options = parser.parse_args()
    print("language voice    road    words  spoken and sung: English ear  native ear  its foils beaten  recorded")
    for language in options.languages:
        for voice in options.voices:
            for road in roads_of(language):
                said, sung = understood(song(voice, language), road)
                pairs = zip(_shares(said), _shares(sung), strict=True)
                cells = "  ".join(f"{_percent(a):>7} {_percent(b):>3}" for a, b in pairs)
                print(f"{language:8} {voice:8} {road:7} {sung.words:5} {cells}", flush=True)


def _shares(heard: Understood) -> tuple[float | None, ...]:
    return heard.english, heard.native, heard.native_beaten, heard.recorded


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f}"


if __name__ == "__main__":
    main()
