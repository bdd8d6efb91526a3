"""What a child process runs to take in the file of a stranger."""

from pathlib import Path

from descant.engines import recordings
from descant.engines.protocol import CannotMake
from descant.jobs.isolate import Declined, Report

TARGET = f"{__name__}:prepare"
"""Import path of :func:`prepare`, for :func:`descant.jobs.isolate.run`."""


def prepare(report: Report, source: str, target: str, most_seconds: float) -> str:
    """Write the sound of the file ``source`` to ``target``; return its seconds.

    Raises
    ------
    Declined : when nothing can be made of it; see :func:`descant.engines.recordings.prepare`.
    """
    try:
        return str(recordings.prepare(Path(source), Path(target), most_seconds))
    except CannotMake as error:
        raise Declined(str(error)) from error
