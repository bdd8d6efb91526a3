"""``POST /api/v1/sonic/upload``: a recording from elsewhere becomes a clip (contract/sonic.md §3)."""

import asyncio
import json
import tempfile
import time
from collections.abc import AsyncGenerator
from typing import Any, TypeVar

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from descant.api.auth import Caller, StreamedRoute, scheme
from descant.api.bodies import held
from descant.api.errors import ApiError, documented
from descant.api.multipart import Form, FormError, Reader, boundary_of
from descant.api.rates import limit_creates
from descant.api.sonic.recordings import About, Uploaded, UploadRequest
from descant.api.state import Configured, Rules
from descant.service.accounts.accounts import AccountRecord
from descant.service.house import Service
from descant.service.uploads import naming
from descant.settings import Settings

_Body = TypeVar("_Body", bound=About)

LOOK_SECONDS = 0.25
"""How often a waiting request looks how its recording stands."""

SILENCE_SECONDS = 30.0
"""How long the sender of a file may send nothing."""

WRITE_BYTES = 1024 * 1024
"""How much of a file is held before it is written."""

FORM_ROOM = 1024 * 1024
"""Bytes that a form may have beside its file."""

_FORM = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "format": "binary", "description": "A sound or video file."},
        **About.model_json_schema()["properties"],
    },
}
_BODIES = {
    "required": True,
    "content": {
        "application/json": {"schema": UploadRequest.model_json_schema()},
        "multipart/form-data": {"schema": _FORM},
    },
}

router = APIRouter(
    route_class=StreamedRoute,
    prefix="/api/v1/sonic",
    tags=["Songs from songs"],
    dependencies=[Depends(scheme), Depends(limit_creates)],
    responses=documented(400, 401, 403, 413, 429, 500, 504),
)


@router.post(
    "/upload",
    summary="Send a recording in",
    operation_id="upload",
    response_description="The recording is a clip now.",
    openapi_extra={"requestBody": _BODIES},
)
async def upload(request: Request, caller: Caller, service: Rules, settings: Configured) -> Uploaded:
    """Take a recording in, listen to it and answer when it is a clip that can be worked with; 2 credits.

    It is fetched from a public `url`, or sent as the `file` of a form (`multipart/form-data`), which is not of the
    original contract. Sound and video files of all common formats are taken, of 1 second to 8 minutes and at most 300
    MB where the server does not say otherwise. What cannot be fetched or is no such file answers 400, says why and
    costs nothing; so does a request that is broken off or takes too long (504).
    """
    task_id = await _begun(request, caller, service, settings)
    patience = settings.upload_wait_seconds
    clip_id = await _waited(request, caller, service, task_id, patience)
    if clip_id is None:
        clip_id = await run_in_threadpool(service.uploads.abandon, caller, task_id)
    if clip_id is None:
        text = f"The recording could not be taken in within {patience} seconds. The credits were given back."
        raise ApiError(504, text)
    return Uploaded(clip_id=clip_id)


async def _begun(request: Request, account: AccountRecord, service: Service, settings: Settings) -> str:
    """Take the request in, whichever form it has; return its task."""
    try:
        boundary = boundary_of(request.headers.get("content-type", ""))
        if boundary is None:
            asked = _checked(UploadRequest, await _json(request))
            return await run_in_threadpool(lambda: service.uploads.fetch(account, url=asked.url, **asked.told()))
        with tempfile.TemporaryFile(dir=settings.data) as file:
            form = await _received(request, Reader(boundary, file), settings.upload_megabytes * 1_000_000)
            if form.file_name is None:
                raise ApiError(400, "'file' is required: the part of the form that holds the recording.")
            about = _checked(About, {name: text for name, text in form.fields.items() if text})
            file.seek(0)
            told = about.told() | {"title": about.title or naming.of_file(form.file_name)}
            return await run_in_threadpool(lambda: service.uploads.keep(account, file, **told))
    except FormError as error:
        raise ApiError(400, f"The request body cannot be read: {error}.") from error


async def _waited(
    request: Request, account: AccountRecord, service: Service, task_id: str, seconds: float
) -> str | None:
    """Return the clip when it is there; None when ``seconds`` have passed or nobody waits for it any more."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        clip_id = await run_in_threadpool(service.uploads.ended, account, task_id)
        if clip_id is not None:
            return clip_id
        if await request.is_disconnected():
            return None
        await asyncio.sleep(LOOK_SECONDS)
    return None


async def _json(request: Request) -> Any:
    try:
        return json.loads(await (await held(request)).body())
    except (ValueError, RecursionError) as error:
        raise ApiError(400, "The request body must be a JSON object with a 'url', or a form with a 'file'.") from error


def _checked(kind: type[_Body], data: Any) -> _Body:
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        raise RequestValidationError([{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors()]) from None


async def _received(request: Request, reader: Reader, most: int) -> Form:
    """Read a form as it comes; raise 413 for one too large, 400 for one that stops coming."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most + FORM_ROOM:
        raise _too_large(most)
    size, waiting = 0, bytearray()
    chunks = request.stream()
    while chunk := await _next(chunks):
        size += len(chunk)
        if size > most + FORM_ROOM:
            raise _too_large(most)
        waiting += chunk
        if len(waiting) >= WRITE_BYTES:
            await run_in_threadpool(reader.feed, bytes(waiting))
            waiting.clear()
    await run_in_threadpool(reader.feed, bytes(waiting))
    return reader.finish()


async def _next(chunks: AsyncGenerator[bytes]) -> bytes:
    """Return the next piece of a body, or b"" at its end."""
    try:
        async with asyncio.timeout(SILENCE_SECONDS):
            return await anext(chunks, b"")
    except TimeoutError:
        raise ApiError(400, f"The request body did not go on for {SILENCE_SECONDS:.0f} seconds.") from None


def _too_large(most: int) -> ApiError:
    return ApiError(413, f"The recording is too large; at most {most:,} bytes are taken.")
