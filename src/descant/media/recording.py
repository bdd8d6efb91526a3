"""A recording on its way from the file a stranger sent to the song it becomes: WAV in 32-bit floats, nothing clipped.

Float, since lossy files decode to peaks above full scale, by which a recording is turned down when it is stored
(:mod:`descant.engines.listening`); W64 headers are not needed at the lengths that are taken.
"""

from collections.abc import Iterable
from pathlib import Path

import soundfile

from descant.media import pcm


def write(blocks: Iterable[pcm.Audio], path: Path) -> int:
    """Write float32 (samples, 2) blocks at 48 000 Hz to a file, each as it comes; return the samples written."""
    samples = 0
    with soundfile.SoundFile(path, "w", samplerate=pcm.RATE, channels=2, format="WAV", subtype="FLOAT") as file:
        for block in blocks:
            file.write(block)
            samples += len(block)
    return samples
