"""The makers of songs: one protocol and its implementations. The score engine is the default and needs no weights.

Owns the road from a brief to finished files in a folder. Must not know HTTP, the database or the object store.
The engine that made a song is named in its document; there is no silent fallback from one to another.
"""

from pathlib import Path

from descant.engines.protocol import CannotMake, Engine, UnknownEngine

__all__ = ["CannotMake", "Engine", "UnknownEngine", "load", "names"]


def names() -> tuple[str, ...]:
    """Return the names :func:`load` knows."""
    return ("score",)


def load(
    name: str = "score", *, soundfont: Path | None = None, cache: Path | None = None, weights: Path | None = None
) -> Engine:
    """Return an engine.

    Parameters
    ----------
    name : one of :func:`names`.
    soundfont : the sound bank (SF2 or SF3) to play; None finds the one Debian's package installs.
    cache : a folder for what is worth keeping between songs; None keeps it in memory.
    weights : a folder of trained networks that listen to recordings (:mod:`descant.engines.weights`); None for none.

    Raises
    ------
    UnknownEngine : when there is no engine of that name.
    """
    if name != "score":
        raise UnknownEngine(f"there is no engine {name!r}; known: {', '.join(names())}")
    from descant.engines.score.engine import ScoreEngine  # heavy: numba kernels, loaded only where songs are made

    return ScoreEngine(soundfont=soundfont, cache=cache, weights=weights)
