"""What a child process runs to make a clip: an engine, on an order and the folders of the songs it starts from."""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path

import msgspec

from descant import settings
from descant.engines import load
from descant.engines.protocol import CannotMake, Engine
from descant.jobs.isolate import Declined, Report
from descant.song import orders

TARGET = f"{__name__}:make"
"""Import path of :func:`make`, for :func:`descant.jobs.isolate.run`."""

SCORE_ENGINE = f"{__name__}:score_engine"
"""Import path of the default engine's loader."""


class Made(msgspec.Struct, frozen=True):
    """What is told of a finished song besides its files: see :class:`~descant.song.document.Song`."""

    title: str
    tags: str
    lyrics: str
    seconds: float
    joined_at: float | None = None


def score_engine() -> Engine:
    """Return the default engine with the sounds, the cache folder and the weights of the settings."""
    chosen = settings.read()
    return load("score", soundfont=chosen.soundfont, cache=chosen.data / "cache", weights=chosen.weights)


@cache
def engine(loader: str) -> Engine:
    """Return the engine that the function at import path ``loader`` ("package.module:function") makes."""
    module, _, name = loader.partition(":")
    made: Engine = getattr(import_module(module), name)()
    return made


def make(report: Report, loader: str, order: str, sources: Sequence[str], workspace: str) -> str:
    """Carry out an ``order`` (JSON) in the empty folder ``workspace``; return :class:`Made` as JSON.

    ``sources`` are the folders of the songs it starts from, as the order names them.

    Raises
    ------
    Declined : when the engine says that the order cannot be carried out.
    """
    folders = [Path(source) for source in sources]
    try:
        song = engine(loader).make(orders.decode(order), folders, Path(workspace), report)
    except CannotMake as error:
        raise Declined(str(error)) from error
    made = Made(song.title, song.tags, song.lyrics, song.seconds, song.joined_at)
    return msgspec.json.encode(made).decode()
