"""Running a speech program: found or named as missing, fed by files, ended in time."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from descant.perform.voice.errors import EngineFailedError, MissingProgramError

TIMEOUT_SECONDS = 60.0
"""A batch of a song's lines takes a second or two; past this the program hangs."""


def find_program(name: str, package: str) -> str:
    """Return the path of a program.

    Raises
    ------
    MissingProgramError : when it is not installed; the message names the apt package.
    """
    path = shutil.which(name)
    if path is None:
        raise MissingProgramError(f"the program {name!r} is not installed; install it with: apt install {package}")
    return path


def run(command: Sequence[str], folder: Path, timeout: float = TIMEOUT_SECONDS) -> None:
    """Run a program to its end in ``folder``. No argument may come from a user's text.

    Raises
    ------
    EngineFailedError : when it fails or runs longer than ``timeout`` seconds.
    """
    name = Path(command[0]).name
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=timeout, check=False)
    except subprocess.TimeoutExpired as error:
        raise EngineFailedError(f"{name} did not finish within {timeout:.0f} s") from error
    except OSError as error:
        raise EngineFailedError(f"{name} could not be started: {error}") from error
    if done.returncode != 0:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no message"]
        raise EngineFailedError(f"{name} ended with code {done.returncode}: {last[0]}")
