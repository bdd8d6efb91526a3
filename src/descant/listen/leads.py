"""What is known of each pitch a lead may have at each moment, as inputs of the lead network.

Task: front end of predominant melody. For each semitone stand side by side what three ears make of the middle of the
stereo picture and of the whole: the posteriors of basic-pitch (:mod:`~descant.listen.posteriors`), which know of all
that sounds; swift-f0 (:mod:`~descant.listen.pitch`), which follows one voice; and the sound's own level at the semitone
and its overtones, in the middle and between the sides, which tells what stands in the middle. Each is looked at a
little before and after, at neighbours and octaves; and beside them stands how far the semitone lies from where the lead
moves in these seconds (after the contour statistics of Salamon & Gómez, IEEE TASLP 2012).

Conventions: frames are those of the posteriors, 11.6 ms; keys run from :data:`LOWEST_KEY` to :data:`HIGHEST_KEY`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from descant.listen import keyboard, pitch
from descant.listen.centre import centre
from descant.listen.posteriors import (
    CONTOUR_STEPS,
    FRAMES_PER_SECOND,
    HOP,
    LOWEST,
    MODEL_RATE,
    Posteriors,
    posteriors,
)
from descant.listen.sampling import mid, resampled

LOWEST_KEY, HIGHEST_KEY = 40, 91
"""MIDI numbers of the pitches a lead may have: E2 to G6."""

KEYS = HIGHEST_KEY - LOWEST_KEY + 1

SPREAD = 0.45
"""Semitones by which swift-f0 may be out."""

FAINTEST, SILENT = -60.0, -90.0
"""Decibels below the loudest frame, and below full scale, at which nothing sounds."""

REGISTER_SECONDS = 8.0
"""Span over which the lead's register is taken."""

_REACH, _LOOK = 32, 64
"""Semitones and frames looked at on either side."""

Offsets = tuple[tuple[int, int], ...]


def _at(times: tuple[int, ...], key: int = 0) -> Offsets:
    return tuple((key, t) for t in times)


_NOTE: Offsets = _at((-32, -16, -8, -4, -2, 0, 2, 4, 8, 16, 32)) + tuple(
    (key, t) for key in (-1, 1, -12, 12, -19, 19, 24, 7, -7, -5) for t in (-4, 4)
)
_ONSET: Offsets = (*_at((-16, -8, -4, -2, 0, 2, 4, 8)), (-1, 0), (1, 0), (-12, 0), (12, 0))
_CONTOUR: Offsets = _at((-8, -4, -2, 0, 2, 4, 8))
_WHOLE: Offsets = (*_at((-8, 0, 8)), (-12, 0), (12, 0))
_LEVEL: Offsets = _at((-24, -12, -6, -3, 0, 3, 6, 12, 24)) + tuple(
    (key, 0) for key in (-1, 1, -2, 2, -12, 12, 19, 24, 28, 31)
)
_SIDE: Offsets = (*_at((-6, 0, 6)), (12, 0), (19, 0), (24, 0))
_SWIFT: Offsets = _at((-32, -16, -8, -4, -2, 0, 2, 4, 8, 16, 32)) + tuple((key, 0) for key in (-1, 1, -12, 12, -19, 19))
_SWIFT_WHOLE: Offsets = (*_at((-8, -4, 0, 4, 8)), (-12, 0), (12, 0))
"""Inputs as (semitones from the key, frames from now)."""


@dataclass(frozen=True)
class Views:
    """All that leads are looked for in, frame by frame.

    Attributes
    ----------
    middle : posteriors of the middle of the stereo picture; ``whole`` (frames, 88) those of both channels' sum that a
        key sounds.
    inner, outer : swift-f0 on the same two, in the frames of the posteriors.
    level, side : level of each semitone in the middle, and between the sides (frames, bands of keyboard).
    """

    middle: Posteriors
    whole: NDArray[np.float32]
    inner: pitch.PitchTrack
    outer: pitch.PitchTrack
    level: NDArray[np.float32]
    side: NDArray[np.float32]

    @property
    def sounding(self) -> NDArray[np.bool_]:
        """Whether anything is heard in the middle: within :data:`FAINTEST` of the loudest frame."""
        level = self.inner.level
        return np.asarray((level > level.max(initial=-np.inf) + FAINTEST) & (level > SILENT))


def views(audio: NDArray[np.float32], whole: NDArray[np.float32] | None = None) -> Views:
    """Return the views of a recording, float32 (samples, 2) at 48 kHz.

    ``whole`` is how likely each key sounds (frames, 88) in it, where that is known.

    Raises
    ------
    ModelMissing : see :func:`~descant.listen.posteriors.model_path`.
    """
    inside = centre(audio)
    middle = posteriors(inside)
    frames = len(middle.note)
    level, side = _levels(inside, np.float32(0.5) * (audio[:, 0] - audio[:, 1]), frames)
    return Views(
        middle=middle,
        whole=posteriors(audio).note if whole is None else whole,
        inner=_in_frames(pitch.track(inside), frames),
        outer=_in_frames(pitch.track(mid(audio)), frames),
        level=level,
        side=side,
    )


