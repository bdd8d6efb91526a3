"""Aiming a mix that is heard from front to back at its loudness.

The bus must stand at its level before the song is known. It is set from what the sections are expected to be, and at
the beginning of each section what was heard so far is compared with the aim: the ride of the section takes in what is
missing, so that the whole comes out right although nothing that was heard is touched again.
"""

import numpy as np
from numpy.typing import NDArray

from descant.mix import loudness
from descant.mix.recall import Notes
from descant.mix.sections import Sections, Span

LOST = -2.0
"""dB that the glue compressor and the limiter take from a loud section when nothing is known of them."""

LOUD = 4.0
"""LU under the loudest section at which the limiter has nothing more to do."""

MOST = 2.0
"""Largest correction of a section in dB, about what sections of one kind differ by."""

HARD = 4.0
"""dB taken by the bus at which half of what is added is taken too, and so half as much again has to be added."""

_ROUNDS = 12


class Aim:
    """What is expected of the rest of a mix.

    Parameters
    ----------
    wanted : loudness of the whole in LUFS.
    notes : of the bus: what it takes from the loudest bars ("lost"), where that was found.
    """

    def __init__(self, wanted: float, sections: Sections, notes: Notes) -> None:
        self._wanted, self._sections = wanted, sections
        self._foretold = (notes.known(["lost"]) or (LOST,))[0]

    def level(self, span: Span, measured: float) -> float:
        """Return the bus's level in dB for a song that begins with ``span``, ``measured`` LUFS before the bus."""
        return self._missing(np.empty(0), self._expected(span, measured, 0.0, self._foretold))

    def correction(self, span: Span, measured: float, level: float, heard: NDArray[np.float64]) -> float:
        """Return the dB by which ``span``, ``measured`` LUFS before the bus, should be louder than its ride makes it.

        Parameters
        ----------
        level : of the bus, in dB. ``heard``: K-weighted powers of the master, one a ``loudness.HOP``, up to the span.
        """
        lost = self._lost(level, heard)
        missing = self._missing(heard, self._expected(span, measured, level, lost))
        taken = 1 + 0.5 * float(np.clip(-lost / HARD, 0.0, 1.0))
        return float(np.clip(missing * taken, -MOST, MOST))

    def _missing(self, heard: NDArray[np.float64], expected: NDArray[np.float64]) -> float:
        """Return the dB to add to ``expected`` powers so that all have the wanted loudness together."""
        if not expected.any():
            return 0.0
        missing = 0.0
        for _ in range(_ROUNDS):
            whole = np.concatenate([heard, expected * 10 ** (missing / 10)])
            missing += self._wanted - loudness.integrated_power(whole)
        return missing

    def _expected(self, span: Span, measured: float, level: float, lost: float) -> NDArray[np.float64]:
        """Return the powers of the master expected from ``span`` on."""
        ahead = [other for other in self._sections.spans if other.start >= span.start]
        before = {other.section.label: other.level for other in self._sections.spans if not np.isnan(other.level)}
        powers = []
        for other in ahead:
            known = measured if other is span else before.get(other.section.label, self._sections.ideal(other.section))
            ridden = known + self._sections.fitting(other.section, known)
            after = ridden + level + lost * self._loud(ridden)
            count = (other.stop - other.start) // loudness.HOP
            power = 10 ** ((after + 0.691) / 10) if known > loudness.SILENCE else 0.0
            powers.append(np.full(count, power))
        return np.concatenate(powers) if powers else np.empty(0)

    def _loud(self, ridden: float) -> float:
        """Return 0–1: how near a section is to the loudest, and so how much of it the bus takes."""
        top = max((self._sections.ideal(span.section) for span in self._sections.spans), default=ridden)
        return float(np.clip(1.0 - (top - ridden) / LOUD, 0.0, 1.0))

    def _lost(self, level: float, heard: NDArray[np.float64]) -> float:
        """Return by how many dB loud sections came out louder than their levels said: foretold, and as heard so far."""
        off, weights = [self._foretold], [1.0]
        for span in self._sections.spans:
            first, stop = span.start // loudness.HOP, min(span.stop // loudness.HOP, len(heard))
            ridden = span.level + span.ride
            if stop - first <= 4 or not span.level > loudness.SILENCE or self._loud(ridden) < 0.4:
                continue
            out = loudness.integrated_power(heard[first:stop])
            off.append((out - ridden - level) / self._loud(ridden))
            weights.append((stop - first) / 40)
        return float(np.average(off, weights=weights))
