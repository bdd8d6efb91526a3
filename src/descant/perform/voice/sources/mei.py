"""Japanese: the voice Mei, told the sounds of the score in context labels, in the timbre of one of our speakers.

The voice file (862 kB, Creative Commons Attribution 3.0) comes with the package pyopenjtalk-plus, of which nothing else
is used: Open JTalk's dictionary and analysis would read the words anew, and the score already says their sounds. The
labels have the form that Open JTalk 1.11 writes (HTS_TTS_JPN 1.0); hts_engine, which sings slt too, turns them into
mel-cepstra and durations. Each word is an accent phrase without a fall, as pitch accents are not known.
"""

import importlib.util
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from descant.perform.voice.errors import EngineFailedError, MissingProgramError, PronunciationError
from descant.perform.voice.sources.process import find_program, run
from descant.perform.voice.sources.timbremap import MIDDLE, TimbreMap
from descant.perform.voice.spoken import LineText, SpokenLine

VOICE_NAME = "mei_normal.htsvoice"
ORDER, ALPHA, RATE = 34, 0.55, 48000
SPEECH_RATE = 0.8
"""Slower than talk: vowels come nearer to their targets before they are held on notes."""

_UNITS_PER_FRAME = 50_000
"""Label times count 100 ns."""

_COARSE = 10
"""Factor by which the waveform, which is not used, is made coarser and cheaper."""

_VOWELS = {"a": "a", "i": "i", "ɯ": "u", "e": "e", "o": "o"}
_VOWELS |= {
    "u": "u",
    "ɛ": "e",
    "ɔ": "o",
    "ɪ": "i",
    "ʊ": "u",
    "æ": "a",
    "ʌ": "a",
    "ə": "a",
    "ɑ": "a",
    "y": "u",
    "ɨ": "u",
}
_GLIDED = {"aɪ": "a i", "aʊ": "a u", "eɪ": "e i", "oʊ": "o u", "ɔɪ": "o i"}
_NASALS = ("ɴ̩", "n̩", "m̩", "ŋ̩")
_CONSONANTS = {
    "k": "k", "g": "g", "s": "s", "ɕ": "sh", "z": "z", "dz": "z", "dʑ": "j", "ʑ": "j", "t": "t", "tɕ": "ch", "ts": "ts",
    "d": "d", "n": "n", "ɲ": "n", "h": "h", "ç": "h", "ɸ": "f", "b": "b", "p": "p", "m": "m", "ɾ": "r", "j": "y",
    "w": "w", "l": "r", "ɹ": "r", "r": "r", "f": "f", "v": "v", "θ": "s", "ð": "z", "ʃ": "sh", "ʒ": "j", "tʃ": "ch",
    "dʒ": "j", "ŋ": "N", "x": "h", "ɣ": "g", "β": "b", "ʁ": "r",
}  # fmt: skip
_PALATALISED = {c: f"{c}y" for c in ["k", "g", "n", "h", "b", "p", "m", "r", "t", "d"]}


@dataclass(frozen=True)
class Unit:
    """One of the voice's sounds: its name, the line's phones it covers, and its mora, counted in its word."""

    name: str
    first: int
    last: int
    mora: int


def voice_file() -> Path | None:
    """Return where the voice lies, or None: in the environment's shared data, or in the package it comes with."""
    shared = Path(sys.prefix) / "share" / "descant" / VOICE_NAME
    if shared.is_file():
        return shared
    found = importlib.util.find_spec("pyopenjtalk")
    for folder in (found.submodule_search_locations or ()) if found else ():
        path = Path(folder) / "htsvoice" / VOICE_NAME
        if path.is_file():
            return path
    return None


@cache
def is_installed() -> bool:
    """Say whether the voice and the program that speaks it are there."""
    return voice_file() is not None and shutil.which("hts_engine") is not None


def units(phones: Sequence[str], first: int) -> list[Unit]:
    """Return the voice's sounds for a word's phones (IPA), the first of which is the line's phone ``first``.

    Raises
    ------
    PronunciationError : for a sound Japanese has nothing near.
    """
    out: list[Unit] = []
    mora, place = 0, 0
    while place < len(phones):
        phone = phones[place]
        at, bare = first + place, phone.rstrip("ːʲ").replace("\u0303", "")
        following = phones[place + 1] if place + 1 < len(phones) else ""
        if phone in _NASALS or bare in _VOWELS or bare in _GLIDED:
            names = "N" if phone in _NASALS else _VOWELS.get(bare) or _GLIDED[bare]
            for name in names.split():
                out.append(Unit(name, at, at + 1, mora))
                mora += 1
        elif bare in _CONSONANTS:
            name = _CONSONANTS[bare]
            if phone.endswith("ː"):
                out.append(Unit("cl", at, at + 1, mora))
                mora += 1
            if following == "j" and name in _PALATALISED:
                out.append(Unit(_PALATALISED[name], at, at + 2, mora))
                place += 1
            else:
                palatal = bare in ("ɲ", "ç") and following != "i"
                out.append(Unit(_PALATALISED[name] if palatal else name, at, at + 1, mora))
        else:
            raise PronunciationError(f"the Japanese voice has nothing like {phone!r}")
        place += 1
    return out


