"""What a cover shows: the song's melody, form and harmony as plain curves."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from descant.song.score import Note, Part, Role, Score, SungNote

SIZE = 1400
"""Width and height of a cover in pixels."""


@dataclass(frozen=True)
class Subject:
    """The song as a painter sees it.

    ``beats`` and ``pitches`` are the leading melody's note starts and MIDI numbers; ``loudness`` their velocities
    0–1. ``sections`` are (start, stop, energy) with times 0–1; ``roots`` the chords' roots.
    """

    length: float
    beats: NDArray[np.float64]
    pitches: NDArray[np.float64]
    loudness: NDArray[np.float64]
    sections: tuple[tuple[float, float, float], ...]
    roots: tuple[int, ...]

    @cached_property
    def heights(self) -> NDArray[np.float64]:
        """The melody's notes, −1 the lowest to 1 the highest."""
        low, high = self.pitches.min(), self.pitches.max()
        return np.asarray(2 * (self.pitches - low) / max(high - low, 1.0) - 1)

    @cached_property
    def times(self) -> NDArray[np.float64]:
        """The starts of the melody's notes, 0–1 over the song."""
        return np.clip(self.beats / max(self.length, 1e-9), 0.0, 1.0)

    def contour(self, start: float, stop: float, points: int, smooth: float = 0.02) -> NDArray[np.float64]:
        """Return the melody between two times (0–1) as ``points`` heights −1…1, smoothed by a share of the span."""
        grid = np.linspace(start, stop, points)
        curve = np.interp(grid, self.times, self.heights)
        width = max(3, int(points * smooth) | 1)
        window = np.hanning(width + 2)[1:-1]
        padded = np.pad(curve, width, mode="edge")
        for _ in range(2):
            padded = np.convolve(padded, window / window.sum(), mode="same")
        return np.asarray(padded[width:-width])


def _melody(score: Score) -> list[Note] | list[SungNote]:
    """Return the lead vocal's notes, or of an instrumental those of the part that plays highest."""
    lead = [part for part in score.vocals if part.role is Role.LEAD_VOCAL and part.phrases] or list(score.vocals)
    sung = [note for part in lead[:1] for phrase in part.phrases for note in phrase.notes]
    if len(sung) >= 8:
        return sung
    pitched = [part for part in score.parts if part.role not in (Role.DRUMS, Role.PERCUSSION) and part.notes]
    if not pitched:
        return []
    return list(max(pitched, key=_register).notes)


def _register(part: Part) -> float:
    return float(np.median([note.pitch for note in part.notes]))


def subject(score: Score) -> Subject:
    """Return what there is to paint of ``score``; a song without notes is painted as a level line."""
    length = max(score.length, 1.0)
    notes = _melody(score)
    rows = [(note.start, note.pitch, note.velocity / 127) for note in notes] or [(0.0, 60, 0.5), (length, 60, 0.5)]
    beats, pitches, loudness = np.array(sorted(rows), dtype=np.float64).T
    starts = [section.start / length for section in score.sections] or [0.0]
    energies = [section.energy for section in score.sections] or [0.5]
    stops = [*starts[1:], 1.0]
    spans = tuple((a, b, e) for a, b, e in zip(starts, stops, energies, strict=True) if b > a)
    roots = tuple(span.chord.root for span in score.chords) or (score.key.tonic,)
    return Subject(length, beats, pitches, loudness, spans or ((0.0, 1.0, 0.5),), roots)
