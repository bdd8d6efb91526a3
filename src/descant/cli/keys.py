"""``descant keys``: who may ask for songs, and how many."""

from datetime import datetime

import typer

from descant.cli.terminal import opened, read_settings

app = typer.Typer(help="Make, list, credit and revoke API keys.", no_args_is_help=True)

CREDITS = "Credits to give; a song costs 15."


@app.command(epilog="Example: descant keys create --credits 500 --name studio")
def create(
    credits: int = typer.Option(..., "--credits", min=0, help=CREDITS),
    name: str = typer.Option("", "--name", help="What the key is for, shown in the list."),
) -> None:
    """Make a key and print it, and nothing else, on standard output. It is never shown again."""
    with opened(read_settings()) as service:
        typer.echo(service.accounts.create_key(credits=credits, name=name).key)


@app.command("list", epilog="Example: descant keys list")
def show() -> None:
    """List the keys with their balance; the key itself is not kept, only its last four characters."""
    with opened(read_settings()) as service:
        keys = service.accounts.keys()
    rows = [("ID", "NAME", "KEY", "CREDITS", "CREATED", "LAST USED", "STATE")]
    for key in keys:
        state = "active" if key.revoked_at is None else f"revoked {_day(key.revoked_at)}"
        used = _day(key.last_used_at)
        rows.append((key.id, key.name or "-", f"…{key.last_four}", f"{key.credits}", _day(key.created_at), used, state))
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


@app.command(epilog="Example: descant keys revoke 3f9a")
def revoke(key: str = typer.Argument(help="The key, its id, or its last four characters.")) -> None:
    """Make a key useless from now on. Songs it has begun are finished."""
    with opened(read_settings()) as service:
        gone = service.accounts.revoke(key)
    typer.echo(f"Revoked …{gone.last_four}.")


@app.command(epilog="Example: descant keys credit 3f9a 300", context_settings={"ignore_unknown_options": True})
def credit(
    key: str = typer.Argument(help="The key, its id, or its last four characters."),
    credits: int = typer.Argument(help="Credits to add; a negative number takes them away."),
) -> None:
    """Add credits to a key and print its new balance."""
    with opened(read_settings()) as service:
        typer.echo(service.accounts.credit(key, credits))


def _day(moment: datetime | None) -> str:
    return "-" if moment is None else f"{moment:%Y-%m-%d %H:%M}"
