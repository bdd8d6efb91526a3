"""What is measured on a record and its stems for a portrait.

Balance is the third-octave spectrum against the genre's curve (dB, both with 0 dB as the mean of 200 Hz–4 kHz), width
the level of the side against the middle and the correlation of left and right a band, punch the peak-to-loudness
ratio (true peak minus integrated loudness) and the loudness range (EBU Tech 3342). Likeness is how alike one stroke of
a drum is to the stroke before it: the highest normalised cross-correlation of 60 ms within ±1 ms.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from descant.engines.score.recording import RATE
from descant.mix import balance, loudness, riding
from descant.mix.mixdown import Mixdown
from descant.mix.profile import Profile
from descant.perform.instruments import player
from descant.perform.instruments.bank import SoundBank
from descant.song.score import Role, Score

Audio = NDArray[np.float32]

BANDS = {
    "lows": (20, 120),
    "low middle": (120, 500),
    "middle": (500, 2000),
    "presence": (2000, 6000),
    "air": (6000, 16000),
}
"""Bands in Hz in which width is measured."""

STRUCK = {"kick": (35, 36), "snare": (38, 40), "hats": (42, 44)}
"""Keys of the drums whose strokes are compared."""

_STROKE = round(0.06 * RATE)
_LAG = RATE // 1000


@dataclass(frozen=True)
class Portrait:
    """The figures of one record.

    Attributes
    ----------
    spectrum, target : dB at :data:`descant.mix.balance.CENTRES`.
    momentary : LUFS in windows of 0.4 s a tenth of a second apart; ``short`` the same of 3 s.
    stems : loudness of each stem in LUFS.
    widths : (side against middle in dB, correlation) a band of :data:`BANDS`.
    above : dB by which the lead stands over everything else, 1–4 kHz, while it sings; None without a lead.
    against : loudness of the lead minus that of everything else together, LU; None without a lead.
    likeness : of neighbouring strokes, the median a drum of :data:`STRUCK`.
    """

    loudness: float
    true_peak: float
    range: float
    spectrum: NDArray[np.float64]
    target: NDArray[np.float64]
    momentary: NDArray[np.float64]
    short: NDArray[np.float64]
    stems: dict[str, float]
    widths: dict[str, tuple[float, float]]
    above: float | None
    against: float | None
    likeness: dict[str, float] = field(default_factory=dict)

    @property
    def punch(self) -> float:
        """True peak minus loudness, dB."""
        return self.true_peak - self.loudness

    @property
    def off_balance(self) -> tuple[float, float]:
        """The root mean square and the largest distance in dB from the genre's curve, 50 Hz–12.5 kHz."""
        heard = (balance.CENTRES > 45) & (balance.CENTRES < 13000)
        off = (self.spectrum - self.target)[heard]
        return float(np.sqrt(np.mean(off**2))), float(off[np.argmax(np.abs(off))])


def measure(mixdown: Mixdown, score: Score, profile: Profile, bank: SoundBank, seed: int) -> Portrait:
    """Return the portrait of a mixdown of ``score``."""
    powers = loudness.powers(mixdown.master)
    above, against = _lead(mixdown.stems)
    return Portrait(
        loudness=mixdown.loudness,
        true_peak=mixdown.true_peak,
        range=_range(_windowed(powers, 3.0)),
        spectrum=balance.spectrum(mixdown.master),
        target=balance.target(profile.bus.balance),
        momentary=_windowed(powers, 0.4),
        short=_windowed(powers, 3.0),
        stems={role.value: loudness.integrated(np.ascontiguousarray(stem)) for role, stem in mixdown.stems.items()},
        widths={name: _width(mixdown.master, *band) for name, band in BANDS.items()},
        above=above,
        against=against,
        likeness=_likeness(score, bank, seed),
    )


def _windowed(powers: NDArray[np.float64], seconds: float) -> NDArray[np.float64]:
    """Return LUFS in windows of ``seconds``, one a hop of :data:`loudness.HOP` samples."""
    count = max(1, round(seconds * RATE / loudness.HOP))
    mean = np.convolve(powers, np.ones(count) / count, mode="same")
    return np.asarray(-0.691 + 10 * np.log10(mean + 1e-10))


def _range(short: NDArray[np.float64]) -> float:
    """Return the loudness range in LU: the 10th to the 95th percentile of what is not 20 LU under the rest."""
    heard = short[short > -70]
    kept = heard[heard > 10 * np.log10(np.mean(10 ** (heard / 10))) - 20]
    return float(np.percentile(kept, 95) - np.percentile(kept, 10))


def _width(audio: Audio, low: float, high: float) -> tuple[float, float]:
    band = sosfilt(butter(4, [low, high], "bandpass", fs=RATE, output="sos"), audio, axis=0)
    middle, side = band.mean(axis=1), (band[:, 0] - band[:, 1]) / 2
    correlation = np.corrcoef(band[:, 0], band[:, 1])[0, 1]
    return float(10 * np.log10((np.mean(side**2) + 1e-15) / (np.mean(middle**2) + 1e-15))), float(correlation)


def _lead(stems: Mapping[Role, Audio]) -> tuple[float | None, float | None]:
    if Role.LEAD_VOCAL not in stems:
        return None, None
    lead = np.ascontiguousarray(stems[Role.LEAD_VOCAL])
    others = np.zeros_like(lead)
    for role, stem in stems.items():
        if role is not Role.LEAD_VOCAL:
            others += stem
    voice, band = riding.band_power(lead), riding.band_power(others)
    singing = voice > np.max(voice) * 10**-2.5
    above = float(10 * np.log10(np.mean(voice[singing]) / np.mean(band[singing] + 1e-15)))
    return above, loudness.integrated(lead) - loudness.integrated(others)


def _likeness(score: Score, bank: SoundBank, seed: int) -> dict[str, float]:
    found = {}
    for part in (part for part in score.parts if part.role is Role.DRUMS):
        for name, keys in STRUCK.items():
            notes = tuple(note for note in part.notes if note.pitch in keys)[:40]
            if len(notes) < 3:
                continue
            alone = msgspec.structs.replace(part, notes=notes)
            stop = round((score.performed(notes[-1])[0] + 1.0) * RATE)
            sound = player.render(alone, score, bank, seed, 0, stop).mean(axis=1)
            found[name] = float(np.median([
                _alike(sound, round(score.performed(a)[0] * RATE), round(score.performed(b)[0] * RATE))
                for a, b in pairwise(notes) if a.pitch == b.pitch
            ] or [0.0]))  # fmt: skip
    return found


def _alike(sound: NDArray[np.float32], first: int, second: int) -> float:
    one = sound[first : first + _STROKE].astype(np.float64)
    best = 0.0
    for lag in range(-_LAG, _LAG + 1, 2):
        other = sound[max(second + lag, 0) :][:_STROKE]
        if len(other) == len(one):
            best = max(best, float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other) + 1e-12)))
    return best
