"""Taking a recording apart with a network of our own.

Task: estimates of the drums, the bass, the lead voice and what accompanies it: a network that learned from our own
songs says what share each source has of each part of the spectrum (:mod:`~descant.listen.masking`), of the middle of
the stereo picture and of its side apart.

Such estimates are rough where a recording is unlike what was learned from. So each has a ``quality``, the
signal-to-distortion ratio that is expected of it, and what is not expected to be better than silence is None. The
shares tell it themselves: a bin that is half one source's is wrong by a quarter of its power at best, one that is all
its own is right. How estimates compare with what their shares say was measured on mixes that nothing was learned from.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from descant.listen import fourier, masking
from descant.song.score import Role

METHOD = "a mask network trained on our own songs"

ROLES = (Role.DRUMS, Role.BASS, Role.LEAD_VOCAL)
"""What can be told apart at all."""

CALIBRATION = {Role.LEAD_VOCAL: (1.3, -1.0), Role.DRUMS: (1.8, -1.7), Role.BASS: (0.7, 0.3)}
"""Expected decibels: slope and offset over what the shares say, fitted to mixes of ``benchmarks/truth/tune.toml`` under
our own singing and one real voice."""

LEAST_QUALITY = {Role.LEAD_VOCAL: 2.5, Role.DRUMS: 0.6, Role.BASS: 1.2}
"""Decibels that must be expected of an estimate for it to be given: 0 is silence, but a source that is not there at all
is expected to have a little more, from what is taken for it."""

LEAST_SHARE = 1e-3
"""Of the recording's power, what a source must have for it to be there."""

CERTAIN_QUALITY = 10.0
"""Decibels at which a stem counts as certain; large trained networks reach about as much."""


@dataclass(frozen=True)
class Stem:
    """A source by itself: ``audio`` float32 (samples, 2), the ``method`` that made it and how sure it is, 0–1.

    ``quality`` is the signal-to-distortion ratio that is expected of it, in dB.
    """

    audio: NDArray[np.float32]
    method: str
    confidence: float
    quality: float


@dataclass(frozen=True)
class Separation:
    """The sources of a recording by role; None for what cannot be isolated better than by silence.

    ``accompaniment`` is the recording without its voice, None when the voice is.
    """

    stems: dict[Role, Stem | None] = field(default_factory=dict)
    accompaniment: Stem | None = None


@dataclass
class _Told:
    """What the shares say of a source so far: its power, that of what they must get wrong, and the recording's."""

    power: float = 0.0
    error: float = 0.0
    whole: float = 0.0

    def add(self, share: NDArray[np.float32], powers: NDArray[np.float32]) -> None:
        """Take the shares of some frames and the recording's powers, both (2, frames, bands)."""
        self.power += float(np.sum(share * powers, dtype=np.float64))
        self.error += float(np.sum(share * (1.0 - share) * powers, dtype=np.float64))
        self.whole += float(np.sum(powers, dtype=np.float64))

    @property
    def decibels(self) -> float:
        """How much stronger the source is than what is wrong of it, by the shares alone."""
        return 10.0 * float(np.log10((self.power + 1e-12) / (self.error + 1e-12)))


def separate(audio: NDArray[np.float32], roles: Collection[Role] = ROLES) -> Separation:
    """Return what can be isolated of a recording.

    Spectra are worked on stretch by stretch, so that memory grows with the recording alone: by as much as it takes
    itself for each role, and once more for the accompaniment.

    Parameters
    ----------
    audio : float32 (samples, 2) at 48 kHz.
    roles : which sources are asked for, of :data:`ROLES`; no others are in the separation. With the lead voice comes
        the accompaniment.
    """
    asked = [role for role in ROLES if role in roles]
    sources = {role: fourier.Resynthesis(len(audio), channels=2) for role in asked}
    told = {role: _Told() for role in asked}
    power = masking.power_a_bin(audio)
    for seen, own in fourier.stretches(fourier.frames(len(audio)), masking.CONTEXT) if asked and power > 0.0 else ():
        ways = masking.ways(audio, seen)
        powers = masking.banded(ways)
        shares = masking.shares(masking.inputs(powers, power))[:, :, own]
        for role in asked:
            share = shares[masking.SOURCES.index(role)]
            told[role].add(share, powers[:, own])
            middle, side = ways[:, own] * masking.widened(share)
            sources[role].add(seen.start + own.start, 0, middle + side)
            sources[role].add(seen.start + own.start, 1, middle - side)
    stems = {role: _stem(role, sources[role], told[role]) for role in asked}
    voice = stems.get(Role.LEAD_VOCAL)
    if voice is None:
        return Separation(stems)
    return Separation(stems, _rest(audio, voice))


def _stem(role: Role, source: fourier.Resynthesis, told: _Told) -> Stem | None:
    """Return a source by itself, None when it is not there or not expected to be better than silence."""
    slope, offset = CALIBRATION[role]
    quality = slope * told.decibels + offset
    if told.power < LEAST_SHARE * told.whole or quality < LEAST_QUALITY[role]:
        return None
    return Stem(source.sound(), METHOD, _certainty(quality), round(quality, 1))


def _rest(audio: NDArray[np.float32], voice: Stem) -> Stem:
    """Return what is left without the voice: it is wrong by as much, in power, as the voice is."""
    rest = audio - voice.audio
    parts = [float(np.einsum("ij,ij->", part, part, dtype=np.float64)) + 1e-12 for part in (rest, voice.audio)]
    quality = voice.quality + 10.0 * float(np.log10(parts[0] / parts[1]))
    return Stem(rest, f"{METHOD}: the recording without its voice", _certainty(quality), round(quality, 1))


def _certainty(quality: float) -> float:
    return round(min(max(quality / CERTAIN_QUALITY, 0.0), 1.0), 2)
