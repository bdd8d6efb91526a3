"""Taking a recording apart without trained weights.

Task: estimates of the drums, the bass, the lead voice and what accompanies it. Drums are what is struck (Fitzgerald's
medians, :mod:`~descant.listen.percussion`), the bass is what is held at the first overtones of the bass line, the voice
is what is held in the middle of the stereo picture (:mod:`~descant.listen.centre`), more so near the overtones of the
lead and while it sounds.

Such estimates are rough: a few decibels better than silence at best, and worse than silence where their premise fails.
So each has a ``quality``, the signal-to-distortion ratio that was measured of the method, and what is not expected to
be better than silence is None.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from descant.listen import fourier
from descant.listen.bass import bass as bass_line
from descant.listen.centre import likeness
from descant.listen.melody import contour
from descant.listen.percussion import ALONG_TIME, percussive_mask
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

METHODS = {
    Role.DRUMS: ("harmonic–percussive medians", DRUMS_QUALITY),
    Role.BASS: ("what is held at the overtones of the bass line", BASS_QUALITY),
    Role.LEAD_VOCAL: ("middle of the stereo picture, around the lead", VOICE_QUALITY),
}
"""How the stem of each role is made, and its quality."""

ROLES = tuple(METHODS)
"""What can be told apart at all."""

CONTEXT = ALONG_TIME // 2
"""Frames on either side that a bin's share depends on."""

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


def separate(audio: NDArray[np.float32], roles: Collection[Role] = ROLES) -> Separation:
    """Return what can be isolated of a recording.

    Spectra are worked on stretch by stretch, so that memory grows with the recording alone: by as much as it takes
    itself for each role, and once more for the accompaniment.

    Parameters
    ----------
    audio : float32 (samples, 2) at 48 kHz.
    roles : which sources are asked for, of :data:`ROLES`; no others are in the separation. With the lead voice comes
        the accompaniment.

    Raises
    ------
    ModelMissing : see :func:`~descant.listen.posteriors.model_path`.
    """
    line = bass_line(audio) if Role.BASS in roles else ()
    track = contour(audio) if Role.LEAD_VOCAL in roles and _is_wide(audio) else None
    told = {
        Role.DRUMS: True,
        Role.BASS: _has_bass(line),
        Role.LEAD_VOCAL: track is not None and float(np.mean(track.confidence > 0.0)) >= LEAST_LEAD,
    }
    sources = _sources(audio, [role for role in ROLES if role in roles and told[role]], line, track)
    drums = sources.get(Role.DRUMS)
    if drums is not None and _power(drums) < LEAST_STRUCK * _power(audio) + 1e-12:
        del sources[Role.DRUMS]
    stems = {role: _stem(sources[role], *METHODS[role]) if role in sources else None for role in ROLES if role in roles}
    voice = sources.get(Role.LEAD_VOCAL)
    if voice is None:
        return Separation(stems)
    return Separation(stems, _stem(audio - voice, "the recording without its middle", VOICE_QUALITY))


def _stem(audio: NDArray[np.float32], method: str, quality: float) -> Stem:
    return Stem(audio, method, round(quality / CERTAIN_QUALITY, 2), quality)


def _sources(
    audio: NDArray[np.float32], roles: Sequence[Role], line: tuple[HeardNote, ...], track: PitchTrack | None
) -> dict[Role, NDArray[np.float32]]:
    """Return the sound of each source; ``line`` is needed for the bass, the lead's ``track`` for the voice."""
    sources = {role: fourier.Resynthesis(len(audio), channels=2) for role in roles}
    for seen, own in fourier.stretches(fourier.frames(len(audio)), CONTEXT) if roles else ():
        left, right = fourier.spectrum(audio[:, 0], seen), fourier.spectrum(audio[:, 1], seen)
        struck = percussive_mask(np.sqrt(0.5 * (np.abs(left) ** 2 + np.abs(right) ** 2)).astype(np.float32))
        for role in roles:
            mask = struck
            if role is Role.BASS:
                mask = (1.0 - struck) * _at(line, seen)
            elif track is not None and role is Role.LEAD_VOCAL:
                mask = likeness(left, right) ** np.float32(SHARPNESS) * (1.0 - struck) * _near(track, seen)
            for channel, side in enumerate((left, right)):
                sources[role].add(seen.start + own.start, channel, side[own] * mask[own].astype(np.float32))
    return {role: source.sound() for role, source in sources.items()}


def _power(audio: NDArray[np.float32]) -> float:
    """Return the sum of the squares of all samples."""
    return float(np.einsum("ij,ij->", audio, audio, dtype=np.float64))


def _has_bass(line: tuple[HeardNote, ...]) -> bool:
    return bool(line) and float(np.mean([note.confidence for note in line])) >= LEAST_LINE


def _is_wide(audio: NDArray[np.float32]) -> bool:
    """Return whether there is a stereo picture that a voice can be taken out of."""
    both = _power(audio)
    alike = 2.0 * float(np.einsum("i,i->", audio[:, 0], audio[:, 1], dtype=np.float64))
    return both - alike >= WIDE * (both + alike)


def _near(track: PitchTrack, frames: slice) -> NDArray[np.float32]:
    """Return what is kept of each bin (frames, bins): all at the lead's overtones, less beside them and without it."""
    seconds = np.arange(frames.start, frames.stop) / fourier.FRAMES_PER_SECOND
    nearest = np.round(seconds * FRAMES_PER_SECOND).astype(int)
    nearest = np.minimum(nearest, len(track.pitch) - 1)
    first = (440.0 * 2.0 ** ((track.pitch[nearest] - 69.0) / 12.0)).astype(np.float32)[:, None]
    hertz = (np.arange(fourier.BINS) * fourier.BIN_HZ).astype(np.float32)[None, :]
    overtone = np.maximum(np.round(hertz / first), 1.0) * first
    width = np.maximum(np.float32(NARROWEST_HZ), np.float32(BREADTH) * overtone)
    comb = np.exp(-0.5 * ((hertz - overtone) / width) ** 2) * (hertz < HIGHEST_HARMONIC_HZ)
    kept = np.where((track.confidence[nearest] > 0.0)[:, None], BESIDE + (1.0 - BESIDE) * comb, SILENT)
    kept[:, hertz[0] < LOWEST_VOICE_HZ] = 0.0
    return kept.astype(np.float32)


def _at(line: tuple[HeardNote, ...], frames: slice) -> NDArray[np.float32]:
    """Return what is kept of each bin (frames, bins) for a bass: its overtones while a note of its line sounds."""
    kept = np.zeros((frames.stop - frames.start, fourier.BINS), np.float32)
    hertz = np.arange(fourier.BINS) * fourier.BIN_HZ
    for note in line:
        start, stop = (round(time * fourier.FRAMES_PER_SECOND) - frames.start for time in (note.start, note.stop))
        if stop < 0 or start >= len(kept):
            continue
        first = 440.0 * 2.0 ** ((note.pitch - 69.0) / 12.0)
        overtone = np.maximum(np.round(hertz / first), 1.0) * first
        comb = np.exp(-0.5 * ((hertz - overtone) / np.maximum(BASS_WIDTH_HZ, BREADTH * overtone)) ** 2)
        sounding = kept[max(start, 0) : stop + 1]
        np.maximum(sounding, comb * (hertz < BASS_HZ), out=sounding, casting="same_kind")
    return kept
