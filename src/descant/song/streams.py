"""Named random streams: one counter-based generator for each decision.

A stream is keyed by the song's seed and the *name* of the decision ("chorus.line0.rhythm"), so changing one line
of lyrics does not reshuffle the rest of the song (Philox is counter-based: Salmon et al., SC 2011).
"""

from hashlib import blake2b

import numpy as np

SEED_LIMIT = 2**31
"""Seeds are integers in [0, SEED_LIMIT): every JSON reader holds them exactly."""


def _key(seed: int, name: str) -> int:
    return int.from_bytes(blake2b(f"{seed}/{name}".encode(), digest_size=16).digest(), "little")


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the generator for one named decision of one song.

    Parameters
    ----------
    seed : the song's seed, 0 ≤ seed < SEED_LIMIT.
    name : the decision, dotted from the general to the particular, e.g. ``"chorus.line0.rhythm"``.
    """
    return np.random.Generator(np.random.Philox(key=_key(seed, name)))


def derive_seed(seed: int, name: str) -> int:
    """Return a seed for something that belongs to, but must not correlate with, the song of ``seed``."""
    return _key(seed, name) % SEED_LIMIT
