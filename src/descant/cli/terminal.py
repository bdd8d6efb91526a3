"""What every command shares: reading the settings, opening the service, ending with one line."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from descant import settings as configuration
from descant.settings import Settings

if TYPE_CHECKING:
    from descant.service.house import Service


def fail(message: str, code: int = 1) -> NoReturn:
    """End the program with ``message`` on standard error."""
    typer.secho(message, err=True, fg=typer.colors.RED)
    raise typer.Exit(code)


def first_line(error: Exception) -> str:
    """Return an error's text without what a database library adds below it."""
    return str(error).strip().partition("\n")[0]


def read_settings(**changes: Any) -> Settings:
    """Return the settings of the environment, or end the program naming what is wrong with them."""
    try:
        return configuration.read(**changes)
    except configuration.SettingsError as error:
        fail(str(error), 2)


@contextmanager
def opened(settings: Settings) -> Iterator["Service"]:
    """Open the service for a ``with`` block; a refusal inside the block ends the program with its text."""
    from descant import service
    from descant.service.errors import ServiceError

    try:
        running = service.open(settings)
    except (ServiceError, OSError) as error:
        fail(f"Cannot open the data in {settings.data}: {first_line(error)}")
    try:
        yield running
    except ServiceError as error:
        fail(first_line(error))
    finally:
        running.close()
