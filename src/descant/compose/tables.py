"""Measured shares that the rhythm and pitch samplers draw from.

Sources: the CoCoPops corpora of charted songs (Arthur & Condit-Schultz, ISMIR 2023, holding McGill Billboard and
Rolling Stone 200), POP909 (Wang et al. 2020) and MCFlow (Condit-Schultz), as measured in research/composition.md
§2.2–2.5. Costs are negative natural logarithms of these shares. Entries marked *craft* are not measured.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

PLACEMENT: dict[str, tuple[float, ...]] = {
    "S": (0.259, 0.225, 0.185, 0.261, 0.063),
    "s": (0.12, 0.11, 0.21, 0.43, 0.13),  # craft: between S and U
    "U": (0.029, 0.029, 0.216, 0.566, 0.143),
    "C": (0.187, 0.138, 0.197, 0.384, 0.088),
    "F": (0.046, 0.049, 0.268, 0.502, 0.122),
}
"""Share of syllables of each class by metrical level."""

IOI_SHARES: dict[str, tuple[float, ...]] = {
    "quarter": (0.03, 0.30, 0.06, 0.34, 0.012, 0.13, 0.004, 0.08, 0.003, 0.012, 0.003, 0.02),
    "eighth": (0.11, 0.42, 0.085, 0.24, 0.01, 0.075, 0.004, 0.03, 0.002, 0.008, 0.002, 0.008),
    "mixed": (0.33, 0.33, 0.11, 0.15, 0.01, 0.045, 0.003, 0.018, 0.001, 0.005, 0.001, 0.005),
    "sixteenth": (0.58, 0.28, 0.04, 0.065, 0.005, 0.015, 0.001, 0.008, 0.001, 0.002, 0.001, 0.002),
}
"""Share of inter-onset intervals of 1…12 slots, by density of the line; tilted towards the rarer values, which the
metre's costs hold back, so that what is drawn comes near the measured shares (½ beat 50 %, 1 beat 21 %, ¼ 13.5 %)."""

START_SHARES: tuple[float, ...] = (
    0.19,
    0.012,
    0.08,
    0.012,
    0.15,
    0.012,
    0.08,
    0.012,
    0.09,
    0.012,
    0.13,
    0.012,
    0.10,
    0.012,
    0.14,
    0.02,
)
"""Share of phrase starts by slot of a 4/4 bar."""

END_SHARES: tuple[float, ...] = (
    0.16,
    0.01,
    0.14,
    0.015,
    0.09,
    0.01,
    0.13,
    0.015,
    0.10,
    0.01,
    0.09,
    0.01,
    0.07,
    0.01,
    0.18,
    0.02,
)
"""Share of phrase-final onsets by slot of a 4/4 bar."""

RAP_END_SHARES: tuple[float, ...] = (
    0.06,
    0.02,
    0.03,
    0.02,
    0.06,
    0.02,
    0.04,
    0.03,
    0.09,
    0.04,
    0.06,
    0.11,
    0.17,
    0.06,
    0.08,
    0.05,
)
"""Share of rapped end rhymes by slot of a 4/4 bar."""

INTERVAL_SHARES: tuple[float, ...] = (
    0.31,
    0.09,
    0.325,
    0.13,
    0.05,
    0.046,
    0.003,
    0.02,
    0.004,
    0.007,
    0.003,
    0.001,
    0.007,
)
"""Share of melodic intervals of 0…12 semitones."""

INTERVAL_TILT: tuple[float, ...] = (-0.12, 0.75, -0.15, 0.0, 0.4, 0.3, 0.2, 0.45, 0.6, 0.4, 0.4, 0.2, 0.6)
"""Natural log by which each interval is favoured over its share, making up for what the other costs hold back."""

DEGREE_SHARES: dict[str, tuple[float, ...]] = {
    "major": (0.233, 0.002, 0.137, 0.02, 0.154, 0.055, 0.002, 0.174, 0.003, 0.11, 0.03, 0.034),
    "minor": (0.235, 0.004, 0.056, 0.212, 0.004, 0.154, 0.008, 0.175, 0.031, 0.02, 0.103, 0.02),
}
"""Share of melody notes by semitones above the tonic."""

NON_CHORD_COSTS: tuple[float, ...] = (1.39, 0.95, 0.97, 0.80, 0.70)
"""Cost of a note foreign to its chord, by metrical level: log-odds of the measured chord-tone shares."""

OPEN_CADENCE: dict[int, float] = {2: 0.0, 7: 0.1, 4: 0.5, 3: 0.5, 11: 0.5, 9: 0.8, 10: 0.9, 0: 1.2}
"""Cost of ending a line that wants an answer, by semitones above the tonic; others cost 2.6."""

CLOSED_CADENCE: dict[int, float] = {0: 0.0, 4: 0.7, 3: 0.7, 7: 1.1}
"""Cost of ending a line that answers; others cost 2.6."""

LIFT_CADENCE: dict[int, float] = {2: 0.0, 7: 0.1, 11: 0.3, 10: 0.5, 5: 0.6, 9: 0.8}
"""Cost of the last note of a pre-chorus, over the dominant; others cost 2.6."""

OTHER_CADENCE = 2.6
"""Cost of a final degree a cadence table does not name."""


@lru_cache(maxsize=256)
def costs(shares: tuple[float, ...], power: float = 1.0) -> NDArray[np.float64]:
    """Return −log of normalised ``shares``, read-only; ``power`` below 1 flattens the table towards even odds."""
    table = np.asarray(shares, dtype=np.float64) ** power
    negative = np.asarray(-np.log(table / table.sum()))
    negative.flags.writeable = False
    return negative
