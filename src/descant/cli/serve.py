"""``descant serve``, ``descant worker`` and what they start."""

import logging
import sys

import typer

from descant.cli import checks
from descant.cli.terminal import fail, first_line, opened, read_settings
from descant.settings import Settings

STOP_SECONDS = 5
"""How long requests under way may take to end when the API stops."""


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("serve", epilog="Example: DESCANT_PORT=9000 descant serve")(serve)
    app.command("worker", epilog="Example: DESCANT_WORKERS=8 descant worker")(worker)
    app.command("migrate", epilog="Example: DESCANT_DATABASE_URL=postgresql://… descant migrate")(migrate)
    app.command("serve-http", hidden=True)(serve_http)


def serve(
    api_only: bool = typer.Option(False, "--api-only", help="Answer requests, and leave making songs to workers."),
) -> None:
    """Run the service: the API and the workers that make songs. Ctrl-C stops it."""
    settings = read_settings()
    _stop_at_fault(checks.BEFORE_API if api_only else (*checks.BEFORE_API, checks.sound_bank), settings)
    from descant.cli.welcome import greet_when_ready

    with opened(settings) as service:
        greet_when_ready(settings, service)
        if api_only:
            _serve_http(settings)
        else:
            _supervise(settings, [sys.executable, "-m", "descant", "serve-http"])


def worker() -> None:
    """Make the songs that wait, with DESCANT_WORKERS processes. Ctrl-C stops it; songs are taken up again later."""
    settings = read_settings()
    _stop_at_fault(checks.BEFORE_WORKERS, settings)
    _supervise(settings, None)


def migrate() -> None:
    """Bring the database to this version's tables. Needed once after an upgrade on Postgres; SQLite does it itself."""
    from descant import service
    from descant.service.errors import ServiceError

    try:
        service.migrate(read_settings())
    except (ServiceError, OSError) as error:
        fail(f"The database cannot be migrated: {first_line(error)}")
    typer.echo("The database is up to date.")


def serve_http() -> None:
    """Answer requests in this very process; what ``serve`` starts and watches over."""
    _serve_http(read_settings())


def _stop_at_fault(wanted: tuple[checks.Check, ...], settings: Settings) -> None:
    fault = checks.first_fault(wanted, settings)
    if fault is not None:
        fail(fault.line)


def _supervise(settings: Settings, api: list[str] | None) -> None:
    from descant.service import serving
    from descant.service.errors import ServiceError

    try:
        code = serving.run(settings, api)
    except ServiceError as error:
        fail(first_line(error))
    if code:
        raise typer.Exit(code)


def _serve_http(settings: Settings) -> None:
    import uvicorn

    from descant.api.app import create_app

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
