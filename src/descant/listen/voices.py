"""Where somebody sings.

Task: vocal activity. Voices are told from instruments by their pitch, which never rests: it glides into notes, trembles
on them and falls off, where keys, frets and samplers hold it still. The measure is how far the lead's pitch moves from
frame to frame within a note, over some seconds; its bounds were set on songs of our own (of which half were sung). What
bends notes as voices do (a trumpet, a fiddle) may be taken for one.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from descant.listen.melody import contour
from descant.listen.pitch import PitchTrack
from descant.listen.posteriors import FRAMES_PER_SECOND
from descant.song.transcription import Evidence, HeardVoice

METHOD = "restlessness of the lead's pitch"

REST = 0.034
"""Semitones a frame (11.6 ms) that the pitch of a lead moves when a voice and an instrument are as likely."""

STEEPNESS = 2.5
"""How fast likelihood grows with the logarithm of that movement."""

LEAP = 1.5
"""Semitones a frame from which a movement is another note."""

SPAN_SECONDS = 3.0
LEAST_LEAD = 0.25
"""Share of a span in which there must be a lead."""

SHORTEST_SECONDS = 1.0
LONGEST_BREATH = 1.5
"""Seconds of silence that are part of singing."""


def voices(audio: NDArray[np.float32], lead: PitchTrack | None = None) -> tuple[HeardVoice, ...]:
    """Return where somebody sings in a recording, by start.

    Parameters
    ----------
    audio : float32 (samples, 2) at 48 kHz.
    lead : its lead's track (:func:`~descant.listen.melody.contour`), when that is known already.
    """
    track = contour(audio) if lead is None else lead
    certainty = _certainty(track)
    stretches: list[tuple[int, int]] = []
    for first, last in _runs((certainty >= 0.5) & (track.confidence > 0.0)):
        if stretches and first - stretches[-1][1] <= LONGEST_BREATH * FRAMES_PER_SECOND:
            stretches[-1] = (stretches[-1][0], last)
        else:
            stretches.append((first, last))
    return tuple(
        HeardVoice(
            round(first / FRAMES_PER_SECOND, 3),
            round(last / FRAMES_PER_SECOND, 3),
            round(float(certainty[first:last].mean()), 3),
        )
        for first, last in stretches
        if last - first >= SHORTEST_SECONDS * FRAMES_PER_SECOND
    )


def evidence(found: tuple[HeardVoice, ...]) -> Evidence:
    """Return how voices were found and how sure they are on the whole."""
    return Evidence(METHOD, round(float(np.mean([voice.confidence for voice in found])), 3) if found else 0.0)


def share(found: Sequence[HeardVoice], seconds: float) -> float:
    """Return how much of a recording of ``seconds`` is sung, 0–1, each stretch weighed by how much surer than even."""
    return sum((voice.stop - voice.start) * max(0.0, 2.0 * voice.confidence - 1.0) for voice in found) / seconds


def _certainty(track: PitchTrack) -> NDArray[np.float64]:
    """Return how likely each frame's surroundings are sung, 0–1."""
    sounding = track.confidence > 0.0
    moved = np.abs(np.diff(track.pitch, prepend=track.pitch[:1]))
    within = sounding & np.roll(sounding, 1) & (moved < LEAP)
    span = round(SPAN_SECONDS * FRAMES_PER_SECOND)
    lead = uniform_filter1d(within.astype(np.float64), span)
    restlessness = uniform_filter1d(np.where(within, moved, 0.0), span) / np.maximum(lead, 0.02)
    odds = 2.0 * STEEPNESS * np.log((restlessness + 0.005) / (REST + 0.005))
    return np.where(lead >= LEAST_LEAD, 1.0 / (1.0 + np.exp(-odds)), 0.0)


def _runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(mask.astype(np.int8), prepend=0, append=0))
    return [(int(first), int(last)) for first, last in zip(edges[::2], edges[1::2], strict=True)]
