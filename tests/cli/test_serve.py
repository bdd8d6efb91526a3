"""``descant serve`` as a person meets it: the greeting, the commands to paste, the faults, the stop."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from descant.cli import checks, welcome
from descant.cli.checks import Finding


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def serving(monkeypatch, tmp_path):
    """Start ``descant serve --api-only``; return the process, and what it printed until it greeted."""
    monkeypatch.setenv("DESCANT_PORT", str(free_port()))
    started = []

    def start() -> tuple[subprocess.Popen[str], str]:
        log = tmp_path / f"log{len(started)}"
        command = [sys.executable, "-m", "descant", "serve", "--api-only"]
        with log.open("w") as file:
            process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, text=True)
        started.append(process)
        while "Ctrl-C" not in log.read_text():
            assert process.poll() is None, log.read_text()
            time.sleep(0.05)
        return process, log.read_text()

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
            process.wait()


def commands(greeting: str) -> list[str]:
    """Return the curl commands of a greeting, continuation lines joined as a shell does."""
    return re.findall(r"^curl .*$", greeting.replace("\\\n", ""), re.MULTILINE)


def paste(command: str) -> dict[str, object]:
    """Run a command as a person pastes it; return the JSON it prints."""
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def test_the_first_start_prints_a_key_and_curls_that_work_when_pasted(serving):
    process, greeting = serving()
    create, poll = commands(greeting)
    assert paste(create)["code"] == 200
    assert paste(poll)["type"] == "not_ready"
    key = re.search(r"Bearer (dsc_\w+)", create)[1]
    assert f"\n  {key}\n" in greeting
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 0


def test_a_second_start_keeps_the_data_and_prints_no_key(serving):
    process, first = serving()
    key = re.search(r"Bearer (dsc_\w+)", first)[1]
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 0
    _, second = serving()
    assert "dsc_" not in second
    assert "descant keys create" in second
    url = re.search(r"answers at (\S+)", second)[1]
    request = urllib.request.Request(f"{url}/api/v1/get-credits", headers={"Authorization": f"Bearer {key}"})
    with urllib.request.urlopen(request) as answer:
        assert json.load(answer)["credits"] == welcome.FIRST_CREDITS


@pytest.mark.parametrize("arguments", [("serve",), ("serve", "--api-only")])
def test_a_port_in_use_is_one_line(descant, one_line, monkeypatch, arguments):
    monkeypatch.setattr(checks, "SPACE_MIN", 0)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("DESCANT_PORT", str(taken.getsockname()[1]))
        assert "already in use" in one_line(descant(*arguments), 1)


@pytest.mark.parametrize("arguments", [("serve",), ("serve", "--api-only"), ("worker",)])
def test_an_unwritable_folder_is_one_line(descant, one_line, monkeypatch, tmp_path, arguments):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DESCANT_DATA", str(tmp_path / "file"))
    assert "DESCANT_DATA" in one_line(descant(*arguments), 1)


@pytest.mark.parametrize("arguments", [("serve",), ("worker",)])
def test_a_missing_sound_bank_is_one_line(descant, one_line, monkeypatch, tmp_path, arguments):
    monkeypatch.setenv("DESCANT_PORT", str(free_port()))
    monkeypatch.setenv("DESCANT_SOUNDFONT", str(tmp_path / "none.sf2"))
    assert "DESCANT_SOUNDFONT" in one_line(descant(*arguments), 1)


def test_no_disk_space_is_one_line(descant, one_line, monkeypatch):
    monkeypatch.setattr(checks, "SPACE_MIN", 10**18)
    assert "free" in one_line(descant("serve"), 1)


def test_a_database_that_cannot_be_used_is_one_line(descant, one_line, monkeypatch, data, tmp_path):
    (tmp_path / "bank.sf2").write_bytes(b"RIFF\0\0\0\0sfbk")
    monkeypatch.setenv("DESCANT_SOUNDFONT", str(tmp_path / "bank.sf2"))
    data.mkdir()
    (data / "descant.sqlite").write_bytes(b"this is no database" * 100)
    for command in ("serve", "worker"):
        assert "database" in one_line(descant(command), 1)


def test_the_line_of_a_fault_holds_its_mend():
    assert Finding("disk", "It is full.", "Free some.").line == "It is full. Free some."


def test_help_names_every_command_with_an_example(descant):
    assert descant("--help").exit_code == 0
    for command in (["serve"], ["worker"], ["migrate"], ["make"], ["doctor"], ["keys", "create"], ["keys", "list"]):
        text = descant(*command, "--help").stdout
        assert "Example: " in text, command
