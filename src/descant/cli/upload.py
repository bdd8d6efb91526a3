"""``descant upload``: a recording becomes a clip of an account, taken in by the workers of a running server."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from descant.cli.terminal import fail, opened, read_settings

if TYPE_CHECKING:
    from descant.service.accounts.accounts import AccountRecord
    from descant.service.house import Service

LOOK_SECONDS = 0.5


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("upload", epilog="Example: descant upload harbour.mp3 --key dsc_…")(upload)


def upload(
    recording: str = typer.Argument(help="A sound or video file, or its http(s) URL."),
    key: str = typer.Option(..., "--key", help="The API key of the account that it is for; it pays 2 credits."),
    title: str = typer.Option("", "--title", help="Left out: found in the name of the file."),
    lyrics: Path | None = typer.Option(None, "--lyrics", help="A text file with the words that are sung in it."),
    language: str = typer.Option("", "--language", help="Their language, such as es. Left out: recognised."),
) -> None:
    """Send a recording in, wait until it was listened to, and print the id of the clip it became."""
    about = {"title": title, "lyrics": "" if lyrics is None else _text(lyrics), "language": language}
    with opened(read_settings()) as service:
        account = service.accounts.authenticate(key)
        if not service.condition().workers:
            fail("No worker is running to take it in; start `descant serve` first.")
        typer.echo(_wait(service, account, _begin(service, account, recording, about)))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        fail(f"The lyrics {path} cannot be read ({error}).", 2)


def _begin(service: "Service", account: "AccountRecord", recording: str, about: dict[str, str]) -> str:
    """Begin to take the recording in; return its task."""
    if recording.startswith(("http://", "https://")):
        return service.uploads.fetch(account, url=recording, **about)
    from descant.service.uploads import naming

    try:
        with Path(recording).open("rb") as file:
            return service.uploads.keep(account, file, **about | {"title": about["title"] or naming.of_file(recording)})
    except OSError as error:
        fail(f"The recording {recording} cannot be read ({error.strerror}).", 2)


def _wait(service: "Service", account: "AccountRecord", task_id: str) -> str:
    """Return the clip when it is there; on Ctrl-C stop it and give its price back."""
    try:
        while (clip_id := service.uploads.ended(account, task_id)) is None:
            time.sleep(LOOK_SECONDS)
    except KeyboardInterrupt:
        service.uploads.abandon(account, task_id)
        fail("Stopped. The credits were given back.")
    return clip_id
