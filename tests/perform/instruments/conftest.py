"""A SoundFont writer for tests (own synthetic samples), and a score around one part."""

import io
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import soundfile

from descant.perform.instruments import presets
from descant.perform.instruments.bank import DEFAULT_BANKS, SoundBank, open_bank
from descant.perform.instruments.presets import Layer, Preset
from descant.song.score import Note, Part, Role, Score
from descant.song.tempo import Metre, TempoChange
from descant.song.theory import Key

RATE = 48_000
LOAD = presets.load


@dataclass
class Sample:
    """A sample to write: float frames ±1, its key, and loop points when it has a loop."""

    frames: np.ndarray
    key: int = 60
    rate: int = RATE
    loop: tuple[int, int] = (0, 0)
    correction: int = 0


@dataclass
class Settings:
    """A zone to write: generators in order, the last of an instrument's naming its sample; and modulators."""

    generators: list[tuple[int, int]]
    modulators: list[tuple[int, int, int, int, int]] = field(default_factory=list)


@dataclass
class Program:
    """A preset to write with one instrument of its own."""

    zones: list[Settings]
    bank: int = 0
    program: int = 0
    preset_zone: Settings = field(default_factory=lambda: Settings([]))
    preset_common: Settings | None = None


def sine(hertz: float, seconds: float, level: float = 0.5, rate: int = RATE) -> np.ndarray:
    return level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)


def write_bank(
    path: Path, samples: Sequence[Sample], programs: Sequence[Program], *, vorbis: bool = False, wide: bool = False
) -> Path:
    """Write an SF2, or an SF3 (``vorbis``), or an SF2 of 24 bits (``wide``)."""
    pool, low, headers = bytearray(), bytearray(), bytearray()
    for number, sample in enumerate(samples):
        start = len(pool) // (1 if vorbis else 2)
        if vorbis:
            stream = io.BytesIO()
            soundfile.write(
                stream,
                sample.frames,
                sample.rate,
                format="OGG",
                subtype="VORBIS",
            )
            pool += stream.getvalue()
            end, loop = len(pool), sample.loop
        else:
            whole = np.round(np.asarray(sample.frames) * 32767 * 256).astype(np.int64)
            pool += (whole >> 8).astype("<i2").tobytes() + bytes(92)
            low += (whole & 0xFF).astype(np.uint8).tobytes() + bytes(46)
            end, loop = start + len(sample.frames), (start + sample.loop[0], start + sample.loop[1])
        kind = 1 | (0x10 if vorbis else 0)
        headers += struct.pack(
            "<20s5IBbHH", b"s%d" % number, start, end, *loop, sample.rate, sample.key, sample.correction, 0, kind
        )
    headers += struct.pack("<20s5IBbHH", b"EOS", *[0] * 9)
    tables = _tables(programs)
    sdta = _chunk(b"smpl", bytes(pool)) + (_chunk(b"sm24", bytes(low)) if wide else b"")
    pdta = b"".join(_chunk(name, bytes(data)) for name, data in tables.items()) + _chunk(b"shdr", bytes(headers))
    info = _chunk(b"ifil", struct.pack("<HH", 2, 4)) + _chunk(b"INAM", b"test")
    body = b"sfbk" + b"".join(
        _chunk(b"LIST", name + data) for name, data in ((b"INFO", info), (b"sdta", sdta), (b"pdta", pdta))
    )
    path.write_bytes(_chunk(b"RIFF", body))
    return path


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + bytes(len(data) & 1)


def _tables(programs: Sequence[Program]) -> dict[bytes, bytearray]:
    names = (b"phdr", b"pbag", b"pmod", b"pgen", b"inst", b"ibag", b"imod", b"igen")
    tables = {name: bytearray() for name in names}

    def add(level: bytes, settings: Settings) -> None:
        tables[level + b"bag"] += struct.pack(
            "<HH", len(tables[level + b"gen"]) // 4, len(tables[level + b"mod"]) // 10
        )
        tables[level + b"gen"] += b"".join(
            struct.pack("<HH", code, amount & 0xFFFF) for code, amount in settings.generators
        )
        tables[level + b"mod"] += b"".join(struct.pack("<HHhHH", *modulator) for modulator in settings.modulators)

    for number, program in enumerate(programs):
        tables[b"phdr"] += struct.pack(
            "<20sHHHIII", b"p%d" % number, program.program, program.bank, len(tables[b"pbag"]) // 4, 0, 0, 0
        )
        tables[b"inst"] += struct.pack("<20sH", b"i%d" % number, len(tables[b"ibag"]) // 4)
        if program.preset_common:
            add(b"p", program.preset_common)
        add(b"p", Settings([*program.preset_zone.generators, (41, number)], program.preset_zone.modulators))
        for zone in program.zones:
            add(b"i", zone)
    tables[b"phdr"] += struct.pack("<20sHHHIII", b"EOP", 0, 0, len(tables[b"pbag"]) // 4, 0, 0, 0)
    tables[b"inst"] += struct.pack("<20sH", b"EOI", len(tables[b"ibag"]) // 4)
    for level in (b"p", b"i"):
        add(level, Settings([(0, 0)], [(0, 0, 0, 0, 0)]))
    return tables


@dataclass
class Studio:
    """What a test needs to hear a bank: write one, and play notes with it."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch

    Sample = Sample
    Settings = Settings
    Program = Program
    sine = staticmethod(sine)

    def bank(self, samples: Sequence[Sample], programs: Sequence[Program], **kind: bool) -> SoundBank:
        path = self.folder / f"bank{len(list(self.folder.iterdir()))}.sf2"
        return open_bank(write_bank(path, samples, programs, **kind))

    def simple(self, frames: np.ndarray, *generators: tuple[int, int], loop: tuple[int, int] = (0, 0)) -> SoundBank:
        """Return a bank of one sample at key 60; a loop given is played."""
        mode = [(54, 1)] if loop[1] else []
        zone = Settings([*mode, *generators, (53, 0)])
        return self.bank([Sample(frames, loop=loop)], [Program([zone])])

    def preset(self, **changes: object) -> None:
        """Make the instrument "test" a preset: program 0 unless changed."""
        made = Preset(**{"description": "", "layers": (Layer(program=0),), **changes})  # type: ignore[arg-type]
        self.monkeypatch.setattr(presets, "load", lambda name: made if name == "test" else LOAD(name))

    @staticmethod
    def score(
        *notes: tuple[float, float, int, int], name: str = "part", instrument: str = "test", **changes: object
    ) -> tuple[Part, Score]:
        """Return a part of notes (start, duration in seconds, pitch, velocity) and its score; a beat is a second."""
        part = Part(name, Role.KEYBOARD, instrument, tuple(Note(*note) for note in notes), **changes)  # type: ignore[arg-type]
        score = Score(
            title="",
            tempo=(TempoChange(0, 60),),
            metre=Metre(),
            key=Key(0, "major"),
            sections=(),
            chords=(),
            parts=(part,),
            vocals=(),
            length=16.0,
            lead_in=0.0,
        )
        return part, score


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Studio:
    made = Studio(tmp_path, monkeypatch)
    made.preset()
    return made


@pytest.fixture(scope="session")
def installed_bank() -> SoundBank:
    """The default bank, where it is installed."""
    if not any(path.exists() for path in DEFAULT_BANKS):
        pytest.skip("no General MIDI bank is installed")
    return open_bank()


@pytest.fixture
def decibels() -> Callable[[np.ndarray], float]:
    return lambda signal: float(20 * np.log10(np.sqrt(np.mean(np.square(signal, dtype=np.float64))) + 1e-12))
