"""``descant doctor``: look at everything a song needs, and name each fault with its mend."""

import typer

from descant.cli import checks
from descant.cli.checks import Finding
from descant.cli.terminal import read_settings
from descant.settings import Settings


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("doctor", epilog="Example: descant doctor && descant serve")(doctor)


def doctor() -> None:
    """Check sounds, voices, programs, disk, database and clock.

    Prints a line for each; ends with code 1 when something has to be mended.
    """
    settings = read_settings()
    faults = 0
    for finding in examine(settings):
        faults += finding.is_fault
        mark, colour = ("✗", typer.colors.RED) if finding.is_fault else ("✓", typer.colors.GREEN)
        typer.echo(f"{typer.style(mark, fg=colour)} {finding.name:12} {finding.found}")
        if finding.is_fault:
            typer.echo(f"  {'':12} → {finding.mend}")
    if faults:
        typer.echo(f"\n{faults} thing{'s' if faults > 1 else ''} to mend.")
        raise typer.Exit(1)
    typer.echo("\nAll is well.")


def examine(settings: Settings) -> list[Finding]:
    """Return what every check finds. The database is only opened in a folder that can be written."""
    folder = checks.data_folder(settings)
    found = [*checks.variables(settings), folder, checks.disk_space(settings), checks.sound_bank(settings)]
    found += [*checks.programs(settings), *checks.voices(settings)]
    if not folder.is_fault:
        found += [checks.clock(settings), checks.database(settings)]
    return found
