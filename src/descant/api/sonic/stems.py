"""``POST /api/v1/sonic/stems/basic`` and ``/full``: a finished song taken apart (contract/sonic.md §5)."""

from fastapi import APIRouter, Depends

from descant.api.auth import Caller, GuardedRoute, scheme
from descant.api.errors import documented
from descant.api.rates import limit_creates
from descant.api.sonic.answers import ClipRequest
from descant.api.sonic.schemas import Created
from descant.api.sonic.wishes import WebhookBody
from descant.api.state import Rules
from descant.service.requests import SeparateStems

router = APIRouter(
    route_class=GuardedRoute,
    prefix="/api/v1/sonic/stems",
    tags=["Exports and analysis"],
    dependencies=[Depends(scheme), Depends(limit_creates)],
    responses=documented(400, 401, 403, 413, 429, 500),
)


class StemsRequest(ClipRequest, WebhookBody):
    """A finished clip to be taken apart."""


@router.post(
    "/basic",
    summary="Take voice and band apart",
    operation_id="separate_basic",
    response_description="The task is taken in and paid for.",
)
def basic(request: StemsRequest, caller: Caller, service: Rules) -> Created:
    """Take in a task of two clips, `vocals` and `instrumental`; 15 credits.

    Each clip is a song of its own: its title ends with the stem's name in parentheses, `stem` holds it too, and every
    other operation on clips works on it. Together the two are the song, sample by sample.
    """
    return _taken_in(request, caller, service, full=False)


@router.post(
    "/full",
    summary="Take every stem out",
    operation_id="separate_full",
    response_description="The task is taken in and paid for.",
)
def full(request: StemsRequest, caller: Caller, service: Rules) -> Created:
    """Take in a task of one clip for each of the song's stems; 75 credits.

    Of `vocals`, `backing vocals`, `drums`, `bass`, `guitar`, `keyboard`, `percussion`, `strings`, `synth`, `fx`,
    `brass` and `woodwinds` those are there that the song has. Each is labelled as in `basic`.
    """
    return _taken_in(request, caller, service, full=True)


def _taken_in(request: StemsRequest, caller: Caller, service: Rules, *, full: bool) -> Created:
    wanted = SeparateStems(clip_id=request.clip_id, full=full)
    return Created(task_id=service.tasks.create(caller, wanted, request.webhook()).id)
