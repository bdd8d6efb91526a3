"""Taking a recording apart without trained weights.

Task: estimates of the drums, the bass, the lead voice and what accompanies it. Drums are what is struck (Fitzgerald's
medians, :mod:`~descant.listen.percussion`), the bass is what is held at the first overtones of the bass line, the voice
is what is held in the middle of the stereo picture (:mod:`~descant.listen.centre`), more so near the overtones of the
lead and while it sounds.

Such estimates are rough: a few decibels better than silence at best, and worse than silence where their premise fails.
So each has a ``quality``, the signal-to-distortion ratio that was measured of the method, and what is not expected to
be better than silence is None.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from descant.listen import fourier
from descant.listen.bass import bass as bass_line
from descant.listen.centre import likeness
from descant.listen.melody import contour
from descant.listen.percussion import percussive_mask
from descant.listen.pitch import PitchTrack
from descant.listen.posteriors import FRAMES_PER_SECOND
from descant.song.score import Role
from descant.song.transcription import HeardNote

SHARPNESS = 8.0
"""Power of the likeness of both channels that a voice's bins must have."""

LOWEST_VOICE_HZ = 150.0
BASS_HZ = 350.0
"""Below which a bass has most of its energy."""

BESIDE = 0.6
"""What is kept between the lead's overtones."""

SILENT = 0.35
"""What is kept while there is no lead: breaths and consonants."""

BREADTH = 0.03
"""Width of an overtone as a share of its frequency, at least ``NARROWEST_HZ``."""

NARROWEST_HZ = 25.0
HIGHEST_HARMONIC_HZ = 8000.0

BASS_WIDTH_HZ = 18.0
"""Half the width of a bass's overtones: what the window of the spectra spreads a sine over."""

WIDE = 0.02
"""Share of energy between the channels (side to middle) from which a recording has a stereo picture to speak of."""

LEAST_STRUCK = 0.08
"""Share of the energy that must be struck for there to be drums."""

LEAST_LEAD = 0.15
"""Share of the frames in which there must be a lead."""

DRUMS_QUALITY, BASS_QUALITY, VOICE_QUALITY = 3.3, 1.0, 5.8
"""Decibels measured as means over mixes of our own songs, played by another synthesizer; one real song is known to give
a voice of 1.5 to such methods (research/analysis.md)."""

LEAST_LINE = 0.6
"""How sure the bass line must be for there to be a bass: below, estimates were worse than silence."""

CERTAIN_QUALITY = 10.0
"""Decibels at which a stem counts as certain; trained networks reach about as much."""


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


def separate(
    audio: NDArray[np.float32], lead: PitchTrack | None = None, line: tuple[HeardNote, ...] | None = None
) -> Separation:
    """Return what can be isolated of a recording.

    Parameters
    ----------
    audio : float32 (samples, 2) at 48 kHz.
    lead : its lead's track (:func:`~descant.listen.melody.contour`), and ``line``, its bass
        (:func:`~descant.listen.bass.bass`), when they are known already.

    Raises
    ------
    ModelMissing : see :func:`~descant.listen.posteriors.model_path`.
    """
    track = contour(audio) if lead is None else lead
    left, right = fourier.spectrum(audio[:, 0]), fourier.spectrum(audio[:, 1])
    magnitude = np.sqrt(0.5 * (np.abs(left) ** 2 + np.abs(right) ** 2)).astype(np.float32)
    struck = percussive_mask(magnitude)
    drums = _masked(left, right, struck, len(audio))
    line = bass_line(audio) if line is None else line
    below = (1.0 - struck) * _at(line, len(left))
    bass = _masked(left, right, below.astype(np.float32), len(audio))
    power = float(np.sum(audio.astype(np.float64) ** 2)) + 1e-12
    has_drums = float(np.sum(drums.astype(np.float64) ** 2)) >= LEAST_STRUCK * power
    stems = {
        Role.DRUMS: _stem(drums, "harmonic–percussive medians", DRUMS_QUALITY) if has_drums else None,
        Role.BASS: _stem(bass, "what is held at the overtones of the bass line", BASS_QUALITY)
        if _has_bass(line)
        else None,
        Role.LEAD_VOCAL: None,
    }
    if not _can_tell_a_voice(audio, track):
        return Separation(stems)
    mask = likeness(left, right) ** np.float32(SHARPNESS) * (1.0 - struck) * _near(track, len(left))
    voice = _masked(left, right, mask.astype(np.float32), len(audio))
    stems[Role.LEAD_VOCAL] = _stem(voice, "middle of the stereo picture, around the lead", VOICE_QUALITY)
    return Separation(stems, _stem(audio - voice, "the recording without its middle", VOICE_QUALITY))


