"""The lead melody of a recording, as notes.

Task: predominant melody. Two ears listen to the middle of the stereo picture: swift-f0, which follows one voice, and
the contour posteriors of basic-pitch, which know of all. The melody is the likeliest path through what both together
believe; leads are taken to be rather high, and to move rather by steps, as in Salamon & Gómez, "Melody extraction from
polyphonic music signals" (IEEE TASLP 2012). Where swift-f0 agrees, its finer pitch is taken.

Conventions: frames are those of the posteriors, 11.6 ms.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from descant.listen import pitch
from descant.listen.centre import centre
from descant.listen.paths import likeliest
from descant.listen.pitch import PitchTrack
from descant.listen.posteriors import CONTOUR_STEPS, FRAMES_PER_SECOND, LOWEST, Posteriors, posteriors
from descant.listen.sampling import mid
from descant.listen.segmenting import segment
from descant.song.transcription import Evidence, HeardNote

METHOD = "swift-f0 and basic-pitch contours of the middle of the stereo picture, likeliest path"

RANGE = (45.0, 88.0)
"""MIDI numbers between which leads are looked for: A2 to E6."""

MIDDLE_SHARE, WHOLE_SHARE, CONTOUR_SHARE = 0.4, 0.2, 0.4
"""How much swift-f0 on the middle, swift-f0 on both channels' sum, and the contours count."""

SPREAD = 0.35
"""Semitones by which swift-f0 may be out."""

FLOOR = 0.02
SILENCE = 0.2
"""What a pitch must be believed to be sung rather than nothing, 0–1."""

HIGHNESS = 0.5
"""Logarithmic likelihood a lead gains an octave."""

REACH, GLIDE, LEAP, TURN = 6, 0.6, 6.0, 3.0
"""Thirds of a semitone a frame may glide, the cost of each, of a leap, and of beginning or ending."""


@dataclass(frozen=True)
class Lead:
    """The lead of a recording: its ``track``, frame by frame, and the posteriors of the middle it was found with."""

    track: PitchTrack
    heard: Posteriors


def melody(audio: NDArray[np.float32], lead: Lead | None = None) -> tuple[HeardNote, ...]:
    """Return the lead melody of a recording, float32 (samples, 2) at 48 kHz: one voice, by start.

    ``lead`` is what :func:`lead_of` gives for it, when that is known already.

    Raises
    ------
    ModelMissing : see :func:`~descant.listen.posteriors.model_path`.
    """
    lead = lead_of(audio) if lead is None else lead
    found, heard = lead.track, lead.heard
    key = np.clip(np.round(found.pitch).astype(int) - LOWEST, 1, heard.onset.shape[1] - 2)
    frames = np.arange(len(key))
    attacks = np.maximum.reduce([heard.onset[frames, key + beside] for beside in (-1, 0, 1)])
    voiced = found.confidence > 0.0
    return segment(found.pitch, voiced, found.confidence, found.level, 1.0 / FRAMES_PER_SECOND, attacks)


def contour(audio: NDArray[np.float32]) -> PitchTrack:
    """Return the lead's pitch every frame of the posteriors; confidence is 0 where it is silent."""
    return lead_of(audio).track


def evidence(found: tuple[HeardNote, ...]) -> Evidence:
    """Return how the melody was found and how sure it is on the whole."""
    return Evidence(METHOD, round(float(np.mean([note.confidence for note in found])), 3) if found else 0.0)


def lead_of(audio: NDArray[np.float32]) -> Lead:
    """Return the lead of a recording, float32 (samples, 2) at 48 kHz; errors are those of :func:`melody`."""
    middle = centre(audio)
    heard = posteriors(middle)
    frames = len(heard.note)
    inner, whole = pitch.track(middle), pitch.track(mid(audio))
    nearest = np.clip(np.round(heard.times / pitch.FRAME_SECONDS).astype(int), 0, len(inner.pitch) - 1)
    grid = LOWEST + (np.arange(heard.contour.shape[1]) - 1) / CONTOUR_STEPS
    inside = (grid >= RANGE[0]) & (grid <= RANGE[1])
    grid, contours = grid[inside], heard.contour[:, inside]
    belief = CONTOUR_SHARE * contours
    for share, ear in ((MIDDLE_SHARE, inner), (WHOLE_SHARE, whole)):
        belief = belief + share * _heard_as(ear, nearest, grid)
    voiced = np.log(belief + FLOOR) + HIGHNESS * (grid - 60.0) / 12.0
    path = likeliest(voiced, np.full(frames, np.log(SILENCE)), REACH, GLIDE, LEAP, TURN)
    sung = path < len(grid)
    state = np.minimum(path, len(grid) - 1)
    certainty = np.where(sung, belief[np.arange(frames), state], 0.0)
    refined = _refined(grid[state], inner.pitch[nearest], whole.pitch[nearest])
    return Lead(PitchTrack(refined, certainty, inner.level[nearest]), heard)


def _heard_as(ear: PitchTrack, nearest: NDArray[np.int64], grid: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what a track holds likely (frames, pitches): its confidence, spread around its pitch."""
    away = (ear.pitch[nearest][:, None] - grid[None, :]) / SPREAD
    return np.asarray(ear.confidence[nearest][:, None] * np.exp(-0.5 * away**2))


def _refined(coarse: NDArray[np.float64], *finer: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return pitches, each from the first of the ``finer`` tracks that is within 0.7 semitones of it, if one is."""
    found = coarse
    for track in reversed(finer):
        found = np.where(np.abs(track - coarse) < 0.7, track, found)
    return found
