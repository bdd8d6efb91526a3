"""``/media/…``: a clip's audio, cover and stems at addresses that never change.

No key is needed: a clip id is a random UUID, and clients hand these addresses to players and browsers as they are.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import StreamingResponse

from descant.api import ranges
from descant.api.errors import ApiError, ErrorBody, documented, respond
from descant.api.state import Rules
from descant.service.files.files import StoredFile

router = APIRouter(tags=["Media"])

STORED = {"mp3": "audio.mp3", "wav": "audio.wav", "mid": "score.mid"}
"""The stored file behind each ending of ``/media/{clip_id}.…``."""

_COVER = re.compile(r"image_([0-9a-f-]{36})\.jpeg")
_AUDIO = re.compile(rf"([0-9a-f-]{{36}})\.({'|'.join(STORED)})")
_CLIP = re.compile(r"[0-9a-f-]{36}")
_STEM = re.compile(r"([a-z]+(?:[ _-][a-z]+)*)\.flac")

CACHE = "public, max-age=31536000, immutable"
"""A finished clip's files are never written again."""


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
    responses=documented(404, besides=_served("audio/mpeg", "audio/wav", "audio/midi", "image/jpeg")),
)
@router.head("/media/{file}", include_in_schema=False)
def media(
    request: Request,
    service: Rules,
    file: Annotated[
        str,
        Path(
            description="`<clip_id>.mp3` (48 kHz stereo), `<clip_id>.wav` (lossless), `<clip_id>.mid` (the notes) or "
            "`image_<clip_id>.jpeg` (the cover)."
        ),
    ],
) -> Response:
    """Return a file of a finished song, or the part of it that `Range` asks for. Needs no key."""
    if match := _COVER.fullmatch(file):
        return serve(request, service.files.open(match[1], "cover.jpeg"))
    if match := _AUDIO.fullmatch(file):
        return serve(request, service.files.open(match[1], STORED[match[2]]))
    raise ApiError(404, f"There is no file '{file}'.")


@router.get(
    "/media/{clip_id}/stems/{file}",
    summary="Fetch a stem",
    operation_id="fetch_stem",
    response_class=Response,
    responses=documented(404, besides=_served("audio/flac")),
)
@router.head("/media/{clip_id}/stems/{file}", include_in_schema=False)
def stem(request: Request, service: Rules, clip_id: str, file: str) -> Response:
    """Return one stem of a finished song as FLAC, for example `drums.flac`; the stems add up to the master."""
    match = _STEM.fullmatch(file)
    if match is None or not _CLIP.fullmatch(clip_id):
        raise ApiError(404, f"There is no stem '{file}'.")
    return serve(request, service.files.open(clip_id, f"stems/{file}"))


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
