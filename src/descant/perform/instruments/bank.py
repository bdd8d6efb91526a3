"""Sound banks: one open bank a file, its presets' zones read once."""

from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from descant.perform.instruments.sf2 import MissingSoundBankError, SampleHeader, SoundFont
from descant.perform.instruments.zones import Zone, read_zones

DEFAULT_BANKS = (
    Path("/usr/share/sounds/sf2/MuseScore_General_Full.sf2"),
    Path("/usr/share/sounds/sf3/MuseScore_General_Full.sf3"),
    Path("/usr/share/sounds/sf3/MuseScore_General.sf3"),
    Path("/usr/share/sounds/sf2/MuseScore_General.sf2"),
    Path("/usr/share/sounds/sf2/default-GM.sf2"),
    Path("/usr/share/sounds/sf3/default-GM.sf3"),
    Path("/usr/share/sounds/sf2/FluidR3_GM.sf2"),
)
"""Where Debian's packages put banks, the best first."""


class SoundBank:
    """An open SoundFont with what has been read of it. Safe to share between threads.

    Parameters
    ----------
    path : an SF2 or SF3 file.

    Raises
    ------
    SoundBankError : when it is missing or cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self._font = SoundFont(path)
        self._headers: dict[int, SampleHeader] = {}
        self._zones: dict[tuple[int, int], tuple[Zone, ...]] = {}

    @property
    def path(self) -> Path:
        """The bank's file."""
        return self._font.path

    @property
    def name(self) -> str:
        """The file's name without its folder, for a song's provenance."""
        return self._font.path.name

    @cached_property
    def presets(self) -> dict[tuple[int, int], str]:
        """Names of the presets by (bank, program), rising."""
        return self._font.presets

    def has(self, bank: int, program: int) -> bool:
        """Return whether the bank has a preset."""
        return (bank, program) in self.presets

    def zones(self, bank: int, program: int) -> tuple[Zone, ...]:
        """Return the zones of a preset, in the order of the file.

        Raises
        ------
        KeyError : when the bank has no such preset.
        """
        key = (bank, program)
        if key not in self._zones:
            self._zones[key] = read_zones(self._font, bank, program)
        return self._zones[key]

    def pcm(self, sample: int) -> np.ndarray[Any, Any]:
        """Return a sample's frames by its index: int16 from the mapped file, or float32 ±1 where it was decoded."""
        if sample not in self._headers:
            self._headers[sample] = self._font.header(sample)
        return self._font.pcm(self._headers[sample])


@lru_cache(maxsize=4)
def _open(path: Path, size: int, modified: int) -> SoundBank:
    return SoundBank(path)


def open_bank(path: Path | str | None = None) -> SoundBank:
    """Return the bank of a file, the same object for the same unchanged file.

    Parameters
    ----------
    path : an SF2 or SF3 file; None for the first of :data:`DEFAULT_BANKS` that is installed.

    Raises
    ------
    MissingSoundBankError : when there is none; the message names the package and the setting that mend it.
    CorruptSoundBankError : when it cannot be read.
    """
    if path is None:
        path = next((bank for bank in DEFAULT_BANKS if bank.exists()), DEFAULT_BANKS[0])
    resolved = Path(path).resolve()
    try:
        state = resolved.stat()
    except OSError as error:
        raise MissingSoundBankError(path) from error
    return _open(resolved, state.st_size, state.st_mtime_ns)
