import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from descant.jobs import isolate
from descant.jobs.isolate import Ending, Kind, Limits


@pytest.fixture(autouse=True)
def _prepared() -> None:
    isolate.prepare(())


def run(target: str, *arguments: str, limits: Limits = Limits(), may_go_on=lambda: True) -> tuple[Ending, list]:
    reports: list[tuple[float, str]] = []
    ending = isolate.run(
        f"targets:{target}",
        arguments,
        limits=limits,
        report=lambda progress, stage: reports.append((progress, stage)),
        may_go_on=may_go_on,
    )
    return ending, reports


def test_a_child_reports_and_returns() -> None:
    ending, reports = run("answer", "word")
    assert ending == Ending(Kind.RETURNED, "WORD")
    assert reports == [(0.5, "half")]


def test_a_child_gives_way_to_the_rest_of_the_machine() -> None:
    before = os.nice(0)
    ending, _ = run("niceness", limits=Limits(nice=7))
    assert int(ending.text) == min(19, before + 7)


def test_a_child_that_leaves_without_a_word_has_crashed() -> None:
    ending, _ = run("leave")
    assert ending == Ending(Kind.CRASHED, "exit code 7")


def test_what_cannot_be_found_is_a_fault_with_a_traceback() -> None:
    ending, _ = run("no_such_function")
    assert ending.kind is Kind.RAISED
    assert "no_such_function" in ending.text


def test_a_child_that_may_not_go_on_is_dead_when_told(tmp_path: Path, alive) -> None:
    pid_file = tmp_path / "pid"
    ending, _ = run("sleep", str(pid_file), may_go_on=lambda: not pid_file.exists())
    assert ending.kind is Kind.STOPPED
    assert not alive(int(pid_file.read_text()))


def test_a_child_too_slow_is_stopped(tmp_path: Path, alive) -> None:
    ending, _ = run("sleep", str(tmp_path / "pid"), limits=Limits(seconds=1.0))
    assert ending.kind is Kind.OUT_OF_TIME
    assert not (tmp_path / "pid").exists() or not alive(int((tmp_path / "pid").read_text()))


def test_programs_a_child_started_go_with_it(tmp_path: Path, alive, until) -> None:
    pid_file = tmp_path / "pid"
    ending, _ = run("start_program_and_sleep", str(pid_file), may_go_on=lambda: not pid_file.exists())
    assert ending.kind is Kind.STOPPED
    until(lambda: not alive(int(pid_file.read_text())))


def test_a_child_dies_with_a_killed_worker(tmp_path: Path, alive, until, number_in) -> None:
    pid_file = tmp_path / "pid"
    code = (
        "from descant.jobs import isolate\n"
        "isolate.prepare(())\n"
        f"isolate.run('targets:sleep', [{str(pid_file)!r}], limits=isolate.Limits(), report=print,"
        " may_go_on=lambda: True)\n"
    )
    worker = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL)
    child = number_in(pid_file)
    assert alive(child)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    until(lambda: not alive(child))
