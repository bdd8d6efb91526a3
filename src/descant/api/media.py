"""``/media/…``: a clip's files at addresses that never change.

No key is needed, as clients hand these addresses to players and browsers as they are. The audio and the cover are open
to whoever knows the clip's id; the lossless file and the notes only to whoever was given their address, which holds a
pass (:mod:`descant.service.files.files`).
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from descant.api import ranges, streams
from descant.api.errors import ApiError, ErrorBody, documented, respond
from descant.api.state import Rules
from descant.service.errors import NotFound
from descant.service.files.files import GRANTED, StoredFile
from descant.service.house import Service

router = APIRouter(tags=["Media"])

_COVER = re.compile(r"image_([0-9a-f-]{36})\.jpeg")
_AUDIO = re.compile(r"([0-9a-f-]{36})\.mp3")
_VIDEO = re.compile(r"([0-9a-f-]{36})\.mp4")
_GRANTED = re.compile(rf"([0-9a-f-]{{36}})\.({'|'.join(map(re.escape, GRANTED))})")

CACHE = "public, max-age=31536000, immutable"
"""A finished clip's files are never written again."""


def granted_url(base: str, service: Service, clip_id: str, ending: str) -> str:
    """Return the address, with its pass, of the file of :data:`GRANTED` under the public URL ``base``."""
    return f"{base}/media/{service.files.grant(clip_id, GRANTED[ending])}/{clip_id}.{ending}"


def _served(*types: str) -> dict[int, dict[str, Any]]:
    """Return the OpenAPI entries of a file's answers; a body of bytes has no schema of its own."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in types}
    return {
        200: {"description": "The file.", "content": content},
        206: {"description": "The part of the file that `Range` asked for.", "content": content},
        304: {"description": "The file is the one `If-None-Match` names."},
        416: {"model": ErrorBody, "description": "`Range` begins behind the end of the file."},
    }


@router.get(
    "/media/{file}",
    summary="Fetch audio or a cover",
    operation_id="fetch_media",
    response_class=Response,
    responses=documented(404, besides=_served("audio/mpeg", "image/jpeg")),
)
@router.head("/media/{file}", include_in_schema=False)
async def media(
    request: Request,
    service: Rules,
    file: Annotated[
        str,
        Path(description="`<clip_id>.mp3` (48 kHz stereo) or `image_<clip_id>.jpeg` (the cover)."),
    ],
) -> Response:
    """Return a file of a finished song, or the part of it that `Range` asks for. Needs no key.

    The audio of a song that is still being made (`running`, with an `audio_url`) begins at once, grows while the song
    is made and ends with it; it has no length, and `Range` reaches as far as there is anything. The finished file is at
    the same address afterwards.
    """
    if match := _COVER.fullmatch(file):
        return serve(request, await run_in_threadpool(service.files.cover, match[1]))
    if match := _AUDIO.fullmatch(file):
        return await _heard(request, service, match[1])
    if match := _VIDEO.fullmatch(file):
        return serve(request, await run_in_threadpool(service.files.video, match[1]))
    raise ApiError(404, f"There is no file '{file}'.")


async def _heard(request: Request, service: Service, clip_id: str) -> Response:
    """Return the audio of a clip: the finished file, or what there is while it is made."""
    with suppress(NotFound):
        return serve(request, await run_in_threadpool(service.files.audio, clip_id))
    with suppress(NotFound):
        return await streams.answer(request, await streams.begun(service.streams, clip_id))
    return serve(request, await run_in_threadpool(service.files.audio, clip_id))  # done between the two looks, or never


@router.get(
    "/media/{granted}/{file}",
    summary="Fetch a lossless file or the notes",
    operation_id="fetch_granted_media",
    response_class=Response,
    responses=documented(404, besides=_served("audio/wav", "audio/midi")),
)
@router.head("/media/{granted}/{file}", include_in_schema=False)
def granted_media(
    request: Request,
    service: Rules,
    granted: Annotated[str, Path(description="The pass, as in the address `wav` and `midi` answer with.")],
    file: Annotated[str, Path(description="`<clip_id>.wav` or `<clip_id>.mid`.")],
) -> Response:
    """Return a file whose address `POST /api/v1/sonic/wav` or `midi` gave. Needs no key, and cannot be guessed."""
    if match := _GRANTED.fullmatch(file):
        return serve(request, service.files.open_with(granted, match[1], GRANTED[match[2]]))
    raise ApiError(404, f"There is no file '{file}'.")


def serve(request: Request, file: StoredFile) -> Response:
    """Return the answer to a GET or HEAD of a stored file: 200, 206, 304 or 416."""
    headers = {
        "ETag": file.etag,
        "Last-Modified": ranges.http_date(file.modified),
        "Cache-Control": CACHE,
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
    }
    if ranges.unchanged(request.headers, file.etag, file.modified):
        return Response(status_code=304, headers=headers)
    try:
        span = ranges.wanted(request.headers, file.size, file.etag, file.modified)
    except ranges.UnsatisfiableRangeError:
        text = f"'Range' is {request.headers['range']}, but the file has {file.size:,} bytes."
        return respond(416, text, {"Content-Range": f"bytes */{file.size}"})
    if span is not None:
        headers["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{file.size}"
    start, stop = (span.start, span.stop) if span else (0, file.size)
    headers |= {"Content-Length": str(stop - start), "Content-Type": file.content_type}
    body: Iterator[bytes] = iter(()) if request.method == "HEAD" else file.read(start, stop)
    return StreamingResponse(body, 206 if span else 200, headers=headers)
