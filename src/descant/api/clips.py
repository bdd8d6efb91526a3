"""``/api/v1/clips``: an account's clips and what can be taken home of them. Not of the original contract."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from descant.api.auth import Caller, GuardedRoute, scheme
from descant.api.errors import documented
from descant.api.media import serve
from descant.api.sonic.fields import PageBefore
from descant.api.sonic.schemas import ClipBody
from descant.api.state import Configured, Rules
from descant.service.clips.body import clip_body
from descant.service.clips.clips import MOST_LISTED

PAGE = 20
"""Clips of a page when the client does not say."""

router = APIRouter(route_class=GuardedRoute, tags=["Clips"], dependencies=[Depends(scheme)])

PageSize = Annotated[int, Query(ge=1, le=MOST_LISTED, description=f"1 to {MOST_LISTED}.")]


class ClipsBody(BaseModel):
    """Some clips, newest first."""

    code: int = 200
    data: list[ClipBody]
    next: str | None = None
    message: str = "success"


class OneClipBody(BaseModel):
    """One clip."""

    code: int = 200
    data: ClipBody
    message: str = "success"


def _file(kind: str, description: str) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI entries of a file that is sent to its owner."""
    found = {"description": description, "content": {kind: {"schema": {"type": "string", "format": "binary"}}}}
    return documented(400, 401, 404, 500, besides={200: found})


@router.get(
    "/api/v1/clips",
    summary="List your clips",
    operation_id="list_clips",
    response_description="The clips, newest first.",
    responses=documented(400, 401, 404, 500),
)
def list_clips(
    caller: Caller,
    service: Rules,
    settings: Configured,
    page_size: PageSize = PAGE,
    before: PageBefore = None,
) -> ClipsBody:
    """Return your clips of all kinds and states, newest first; free.

    Ask for the page after with `before` set to `next`, which is null on the last page.
    """
    page = service.clips.list(caller, size=page_size, before=before)
    return ClipsBody.model_validate(
        {"data": [clip_body(clip, settings.public_url) for clip in page.clips], "next": page.next}
    )


@router.get("/api/v1/sonic/feed", include_in_schema=False)
def feed(caller: Caller, service: Rules, settings: Configured, page_size: PageSize = PAGE) -> ClipsBody:
    """Return the newest clips, where a client of a sister host looks for them (contract/sonic.md §7)."""
    return list_clips(caller, service, settings, page_size)


@router.get(
    "/api/v1/clips/{clip_id}",
    summary="Read a clip",
    operation_id="read_clip",
    response_description="The clip.",
    responses=documented(401, 404, 500),
)
def read_clip(clip_id: str, caller: Caller, service: Rules, settings: Configured) -> OneClipBody:
    """Return one clip, as its task shows it; free."""
    return OneClipBody.model_validate({"data": clip_body(service.clips.read(caller, clip_id), settings.public_url)})


@router.delete(
    "/api/v1/clips/{clip_id}",
    summary="Delete a clip",
    operation_id="delete_clip",
    response_description="The clip, as its task shows it from now on.",
    responses=documented(400, 401, 404, 500),
)
def delete_clip(clip_id: str, caller: Caller, service: Rules, settings: Configured) -> OneClipBody:
    """Delete all files of a clip for good; free. Clips made from it stay. Deleting twice changes nothing."""
    return OneClipBody.model_validate({"data": clip_body(service.clips.delete(caller, clip_id), settings.public_url)})


@router.get(
    "/api/v1/clips/{clip_id}/score",
    summary="Get the song document",
    operation_id="get_score",
    response_class=Response,
    responses=_file("application/json", "The song document."),
)
def score(clip_id: str, request: Request, caller: Caller, service: Rules) -> Response:
    """Return all that is known of a song, as JSON: what was asked, planned and written, each word's time; free."""
    return serve(request, service.files.open(clip_id, service.projects.document(caller, clip_id)))


@router.get(
    "/api/v1/clips/{clip_id}/score.mid",
    summary="Get the score as MIDI",
    operation_id="get_score_midi",
    response_class=Response,
    responses=_file("audio/midi", "The notes, a track a part, on the time line of the audio."),
)
def score_midi(clip_id: str, request: Request, caller: Caller, service: Rules) -> Response:
    """Return the notes as a standard MIDI file; free."""
    return serve(request, service.files.open(clip_id, service.projects.midi(caller, clip_id)))


@router.get(
    "/api/v1/clips/{clip_id}/score.musicxml",
    summary="Get the score as MusicXML",
    operation_id="get_score_musicxml",
    response_class=Response,
    responses=_file("application/vnd.recordare.musicxml+xml", "The lead sheet: melody, words and chords."),
)
def score_musicxml(clip_id: str, caller: Caller, service: Rules) -> Response:
    """Return the lead sheet for notation programs; free."""
    return Response(service.projects.musicxml(caller, clip_id), media_type="application/vnd.recordare.musicxml+xml")


@router.get(
    "/api/v1/clips/{clip_id}/lyrics.lrc",
    summary="Get the lyrics with times",
    operation_id="get_lrc",
    response_class=Response,
    responses=_file("text/plain", "The lyrics as LRC, a time a line."),
)
def lyrics_lrc(clip_id: str, caller: Caller, service: Rules) -> Response:
    """Return the lyrics as LRC, which players show beside a song; free. Without a line when nothing is sung."""
    return Response(service.projects.lrc(caller, clip_id), media_type="text/plain")


@router.get(
    "/api/v1/clips/{clip_id}/project.zip",
    summary="Get everything",
    operation_id="get_project",
    response_class=Response,
    responses=_file("application/zip", "The song, its stems, notes, words and cover."),
)
def project(clip_id: str, caller: Caller, service: Rules) -> Response:
    """Return a clip with its stems (FLAC), MIDI, lyrics, cover and song document as a ZIP; free.

    All audio begins at the same moment, so a session opens with everything in its place.
    """
    archive = service.projects.archive(caller, clip_id)
    plain = archive.name.encode("ascii", "replace").decode().replace("?", "_")
    names = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(archive.name)}"
    return StreamingResponse(archive.chunks, media_type="application/zip", headers={"Content-Disposition": names})
