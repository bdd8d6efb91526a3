"""What can be wrong with a machine, each fault with its mend; used before a start and by ``descant doctor``."""

import errno
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from descant.cli.terminal import first_line
from descant.settings import Settings, unknown

SPACE_MIN = 1024**3
"""Bytes free below which nothing is started: two takes of a long song with their stems take about 300 MB."""

CLOCK_SLACK = 300.0
"""Seconds the clock may stand behind the newest file of the data folder."""

PROGRAMS = (("festival", "festival festlex-cmu festlex-poslex"), ("hts_engine", "htsengine"))
"""Programs the voices are spoken by, each with the Debian packages it comes in."""


Check = Callable[[Settings], "Finding"]


@dataclass(frozen=True)
class Finding:
    """One thing looked at: what was found, and how to mend it ("" when nothing is wrong)."""

    name: str
    found: str
    mend: str = ""

    @property
    def is_fault(self) -> bool:
        """Whether something has to be mended."""
        return bool(self.mend)

    @property
    def line(self) -> str:
        """The fault and its mend in one line."""
        return f"{self.found} {self.mend}".strip()


def data_folder(settings: Settings) -> Finding:
    """Look whether the data folder can be written."""
    name, folder = "data folder", settings.data
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"descant")
    except OSError as error:
        if error.errno == errno.ENOSPC:
            return Finding(name, f"There is no space left for the data folder {folder}.", "Free some disk space.")
        reason = error.strerror or str(error)
        mend = "Make it writable, or set DESCANT_DATA to a folder that is."
        return Finding(name, f"The data folder {folder} cannot be written ({reason}).", mend)
    return Finding(name, f"{folder} can be written")


def disk_space(settings: Settings) -> Finding:
    """Look whether there is room for songs."""
    folder = settings.data
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < SPACE_MIN:
        mend = "Free some, or set DESCANT_DATA to a folder on another disk."
        return Finding("disk", f"Only {free / 1e6:,.0f} MB are free where {settings.data} lies; 1 GB is needed.", mend)
    return Finding("disk", f"{free / 1e9:,.0f} GB free")


def port(settings: Settings) -> Finding:
    """Look whether the API's address is free to listen on."""
    name, address = "port", f"{settings.host}:{settings.port}"
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # As the server itself does, so that connections of a server just stopped do not count as in use.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((settings.host, settings.port))
    except OSError as error:
        mends = {
            errno.EADDRINUSE: "Stop what uses it, or choose another with DESCANT_PORT.",
            errno.EACCES: "Choose a port above 1023 with DESCANT_PORT.",
        }
        words = {errno.EADDRINUSE: f"Port {settings.port} on {settings.host} is already in use."}
        found = words.get(error.errno or 0, f"Cannot listen on {address}: {error.strerror or error}.")
        return Finding(name, found, mends.get(error.errno or 0, "Set DESCANT_HOST to an address of this machine."))
    return Finding(name, f"{address} is free")


def sound_bank(settings: Settings) -> Finding:
    """Look whether the instruments' sound bank is there and is one."""
    name, path = "sound bank", settings.soundfont
    mend = "Install it with: apt install musescore-general-soundfont-lossless; or set DESCANT_SOUNDFONT to another."
    try:
        with path.open("rb") as file:
            head = file.read(12)
    except OSError as error:
        return Finding(name, f"The sound bank {path} cannot be read ({error.strerror}).", mend)
    if head[:4] != b"RIFF" or head[8:] != b"sfbk":
        return Finding(name, f"{path} is not a sound bank.", "Set DESCANT_SOUNDFONT to an SF2 or SF3 file.")
    return Finding(name, str(path))


def programs(settings: Settings) -> Iterator[Finding]:
    """Look for the programs that speak."""
    for program, packages in PROGRAMS:
        path = shutil.which(program)
        if path is None:
            yield Finding(program, f"The program {program} is missing.", f"Install it with: apt install {packages}.")
        else:
            yield Finding(program, path)


def voices(settings: Settings) -> Iterator[Finding]:
    """Have every voice speak a syllable."""
    from descant.engines.score import readiness

    complaints = readiness.complaints()
    for complaint in complaints:
        yield Finding("voices", f"A voice does not speak: {complaint}.", "Do what is said there, then look again.")
    if not complaints:
        yield Finding("voices", ", ".join(readiness.singers()))


def weights(settings: Settings) -> Iterator[Finding]:
    """Open the trained networks of the folder that is set, if one is, with all their sums checked."""
    if settings.weights is None:
        return
    from descant.engines.weights import ears, manifest

    try:
        named = ears.open_folder(settings.weights).names
    except manifest.WeightsError as error:
        mend = "Mend the folder (docs/weights.md), or unset DESCANT_WEIGHTS: recordings cannot be heard until then."
        yield Finding("weights", f"The trained networks cannot be used: {error}.", mend)
        return
    found = [entry.name for entry in (named.separator, named.beats, named.aligner) if entry is not None]
    yield Finding("weights", ", ".join(found) or f"no network is listed in {settings.weights / manifest.MANIFEST}")


def database(settings: Settings) -> Finding:
    """Open the database and the object store, and have both answer."""
    from descant import service
    from descant.service.errors import ServiceError

    try:
        running = service.open(settings)
        try:
            running.healthy()
        finally:
            running.close()
    except (ServiceError, OSError) as error:
        mend = "Look at DESCANT_DATABASE_URL and DESCANT_OBJECTS_URL, and whether their servers run."
        return Finding("database", f"The database or the object store does not answer: {first_line(error)}", mend)
    return Finding("database", "the database and the object store answer")


def clock(settings: Settings) -> Finding:
    """Look whether the clock stands behind what was written before: then songs would be ordered wrongly."""
    now = time.time()
    newest = max((path.stat().st_mtime for path in _files(settings.data)), default=0.0)
    shown = f"{datetime.fromtimestamp(now, UTC):%Y-%m-%d %H:%M:%S} UTC"
    if newest > now + CLOCK_SLACK:
        then = f"{datetime.fromtimestamp(newest, UTC):%Y-%m-%d %H:%M:%S} UTC"
        mend = "Set the clock, for example with: timedatectl set-ntp true."
        return Finding("clock", f"The clock says {shown}, but the data folder was written at {then}.", mend)
    return Finding("clock", shown)


def variables(settings: Settings) -> Iterator[Finding]:
    """Name the DESCANT_ variables that set nothing."""
    for name in unknown():
        yield Finding(
            "settings", f"{name} is set, but there is no such setting.", "See docs/settings.md for the names."
        )


def _files(folder: Path) -> Iterator[Path]:
    """Return the files right in ``folder``: those that every start and every song writes."""
    if folder.is_dir():
        yield from (path for path in folder.iterdir() if path.is_file())


BEFORE_API: tuple[Check, ...] = (data_folder, disk_space, port)
BEFORE_WORKERS: tuple[Check, ...] = (data_folder, disk_space, sound_bank)


def first_fault(checks: tuple[Check, ...], settings: Settings) -> Finding | None:
    """Return the first fault that ``checks`` find, in their order."""
    return next((finding for check in checks if (finding := check(settings)).is_fault), None)
