"""Reading a request body without letting it fill the memory."""

from fastapi import Request
from starlette.types import Message

from descant.api.errors import ApiError

MAX_BYTES = 2 * 1024 * 1024
"""The largest body read, so that no honest request meets it.

The longest is a batch of 10, each with 5,000 characters of lyrics, 1,000 of tags, 400 of description, 80 of title and
2 × 1,024 of webhook: 85,280 characters. JSON writes one in at most 12 bytes (two escapes of 6, beyond the first plane):
1,023,360 bytes. Twice that leaves room for ``negative_tags``, which have no limit, and for all names and ids.
"""


async def held(request: Request) -> Request:
    """Return the request with its body read and at hand.

    Raises
    ------
    ApiError : 413 when the body is, or says it is, larger than :data:`MAX_BYTES`.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > MAX_BYTES:
        raise _too_large()
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BYTES:
            raise _too_large()

    async def replay() -> Message:
        return {"type": "http.request", "body": bytes(body), "more_body": False}

    return Request(request.scope, replay)


def _too_large() -> ApiError:
    return ApiError(413, f"The request body is too large; at most {MAX_BYTES:,} bytes are read.")
