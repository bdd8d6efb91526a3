"""A data folder of its own for each test, and the command run in this process."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from descant.cli.commands import app
from descant.settings import Settings


@pytest.fixture(autouse=True)
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Settings at their defaults, but for the data folder."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"DESCANT_{name.upper()}", raising=False)
    monkeypatch.setenv("DESCANT_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def descant() -> Callable[..., Result]:
    """Run the command with arguments; ``stdout`` and ``stderr`` are apart."""

    def run(*arguments: str, **options: object) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments], **options)

    return run


@pytest.fixture
def one_line() -> Callable[[Result, int], str]:
    """Check that a command ended with a code and one line on standard error; return the line."""

    def check(result: Result, code: int) -> str:
        assert result.exit_code == code, result.output
        assert result.stdout == ""
        assert result.stderr.count("\n") == 1, result.stderr
        return str(result.stderr)

    return check
