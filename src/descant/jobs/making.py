"""What a child process runs to make a clip: an engine, on a brief, in a folder; or a stem taken out of a song."""

from functools import cache
from importlib import import_module
from pathlib import Path

import msgspec

from descant import settings
from descant.engines import load
from descant.engines.protocol import CannotMake, Engine
from descant.engines.stems import Extraction
from descant.jobs.isolate import Declined, Report
from descant.song.brief import Brief
from descant.song.document import Song

TARGET = f"{__name__}:make"
"""Import path of :func:`make`, for :func:`descant.jobs.isolate.run`."""

EXTRACT = f"{__name__}:extract"
"""Import path of :func:`extract`."""

SCORE_ENGINE = f"{__name__}:score_engine"
"""Import path of the default engine's loader."""


class Made(msgspec.Struct, frozen=True):
    """What is told of a finished song besides its files: see :class:`~descant.song.document.Song`."""

    title: str
    tags: str
    lyrics: str
    seconds: float


def score_engine() -> Engine:
    """Return the default engine with the sounds and the cache folder of the settings."""
    chosen = settings.read()
    return load("score", soundfont=chosen.soundfont, cache=chosen.data / "cache")


@cache
def engine(loader: str) -> Engine:
    """Return the engine that the function at import path ``loader`` ("package.module:function") makes."""
    module, _, name = loader.partition(":")
    made: Engine = getattr(import_module(module), name)()
    return made


def make(report: Report, loader: str, brief: str, workspace: str) -> str:
    """Make the song of ``brief`` (JSON) in the empty folder ``workspace``; return :class:`Made` as JSON.

    Raises
    ------
    Declined : when the engine says that the brief cannot be made.
    """
    try:
        song = engine(loader).make(msgspec.json.decode(brief, type=Brief), Path(workspace), report)
    except CannotMake as error:
        raise Declined(str(error)) from error
    return _told(song)


def extract(report: Report, order: str, source: str, workspace: str) -> str:
    """Take a stem (``order``: an ``Extraction`` as JSON) out of the song whose files are in the folder ``source``."""
    from descant.engines import extraction  # heavy: encoders and filters, loaded only where audio is made

    return _told(extraction.extract(msgspec.json.decode(order, type=Extraction), Path(source), Path(workspace), report))


def _told(song: Song) -> str:
    made = Made(title=song.title, tags=song.tags, lyrics=song.lyrics, seconds=song.seconds)
    return msgspec.json.encode(made).decode()
