"""The rms and awb voices: flite's statistical models, read before its vocoder.

As with festival, each word goes in under a made-up name whose lexicon entry is the score's phones. The library is
loaded by a child program (:mod:`~descant.perform.voice.sources.flite_worker`), so a crash in it cannot take the
service down.
"""

import ctypes.util
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from descant.perform.voice.errors import EngineFailedError, MissingProgramError, PronunciationError
from descant.perform.voice.phones import is_vowel
from descant.perform.voice.sources.process import run
from descant.perform.voice.spoken import FRAME, LineText, SpokenLine

ALPHA, RATE = 0.42, 16000
STRETCH = 1.3
"""Slower than talk, as for the HTS voice."""

CONTRAST = 1.12
"""Averaged models move too little: each coefficient's path is widened about its mean (after Toda & Tokuda 2007)."""

_WORKER = Path(__file__).with_name("flite_worker.py")


def _name(number: int) -> str:
    """Return a pronounceable word that is in no dictionary: flite spells out what it cannot pronounce."""
    name = "zaq"
    for _ in range(4):
        number, place = divmod(number, 25)
        name += "bdgkm"[place // 5] + "aeiou"[place % 5]
    return name


def _lexicon(lines: Sequence[LineText]) -> tuple[str, str]:
    """Return (addenda file, lines file): the words' phones, and the lines in made-up words."""
    names: dict[tuple[str, ...], str] = {}
    rows = []
    for line in lines:
        row = []
        for word in line.words:
            spelled = tuple(
                phone + str(int(syllable.stressed and phone != "ax")) if is_vowel(phone) else phone
                for syllable in word
                for phone in syllable.phones
            )
            row.append(names.setdefault(spelled, _name(len(names))))
        rows.append(" ".join(row))
    addenda = "".join(f"{name} n : {' '.join(spelled)}\n" for spelled, name in names.items())
    return addenda, "".join(row + "\n" for row in rows)


class FliteSource:
    """English, male: the CMU rms (American) and awb (Scottish) voices (BSD-like licence).

    Parameters
    ----------
    voice : "rms" or "awb".
    """

    def __init__(self, voice: str) -> None:
        self.voice = voice
        self.name = f"flite:{voice}:1"

    def speak(self, lines: Sequence[LineText]) -> list[SpokenLine]:
        """Return each line as spoken; see :class:`~descant.perform.voice.sources.Source`."""
        if ctypes.util.find_library("flite") is None:
            raise MissingProgramError("the library 'flite' is not installed; install it with: apt install libflite1")
        with tempfile.TemporaryDirectory(prefix="descant-flite-") as name:
            folder = Path(name)
            addenda, rows = _lexicon(lines)
            (folder / "lexicon").write_text(addenda)
            (folder / "lines").write_text(rows)
            run([sys.executable, "-IS", str(_WORKER), self.voice, "lexicon", "lines", "out", str(STRETCH)], folder)
            return self._read(folder, lines)

    def _read(self, folder: Path, lines: Sequence[LineText]) -> list[SpokenLine]:
        try:
            reports = [json.loads(row) for row in (folder / "out").read_text().splitlines()]
            values = np.fromfile(folder / "out.f32", np.float32)
        except (OSError, ValueError) as error:
            raise EngineFailedError(f"flite left an unreadable result: {error}") from error
        if len(reports) != len(lines):
            raise EngineFailedError(f"flite spoke {len(reports)} of {len(lines)} lines")
        spoken, place = [], 0
        for report, line in zip(reports, lines, strict=True):
            size = report["frames"] * report["channels"]
            frames = values[place : place + size].reshape(report["frames"], report["channels"])
            place += size
            spoken.append(_line(report["segments"], frames, line))
        return spoken


def _line(segments: list[tuple[str, float]], frames: np.ndarray, line: LineText) -> SpokenLine:
    ends = np.rint(np.array([end for _, end in segments]) / FRAME).astype(np.int32)
    begins = np.concatenate([[0], ends[:-1]]).astype(np.int32)
    real = [i for i, (name, _) in enumerate(segments) if name not in ("pau", "ssil")]
    phones = tuple(segments[i][0] for i in real)
    if phones != line.phones:
        raise PronunciationError(f"flite spoke {' '.join(phones)!r} instead of {' '.join(line.phones)!r}")
    hertz, cepstra = frames[:, 0], frames[:, 1:].astype(np.float32)
    mean = cepstra.mean(axis=0)
    widened = np.concatenate([cepstra[:, :1], (mean + CONTRAST * (cepstra - mean))[:, 1:]], axis=1)
    voiced = hertz > 0
    pitch = np.where(voiced, 1200 * np.log2(np.where(voiced, hertz, 440.0) / 440) + 6900, 0)
    return SpokenLine(phones, begins[real], ends[real], widened, pitch.astype(np.float32), ALPHA, RATE)
