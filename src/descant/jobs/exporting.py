"""What a child process runs to write a finished clip in another format."""

from pathlib import Path

from descant.engines.exports import export
from descant.jobs.isolate import Report

TARGET = f"{__name__}:make"
"""Import path of :func:`make`, for :func:`descant.jobs.isolate.run`."""


def make(report: Report, folder: str, format: str, path: str) -> str:
    """Write the song of ``folder`` in a ``format`` of :data:`descant.engines.exports.FILES` to ``path``."""
    Path(path).write_bytes(export(Path(folder), format))
    report(1.0, "encoding")
    return ""
