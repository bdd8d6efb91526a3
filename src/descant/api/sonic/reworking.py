"""``POST /api/v1/sonic/sample``, ``/mashup``, ``/replace-section``, ``/upload-extend`` and ``/upload-cover``.

Songs from songs, and from recordings that are sent along (contract/sonic.md §3, §5).
"""

from fastapi import APIRouter, Depends

from descant.api.auth import Caller, GuardedRoute, scheme
from descant.api.errors import documented
from descant.api.rates import limit_creates
from descant.api.sonic.recordings import UploadCoverRequest, UploadExtendRequest
from descant.api.sonic.reworks import MashupRequest, ReplaceRequest, SampleRequest
from descant.api.sonic.schemas import Created
from descant.api.state import Rules

router = APIRouter(
    route_class=GuardedRoute,
    prefix="/api/v1/sonic",
    tags=["Songs from songs"],
    dependencies=[Depends(scheme), Depends(limit_creates)],
    responses=documented(400, 401, 403, 413, 429, 500),
)

TAKEN_IN = "The task is taken in and paid for."


@router.post("/sample", summary="Grow a song from a sample", operation_id="sample", response_description=TAKEN_IN)
def sample(request: SampleRequest, caller: Caller, service: Rules) -> Created:
    """Take in a task of two songs that grow from a piece of a clip; 15 credits."""
    return Created(task_id=service.tasks.create(caller, request.wanted(), request.webhook()).id)


@router.post("/mashup", summary="Mash two songs up", operation_id="mashup", response_description=TAKEN_IN)
def mashup(request: MashupRequest, caller: Caller, service: Rules) -> Created:
    """Take in a task of two songs with the voices of one clip over the band of another; 15 credits.

    They are brought to one tempo and to keys that agree. With `custom_mode: true` no `prompt` is needed: the words are
    those of the first clip.
    """
    return Created(task_id=service.tasks.create(caller, request.wanted(), request.webhook()).id)


@router.post(
    "/replace-section",
    summary="Replace a section",
    operation_id="replace_section",
    response_description=TAKEN_IN,
)
def replace_section(request: ReplaceRequest, caller: Caller, service: Rules) -> Created:
    """Take in a task of two versions of a clip with new words and music between two times; 15 credits.

    The window moves to the musical boundaries nearest to it. Outside it the audio stays as it is, sample by sample, but
    for a short crossfade on either side.
    """
    return Created(task_id=service.tasks.create(caller, request.wanted(), request.webhook()).id)


@router.post(
    "/upload-extend",
    summary="Send a recording in and go on with it",
    operation_id="upload_extend",
    response_description=TAKEN_IN,
)
def upload_extend(request: UploadExtendRequest, caller: Caller, service: Rules) -> Created:
    """Take in a task of two songs that go on from a recording at a public `url`; 15 credits, the upload included.

    A song begins where the recording is left, and with `auto_concat` where the recording begins.
    The recording becomes a clip of its own, which `parent_clip_id` of the songs names. When it cannot be fetched or
    worked with, the task's songs fail and say why, and the credits come back.
    """
    return Created(task_id=service.tasks.create(caller, request.wanted(), request.webhook()).id)


@router.post(
    "/upload-cover",
    summary="Send a recording in and cover it",
    operation_id="upload_cover",
    response_description=TAKEN_IN,
)
def upload_cover(request: UploadCoverRequest, caller: Caller, service: Rules) -> Created:
    """Take in a task of two covers of a recording at a public `url`; 15 credits, the upload included.

    The recording becomes a clip of its own, as with `upload-extend`.
    """
    return Created(task_id=service.tasks.create(caller, request.wanted(), request.webhook()).id)
