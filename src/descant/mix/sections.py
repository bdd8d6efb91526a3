"""Sections held to their energy: how far the bus raises or lowers each, found from its beginning.

Players already play soft sections softly, and fewer of them; together that is more than a record holds. A ride goes
two thirds of the way to what the section's energy asks for, at most 2 dB down and 6 dB up, eased over half a second.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from descant.mix import loudness
from descant.mix.levels import RATE, Curve
from descant.mix.recall import Notes
from descant.mix.riding import HOP, average, glide
from descant.song.score import Score, Section

HEAD = 8 * RATE
"""Samples of a section from which its loudness is taken: about four bars."""

OPENING = 24 * loudness.HOP
"""The sample (2.4 s) up to which the section that a song begins with is heard: it is waited for."""

EASE = 25
"""Hops over which one ride becomes the next."""

DOWN, UP = -2.0, 6.0
_SHARE = 2 / 3


@dataclass
class Span:
    """A section of the mix: its samples, and, once they are known, its loudness (LUFS) and its ride (dB)."""

    name: str
    section: Section
    start: int
    stop: int
    head: int = HEAD
    level: float = float("nan")
    ride: float = float("nan")

    @property
    def heard_at(self) -> int:
        """The sample up to which it must have been heard before its ride can be found."""
        return min(self.stop, self.start + self.head)

    def measured(self, powers: NDArray[np.float64]) -> float:
        """Return its loudness in K-weighted ``powers`` (one a ``loudness.HOP`` of the mix) up to :attr:`heard_at`."""
        first, stop = self.start // loudness.HOP, self.heard_at // loudness.HOP
        return loudness.integrated_power(powers[first : max(stop, first + 1)])


class Sections:
    """The rides of a mix.

    Parameters
    ----------
    score : the song, its times counted from the mix's first sample. ``samples``: length of the mix.
    dynamics : dB between a section of energy 1 and one of energy 0.
    notes : the ride of each section by name, and the song's loudest ("loudest") and most energetic ("energy"), where
        known.
    """

    def __init__(self, score: Score, samples: int, dynamics: float, notes: Notes) -> None:
        self._dynamics, self._notes = dynamics, notes
        self._hops = np.zeros(-(-samples // HOP))
        self.spans = tuple(_spans(score, samples))
        self._best = notes.level("energy", lambda: max((s.energy for s in score.sections), default=np.nan))
        for span in self.spans:
            known = notes.known([span.name])
            if known:
                self._set(span, known[0])

    def waiting(self) -> Span | None:
        """Return the first section whose ride is not known, or None."""
        return next((span for span in self.spans if np.isnan(span.ride)), None)

    def ideal(self, section: Section) -> float:
        """Return the loudness in LUFS that a section's energy asks for; NaN while the loudest is not known."""
        top = self._notes.known(["loudest"])
        return top[0] - self._dynamics * (self._best - section.energy) if top else float("nan")

    def fitting(self, section: Section, level: float) -> float:
        """Return the ride in dB for a section of a loudness in LUFS; 0 for a silent one."""
        if level <= loudness.SILENCE or np.isnan(self.ideal(section)):
            return 0.0
        return float(np.clip((self.ideal(section) - level) * _SHARE, DOWN, UP))

    def decide(self, span: Span, level: float, correction: float) -> None:
        """Note the ride of a section of a loudness (LUFS), with so many dB besides."""
        span.level = level
        ride = self.fitting(span.section, level) + correction
        if level > loudness.SILENCE:
            self._notes.level(span.name, lambda: ride)
        self._set(span, ride)

    def _set(self, span: Span, ride: float) -> None:
        span.ride = ride
        self._hops[span.start // HOP : span.stop // HOP + 1] = ride

    def curve(self, first: int, stop: int) -> Curve:
        """Return the rides in dB, at control rate, for the hops from ``first`` to ``stop``."""
        low, high = max(0, first - EASE), min(len(self._hops), stop + EASE)
        hops = self._hops[low:high]
        return glide(average(hops, np.ones(len(hops)), EASE), low, first, stop)


def _spans(score: Score, samples: int) -> list[Span]:
    labels = [section.label for section in score.sections]
    edges = [max(0, int(score.seconds(section.start) * RATE + 1e-3)) for section in score.sections]
    spans = [
        Span(
            f"{labels[k]} {labels[:k].count(labels[k])}",
            section,
            start,
            min(stop, samples),
            HEAD if k else max(OPENING - start, loudness.HOP),
        )
        for k, (section, start, stop) in enumerate(zip(score.sections, edges, [*edges[1:], samples], strict=True))
    ]
    return [span for span in spans if span.start < span.stop]
