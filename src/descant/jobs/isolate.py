"""Work in a child process that can be killed: for a cancelled song, a song too long, or one that eats the memory.

Children are forked from a server process that has loaded the heavy modules beforehand (multiprocessing's fork
server), so they start in milliseconds. The kernel kills the server when the worker ends, and the children when the
server ends (``PR_SET_PDEATHSIG``, prctl(2)). A child runs in its own process group, so that programs it started go
with it when it is killed.
"""

import contextlib
import ctypes
import importlib
import json
import multiprocessing
import os
import resource
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from pathlib import Path

POLL_SECONDS = 0.2
"""How often a running child's right to go on is checked: the longest a cancelled song lives on, but for the kill."""

_PR_SET_PDEATHSIG = 1
_PRCTL = getattr(ctypes.CDLL(None), "prctl", None)
"""Looked up at import: between fork and exec, where it is called too, as little as possible should happen."""

_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")

Report = Callable[[float, str], None]
"""Called with the fraction done (0–1) and what is being done."""

Target = Callable[..., str]
"""What a child runs: ``target(report, *arguments) -> result``. Found by import path, so it must be importable."""


class Declined(Exception):
    """Raised by a target for a reason the user can understand; the text is shown to them."""


@dataclass(frozen=True)
class Limits:
    """What a child may use: wall-clock ``seconds``, ``memory`` in bytes of data, and its ``nice`` value (0–19)."""

    seconds: float = 900.0
    memory: int = 3 * 1024**3
    nice: int = 10


class Kind(StrEnum):
    """How a child ended."""

    RETURNED = "returned"
    DECLINED = "declined"
    RAISED = "raised"
    CRASHED = "crashed"
    OUT_OF_MEMORY = "out of memory"
    OUT_OF_TIME = "out of time"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Ending:
    """How a child ended, with its result, the reason it gave, or a traceback."""

    kind: Kind
    text: str = ""


def prepare(modules: Sequence[str]) -> None:
    """Start the server children are forked from, with ``modules`` imported in it.

    Call it once, early, from the main thread: the server is tied to the life of the process.
    """
    for name in _THREAD_VARIABLES:  # a song is one core's work; threads before a fork would also be lost in it
        os.environ.setdefault(name, "1")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["descant.jobs.leash", *modules])
    from multiprocessing import forkserver

    forkserver.ensure_running()


def run(
    target: str,
    arguments: Sequence[object],
    *,
    limits: Limits,
    report: Report,
    may_go_on: Callable[[], bool],
) -> Ending:
    """Run ``target`` in a child and wait for its end.

    Parameters
    ----------
    target : ``"package.module:function"``, a :data:`Target`.
    arguments : what it is given besides the report; anything that can be pickled.
    report : gets the child's progress, in this thread.
    may_go_on : asked every :data:`POLL_SECONDS`; when it says no the child is killed at once.
    """
    context = multiprocessing.get_context("forkserver")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(theirs, target, tuple(arguments), limits), daemon=True)
    child.start()
    theirs.close()
    try:
        return _watch(child, ours, limits, report, may_go_on)
    finally:
        _kill(child)
        ours.close()


def _watch(
    child: ForkServerProcess, pipe: Connection, limits: Limits, report: Report, may_go_on: Callable[[], bool]
) -> Ending:
    deadline = time.monotonic() + limits.seconds
    asked = time.monotonic()
    while True:
        ready = wait([pipe, child.sentinel], timeout=POLL_SECONDS)
        if pipe in ready:
            try:
                message = json.loads(pipe.recv_bytes())
            except EOFError:
                child.join(5.0)
                return Ending(Kind.CRASHED, f"exit code {child.exitcode}")
            if "kind" in message:
                return Ending(Kind(message["kind"]), message["text"])
            report(message["progress"], message["stage"])
        elif child.sentinel in ready:
            child.join(5.0)
            return Ending(Kind.CRASHED, f"exit code {child.exitcode}")
        if time.monotonic() > deadline:
            return Ending(Kind.OUT_OF_TIME, f"stopped after {limits.seconds:.0f} s")
        if time.monotonic() - asked >= POLL_SECONDS:
            asked = time.monotonic()
            if not may_go_on():
                return Ending(Kind.STOPPED)


def _kill(child: ForkServerProcess) -> None:
    """End a child and the programs it started, if anything of them is left."""
    if child.pid is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        if child.is_alive():
            child.kill()
    child.join(5.0)


def _child(pipe: Connection, target: str, arguments: tuple[object, ...], limits: Limits) -> None:
    """Be the child: take the limits on, run the target, send its end."""
    die_with_parent()
    os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit(limits)
    lock = threading.Lock()

    def send(**message: object) -> None:
        with lock:
            try:
                pipe.send_bytes(json.dumps(message).encode())
            except BrokenPipeError:
                os._exit(1)  # nobody waits for the result any more

    def report(progress: float, stage: str) -> None:
        send(progress=float(progress), stage=stage)

    try:
        module, _, name = target.partition(":")
        function: Target = getattr(importlib.import_module(module), name)
        result = function(report, *arguments)
    except Declined as error:
        send(kind=Kind.DECLINED, text=str(error))
    except MemoryError:
        send(kind=Kind.OUT_OF_MEMORY, text=traceback.format_exc())
    except BaseException:
        send(kind=Kind.RAISED, text=traceback.format_exc())
    else:
        send(kind=Kind.RETURNED, text=result)
    sys.stdout.flush()
    sys.stderr.flush()


def _limit(limits: Limits) -> None:
    os.nice(limits.nice)
    resource.setrlimit(resource.RLIMIT_DATA, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):
        # When the machine itself runs out of memory, the kernel should take the child, which can be made again.
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def die_with_parent(signal_number: int = signal.SIGKILL) -> None:
    """Have the kernel send this process a signal when its parent ends (Linux; elsewhere nothing happens).

    "Parent" is the thread that started this process, so start lasting processes from a main thread.
    """
    if _PRCTL is not None:
        _PRCTL(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
