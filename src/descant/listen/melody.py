"""The lead melody of a recording, as notes.

Task: predominant melody. A small network that learned from renders of our own songs, sung and played
(``training/leads.py``), reads what is seen of each semitone (:mod:`~descant.listen.leads`) and says how likely the lead
is there; the melody is the likeliest path through that. It is found twice: leads keep to a register (Salamon & Gómez,
"Melody extraction from polyphonic music signals", IEEE TASLP 2012), and where the first path lies most of some seconds
is the second drawn to, which takes octaves and inner parts out of it. Its pitch between the semitones is swift-f0's
where that agrees, else where the contour posteriors have their weight.

Conventions: frames are those of the posteriors, 11.6 ms. Pitch is told in silent frames too, as the likeliest there
would be; confidence 0 says that the lead is silent.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from descant.listen import leads, networks
from descant.listen.leads import HIGHEST_KEY, KEYS, LOWEST_KEY, Views
from descant.listen.paths import likeliest
from descant.listen.pitch import PitchTrack
from descant.listen.posteriors import CONTOUR_STEPS, FRAMES_PER_SECOND, LOWEST, Posteriors
from descant.listen.segmenting import segment
from descant.song.transcription import Evidence, HeardNote

METHOD = "own lead network over swift-f0, basic-pitch and the middle of the stereo picture, likeliest path"

TRUST = 0.6
"""Power of the network's odds: neighbouring frames tell much the same."""

SILENCE = -0.2
"""Logarithmic odds below which a pitch is not the lead's."""

REACH, GLIDE, LEAP, TURN = 2, 0.4, 6.0, 3.0
"""Semitones a frame may glide, the cost of each, of a leap, and of beginning or ending."""

REGISTER_SECONDS = 6.0
"""Standard deviation of the surroundings a register is taken of."""

REGISTER_WIDTH = 5.0
"""Semitones of one standard deviation of it."""

DRAWN, FARTHEST = 0.4, 6.0
"""How much it counts that a pitch lies outside of the register, and the square of the distance from which no more."""

EVERYWHERE = 0.02
"""How much the register of the whole recording counts beside that of the surroundings."""

CERTAIN = 1e-3
"""The network's chances are taken for no surer than this."""

LEAST_CONFIDENCE = 0.01
AGREED = 1.0
"""Semitones within which swift-f0 agrees."""

LEAST_TRUSTED = 0.2
"""Confidence from which it is listened to at all."""

_STEP = 256


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


def lead_of(audio: NDArray[np.float32], sounding: NDArray[np.float32] | None = None) -> Lead:
    """Return the lead of a recording, float32 (samples, 2) at 48 kHz; errors are those of :func:`melody`.

    ``sounding`` (frames, 88) is how likely each key sounds in the whole recording, where that is known.
    """
    seen = leads.views(audio, sounding)
    chances = _chances(seen)
    frames = len(chances)
    certain = np.clip(chances.astype(np.float64), CERTAIN, 1.0 - CERTAIN)
    odds = TRUST * np.log(certain / (1.0 - certain))
    first = _path(odds, SILENCE)
    drawn = odds - DRAWN * _outside(first, chances)
    path = _path(drawn, SILENCE)
    sung = path < KEYS
    state = np.where(sung, path, np.minimum(_path(drawn, -np.inf), KEYS - 1))
    certainty = np.where(sung, np.maximum(chances[np.arange(frames), state], LEAST_CONFIDENCE), 0.0)
    return Lead(PitchTrack(_pitch(seen, LOWEST_KEY + state), certainty, seen.inner.level), seen.middle)


def _chances(seen: Views) -> NDArray[np.float32]:
    """Return how likely the lead is at each semitone (frames, KEYS)."""
    inputs, network, frames = leads.Inputs(seen), networks.load("lead_network"), len(seen.inner.pitch)
    found = [network(inputs(first, min(first + _STEP, frames))) for first in range(0, frames, _STEP)]
    chances = np.concatenate(found).reshape(frames, KEYS)
    return np.where(seen.sounding[:, None], chances, np.float32(0.0))


def _path(odds: NDArray[np.float64], silence: float) -> NDArray[np.int64]:
    return likeliest(odds, np.full(len(odds), max(silence, -1e9)), REACH, GLIDE, LEAP, TURN)


def _outside(path: NDArray[np.int64], chances: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return how far (frames, KEYS) each pitch lies outside the register of a path, in squared deviations."""
    state = np.minimum(path, KEYS - 1)
    sure = np.where(path < KEYS, chances[np.arange(len(path)), state], 0.0).astype(np.float64)
    if not sure.any():
        return np.zeros(chances.shape)
    keys = np.arange(LOWEST_KEY, HIGHEST_KEY + 1, dtype=np.float64)
    spread = REGISTER_SECONDS * FRAMES_PER_SECOND
    weight, moved = gaussian_filter1d(sure, spread), gaussian_filter1d(sure * keys[state], spread)
    everywhere = float(np.average(keys[state], weights=sure))
    centre = (moved + EVERYWHERE * everywhere) / (weight + EVERYWHERE)
    return np.minimum(((keys[None, :] - centre[:, None]) / REGISTER_WIDTH) ** 2, FARTHEST)


def _pitch(seen: Views, key: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the pitch near a semitone: swift-f0's where it agrees, else the middle of the contour posteriors there."""
    contours, beside = seen.middle.contour, np.arange(-CONTOUR_STEPS, CONTOUR_STEPS + 1)
    column = (key - LOWEST) * CONTOUR_STEPS + 1
    at = np.clip(column[:, None] + beside, 0, contours.shape[1] - 1)
    weight = contours[np.arange(len(key))[:, None], at].astype(np.float64) ** 2
    found = key + (weight @ beside) / np.maximum(weight.sum(axis=1), 1e-6) / CONTOUR_STEPS
    for track in (seen.outer, seen.inner):
        agrees = (np.abs(track.pitch - key) < AGREED) & (track.confidence > LEAST_TRUSTED)
        found = np.where(agrees, track.pitch, found)
    return np.asarray(found, np.float64)
