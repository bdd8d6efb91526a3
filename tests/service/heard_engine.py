"""An engine for tests whose songs are heard while they are made: letters, at the pace that files in a folder set."""

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

from slow_engine import SlowEngine

from descant.engines.protocol import STREAM_FILE, Progress
from descant.song.document import Song
from descant.song.orders import Order


class HeardEngine(SlowEngine):
    """Writes three letters of a stream, each when the file of its name lies in the folder that the tags name.

    "die" beside them ends the process after the first letter, once.
    """

    name = "heard"

    def make(self, order: Order, sources: Sequence[Path], workspace: Path, progress: Progress) -> Song:
        folder = Path(order.brief.tags)
        for step, letter in enumerate(b"abc"):
            while not (folder / chr(letter)).exists():
                time.sleep(0.01)
            with (workspace / STREAM_FILE).open("ab") as file:
                file.write(bytes([letter]))
            progress(step / 3, "mixing")
            if (folder / "die").exists():
                (folder / "die").unlink()
                time.sleep(0.5)
                os.kill(os.getpid(), signal.SIGKILL)
        song = super().make(order, sources, workspace, progress)
        (workspace / STREAM_FILE).unlink()
        return song


def load() -> HeardEngine:
    return HeardEngine()
