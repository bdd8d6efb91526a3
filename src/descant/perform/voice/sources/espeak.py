"""Many languages: espeak-ng's formant synthesis, turned to the timbre of one of our speakers by a learned map.

espeak-ng (GPL-3.0-or-later) is a program of its own: a child process speaks the lines on one pitch and hands back
samples and the times of its sounds (:mod:`~descant.perform.voice.sources.espeak_worker`). Their envelopes, phones and
times are espeak-ng's; the timbre is that of slt, rms or awb (:mod:`~descant.perform.voice.sources.timbremap`).
"""

import ctypes.util
import json
import sys
import tempfile
import tomllib
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from descant.perform.voice.errors import EngineFailedError, MissingProgramError, PronunciationError
from descant.perform.voice.phones import CLASS, UNVOICED, PhoneClass
from descant.perform.voice.sources import analysis
from descant.perform.voice.sources.process import run
from descant.perform.voice.sources.timbremap import MIDDLE, TimbreMap
from descant.perform.voice.spoken import FRAME, LineText, SpokenLine

PITCH, HERTZ = 40, 80.0
"""The pitch asked for, and what it is in Hz: low, so that harmonics lie close and draw the envelope finely."""

WORDS_A_MINUTE = 115
ORDER, ALPHA = 30, 0.45
"""Of the mel-cepstra in which espeak-ng's envelopes are handed to the map."""

SHORTEST = 0.012
"""Seconds a sound has at least; what is shorter takes from the sound before it."""

FALL, ACCENT = 400.0, 200.0
"""Cents by which the melody of talk falls over a line and rises on stressed vowels: espeak-ng speaks on one pitch."""

LEFT_OUT = 0.5
"""Share of a line's sounds above which what espeak-ng left out is an error: it says "@ r" as one sound, for example."""

CLOSED, LONGEST_CLOSURE = 12.0, 24
"""A closure is this much softer (dB) than the loudest of the sound before it, and at most so many frames long."""

_WORKER = Path(__file__).with_name("espeak_worker.py")