def _stem(audio: NDArray[np.float32], method: str, quality: float) -> Stem:
    return Stem(audio, method, round(quality / CERTAIN_QUALITY, 2), quality)


def _masked(
    left: NDArray[np.complex64], right: NDArray[np.complex64], mask: NDArray[np.float32], samples: int
) -> NDArray[np.float32]:
    return np.stack([fourier.sound(side * mask, samples) for side in (left, right)], axis=1)


def _has_bass(line: tuple[HeardNote, ...]) -> bool:
    return bool(line) and float(np.mean([note.confidence for note in line])) >= LEAST_LINE


def _can_tell_a_voice(audio: NDArray[np.float32], track: PitchTrack) -> bool:
    """Return whether there is a lead, and a stereo picture that it can be taken out of."""
    middle, side = audio.sum(axis=1, dtype=np.float64), np.subtract(audio[:, 0], audio[:, 1], dtype=np.float64)
    wide = float(np.sum(side**2)) >= WIDE * float(np.sum(middle**2))
    return wide and float(np.mean(track.confidence > 0.0)) >= LEAST_LEAD


def _near(track: PitchTrack, frames: int) -> NDArray[np.float32]:
    """Return what is kept of each bin (frames, bins): all at the lead's overtones, less beside them and without it."""
    nearest = np.round(np.arange(frames) / fourier.FRAMES_PER_SECOND * FRAMES_PER_SECOND).astype(int)
    nearest = np.minimum(nearest, len(track.pitch) - 1)
    first = (440.0 * 2.0 ** ((track.pitch[nearest] - 69.0) / 12.0)).astype(np.float32)[:, None]
    hertz = (np.arange(fourier.BINS) * fourier.BIN_HZ).astype(np.float32)[None, :]
    overtone = np.maximum(np.round(hertz / first), 1.0) * first
    width = np.maximum(np.float32(NARROWEST_HZ), np.float32(BREADTH) * overtone)
    comb = np.exp(-0.5 * ((hertz - overtone) / width) ** 2) * (hertz < HIGHEST_HARMONIC_HZ)
    kept = np.where((track.confidence[nearest] > 0.0)[:, None], BESIDE + (1.0 - BESIDE) * comb, SILENT)
    kept[:, hertz[0] < LOWEST_VOICE_HZ] = 0.0
    return kept.astype(np.float32)


def _at(line: tuple[HeardNote, ...], frames: int) -> NDArray[np.float32]:
    """Return what is kept of each bin (frames, bins) for a bass: its overtones while a note of its line sounds."""
    kept = np.zeros((frames, fourier.BINS), np.float32)
    hertz = np.arange(fourier.BINS) * fourier.BIN_HZ
    for note in line:
        first = 440.0 * 2.0 ** ((note.pitch - 69.0) / 12.0)
        overtone = np.maximum(np.round(hertz / first), 1.0) * first
        comb = np.exp(-0.5 * ((hertz - overtone) / np.maximum(BASS_WIDTH_HZ, BREADTH * overtone)) ** 2)
        start, stop = (round(time * fourier.FRAMES_PER_SECOND) for time in (note.start, note.stop))
        kept[start : stop + 1] = np.maximum(kept[start : stop + 1], comb * (hertz < BASS_HZ))
    return kept
