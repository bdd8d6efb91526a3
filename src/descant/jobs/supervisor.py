"""Keeps a set of programs alive: starts them, restarts what dies, stops all together.

Programs run in sessions of their own, so a Ctrl-C in the terminal reaches only the supervisor, which stops them in
order; and the kernel kills them if the supervisor itself is killed.
"""

import contextlib
import logging
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from descant.jobs.isolate import die_with_parent

FIRST_DELAY = 0.2
LONGEST_DELAY = 30.0
"""Seconds between a death and the next start: the first, doubled with each death, at most the longest."""

STEADY_SECONDS = 5.0
"""A program that lived this long counts as well again."""

COMES_UP_SECONDS = 3.0
"""A vital program that fails within this time of its very first start will not come up: everything is stopped."""

STOP_SECONDS = 8.0
_TICK = 0.1
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Program:
    """A command to keep running. A ``vital`` one that cannot start at all ends the supervision."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    vital: bool = False


class _Keeper:
    """One program, its process, and when to start it again."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.process: subprocess.Popen[bytes] | None = None
        self._delay = FIRST_DELAY
        self._start_at = 0.0
        self._started = 0.0
        self._starts = 0

    def tend(self) -> int | None:
        """Start or restart the program when it is time; return its exit code when it will never come up."""
        moment = time.monotonic()
        if self.process is None:
            if moment >= self._start_at:
                self._start(moment)
            return None
        code = self.process.poll()
        if code is None:
            return None
        self.process = None
        lived = moment - self._started
        if self.program.vital and self._starts == 1 and lived < COMES_UP_SECONDS and code > 0:
            return code
        if lived > STEADY_SECONDS:
            self._delay = FIRST_DELAY
        self._start_at = moment + self._delay
        _log.warning("%s ended (%s); starting it again in %.1f s", self.program.name, _how(code), self._delay)
        self._delay = min(self._delay * 2, LONGEST_DELAY)
        return None

    def _start(self, moment: float) -> None:
        self._started = moment
        self._starts += 1
        self.process = subprocess.Popen(
            list(self.program.command),
            env={**os.environ, **self.program.environment},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent,  # one call into the C library, so safe after a fork even with threads about
        )


def supervise(programs: Sequence[Program]) -> int:
    """Keep ``programs`` running until SIGINT or SIGTERM; call it from the main thread.

    Returns
    -------
    0 after a stop that was asked for, otherwise the exit code of the vital program that did not come up.
    """
    asked: list[int] = []
    before = {number: signal.signal(number, lambda n, _: asked.append(n)) for number in (signal.SIGINT, signal.SIGTERM)}
    keepers = [_Keeper(program) for program in programs]
    try:
        while not asked:
            for keeper in keepers:
                code = keeper.tend()
                if code is not None:
                    return code
            time.sleep(_TICK)
        return 0
    finally:
        _stop([keeper.process for keeper in keepers if keeper.process is not None])
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask all to end, wait :data:`STOP_SECONDS`, and kill what is left, with everything it started."""
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
    for process in processes:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _how(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