def labels(words: Sequence[Sequence[Unit]]) -> list[str]:
    """Return the context labels of a line, silences at both ends included."""
    counts = [max(unit.mora for unit in word) + 1 for word in words]
    total, phrases = sum(counts), len(words)
    names = ["xx", "xx", "sil", *(unit.name for word in words for unit in word), "sil", "xx", "xx"]
    none = "xx_xx!xx_xx-xx", "xx_xx#xx_xx@xx_xx|xx_xx", "xx_xx%xx_xx_xx"
    whole = f"K:1+{phrases}-{total}"
    before = [f"E:{none[0]}", *(f"E:{count}_{count}!0_0-1" for count in counts)]
    after = [*(f"G:{count}_{count}%0_0_1" for count in counts), f"G:{none[2]}"]
    words_around = "B:xx-xx_xx/C:02_xx+xx/D:xx+xx_xx"
    silent = "A:xx+xx+xx/B:xx-xx_xx/C:xx_xx+xx/D:xx+xx_xx"
    group = f"H:xx_xx/I:{phrases}-{total}@1+1&1-{phrases}|1+{total}/J:xx_xx"
    rows = [
        f"{silent}/E:{none[0]}/F:{none[1]}/{after[0]}/H:xx_xx/I:xx-xx@xx+xx&xx-xx|xx+xx/J:{phrases}_{total}/{whole}"
    ]
    passed = 0
    for number, (word, count) in enumerate(zip(words, counts, strict=True)):
        place = f"@{number + 1}_{phrases - number}|{passed + 1}_{total - passed}"
        around = f"{words_around}/{before[number]}/F:{count}_{count}#0_0{place}/{after[number + 1]}/{group}/{whole}"
        rows += [f"A:{unit.mora + 1 - count}+{unit.mora + 1}+{count - unit.mora}/{around}" for unit in word]
        passed += count
    end = f"{silent}/{before[-1]}/F:{none[1]}/G:{none[2]}/H:{phrases}_{total}/I:xx-xx@xx+xx&xx-xx|xx+xx/J:xx_xx/{whole}"
    rows.append(end)
    return ["{}^{}-{}+{}={}/".format(*names[i : i + 5]) + row for i, row in enumerate(rows)]


class MeiSource:
    """Japanese in the timbre of an English speaker.

    Parameters
    ----------
    timbre : the speaker: "hts:slt", "flite:rms" or "flite:awb".
    """

    def __init__(self, timbre: str) -> None:
        self._map = TimbreMap.load(f"mei:mei_{timbre.partition(':')[2]}")
        self.name = f"mei:{timbre}:1:{self._map.digest}"

    def speak(self, lines: Sequence[LineText]) -> list[SpokenLine]:
        """Return each line as spoken; see :class:`~descant.perform.voice.sources.Source`."""
        return [self._map.turned(line) for line in speak_plainly(lines)]


def speak_plainly(lines: Sequence[LineText]) -> list[SpokenLine]:
    """Return each line as Mei says it, in her own timbre.

    Raises
    ------
    VoiceError : when the voice or its program is missing or fails, or a sound is unknown.
    """
    engine = find_program("hts_engine", "htsengine")
    voice = voice_file()
    if voice is None:
        raise MissingProgramError(f"the voice {VOICE_NAME} is not installed; scripts/environment.sh brings it")
    spoken = []
    with tempfile.TemporaryDirectory(prefix="descant-mei-") as name:
        folder = Path(name)
        for number, line in enumerate(lines):
            words, place = [], 0
            for word in line.words:
                phones = [sound for syllable in word for sound in syllable.native]
                words.append(units(phones, place))
                place += len(phones)
            (folder / f"{number}.lab").write_text("\n".join(labels(words)) + "\n")
            outputs = ["-od", f"{number}.dur", "-om", f"{number}.mgc", "-of", f"{number}.lf0"]
            coarse = ["-s", str(RATE // _COARSE), "-p", str(240 // _COARSE), "-r", str(SPEECH_RATE)]
            run([engine, "-m", str(voice), *coarse, *outputs, f"{number}.lab"], folder)
            spoken.append(_read(folder, number, line, [unit for word in words for unit in word]))
    return spoken


def _read(folder: Path, number: int, line: LineText, said: list[Unit]) -> SpokenLine:
    try:
        rows = [row.split(maxsplit=2) for row in (folder / f"{number}.dur").read_text().splitlines()]
        cepstra = np.fromfile(folder / f"{number}.mgc", np.float32).reshape(-1, ORDER + 1)
        log_pitch = np.fromfile(folder / f"{number}.lf0", np.float32)
    except (OSError, ValueError) as error:
        raise EngineFailedError(f"hts_engine left an unreadable line: {error}") from error
    if len(rows) != len(said) + 2:
        raise EngineFailedError(f"hts_engine spoke {len(rows) - 2} of {len(said)} sounds")
    count = len(line.phones)
    starts, stops = np.full(count, -1, np.int32), np.zeros(count, np.int32)
    for (begin, end, _), unit in zip(rows[1:-1], said, strict=True):
        edges = np.linspace(int(begin), int(end), unit.last - unit.first + 1) / _UNITS_PER_FRAME
        for phone in range(unit.first, unit.last):
            low, high = edges[phone - unit.first], edges[phone - unit.first + 1]
            starts[phone] = round(low) if starts[phone] < 0 else starts[phone]
            stops[phone] = round(high)
    voiced = log_pitch > 0
    cents = 1200 * np.where(voiced, log_pitch, 0) / np.log(2)
    middle = float(np.median(cents[voiced])) if voiced.any() else 0.0
    pitch = np.where(voiced, np.maximum(cents - middle + MIDDLE, 1.0), 0).astype(np.float32)
    return SpokenLine(line.phones, starts, stops, cepstra, pitch, ALPHA, RATE)