def _levels(
    inside: NDArray[np.float32], beside: NDArray[np.float32], frames: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the levels of two sounds against one reference: heard as one sound, a pause apart."""
    pause = 16
    joined = np.zeros((2 * frames + pause) * HOP, np.float32)
    for first, sound in ((0, inside), (frames + pause, beside)):
        heard = resampled(sound, MODEL_RATE)[: frames * HOP]
        joined[first * HOP : first * HOP + len(heard)] = heard
    both = keyboard.levels(joined, 2 * frames + pause)
    return both[:frames], both[frames + pause :]


def _in_frames(track: pitch.PitchTrack, frames: int) -> pitch.PitchTrack:
    times = np.arange(frames) / FRAMES_PER_SECOND
    at = np.clip(np.round(times / pitch.FRAME_SECONDS).astype(int), 0, len(track.pitch) - 1)
    return pitch.PitchTrack(track.pitch[at], track.confidence[at], track.level[at])


def near(track: pitch.PitchTrack) -> NDArray[np.float32]:
    """Return what a track holds likely (frames, 88 keys): its confidence, spread around its pitch."""
    away = (track.pitch[:, None] - (LOWEST + np.arange(keyboard.KEYS))[None, :]) / SPREAD
    return np.asarray(track.confidence[:, None] * np.exp(-0.5 * away**2), np.float32)


def register(track: pitch.PitchTrack) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the mean pitch a track had around each frame, weighted by confidence, and how confident it was there."""
    span = round(REGISTER_SECONDS * FRAMES_PER_SECOND)
    sure = track.confidence**2
    weight = uniform_filter1d(sure, span, mode="nearest")
    mean = uniform_filter1d(sure * track.pitch, span, mode="nearest") / np.maximum(weight, 1e-6)
    return np.where(weight > 1e-4, mean, 60.0), weight


class Inputs:
    """The inputs of the lead network for a recording's ``views``, some frames at a time."""

    def __init__(self, seen: Views) -> None:
        self._maps: list[tuple[NDArray[np.float32], Offsets]] = [
            (seen.middle.note, _NOTE),
            (seen.middle.onset, _ONSET),
            *((seen.middle.contour[:, third::CONTOUR_STEPS], _CONTOUR) for third in range(CONTOUR_STEPS)),
            (seen.whole, _WHOLE),
            (seen.level, _LEVEL),
            (seen.side, _SIDE),
            (near(seen.inner), _SWIFT),
            (near(seen.outer), _SWIFT_WHOLE),
        ]
        self._frames = _globals(seen)
        self._register = register(seen.inner)
        self._note = seen.middle.note[:, LOWEST_KEY - LOWEST :][:, :KEYS]

    def __call__(self, first: int, last: int) -> NDArray[np.float32]:
        """Return inputs ((last − first) · KEYS, inputs) for frames ``first`` to ``last``, frame by frame."""
        shown = [column for values, offsets in self._maps for column in _shifted(values, offsets, first, last)]
        keys = np.arange(LOWEST_KEY, HIGHEST_KEY + 1)
        note = self._note[first:last]
        higher = np.cumsum(note[:, ::-1] > 0.3, axis=1)[:, ::-1].astype(np.float32)
        away = (keys[None, :] - self._register[0][first:last, None]) / 12.0
        columns: list[NDArray[np.float64] | NDArray[np.float32]] = [
            *shown,
            note - note.max(axis=1, keepdims=True),
            higher,
            away,
            away**2,
            np.broadcast_to((keys[None, :] - 60.0) / 12.0, away.shape),
            np.broadcast_to(self._register[1][first:last, None], away.shape),
            *(np.broadcast_to(row[first:last, None], away.shape) for row in self._frames),
        ]
        return np.stack([np.asarray(column, np.float32).reshape(-1) for column in columns], axis=1)


def _globals(seen: Views) -> list[NDArray[np.float32]]:
    """Return what is the same for all keys of a frame."""
    level = seen.inner.level - np.quantile(seen.inner.level, 0.95)
    moved = np.minimum(np.abs(np.diff(seen.inner.pitch, prepend=seen.inner.pitch[:1])), 1.0)
    width = seen.side.sum(axis=1) / np.maximum(seen.level.sum(axis=1), 1e-3)
    rows = (
        seen.inner.confidence,
        seen.outer.confidence,
        np.maximum(level, -60.0) / 20.0,
        uniform_filter1d(moved * seen.inner.confidence, 43),
        uniform_filter1d(seen.inner.confidence, 43),
        seen.middle.note.max(axis=1),
        seen.middle.note.sum(axis=1),
        width,
        np.full(len(width), width.mean()),
    )
    return [np.asarray(row, np.float32) for row in rows]


def _shifted(values: NDArray[np.float32], wanted: Offsets, first: int, last: int) -> list[NDArray[np.float32]]:
    """Return ``values`` (frames, keys from LOWEST) of some frames as seen from each key, for each input wanted."""
    low, high = max(0, first - _LOOK), min(len(values), last + _LOOK)
    padded = np.pad(values[low:high], ((low - (first - _LOOK), last + _LOOK - high), (_REACH, _REACH + KEYS)))
    begin = _REACH + LOWEST_KEY - LOWEST
    return [padded[_LOOK + t : _LOOK + t + last - first, begin + k : begin + k + KEYS] for k, t in wanted]
