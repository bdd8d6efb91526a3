"""``POST /api/v1/sonic/lyrics`` and ``/upsample-tags``: words alone (contract/lyrics.md, contract/sonic.md §6)."""

from fastapi import APIRouter, Depends

from descant.api.auth import Caller, GuardedRoute, scheme
from descant.api.errors import documented
from descant.api.rates import limit_creates
from descant.api.sonic.answers import (
    LyricsAnswer,
    LyricsRequest,
    SheetBody,
    TagsRequest,
    Upsampled,
    UpsampledAnswer,
)
from descant.api.state import Rules

router = APIRouter(
    route_class=GuardedRoute,
    prefix="/api/v1/sonic",
    tags=["Words"],
    dependencies=[Depends(scheme), Depends(limit_creates)],
    responses=documented(400, 401, 403, 413, 429, 500),
)


@router.post(
    "/lyrics", summary="Write lyrics", operation_id="write_lyrics", response_description="Lyrics to choose from."
)
def lyrics(request: LyricsRequest, caller: Caller, service: Rules) -> LyricsAnswer:
    """Return two lyrics about what a line describes, with titles and section tags; free."""
    found = service.writing.lyrics(caller, request.description, request.seed)
    return LyricsAnswer(results=[SheetBody(title=sheet.title, lyrics=sheet.text) for sheet in found])


@router.post(
    "/upsample-tags", summary="Tell tags in full", operation_id="upsample_tags", response_description="The fuller tags."
)
def upsample_tags(request: TagsRequest, caller: Caller, service: Rules) -> UpsampledAnswer:
    """Return style tags with what they leave open: mood, instruments, tempo, voice and sound; 1 credit.

    Your own words stay first and unchanged. The same tags always give the same text, and a request takes it as `tags`.
    """
    return UpsampledAnswer(data=Upsampled(upsampled_tags=service.writing.upsample_tags(caller, request.tags)))
