"""Names for worker processes: unlike all living ones, and the same again after a restart."""

import fcntl
import hashlib
import os
import socket
from pathlib import Path
from typing import IO


class Slot:
    """A numbered place on this machine and data folder, held while this object lives and freed by the kernel at death.

    A worker that comes back takes the lowest free place, which is the one it lost: under the same name it takes up at
    once what it left (:mod:`descant.jobs.reaper`).
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        number, self._file = _take(folder)
        place = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:6]
        self.executor_id = f"{socket.gethostname()}-{place}-{number}"


def _take(folder: Path) -> tuple[int, IO[str]]:
    number = 1
    while True:
        file = (folder / f"slot-{number}.lock").open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            number += 1
        else:
            return number, file
