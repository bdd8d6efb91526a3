"""From espeak-ng's timbre to a speaker's: linear maps of the spectrum, learned from English that both have spoken.

Another vocal tract moves formants along the frequency axis, and that is a linear map of cepstra (Pitz & Ney 2005), as
are another voice source and microphone (a constant) and broader or narrower resonances. So one matrix for each kind of
sound, with a look at the frames 20 ms before and after, takes espeak-ng's frames to the speaker's, and foreign sounds,
which the training never saw, stay where they lie between the known ones. The recipe is ``training/timbre.py``.
"""

from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from descant.perform.voice.errors import VoiceError
from descant.perform.voice.phones import CLASS, UNVOICED, PhoneClass
from descant.perform.voice.sources.analysis import mel_cepstrum
from descant.perform.voice.spoken import SpokenLine

FOLDER = Path(__file__).with_name("timbres")

CONTEXT = (-4, 4)
"""Frames beside each that the map sees."""

SEEN = 20
"""Coefficients that it sees of those."""

KINDS = 4
BLEND = 5
"""Frames over which one kind's map passes into the next."""

BINS = 513
MIDDLE = 6000.0
"""Cents about which the pitch of a line without a speaker moves."""

Frames = NDArray[np.float32]


def kind_of(phone: str) -> int:
    """Return which map a phone has: vowels and glides, nasals, voiced noises and stops, unvoiced sounds."""
    if phone in UNVOICED:
        return 3
    classes = {PhoneClass.VOWEL: 0, PhoneClass.DIPHTHONG: 0, PhoneClass.GLIDE: 0, PhoneClass.NASAL: 1}
    return classes.get(CLASS[phone], 2)


def coordinates(line: SpokenLine, alpha: float, rate: int, order: int) -> Frames:
    """Return a line's spectra as mel-cepstra of another scale and rate; above its own band they stay level."""
    omega = np.pi * np.arange(BINS) / (BINS - 1)
    own = np.pi * np.minimum(omega / np.pi * rate, line.rate) / line.rate
    warped = own + 2 * np.arctan2(line.alpha * np.sin(own), 1 - line.alpha * np.cos(own))
    basis = np.cos(np.arange(line.cepstra.shape[1])[:, None] * warped)
    return mel_cepstrum(line.cepstra @ basis, order, alpha)


def inputs(cepstra: Frames) -> Frames:
    """Return what the map sees of each frame: itself, its neighbours, and one."""
    count = len(cepstra)
    beside = [cepstra[np.clip(np.arange(count) + step, 0, count - 1), :SEEN] for step in CONTEXT]
    return np.concatenate([cepstra, *beside, np.ones((count, 1), np.float32)], axis=1)


def kinds_of(line: SpokenLine) -> NDArray[np.intp]:
    """Return the kind of sound in each frame of a line."""
    phone = np.searchsorted(line.starts, np.arange(len(line.cepstra)), side="right") - 1
    return np.array([kind_of(name) for name in line.phones])[np.clip(phone, 0, len(line.phones) - 1)]


@dataclass(frozen=True)
class TimbreMap:
    """One speaker's map.

    Attributes
    ----------
    weights : float32 (KINDS, inputs, order + 1).
    spread : float32 (order + 1,), by how much the result's movement is widened: averages move too little.
    alpha, rate : of the speaker's mel-cepstra.
    pitch : cents above MIDI note 0 at which the speaker talks.
    digest : names the file's content.
    """

    weights: NDArray[np.float32]
    spread: NDArray[np.float32]
    alpha: float
    rate: int
    pitch: float
    digest: str = field(default="")

    @classmethod
    def load(cls, source: str) -> "TimbreMap":
        """Return the map to the speaker of a source ("hts:slt").

        Raises
        ------
        VoiceError : when no map was learned for it.
        """
        path = FOLDER / f"{source.partition(':')[2]}.npz"
        try:
            content = path.read_bytes()
            with np.load(path, allow_pickle=False) as data:
                weights, spread = data["weights"].astype(np.float32), data["spread"].astype(np.float32)
                alpha, rate, pitch = float(data["alpha"]), int(data["rate"]), float(data["pitch"])
        except (OSError, ValueError, KeyError) as error:
            raise VoiceError(
                f"no timbre map was learned for {source!r} ({error}); make it with: make timbre"
            ) from error
        return cls(weights, spread, alpha, rate, pitch, blake2b(content, digest_size=4).hexdigest())

    def save(self, source: str) -> Path:
        """Write the map where :meth:`load` finds it."""
        path = FOLDER / f"{source.partition(':')[2]}.npz"
        half = self.weights.astype(np.float16)
        spread = self.spread.astype(np.float16)
        np.savez_compressed(path, weights=half, spread=spread, alpha=self.alpha, rate=self.rate, pitch=self.pitch)
        return path

    def mapped(self, line: SpokenLine) -> Frames:
        """Return a line's frames as the speaker's, before their movement is widened."""
        seen = inputs(coordinates(line, self.alpha, self.rate, self.weights.shape[2] - 1))
        kinds = kinds_of(line)
        out = np.zeros((len(seen), self.weights.shape[2]), np.float32)
        for kind in range(KINDS):
            share = uniform_filter1d((kinds == kind).astype(np.float32), BLEND, mode="nearest")
            inside = np.flatnonzero(share > 0)
            out[inside] += share[inside, None] * (seen[inside] @ self.weights[kind])
        return out

    def turned(self, line: SpokenLine) -> SpokenLine:
        """Return a line as the speaker would say it; its pitch is told from :data:`MIDDLE`."""
        cepstra = self.mapped(line)
        middle = cepstra.mean(axis=0)
        wide = (middle + self.spread * (cepstra - middle)).astype(np.float32)
        pitch = np.where(line.pitch > 0, line.pitch - MIDDLE + self.pitch, 0).astype(np.float32)
        return SpokenLine(line.phones, line.starts, line.stops, wide, pitch, self.alpha, self.rate)
