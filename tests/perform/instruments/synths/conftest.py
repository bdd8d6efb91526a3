"""Ears for synthesizers: partials of a tone, what lies between them, and a part played by a patch or a preset."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from descant.perform.instruments import player, presets
from descant.perform.instruments.bank import SoundBank
from descant.perform.instruments.presets import Preset
from descant.perform.instruments.synths.patch import Patch
from descant.song.score import Note, Part, Role, Score
from descant.song.tempo import Metre, TempoChange
from descant.song.theory import Key

RATE = 48_000
LOAD = presets.load
NO_BANK: SoundBank = None  # type: ignore[assignment]


@dataclass
class Synth:
    """Plays notes (start, duration in seconds, pitch, velocity); a beat is a second."""

    monkeypatch: pytest.MonkeyPatch

    def preset(self, **changes: object) -> None:
        """Make the instrument "test" a preset."""
        made = Preset(**{"description": "", **changes})  # type: ignore[arg-type]
        self.monkeypatch.setattr(presets, "load", lambda name: made if name == "test" else LOAD(name))

    def patch(self, **changes: object) -> None:
        """Make the instrument "test" a synthesizer."""
        self.preset(synth=Patch(**changes))  # type: ignore[arg-type]

    @staticmethod
    def play(
        *notes: tuple[float, float, int, int],
        instrument: str = "test",
        seconds: float = 2.0,
        start: float = 0.0,
        seed: int = 7,
        tonic: int = 0,
    ) -> np.ndarray:
        part = Part("part", Role.SYNTH, instrument, tuple(sorted((Note(*note) for note in notes), key=_order)))
        score = Score(
            title="",
            tempo=(TempoChange(0, 60),),
            metre=Metre(),
            key=Key(tonic, "major"),
            sections=(),
            chords=(),
            parts=(part,),
            vocals=(),
            length=16.0,
            lead_in=0.0,
        )
        return player.render(part, score, NO_BANK, seed, round(start * RATE), round(seconds * RATE))


def _order(note: Note) -> tuple[float, int]:
    return note.start, note.pitch


@pytest.fixture
def synth(monkeypatch: pytest.MonkeyPatch) -> Synth:
    return Synth(monkeypatch)


def spectrum(signal: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return frequencies and the spectrum in dB under its peak, through a window whose side lobes are 150 dB down."""
    power = np.abs(np.fft.rfft(np.asarray(signal, np.float64) * np.kaiser(signal.size, 20.0)))
    return np.fft.rfftfreq(signal.size, 1 / RATE), 20 * np.log10(power / power.max() + 1e-12)


@pytest.fixture
def between_partials() -> Callable[[np.ndarray, float], float]:
    """The loudest thing that is no multiple of a fundamental, in dB under the loudest partial."""

    def measure(signal: np.ndarray, hertz: float) -> float:
        at, level = spectrum(signal)
        away = np.abs(at / hertz - np.round(at / hertz)) * hertz
        return float(level[(away > 10.0) & (at > 8.0)].max())

    return measure


@pytest.fixture
def pitch() -> Callable[[np.ndarray, float], float]:
    """The frequency of the partial nearest to what is expected, by parabolic interpolation."""

    def measure(signal: np.ndarray, expected: float) -> float:
        at, level = spectrum(signal)
        near = np.flatnonzero(np.abs(at - expected) < expected * 0.03)
        peak = int(near[level[near].argmax()])
        left, middle, right = level[peak - 1 : peak + 2]
        return float((peak + (left - right) / (2 * (left - 2 * middle + right))) * RATE / signal.size)

    return measure


@pytest.fixture
def centroid() -> Callable[[np.ndarray], float]:
    """The centre of gravity of a signal's spectrum, Hz."""

    def measure(signal: np.ndarray) -> float:
        power = np.abs(np.fft.rfft(signal)) ** 2
        return float(np.average(np.fft.rfftfreq(signal.size, 1 / RATE), weights=power))

    return measure
