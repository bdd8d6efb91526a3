"""What the children of these tests run."""

import os
import subprocess
import time
from pathlib import Path


def answer(report, word: str) -> str:
    report(0.5, "half")
    return word.upper()


def sleep(report, pid_file: str) -> str:
    Path(pid_file).write_text(str(os.getpid()))
    report(0.1, "sleeping")
    time.sleep(60)
    return ""


def start_program_and_sleep(report, pid_file: str) -> str:
    program = subprocess.Popen(["sleep", "60"])
    Path(pid_file).write_text(str(program.pid))
    report(0.1, "sleeping")
    time.sleep(60)
    return ""


def leave(report) -> str:
    os._exit(7)


def niceness(report) -> str:
    return str(os.nice(0))