class _Language(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    voice: str
    sounds: dict[str, str]


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    shared: dict[str, str]
    instead: dict[str, str]
    languages: dict[str, _Language]


def is_installed() -> bool:
    """Say whether espeak-ng's library is there."""
    return ctypes.util.find_library("espeak-ng") is not None


def languages() -> tuple[str, ...]:
    """Return the codes of the languages that it is told the sounds of."""
    return tuple(sorted(_table().languages))


def mnemonics(phone: str, language: str) -> tuple[str, ...]:
    """Return espeak-ng's names for one sound of the International Phonetic Alphabet.

    Raises
    ------
    PronunciationError : when the table leads nowhere.
    """
    table = _table()
    own = table.languages[language].sounds
    tried = [phone]
    while True:
        plain = unicodedata.normalize("NFC", tried[-1])
        for key in (plain, plain.rstrip("ː")):
            names = own.get(key) or table.shared.get(key)
            if names:
                return tuple(names.split(" "))
            if key in table.instead and key not in tried[:-1]:
                sounds = table.instead[key].split(" ")
                return tuple(name for sound in sounds for name in mnemonics(sound, language))
        bare = _without_marks(plain)
        if not bare or bare in tried:
            raise PronunciationError(f"espeak-ng is not told how to say {phone!r}")
        tried.append(bare)


def _without_marks(phone: str) -> str:
    kept = (c for c in unicodedata.normalize("NFD", phone) if unicodedata.category(c) not in ("Mn", "Lm", "Sk"))
    return "".join(kept)


def _script(line: LineText) -> tuple[str, list[tuple[str, int]]]:
    """Return (what is sent, each of its sounds with the number of the line's phone that it is of)."""
    words, owners, phone = [], [], 0
    for word in line.words:
        names = []
        for syllable in word:
            for place, sound in enumerate(syllable.native):
                said = mnemonics(sound, line.language)
                mark = "'" if syllable.stressed and place == syllable.nucleus else ""
                names += [mark + said[0], *said[1:]]
                owners += [(name, phone) for name in said]
                phone += 1
        words.append("|".join(names))
    return " ".join(words), owners


class EspeakSource:
    """Many languages in the timbre of an English speaker.

    Parameters
    ----------
    timbre : the speaker whose timbre the map gives: "hts:slt", "flite:rms" or "flite:awb".
    """

    def __init__(self, timbre: str) -> None:
        self._map = TimbreMap.load(timbre)
        self.name = f"espeak:{timbre}:1:{self._map.digest}"

    def speak(self, lines: Sequence[LineText]) -> list[SpokenLine]:
        """Return each line as spoken; see :class:`~descant.perform.voice.sources.Source`."""
        return [self._map.turned(line) for line in speak_plainly(lines)]


def speak_plainly(lines: Sequence[LineText]) -> list[SpokenLine]:
    """Return each line as espeak-ng says it, in its own timbre.

    Raises
    ------
    VoiceError : when espeak-ng is missing or fails, or a sound is not in its table.
    """
    if not is_installed():
        raise MissingProgramError("the library 'espeak-ng' is not installed; install it with: apt install espeak-ng")
    scripts = [_script(line) for line in lines]
    spoken = [(_table().languages[line.language].voice, text) for line, (text, _) in zip(lines, scripts, strict=True)]
    with tempfile.TemporaryDirectory(prefix="descant-espeak-") as name:
        folder = Path(name)
        request = {"rate": WORDS_A_MINUTE, "pitch": PITCH, "lines": spoken}
        (folder / "lines").write_text(json.dumps(request), encoding="utf-8")
        run([sys.executable, "-IS", str(_WORKER), "lines", "out"], folder)
        try:
            reports = [json.loads(row) for row in (folder / "out").read_text().splitlines()]
            samples = np.fromfile(folder / "out.i16", np.int16)
        except (OSError, ValueError) as error:
            raise EngineFailedError(f"espeak-ng left an unreadable result: {error}") from error
    if len(reports) != len(lines):
        raise EngineFailedError(f"espeak-ng spoke {len(reports)} of {len(lines)} lines")
    ends = np.cumsum([report["samples"] for report in reports])
    return [
        _line(report, samples[end - report["samples"] : end], line, owners)
        for report, end, line, (_, owners) in zip(reports, ends, lines, scripts, strict=True)
    ]


def _line(
    report: dict[str, object], samples: NDArray[np.int16], line: LineText, owners: list[tuple[str, int]]
) -> SpokenLine:
    rate = int(str(report["rate"]))
    sounds = [(str(name), int(sample)) for name, sample in report["sounds"]]  # type: ignore[attr-defined]
    begins, ends = _bounds(sounds, samples.size, owners, line)
    sound = samples.astype(np.float32) / 32768
    count = int(ends[-1] / rate / FRAME) + 2
    starts, stops = (np.rint(edges / rate / FRAME).astype(np.int32) for edges in (begins, ends))
    voiced = analysis.log_envelope(sound, rate, HERTZ, count)
    unvoiced = analysis.log_envelope(sound, rate, analysis.UNVOICED_PITCH, count)
    hushed = np.zeros(count, bool)
    for phone, start, stop in zip(line.phones, starts, stops, strict=True):
        hushed[start:stop] = phone in UNVOICED
    envelope = np.where(hushed[:, None], unvoiced, voiced)
    cepstra = analysis.mel_cepstrum(envelope, ORDER, ALPHA)
    _give_closures(line, starts, stops, analysis.level(envelope))
    pitch = np.where(hushed, 0, _melody(line, starts, stops, count)).astype(np.float32)
    return SpokenLine(line.phones, starts, stops, cepstra, pitch, ALPHA, rate)


def _give_closures(
    line: LineText, starts: NDArray[np.int32], stops: NDArray[np.int32], level: NDArray[np.float64]
) -> None:
    """Move the beginnings of stops back to where their closures begin, in place.

    espeak-ng tells of a stop at its release and counts its closure to the sound before, whose end would then fall
    silent on a held note.
    """
    for phone in range(1, len(line.phones)):
        if CLASS[line.phones[phone]] not in (PhoneClass.STOP, PhoneClass.AFFRICATE):
            continue
        first = int(starts[phone])
        before = starts[phone - 1]
        threshold = np.median(np.sort(level[before:first])[-5:]) - CLOSED if first > before else 0.0
        earliest = max(int(before) + 3, first - LONGEST_CLOSURE)
        while first > earliest and level[first - 1] < threshold:
            first -= 1
        starts[phone] = first
        stops[phone - 1] = min(int(stops[phone - 1]), first)


def _melody(line: LineText, starts: NDArray[np.int32], stops: NDArray[np.int32], count: int) -> NDArray[np.float64]:
    """Return the pitch of talk in cents about the middle: falling, with a rise on stressed vowels."""
    melody = MIDDLE + FALL * (0.5 - np.linspace(0, 1, count))
    place = 0
    for word in line.words:
        for syllable in word:
            vowel = place + syllable.nucleus
            if syllable.stressed and len(word) > 1:
                melody[starts[vowel] : stops[vowel]] += ACCENT
            place += len(syllable.phones)
    return np.asarray(gaussian_filter1d(melody, 8), np.float64)


def _bounds(
    sounds: list[tuple[str, int]], length: int, owners: list[tuple[str, int]], line: LineText
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the samples at which each phone of the line begins and ends.

    espeak-ng may say an allophone, put in a pause or a glottal stop, or leave a sound out: what it tells is laid
    beside what was asked by the cheapest edit, and a sound left out takes a share of its neighbour.
    """
    real = [(name, sample) for name, sample in sounds if not name.startswith("_") and name not in ("|", "")]
    after = {sample: following for (_, sample), (_, following) in zip(sounds, [*sounds[1:], ("", length)], strict=True)}
    pairs = _laid_beside([name for name, _ in real], [name for name, _ in owners])
    count = len(line.phones)
    begins, ends = np.full(count, np.nan), np.full(count, np.nan)
    for told, asked in pairs:
        phone = owners[asked][1]
        start, stop = real[told][1], after[real[told][1]]
        begins[phone] = np.nanmin([begins[phone], start])
        ends[phone] = np.nanmax([ends[phone], stop])
    if np.isnan(begins).mean() > LEFT_OUT:
        raise PronunciationError(
            f"espeak-ng said {' '.join(n for n, _ in real)!r} for {' '.join(n for n, _ in owners)!r}"
        )
    return _filled(begins, ends, length)


def _filled(
    begins: NDArray[np.float64], ends: NDArray[np.float64], length: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give phones without time a share of their neighbour's, and at least a moment to each."""
    known = np.flatnonzero(~np.isnan(begins))
    for phone in range(begins.size):
        if np.isnan(begins[phone]):
            giver = int(known[np.argmin(np.abs(known - phone))])
            edge = ends[giver] if giver < phone else begins[giver]
            begins[phone] = ends[phone] = edge
    least = SHORTEST * 22050
    for phone in range(1, begins.size):
        if ends[phone] - begins[phone] < least:
            begins[phone] = max(ends[phone] - least, 0.5 * (begins[phone - 1] + ends[phone - 1]))
            ends[phone - 1] = min(ends[phone - 1], begins[phone])
            ends[phone] = max(ends[phone], min(begins[phone] + least, length))
    return begins, ends


def _laid_beside(told: list[str], asked: list[str]) -> list[tuple[int, int]]:
    """Return the pairs (told, asked) of the cheapest edit; names that begin alike are nearly the same sound."""
    rows, columns = len(told) + 1, len(asked) + 1
    cost = np.zeros((rows, columns))
    cost[:, 0], cost[0, :] = np.arange(rows), np.arange(columns)

    def change(a: str, b: str) -> float:
        return 0.0 if a == b else 0.2 if a[:1] == b[:1] else 0.9

    for i in range(1, rows):
        for j in range(1, columns):
            swap = cost[i - 1, j - 1] + change(told[i - 1], asked[j - 1])
            cost[i, j] = min(swap, cost[i - 1, j] + 1, cost[i, j - 1] + 1)
    pairs, i, j = [], rows - 1, columns - 1
    while i and j:
        if cost[i, j] == cost[i - 1, j - 1] + change(told[i - 1], asked[j - 1]):
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif cost[i, j] == cost[i - 1, j] + 1:
            i -= 1
        else:
            j -= 1
    return pairs[::-1]


@cache
def _table() -> _Table:
    path = Path(__file__).with_name("espeak.toml")
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _Table)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise PronunciationError(f"sources/espeak.toml is not right: {error}") from error
