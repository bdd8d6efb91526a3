import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def _importable_targets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(HERE)
    monkeypatch.setenv("PYTHONPATH", str(HERE))
    sys.modules.pop("targets", None)


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def alive() -> Callable[[int], bool]:
    """Whether a process runs (one that died and waits to be collected does not)."""
    return running


@pytest.fixture
def until() -> Callable[..., object]:
    """Wait for something to become true and return it."""

    def until(question: Callable[[], object], seconds: float = 20.0) -> object:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            answer = question()
            if answer:
                return answer
            time.sleep(0.02)
        raise AssertionError("it did not happen in time")

    return until


@pytest.fixture
def number_in(until) -> Callable[[Path], int]:
    """The number a process writes into a file, once it is there."""

    def number_in(path: Path) -> int:
        return int(until(lambda: path.exists() and path.read_text()))

    return number_in
