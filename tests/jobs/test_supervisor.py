import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

SLEEPER = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); time.sleep(60)"


def supervised(*programs: str) -> subprocess.Popen[bytes]:
    code = (
        "import sys\n"
        "from descant.jobs.supervisor import Program, supervise\n"
        f"sys.exit(supervise([{', '.join(programs)}]))\n"
    )
    return subprocess.Popen([sys.executable, "-c", code])


def sleeper(path: Path, more: str = "") -> str:
    return f"Program({path.name!r}, [sys.executable, '-c', {SLEEPER!r}, {str(path)!r}]{more})"


@pytest.fixture
def started(until):
    """The process ids a sleeper has written, once there are ``count`` of them."""

    def started(path: Path, count: int = 1) -> list[int]:
        def read() -> list[int]:
            pids = [int(line) for line in path.read_text().split()] if path.exists() else []
            return pids if len(pids) >= count else []

        return until(read)

    return started


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_all_end_when_asked(tmp_path: Path, started, alive, number: int) -> None:
    supervisor = supervised(sleeper(tmp_path / "one"), sleeper(tmp_path / "two"))
    pids = started(tmp_path / "one") + started(tmp_path / "two")
    supervisor.send_signal(number)
    assert supervisor.wait(20) == 0
    assert not any(alive(pid) for pid in pids)


def test_what_dies_is_started_again(tmp_path: Path, started, alive) -> None:
    supervisor = supervised(sleeper(tmp_path / "one"), sleeper(tmp_path / "two"))
    (first,) = started(tmp_path / "one")
    (other,) = started(tmp_path / "two")
    os.kill(first, signal.SIGKILL)
    _, second = started(tmp_path / "one", 2)
    assert alive(second)
    assert alive(other)
    supervisor.terminate()
    supervisor.wait(20)


def test_all_die_with_a_killed_supervisor(tmp_path: Path, started, alive, until) -> None:
    supervisor = supervised(sleeper(tmp_path / "one"))
    (pid,) = started(tmp_path / "one")
    supervisor.kill()
    supervisor.wait(20)
    until(lambda: not alive(pid))


def test_a_vital_program_that_cannot_start_ends_it_all(tmp_path: Path) -> None:
    broken = "Program('API', [sys.executable, '-c', 'raise SystemExit(3)'], vital=True)"
    assert supervised(broken, sleeper(tmp_path / "one")).wait(20) == 3


def test_a_program_gets_its_environment(tmp_path: Path, started) -> None:
    code = "import os; open(os.environ['WHERE'], 'w').write('1')"
    program = f"Program('one', [sys.executable, '-c', {code!r}], {{'WHERE': {str(tmp_path / 'one')!r}}})"
    supervisor = supervised(program)
    assert started(tmp_path / "one") == [1]
    supervisor.terminate()
    assert supervisor.wait(20) == 0
