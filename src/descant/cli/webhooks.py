"""``descant webhook-secret``: what receivers need to check messages that carry no secret of their own."""

import typer

from descant.cli.terminal import fail, read_settings


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("webhook-secret", epilog="Example: descant webhook-secret")(webhook_secret)


def webhook_secret() -> None:
    """Print what webhooks are signed with when a request gave no webhook_secret; it follows from the secret key."""
    from descant.service.webhooks import message

    try:
        typer.echo(message.server_secret(read_settings().secret()))
    except OSError as error:
        fail(f"The secret key cannot be read: {error}")
