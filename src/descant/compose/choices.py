"""Seeded choices from weighted tables, drawn in the order the tables are written."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")


def pick(rng: np.random.Generator, table: Sequence[tuple[T, float]], *, sharpness: float = 1.0) -> T:
    """Return one alternative of a weighted table.

    Parameters
    ----------
    sharpness : exponent on the weights; above 1 favours the likely, below 1 evens them out.
    """
    weights = np.array([max(weight, 0.0) for _, weight in table]) ** sharpness
    return table[
        int(np.searchsorted(np.cumsum(weights), rng.random() * weights.sum(), side="right").clip(0, len(table) - 1))
    ][0]


def sharpness(style_weight: float, weirdness: float) -> float:
    """Return how strictly tables are followed: the pull of the style against the wish for the unusual."""
    return (0.5 + 1.0 * style_weight) * (1.0 - 0.6 * weirdness) / 0.82
