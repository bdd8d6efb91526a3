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

    Prints a line for each, then where the voices' sounds come from, with licences and whom to name; ends with code 1
    when something has to be mended.
    """
    settings = read_settings()
    faults = 0
    for finding in examine(settings):
        faults += finding.is_fault
        mark, colour = ("✗", typer.colors.RED) if finding.is_fault else ("✓", typer.colors.GREEN)
        typer.echo(f"{typer.style(mark, fg=colour)} {finding.name:12} {finding.found}")
        if finding.is_fault:
            typer.echo(f"  {'':12} → {finding.mend}")
    typer.echo("\nThe voices' sounds, what for, and by whom:")
    for line in voice_credits():
        typer.echo(line)
    if faults:
        typer.echo(f"\n{faults} thing{'s' if faults > 1 else ''} to mend.")
        raise typer.Exit(1)
    typer.echo("\nAll is well.")


def examine(settings: Settings) -> list[Finding]:
    """Return what every check finds. The database is only opened in a folder that can be written."""
    folder = checks.data_folder(settings)
    found = [*checks.variables(settings), folder, checks.disk_space(settings), checks.sound_bank(settings)]
    found += [*checks.programs(settings), *checks.voices(settings), *checks.weights(settings)]
    if not folder.is_fault:
        found += [checks.clock(settings), checks.database(settings)]
    return found


def voice_credits() -> list[str]:
    """Return the lines that tell where the voices' sounds come from; what may be missing is no fault."""
    from descant.engines.score import readiness

    lines = []
    for credit in readiness.credits():
        mark, state = ("✓", "installed") if credit.is_installed else ("–", f"missing: {credit.comes_with}")
        lines.append(f"{mark} {credit.name:12} {credit.what_for}; {state}")
        lines.append(f"  {'':12} {credit.licence}. {credit.attribution}.")
    for language, who in readiness.lacking():
        lines.append(f"– Songs in {language!r} are sung with an accent, and say so: {who} is missing.")
    return lines
