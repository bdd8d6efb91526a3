"""A song's audio while it is made: MP3 that begins at once and ends when the song does.

The answer has no length, so it is sent in chunks as the pieces come. Everyone hears it from the beginning. It waits
without a thread, so many may listen. A song that failed or was cancelled ends its stream; one that has to be made once
more breaks it off, which players notice, since another beginning may not be joined to this one.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator

from fastapi import Request, Response
from fastapi.concurrency import iterate_in_threadpool, run_in_threadpool
from fastapi.responses import StreamingResponse

from descant.api import ranges
from descant.service.errors import NotFound
from descant.service.files.streams import Standing, Stream, Streams

WAIT_SECONDS = 0.1
"""Time between two looks for what is new."""

BEGIN_SECONDS = 2.0
"""How long a request waits for the first sound of a song that is being made."""

_RANGE = re.compile(rf"bytes=({ranges.PLACE})-({ranges.PLACE}|)")


class Broken(ConnectionError):
    """What was sent has lost its continuation: the song is made once more, or its end could not be read."""


async def begun(streams: Streams, clip_id: str) -> Stream:
    """Return the stream of a clip that is being made, once there is anything to hear.

    Raises
    ------
    NotFound : when the clip is not being made, or nothing was heard of it for :data:`BEGIN_SECONDS`.
    """
    deadline = time.monotonic() + BEGIN_SECONDS
    while True:
        stream = await run_in_threadpool(streams.open, clip_id)
        if stream.name:
            return stream
        if time.monotonic() > deadline:
            raise NotFound("file", f"{clip_id}.mp3")
        await asyncio.sleep(WAIT_SECONDS)


async def answer(request: Request, stream: Stream) -> Response:
    """Return the answer to a GET or HEAD of a song that is being made: 200, or 206 for a part that is there."""
    headers = {
        "Content-Type": "audio/mpeg",
        "Cache-Control": "no-store",
        "ETag": stream.etag,
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
    }
    if request.method == "HEAD":
        head = Response(headers=headers)
        del head.headers["Content-Length"]  # the framework's, of the empty body; the song's nobody knows
        return head
    size = await run_in_threadpool(stream.size)
    span = _wanted(request, stream, size)
    if span is None:
        return StreamingResponse(_growing(stream), headers=headers)
    headers["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/*"
    headers["Content-Length"] = str(span.stop - span.start)
    return StreamingResponse(iterate_in_threadpool(stream.read(span.start, span.stop)), 206, headers=headers)


def _wanted(request: Request, stream: Stream, size: int) -> ranges.Span | None:
    """Return the part that is asked for as far as it is there; None for all, whose length nobody knows.

    A part from the beginning without an end is what players ask for that want everything.
    """
    match = _RANGE.fullmatch(request.headers.get("range", "").strip())
    if match is None or request.headers.get("if-range", stream.etag).strip() != stream.etag:
        return None
    start, last = int(match[1]), match[2]
    if start >= size or (last and int(last) < start) or (not start and not last):
        return None
    return ranges.Span(start, min(size, int(last) + 1) if last else size)


async def _growing(stream: Stream) -> AsyncIterator[bytes]:
    """Yield a stream from its first byte, and when the song is done what of its file is left."""
    number = sent = 0
    while True:
        # Asked first: what was stored before the song was done is still found after this.
        standing = await run_in_threadpool(stream.standing)
        piece = await run_in_threadpool(stream.piece, number)
        if piece is not None:
            number, sent = number + 1, sent + len(piece)
            yield piece
        elif standing is Standing.ENDED:
            return
        elif standing is Standing.LOST:
            raise Broken(f"clip {stream.clip_id} is made once more")
        elif standing is Standing.DONE:
            async for rest in iterate_in_threadpool(stream.rest(sent)):
                yield rest
            return
        else:
            await asyncio.sleep(WAIT_SECONDS)
