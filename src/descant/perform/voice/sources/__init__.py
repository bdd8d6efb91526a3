"""Where the voice's sound comes from: speech programs behind one protocol.

A source takes lines as phones and gives, for each, spectral envelopes every 5 ms and the place of every phone.
Programs run as separate processes. A source reads a line without knowing the others asked for at the same time, so
a stored line never depends on the company in which it was first spoken.
"""

from collections.abc import Sequence
from typing import Protocol

from descant.perform.voice.spoken import LineText, SpokenLine


class Source(Protocol):
    """Speaks lines.

    ``name`` is part of the key under which lines are stored, so it changes whenever its output would.
    """

    name: str

    def speak(self, lines: Sequence[LineText]) -> list[SpokenLine]:
        """Return each line as spoken, in order.

        Raises
        ------
        VoiceError : when a program is missing or fails, or a line comes back with other phones.
        """
        ...


def open_source(name: str) -> Source:
    """Return the source a voice file names, "hts:slt", "flite:rms" or "flite:awb", or that of another family for it.

    "espeak:hts:slt" speaks as espeak-ng does, in the timbre of slt; "mei:flite:rms" as Mei does, in that of rms.

    Raises
    ------
    ValueError : when no such source exists.
    """
    from descant.perform.voice.sources.espeak import EspeakSource
    from descant.perform.voice.sources.flite import FliteSource
    from descant.perform.voice.sources.hts import HtsSource
    from descant.perform.voice.sources.mei import MeiSource

    family, _, voice = name.partition(":")
    if family == "hts" and voice == "slt":
        return HtsSource()
    if family == "flite" and voice in ("rms", "awb"):
        return FliteSource(voice)
    if family == "espeak":
        return EspeakSource(voice)
    if family == "mei":
        return MeiSource(voice)
    raise ValueError(f"{name!r} is not a voice source; known: hts:slt, flite:rms, flite:awb")
