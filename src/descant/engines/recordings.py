"""What is taken in of the files that people send: sound, of a length and a level that something can be made of.

This is the one place that reads a stranger's bytes, and it is run in a child process that can be killed. What comes
after it reads the clean file written here.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from descant.engines.protocol import CannotMake

SHORTEST = 1.0
"""Seconds below which nothing can be told of a recording: less than a beat of slow music."""

SILENT = 10 ** (-60 / 20)
"""Peak below which a recording is silent: whatever is in it is drowned by what any room adds."""

LOUDEST = 10 ** (40 / 20)
"""Peak above which samples are no sound at full scale ±1 but other numbers."""


def prepare(source: Path, target: Path, most_seconds: float) -> float:
    """Write the sound of any file as a clean one (WAV, float32, stereo, 48 000 Hz); return its seconds.

    Memory does not grow with the length of the recording.

    Raises
    ------
    CannotMake : when it is not sound that can be read, longer than ``most_seconds``, too short, silent, or far out of
        scale; the message says which, in words for the user.
    """
    from descant.media import decode, pcm, recording  # FFmpeg, loaded only where a file is read

    meter = _Meter()
    try:
        samples = recording.write(meter.through(decode.blocks(source, max_seconds=most_seconds)), target)
    except decode.UnreadableAudioError as error:
        raise CannotMake(f"The recording cannot be taken: {error}.") from error
    seconds = samples / pcm.RATE
    if not samples:
        raise CannotMake("The recording cannot be taken: the file is audio, but holds no samples.")
    refuse_unusable(seconds, meter.peak)
    return seconds


def refuse_unusable(seconds: float, peak: float) -> None:
    """Refuse a recording of a length or with a peak of which nothing can be made.

    Raises
    ------
    CannotMake : when it is too short or silent.
    """
    if seconds < SHORTEST:
        raise CannotMake(f"The recording lasts {seconds:.2f} s; at least {SHORTEST:g} s are needed.")
    if peak < SILENT:
        raise CannotMake("The recording is silent.")


class _Meter:
    """Watches the level of what passes."""

    def __init__(self) -> None:
        self.peak = 0.0

    def through(self, blocks: Iterator[NDArray[np.float32]]) -> Iterator[NDArray[np.float32]]:
        for block in blocks:
            if block.size:
                self.peak = max(self.peak, float(np.abs(block).max()))
            if self.peak > LOUDEST:
                raise CannotMake("The recording is out of scale: its samples lie far beyond full scale.")
            yield block
