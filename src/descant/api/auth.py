"""Who is asking: ``Authorization: Bearer <API key>`` on every endpoint of the contract.

The key is checked before the body is read, so that a stranger learns nothing about a request's faults and cannot make
the server parse one.
"""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from starlette.concurrency import run_in_threadpool

from descant.api.bodies import held
from descant.api.errors import ApiError
from descant.api.state import service_of
from descant.service.accounts.accounts import AccountRecord
from descant.service.errors import BadKey, RevokedKey

CHALLENGE = {"WWW-Authenticate": "Bearer"}

scheme = HTTPBearer(scheme_name="API key", description="`Authorization: Bearer <API key>`", auto_error=False)
"""How the reference describes the key; :class:`GuardedRoute` is what checks it."""


def bearer_key(header: str | None) -> str:
    """Return the key of an Authorization header.

    Raises
    ------
    ApiError : 401 when there is no header, or when it is not ``Bearer <key>`` (two texts: contract/errors.md §3).
    """
    if header is None:
        raise ApiError(401, "The 'Authorization' header is missing; send 'Authorization: Bearer <API key>'.", CHALLENGE)
    kind, _, key = header.strip().partition(" ")
    key = key.strip()
    if kind.lower() != "bearer" or not key or " " in key:
        raise ApiError(401, "The 'Authorization' header is malformed; it must be 'Bearer <API key>'.", CHALLENGE)
    return key


async def authenticate(request: Request) -> AccountRecord:
    """Return the account whose key the request carries.

    Raises
    ------
    ApiError : 401 when the header is missing or malformed, or its key unknown or revoked.
    """
    key = bearer_key(request.headers.get("authorization"))
    try:
        return await run_in_threadpool(service_of(request).accounts.authenticate, key)
    except (BadKey, RevokedKey) as error:
        raise ApiError(401, str(error), CHALLENGE) from None


class GuardedRoute(APIRoute):
    """A route that knows its account before anything else of the request is looked at."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the route's handler behind the check of the key."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            request.state.account = await authenticate(request)
            return await handle(await self.ready(request))

        return guarded

    async def ready(self, request: Request) -> Request:
        """Return the request as its handler takes it: with its body at hand."""
        return await held(request) if request.method == "POST" else request


class StreamedRoute(GuardedRoute):
    """A guarded route whose handler reads the body itself, as it comes."""

    async def ready(self, request: Request) -> Request:
        """Return the request with its body unread."""
        return request


async def _account(request: Request) -> AccountRecord:
    account: AccountRecord = request.state.account
    return account


Caller = Annotated[AccountRecord, Depends(_account)]
"""The account that asks, in a handler's signature (on a :class:`GuardedRoute`)."""
