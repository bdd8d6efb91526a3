"""The commands put together."""

import typer

from descant import __version__
from descant.cli import doctor, keys, make, serve, upload, webhooks

app = typer.Typer(
    name="descant",
    help="A self-hosted song service: lyrics, tags or one line in, finished songs out.",
    epilog="Settings are DESCANT_… environment variables; docs/settings.md has the table.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"descant {__version__}")
        raise typer.Exit


@app.callback()
def descant(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """Answer options that belong to no command."""


serve.add_to(app)
app.add_typer(keys.app, name="keys")
make.add_to(app)
upload.add_to(app)
doctor.add_to(app)
webhooks.add_to(app)


def main() -> None:
    """Run the command line."""
    app()
