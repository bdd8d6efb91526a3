"""Other addresses of the sonic family: where clients of the sister hosts of 2025 send (contract/clients.md §5)."""

from starlette.types import ASGIApp, Receive, Scope, Send

OLDER = "/api/v1/suno/"
FAMILY = "/api/v1/sonic/"


class Aliases:
    """Has what is sent to :data:`OLDER` answered as if it were sent to :data:`FAMILY`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        path = str(scope.get("path", ""))
        if path.startswith(OLDER):
            path = FAMILY + path.removeprefix(OLDER)
            scope = {**scope, "path": path, "raw_path": path.encode()}
        await self._app(scope, receive, send)
