"""Faults of a machine, each with its mend."""

import os
import socket
import time
from collections import namedtuple

import pytest

from descant import settings
from descant.cli import checks, doctor
from descant.cli.checks import Finding


@pytest.fixture
def bank(tmp_path, monkeypatch):
    path = tmp_path / "bank.sf2"
    path.write_bytes(b"RIFF\0\0\0\0sfbk")
    monkeypatch.setenv("DESCANT_SOUNDFONT", str(path))
    return path


def test_a_folder_that_can_be_written_is_made(data):
    assert not checks.data_folder(settings.read()).is_fault
    assert data.is_dir()
    assert list(data.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named_with_its_setting(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DESCANT_DATA", str(tmp_path / "file"))
    finding = checks.data_folder(settings.read())
    assert finding.is_fault
    assert str(tmp_path / "file") in finding.line
    assert "DESCANT_DATA" in finding.line


def test_a_full_disk_is_named(monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda path: usage(10**12, 10**12, 5 * 10**6))
    finding = checks.disk_space(settings.read())
    assert "5 MB" in finding.found
    assert finding.mend


def test_a_port_in_use_is_named_with_its_setting(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("DESCANT_PORT", str(taken.getsockname()[1]))
        finding = checks.port(settings.read())
        assert "already in use" in finding.found
        assert "DESCANT_PORT" in finding.mend
    assert not checks.port(settings.read()).is_fault


def test_an_address_of_another_machine_is_named_with_its_setting(monkeypatch):
    monkeypatch.setenv("DESCANT_HOST", "203.0.113.1")
    assert "DESCANT_HOST" in checks.port(settings.read()).mend


def test_a_sound_bank_is_told_from_other_files(bank):
    assert not checks.sound_bank(settings.read()).is_fault
    bank.write_bytes(b"not a bank at all")
    assert "is not a sound bank" in checks.sound_bank(settings.read()).found
    bank.unlink()
    assert "apt install" in checks.sound_bank(settings.read()).mend


def test_missing_programs_are_named_with_their_packages(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    found = list(checks.programs(settings.read()))
    assert [finding.name for finding in found] == ["festival", "hts_engine"]
    assert all("apt install" in finding.mend for finding in found)


def test_a_clock_behind_the_data_is_named(data):
    checks.data_folder(settings.read())
    assert not checks.clock(settings.read()).is_fault
    (data / "descant.sqlite").write_text("")
    tomorrow = time.time() + 86_400
    os.utime(data / "descant.sqlite", (tomorrow, tomorrow))
    assert "timedatectl" in checks.clock(settings.read()).mend


def test_a_database_that_does_not_answer_is_named_with_its_setting(data):
    data.mkdir()
    assert not checks.database(settings.read()).is_fault
    (data / "descant.sqlite").unlink()
    for leftover in data.glob("descant.sqlite-*"):
        leftover.unlink()
    (data / "descant.sqlite").write_bytes(b"this is no database" * 100)
    assert "DESCANT_DATABASE_URL" in checks.database(settings.read()).mend


def test_doctor_names_each_fault_and_its_mend_and_ends_with_1(descant, monkeypatch):
    found = [Finding("disk", "10 GB free"), Finding("port", "Port 1 is in use.", "Choose another.")]
    monkeypatch.setattr(doctor, "examine", lambda settings: found)
    result = descant("doctor")
    assert result.exit_code == 1
    assert "✓ disk" in result.stdout
    assert "✗ port" in result.stdout
    assert "→ Choose another." in result.stdout
    assert "1 thing to mend." in result.stdout


def test_doctor_on_a_sound_machine_ends_with_0(descant, bank, monkeypatch):
    monkeypatch.setattr(checks, "programs", lambda settings: iter(()))
    monkeypatch.setattr(checks, "voices", lambda settings: iter(()))
    result = descant("doctor")
    assert result.exit_code == 0, result.stdout
    assert "All is well." in result.stdout


def test_doctor_finds_settings_that_set_nothing(descant, bank, monkeypatch):
    monkeypatch.setattr(checks, "programs", lambda settings: iter(()))
    monkeypatch.setattr(checks, "voices", lambda settings: iter(()))
    monkeypatch.setenv("DESCANT_PROT", "9000")
    assert "DESCANT_PROT" in descant("doctor").stdout


def test_networks_that_cannot_be_used_are_named_with_what_is_wrong_and_the_setting(tmp_path, monkeypatch):
    assert list(checks.weights(settings.read())) == []
    monkeypatch.setenv("DESCANT_WEIGHTS", str(tmp_path))
    (missing,) = checks.weights(settings.read())
    assert "weights.toml" in missing.found
    assert "DESCANT_WEIGHTS" in missing.mend
    (tmp_path / "beats.onnx").write_bytes(b"another file")
    entry = f'[beats]\nname = "tracker"\nfile = "beats.onnx"\nsha256 = "{"0" * 64}"\n'
    (tmp_path / "weights.toml").write_text(entry)
    (changed,) = checks.weights(settings.read())
    assert changed.is_fault
    assert "beats.onnx has the SHA-256" in changed.found
