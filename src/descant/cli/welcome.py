"""What ``descant serve`` says once the API answers: the address and, the first time, a key and two curls to paste."""

import json
import time
import urllib.request
from threading import Thread

import typer

from descant.service.house import Service
from descant.settings import Settings

FIRST_CREDITS = 1000
"""Credits of the key made at the very first start: 66 songs."""

PATIENCE_SECONDS = 120.0
"""How long to wait for the API to answer; a first start also makes the database."""

ANSWER_FILE = "/tmp/descant-task.json"
"""Where the create curl keeps its answer, for the poll curl to read the task id from, in any shell."""

EXAMPLE = {
    "custom_mode": True,
    "mv": "sonic-v4-5",
    "title": "Paper Boats",
    "tags": "pop, dreamy, emotional",
    "prompt": "[Verse]\nPaper boats along the gutter\nRain has washed the names away\nStill I fold another morning\n"
    "Send it sailing down the day\n\n[Chorus]\nOh, carry me over, carry me on\nEvery river runs to the dawn\n"
    "Oh, carry me over, carry me home\nNobody has to sail alone",
}


def greet_when_ready(settings: Settings, service: Service) -> None:
    """Print the greeting as soon as the API answers, from a thread that does not keep the program alive."""
    Thread(target=_greet, args=(settings, service), daemon=True, name="greeting").start()


def _greet(settings: Settings, service: Service) -> None:
    if not _answers(settings):
        return
    key = None if service.accounts.exist() else service.accounts.create_key(credits=FIRST_CREDITS, name="first").key
    # One write, so that nothing the workers log can come in between.
    typer.echo(greeting(settings.public_url, key))


def _answers(settings: Settings) -> bool:
    """Wait until the API answers where it listens; False when it never does."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    url = f"http://[{host}]:{settings.port}/healthz" if ":" in host else f"http://{host}:{settings.port}/healthz"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            with opener.open(url, timeout=2):
                return True
        except OSError:
            time.sleep(0.1)
    return False


def greeting(url: str, key: str | None) -> str:
    """Return the greeting; ``key`` is the first key, or None when there are keys already."""
    lines = [f"\nDescant answers at {url} (reference: {url}/docs). Ctrl-C stops it."]
    if key is None:
        return "\n".join([*lines, "Keys: descant keys list; a new one: descant keys create --credits 500", ""])
    lines += [
        f"\nYour first API key, with {FIRST_CREDITS:,} credits (it is not shown again):\n\n  {key}",
        f"\nMake a song:\n\n{create_curl(url, key)}",
        f"\nSee how far it is; when it succeeded, audio_url is the song:\n\n{poll_curl(url, key)}\n",
    ]
    return "\n".join(lines)


def create_curl(url: str, key: str) -> str:
    """Return a command that makes a song, prints the answer and keeps it for :func:`poll_curl`."""
    body = json.dumps(EXAMPLE).replace("'", "'\\''")
    return (
        f"curl -s {url}/api/v1/sonic/create -H 'Authorization: Bearer {key}' \\\n"
        f"  -H 'Content-Type: application/json' \\\n  -d '{body}' | tee {ANSWER_FILE}"
    )


def poll_curl(url: str, key: str) -> str:
    """Return a command that polls the task of the last :func:`create_curl`."""
    task = f"$(grep -oE '[0-9a-f]{{8}}-[0-9a-f-]{{27}}' {ANSWER_FILE})"
    return f"curl -s \"{url}/api/v1/sonic/task/{task}\" -H 'Authorization: Bearer {key}'"
