"""Spoken lines on disk and in memory: the source is asked once for each line.

Files are named by the hash of source and sounds, written beside their place and moved into it, so that several
processes may share a folder. An unreadable file is treated as absent and written again.
"""

import io
import os
import tempfile
import threading
from collections import OrderedDict
from pathlib import Path

import numpy as np

from descant.perform.voice.spoken import SpokenLine

MEMORY_LINES = 256
"""Lines kept in memory, about 200 kB each."""

_recent: OrderedDict[str, SpokenLine] = OrderedDict()
_lock = threading.Lock()


def _remember(key: str, line: SpokenLine) -> None:
    with _lock:
        _recent[key] = line
        _recent.move_to_end(key)
        while len(_recent) > MEMORY_LINES:
            _recent.popitem(last=False)


def find(key: str, folder: Path | None) -> SpokenLine | None:
    """Return the line stored under ``key``, or None."""
    with _lock:
        line = _recent.get(key)
    if line is not None or folder is None:
        return line
    try:
        with np.load(folder / f"{key}.npz", allow_pickle=False) as data:
            line = SpokenLine(
                tuple(str(name) for name in data["phones"]),
                data["starts"],
                data["stops"],
                data["cepstra"],
                data["pitch"],
                float(data["alpha"]),
                int(data["rate"]),
            )
    except (OSError, ValueError, KeyError, EOFError):
        return None
    _remember(key, line)
    return line


def keep(key: str, line: SpokenLine, folder: Path | None) -> None:
    """Store a line under ``key``, in memory and, when a folder is given, on disk."""
    _remember(key, line)
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    np.savez(
        buffer,
        phones=np.array(line.phones),
        starts=line.starts,
        stops=line.stops,
        cepstra=line.cepstra,
        pitch=line.pitch,
        alpha=line.alpha,
        rate=line.rate,
    )
    handle, name = tempfile.mkstemp(dir=folder, suffix=".part")
    with os.fdopen(handle, "wb") as file:
        file.write(buffer.getvalue())
    Path(name).replace(folder / f"{key}.npz")


def forget() -> None:
    """Empty the memory; files stay."""
    with _lock:
        _recent.clear()
